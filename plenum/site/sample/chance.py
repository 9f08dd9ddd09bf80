"""Chance that is the same everywhere: only what Python promises to keep between versions is used."""

from collections.abc import Sequence
from math import exp
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Chance:
    """Draws that follow from a seed and a name alone, whatever is drawn elsewhere."""

    def __init__(self, seed: int, name: str) -> None:
        self.draw = Random(f"{seed}/{name}").random  # noqa: S311 — figures to look at, no secrets

    def between(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self.draw() * (high - low + 1))

    def happens(self, share: float) -> bool:
        """Whether something happens that does so in this share of cases."""
        return self.draw() < share

    def of(self, choices: Sequence[T]) -> T:
        """One of the choices."""
        return choices[int(self.draw() * len(choices))]

    def place(self, shares: Sequence[float]) -> int:
        """The number of one of the shares, which add up to 1."""
        left = self.draw()
        for number, share in enumerate(shares):
            left -= share
            if left < 0:
                return number
        return len(shares) - 1

    def count(self, mean: float) -> int:
        """How often something rare happens that happens so often on average."""
        left, found = self.draw(), 0
        term = exp(-mean)
        while left > term and found < 1000:
            left -= term
            found += 1
            term *= mean / found
        return found
