"""A real streaming replica of the database of the tests: who is answered from it, who is not, and when it is away."""

import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.cache import cache
from django.db import connections
from django.test import Client

from conftest import Databases
from plenum.access.guard import reading_from
from plenum.figures.models import Return
from plenum.site.database import replica, resolve
from plenum.site.database.binaries import caller_for, programs_for
from plenum.site.database.embedded import OPTIONS_FOR_TESTS, Cluster, connection_string, free_port
from plenum.site.database.replica import REPLICA
from plenum.site.operations import health, metrics, soundness
from tests.cast import DAY, Cast, make_cast
from tests.test_cast_pages import UNIT, make_samples

SCHOOL = f"/units/{UNIT}/"


class Standby:
    """A replica, with what is wanted to look at it by itself."""

    def __init__(self, cluster: Cluster, name: str) -> None:
        self.cluster, self.name = cluster, name

    def ask(self, sql: str) -> Any:
        with psycopg.connect(connection_string(self.cluster.access(), self.name), autocommit=True) as server:
            found = server.execute(sql)
            row = found.fetchone() if found.description else None
        return row[0] if row else None

    def caught_up(self) -> None:
        """Wait until everything that was written so far has been replayed."""
        with connections["owner"].cursor() as cursor:
            cursor.execute("SELECT pg_current_wal_insert_lsn()::text")
            (position,) = cursor.fetchone()
        for _attempt in range(300):
            if self.ask(f"SELECT pg_last_wal_replay_lsn() >= '{position}'"):
                return
            time.sleep(0.1)
        raise AssertionError("the replica does not come up with the primary")


@pytest.fixture
def standby(committing: None, databases: Databases, tmp_path: Path) -> Iterator[Standby]:
    """The cluster of the tests once more, made by pg_basebackup and streaming from it."""
    folder = Path("/tmp") / f"plenum-standby-{free_port()}"  # noqa: S108 - the user of PostgreSQL must get there
    folder.mkdir(mode=0o711)
    caller = caller_for(folder)
    caller.own(folder)
    standby = Cluster(folder, OPTIONS_FOR_TESTS)
    made = caller.run(
        [
            programs_for(caller, folder) / "pg_basebackup",
            *("-D", standby.data, "-R", "-X", "stream", "-c", "fast"),
            *("-d", connection_string(databases.access, "postgres").replace("dbname=postgres ", "")),
        ]
    )
    assert made.returncode == 0, made.stderr
    (folder / "access.json").write_text(json.dumps(databases.access | {"port": free_port()}))
    standby.start()
    name = str(connections.settings["default"]["NAME"])
    connections.settings[REPLICA] = connections.settings["default"] | {"PORT": str(standby.access()["port"])}
    try:
        yield Standby(standby, name)
    finally:
        connections[REPLICA].close()
        del connections[REPLICA]
        del connections.settings[REPLICA]
        standby.stop(at_once=True)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def cast(standby: Standby, monkeypatch: pytest.MonkeyPatch) -> Cast:
    monkeypatch.setenv("PLENUM_TODAY", DAY.isoformat())
    return make_cast()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """From where each page was answered, in turn: told by the database itself."""
    found: list[str] = []
    answer = replica.Reading.__call__

    def counted(self: replica.Reading, request: Any) -> Any:
        before = self.answer

        def inner(request: Any) -> Any:
            with connections["default"].cursor() as cursor:
                cursor.execute("SELECT pg_is_in_recovery()")
                found.append("replica" if cursor.fetchone()[0] else "primary")
            return before(request)

        self.answer = inner
        try:
            return answer(self, request)
        finally:
            self.answer = before

    monkeypatch.setattr(replica.Reading, "__call__", counted)
    return found


def test_a_replica_answers_readers_and_nobody_else(standby: Standby, cast: Cast, asked: list[str]) -> None:
    samples = make_samples(cast)
    standby.caught_up()
    insider, neighbour = cast.insider.client, cast.neighbour.client
    cache.clear()
    standby.caught_up()

    # Reads come from the replica, with the reach of whoever asks: the database there is told as well.
    number = samples.numbers["return"]
    assert insider.get(f"/returns/{number}/").status_code == 200
    assert insider.get(SCHOOL + "returns/?table=own&as=csv").status_code == 200
    assert neighbour.get(f"/returns/{number}/").status_code == 404
    assert asked == ["replica"] * 3
    assert Client().get("/sign-in/").status_code == 200
    assert insider.get("/account/").status_code == 200
    assert asked[3:] == ["primary"] * 2

    # Who has written reads the primary until the replica has come so far; others go on.
    asked.clear()
    standby.ask("SELECT pg_wal_replay_pause()")
    address = SCHOOL + f"returns/{Return.objects.get(pk=number).form}/2024-06/"
    assert insider.get(address).status_code == 200
    assert insider.post(address, {"edition": 0, "members_admitted": "3"}).status_code in (200, 302)
    assert insider.get(address).status_code == 200
    assert asked == ["replica", "primary", "primary"]
    standby.ask("SELECT pg_wal_replay_resume()")
    standby.caught_up()
    assert insider.get(address).status_code == 200
    assert asked[-1] == "replica"

    # What wants to write there after all is answered by the primary.
    asked.clear()
    with reading_from(connections[REPLICA]), pytest.raises(Exception, match="read-only transaction"):
        Return.objects.filter(pk=number).update(remark="no")

    # The state is told to operators, and nothing is wrong.
    assert list(soundness._replica()) == []
    assert health.replica_state()["replica"] == "ok"
    told = {family.name: family.samples[0].value for family in metrics.of_replica()}
    assert told["plenum_replica_up"] == 1
    assert 0 <= told["plenum_replica_lag_seconds"] < 60

    # Away: pages go on from the primary; operators are told.
    standby.cluster.stop(at_once=True)
    asked.clear()
    assert insider.get(f"/returns/{number}/").status_code == 200
    assert asked == ["primary"]
    assert [finding.what for finding in soundness._replica()]
    assert health.replica_state()["replica"] == "away"
    assert {family.name: family.samples[0].value for family in metrics.of_replica()} == {
        "plenum_replica_up": 0
    }


def test_an_answer_that_breaks_off_is_begun_anew_on_the_primary(
    standby: Standby, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = cast.insider.client
    standby.caught_up()
    assert client.get(SCHOOL).status_code == 200
    monkeypatch.setattr(replica, "usable", lambda _account: True)
    standby.cluster.stop(at_once=True)
    assert client.get(SCHOOL).status_code == 200


def test_the_replica_is_read_by_the_role_of_the_pages_unless_another_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://owner:secret@db/plenum")
    monkeypatch.setenv("DATABASE_WEB_URL", "postgresql://clerk:word@db/plenum")
    assert REPLICA not in resolve.databases()
    monkeypatch.setenv("DATABASE_REPLICA_URL", "postgresql://standby:5433/plenum")
    found = resolve.databases()[REPLICA]
    assert [found[name] for name in ("ENGINE", "HOST", "PORT", "NAME", "USER", "PASSWORD")] == [
        resolve.GUARDED, "standby", "5433", "plenum", "clerk", "word",
    ]  # fmt: skip
    monkeypatch.setenv("DATABASE_REPLICA_URL", "postgresql://reader:other@standby/plenum")
    assert resolve.databases()[REPLICA]["USER"] == "reader"
