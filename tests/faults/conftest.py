"""Installations that can be killed and filled up."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from plenum.site.tests.installations import Installation, ReadyHomes
from tests.faults.installation import REHEARSAL, Served, fill_copy


@pytest.fixture
def served(ready_homes: ReadyHomes) -> Iterator[Served]:
    """A filled installation that is being served."""
    place = Path(tempfile.mkdtemp(prefix="plenum-faults-"))
    place.chmod(0o711 if os.geteuid() == 0 else 0o700)
    yield from prepared(ready_homes, place / "home")
    shutil.rmtree(place, ignore_errors=True)


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A disk of its own on which an installation fits."""
    yield from mounted("700m")


@pytest.fixture
def tiny_disk() -> Iterator[Path]:
    """A disk of its own on which nothing fits."""
    yield from mounted("8k")


def mounted(size: str) -> Iterator[Path]:
    """A disk in memory, whose size can be changed; only root can have one."""
    place = Path(tempfile.mkdtemp(prefix="plenum-disk-"))
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size},mode=0711", "tmpfs", str(place)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        place.rmdir()
        pytest.skip(f"no small disk can be mounted here: {done.stderr.strip()}")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)
    place.rmdir()


@pytest.fixture
def served_on_small_disk(ready_homes: ReadyHomes, small_disk: Path) -> Iterator[Served]:
    """A filled installation on a disk of its own."""
    yield from prepared(ready_homes, small_disk / "home")


def prepared(ready_homes: ReadyHomes, home: Path) -> Iterator[Served]:
    """Fill and serve; end whatever is left of it."""
    found = Served(Installation(home, REHEARSAL), fill_copy(ready_homes, home))
    found.start()
    yield found
    if found.process and found.process.poll() is None:
        found.stop()
    if (found.cluster.data / "postmaster.pid").exists():
        found.cluster.stop(at_once=True)
