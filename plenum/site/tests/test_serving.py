"""The server as it is started and ended: by Ctrl-C, by the system, by closing the terminal, by a crash."""

import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import httpx
import psycopg
import pytest

from plenum.site.database import embedded
from plenum.site.database.embedded import Cluster, free_port
from plenum.site.installation import unfit_to_serve
from plenum.site.serving import never_silent
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


def test_a_running_request_is_finished_before_the_end(
    served: tuple["subprocess.Popen[bytes]", str], installation: Installation
) -> None:
    """The request waits for a lock while the server is told to stop; then it gets its answer, and the server ends."""
    process, address = served
    access = Cluster(installation.home / "postgres").access()
    with (
        psycopg.connect(embedded.connection_string(access, embedded.NAME)) as owner,
        ThreadPoolExecutor(1) as thread,
    ):
        owner.execute("LOCK TABLE django_migrations IN ACCESS EXCLUSIVE MODE")
        answer = thread.submit(httpx.get, address + "health", timeout=30)
        assert settles(lambda: waiting_for_a_lock(owner), 10)
        process.send_signal(signal.SIGTERM)
        time.sleep(1)
        assert process.poll() is None
        owner.rollback()
        assert answer.result().status_code == 200
    assert process.wait(timeout=30) == 0
    assert not mark(installation).exists()


def waiting_for_a_lock(owner: "psycopg.Connection[Any]") -> bool:
    row = owner.execute("SELECT count(*) FROM pg_locks WHERE NOT granted").fetchone()
    return bool(row and row[0])


def test_several_workers_count_together(installation: Installation) -> None:
    port = free_port()
    process = subprocess.Popen(
        installation.command("serve", "--port", str(port), "--workers", "2"),
        env=installation.environment(),
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        place = f"http://127.0.0.1:{port}/"
        assert answers_within(30, place)
        before = counted(place)
        with httpx.Client() as client:
            for _request in range(30):
                assert client.get(place + "health", headers={"Connection": "close"}).status_code == 200
        assert counted(place) == before + 30
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0


def counted(address: str) -> float:
    text = httpx.get(address + "metrics").text
    found = re.search(r'plenum_requests_total\{method="GET",route="health",status="200"\} (\S+)', text)
    return float(found[1]) if found else 0.0


def test_what_breaks_the_page_of_faults_is_answered_in_words_too(caplog: pytest.LogCaptureFixture) -> None:
    def broken(_environment: Any, _start: Any) -> Any:
        raise RuntimeError("secret")

    said: list[Any] = []
    body = b"".join(never_silent(broken)({}, lambda *answer: said.append(answer)))
    assert said[0][0] == "500 Internal Server Error"
    assert b"tell the operator" in body
    assert b"secret" not in body
    assert "could not answer" in caplog.text


def test_a_host_that_is_open_to_others_and_a_clock_that_stands_still_are_warned_of(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("PLENUM_TODAY", raising=False)
    assert unfit_to_serve("127.0.0.1") == []
    monkeypatch.setenv("PLENUM_TODAY", "2024-10-08")
    clock, open_to_others = unfit_to_serve("0.0.0.0")  # noqa: S104 - it is warned of
    assert "2024-10-08" in clock
    assert "PLENUM_ADDRESS" in open_to_others
