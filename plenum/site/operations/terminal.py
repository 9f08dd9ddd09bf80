"""What a long command says on the terminal while it works."""

import time

import click

SECONDS_OF_SILENCE = 2.0


class Progress:
    """Says what is being done, and how long it has been going on."""

    def __init__(self) -> None:
        self._began = self._said = time.monotonic()

    def __call__(self, step: str) -> None:
        self._said = time.monotonic()
        click.echo(f"[{self._said - self._began:5.1f} s] {step} …", err=True)

    def small(self, step: str) -> None:
        """Say a small step only after a while of silence."""
        if time.monotonic() - self._said > SECONDS_OF_SILENCE:
            self(step)
