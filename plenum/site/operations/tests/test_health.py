"""Health: what a monitor is told."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from plenum.site.database.embedded import free_port
from plenum.site.operations import health


@pytest.mark.django_db
def test_healthy_when_the_database_answers_with_the_right_tables() -> None:
    answer = Client().get("/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert "no-store" in answer.headers["Cache-Control"]
    assert Client().post("/health").status_code == 405


@pytest.mark.django_db
def test_not_healthy_while_a_migration_is_missing() -> None:
    health.needed.cache_clear()
    needed = health.needed()
    assert ("figures", "0001_initial") in needed
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(health, "needed", lambda: needed | {("figures", "9999_tomorrow")})
        answer = Client().get("/health")
    assert (answer.status_code, answer.json()) == (503, {"status": "unavailable"})


def test_not_healthy_without_a_database(django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked in a thread of its own, whose connection is still to be made."""
    monkeypatch.setitem(connections.settings["default"], "PORT", str(free_port()))
    with django_db_blocker.unblock(), ThreadPoolExecutor(1) as thread:
        answer = thread.submit(lambda: Client().get("/health")).result()
    assert (answer.status_code, answer.json()) == (503, {"status": "unavailable"})
