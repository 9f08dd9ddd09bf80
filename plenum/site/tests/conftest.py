"""Installations for the tests of the command line and of the server."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from plenum.site.tests.installations import Installation, ReadyHomes, set_up


@pytest.fixture(scope="module")
def homes() -> Iterator[Path]:
    """A folder for the homes of installations."""
    place = Path(tempfile.mkdtemp(prefix="plenum-installation-"))
    place.chmod(0o711 if os.geteuid() == 0 else 0o700)
    yield place
    shutil.rmtree(place)


@pytest.fixture(scope="module")
def installation(homes: Path, ready_homes: ReadyHomes) -> Installation:
    """An installation that was set up with nothing in it."""
    ready_homes.copy("set-up", homes / "own", set_up)
    return Installation(homes / "own", {})
