"""The databases that the tests themselves use: one per worker, a fresh one where something must really commit."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from urllib.request import urlopen

from django.contrib.sessions.models import Session
from django.db import connection, connections


def sessions_seen_by_another_connection() -> int:
    try:
        return Session.objects.count()
    finally:
        connection.close()


def test_a_fresh_database_really_commits(fresh_database: str) -> None:
    assert connection.settings_dict["NAME"] == fresh_database
    Session.objects.create(session_key="one", session_data="", expire_date=datetime(2030, 1, 1, tzinfo=UTC))
    with ThreadPoolExecutor(1) as other:
        assert other.submit(sessions_seen_by_another_connection).result() == 1


def test_what_was_committed_in_a_fresh_database_is_gone_after(fresh_database: str) -> None:
    assert Session.objects.count() == 0


def test_the_owner_is_at_hand_in_a_fresh_database(fresh_database: str) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT current_user, current_database()")
        assert cursor.fetchone() == ("plenum_owner", fresh_database)


def test_a_live_server_answers_from_a_fresh_database(live_address: str) -> None:
    with urlopen(f"{live_address}/static/django_htmx/htmx-2.min.js") as answer:  # noqa: S310 - our own server
        assert b"htmx" in answer.read()
