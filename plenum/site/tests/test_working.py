"""The worker as a process: takes up what waits, ends in order; what a killed one has left is done by the next."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connections

from plenum.access.models import Account
from plenum.jobs.models import Job, State
from plenum.jobs.queries import forgotten, queue_standing
from plenum.site.database import opening
from plenum.site.database.embedded import free_port
from plenum.site.tests.installations import ROOT, Installation
from tests.cast import DAY, Cast, make_cast
from tests.counting import counting

WORKER = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "plenum.site.settings"
import django
django.setup()
from tests import counting
from plenum.site.working import doing, worker
doing.SECONDS_BETWEEN_WORDS = 0.01
worker.SECONDS_TO_FINISH = float(sys.argv[2])
worker.work(int(sys.argv[1]), heartbeat=0.5)
"""


@pytest.fixture
def people(fresh_database: str, django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cast]:
    monkeypatch.setenv("PLENUM_TODAY", DAY.isoformat())
    with django_db_blocker.unblock():
        yield make_cast()


@contextmanager
def worker(concurrency: int = 1, seconds_to_finish: float = 20) -> Iterator["subprocess.Popen[bytes]"]:
    """A worker on the database of the test."""
    web = connections.settings["default"]
    place = f"{web['HOST']}:{web['PORT']}/{web['NAME']}"
    owner = connections.settings["owner"]
    environment = os.environ | {
        "DATABASE_URL": f"postgresql://{owner['USER']}:{owner['PASSWORD']}@{place}",
        "DATABASE_WEB_URL": f"postgresql://{web['USER']}:{web['PASSWORD']}@{place}",
        "PYTHONPATH": str(ROOT),
    }
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", WORKER, str(concurrency), str(seconds_to_finish)],
        env=environment,
        cwd="/",
        stdin=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def settles(condition: Callable[[], bool], seconds: float = 30) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


def state(job: Job) -> str:
    job.refresh_from_db()
    return job.state


def test_two_jobs_are_done_at_once_and_the_worker_ends_in_order(people: Cast) -> None:
    jobs = [counting(people.unit("hill-school"), people.insider.actor, to=40, pause=0.05) for _ in range(2)]
    with worker(concurrency=2) as process:
        assert settles(lambda: {state(job) for job in jobs} == {"running"})
        assert queue_standing().workers == 1
        assert forgotten() == []
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
    assert {state(job) for job in jobs} == {"finished"}, "what ran was done first"
    assert queue_standing().workers == 0


def test_what_would_take_too_long_waits_for_the_next_worker(people: Cast) -> None:
    job = counting(people.unit("hill-school"), people.insider.actor, to=4000, pause=0.05, rename="insider")
    with worker(seconds_to_finish=0.3) as process:
        assert settles(lambda: state(job) == "running" and job.done > 2)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
    assert (state(job), job.attempts) == (State.WAITING, 0)
    assert Account.objects.get(login="insider").name != "Renamed by a job"
    assert forgotten() == []


def test_the_job_of_a_killed_worker_is_done_by_the_next_and_done_once(people: Cast) -> None:
    job = counting(people.unit("hill-school"), people.insider.actor, to=60, pause=0.05, rename="insider")
    with worker() as process:
        assert settles(lambda: state(job) == "running" and job.done > 5)
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=10)
    assert state(job) == State.RUNNING
    assert Account.objects.get(login="insider").name != "Renamed by a job", "nothing of it is half done"
    with worker():
        assert settles(lambda: state(job) == "finished")
    assert job.attempts == 2
    assert job.files.count() == 1
    assert Account.objects.get(login="insider").name == "Renamed by a job"


def test_a_worker_beside_the_pages_comes_back_and_ends_with_them(installation: Installation) -> None:
    process = subprocess.Popen(
        installation.command("serve", "--port", str(free_port()), "--with-worker"),
        env=installation.environment(),
        cwd="/",
        stdin=subprocess.DEVNULL,
    )
    try:
        assert settles(lambda: len(workers_of(process.pid)) == 1)
        (first,) = workers_of(process.pid)
        os.kill(first, signal.SIGKILL)
        assert settles(lambda: len(workers_of(process.pid)) == 1 and workers_of(process.pid) != [first])
        (second,) = workers_of(process.pid)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0
        assert not os.path.exists(f"/proc/{second}")
    finally:
        process.kill()
        process.wait()
    assert not (installation.home / "postgres" / "data" / "postmaster.pid").exists()


def workers_of(parent: int) -> list[int]:
    """The processes of `plenum work` that this one has started."""
    found = []
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{entry}/cmdline", "rb") as file:
                words = file.read().split(b"\0")
            with open(f"/proc/{entry}/stat") as file:
                above = int(file.read().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if above == parent and b"work" in words:
            found.append(int(entry))
    return found


def test_the_owner_of_the_database_is_not_needed(people: Cast) -> None:
    """The worker uses the web role only, as the pages do."""
    assert connections.settings["default"]["USER"] != connections.settings["owner"]["USER"]
    assert opening.unapplied_migrations() is False
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT bool_and(has_table_privilege(oid, 'SELECT, INSERT, UPDATE, DELETE')), count(*) FROM pg_class"
            " WHERE relname LIKE 'procrastinate\\_%' AND relkind = 'r'"
        )
        assert cursor.fetchone() == (True, 4)
