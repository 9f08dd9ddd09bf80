"""An installation in a folder of its own, used as people use it: from another process."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Installation:
    """A home, what else the environment says, and a way to run commands there."""

    home: Path
    more: dict[str, str]

    def environment(self) -> dict[str, str]:
        """The environment of a person in an English terminal."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LC_")}
        own = {"PLENUM_HOME": str(self.home), "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"}
        return kept | own | self.more

    def command(self, *arguments: str) -> list[str]:
        """The command line as `./dev plenum` runs it."""
        return [sys.executable, "-P", "-m", "plenum", *arguments]

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run a command to its end, far from the repository and with nobody to answer questions."""
        return subprocess.run(
            self.command(*arguments),
            env=self.environment(),
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
