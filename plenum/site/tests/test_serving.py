"""The server as it is started and ended: by Ctrl-C, by the system, by closing the terminal, by a crash."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from plenum.site.database.embedded import free_port
from plenum.site.tests.installations import Installation


@pytest.fixture
def served(installation: Installation) -> Iterator[tuple["subprocess.Popen[bytes]", str]]:
    """A serving process, and its address once it answers."""
    port = free_port()
    process = subprocess.Popen(
        installation.command("serve", "--port", str(port)),
        env=installation.environment(),
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}/"
    assert answers_within(30, address)
    yield process, address
    process.kill()
    process.wait()


def answers(address: str) -> bool:
    try:
        with urlopen(address + "sign-in/", timeout=5) as answer:  # noqa: S310 - our own server
            return bool(answer.status == 200)
    except (URLError, ConnectionError):
        return False


def answers_within(seconds: float, address: str) -> bool:
    return settles(lambda: answers(address), seconds)


def settles(condition: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_database_stops_with_the_pages(
    served: tuple["subprocess.Popen[bytes]", str], installation: Installation, how: signal.Signals
) -> None:
    process, address = served
    process.send_signal(how)
    assert process.wait(timeout=30) == 0
    assert not answers(address)
    assert not mark(installation).exists()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent is gone")
def test_after_a_crash_the_port_is_free_and_the_next_client_clears_up(
    served: tuple["subprocess.Popen[bytes]", str], installation: Installation
) -> None:
    process, address = served
    process.kill()
    process.wait(timeout=30)
    assert settles(lambda: not answers(address), 10)
    assert mark(installation).exists()
    assert settles(
        lambda: installation.run("units", "--json").returncode == 0 and not mark(installation).exists(), 10
    )


def mark(installation: Installation) -> Path:
    """The file that is there while the database runs."""
    return installation.home / "postgres" / "data" / "postmaster.pid"
