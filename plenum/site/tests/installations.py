"""An installation in a folder of its own, used as people use it: from another process."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from filelock import FileLock

from plenum.site.database.embedded import Cluster, free_port
from plenum.site.home import write_secret

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


@dataclass(frozen=True)
class ReadyHomes:
    """Homes that are made once in a run of the tests, by whichever worker comes first, and then copied.

    The workers of a run meet in the folder `place`.
    """

    place: Path

    @cached_property
    def _turn(self) -> FileLock:
        """One lock, which whoever holds it may take again: one home is made of a copy of another."""
        return FileLock(self.place / "homes.turn")

    def copy(self, name: str, home: Path, make: Callable[[Path], None]) -> None:
        """Copy the home `name`, which `make` makes with its server stopped; the copy listens on a port of its own."""
        with self._turn:
            ready = self._folder() / name
            if not ready.exists():
                draft = ready.with_name(f"{name}.draft")
                make(draft)
                draft.rename(ready)
            subprocess.run(["cp", "-Rp", str(ready), str(home)], check=True)
        cluster = Cluster(home / "postgres")
        write_secret(cluster.folder / "access.json", json.dumps({**cluster.access(), "port": free_port()}))

    def clear(self) -> None:
        """Remove them all. Who still needs one makes it again."""
        with self._turn:
            shutil.rmtree(self._folder())
            self._mark.unlink()

    @property
    def _mark(self) -> Path:
        return self.place / "homes.txt"

    def _folder(self) -> Path:
        """Where they are: not in `place`, since PostgreSQL may run as a user who may not enter that."""
        if not self._mark.exists():
            folder = Path(tempfile.mkdtemp(prefix="plenum-ready-"))
            folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
            self._mark.write_text(str(folder), encoding="utf-8")
        return Path(self._mark.read_text(encoding="utf-8"))


def set_up(home: Path) -> None:
    """Set up an installation with nothing in it, as people do."""
    done = Installation(home, {}).run("setup")
    assert done.returncode == 0, done.stderr
