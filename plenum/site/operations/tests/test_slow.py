"""Slow queries are noted with the page that asked, and with nothing of what was looked for."""

import logging

import pytest
from django.db import connection

from plenum.site.operations import metrics, slow
from plenum.site.operations.logs import described
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def everything_is_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slow, "limit", lambda: 0.000_000_1)


@pytest.mark.usefixtures("everything_is_slow")
def test_a_page_is_named_and_no_value_is_written(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    client = cast.insider.client
    caplog.clear()
    with caplog.at_level(logging.WARNING, "plenum.slow"):
        assert client.get("/units/?q=Secret-Name").status_code == 200
    lines = [described(record) for record in caplog.records if record.name == "plenum.slow"]
    assert {line["route"] for line in lines} == {"units/"}
    assert all(line["ms"] >= 0 and line["statement"] for line in lines)
    assert any("tree_unitname" in line["statement"] for line in lines)
    written = str(lines).casefold()
    assert "secret" not in written
    assert cast.insider.account.login not in written


@pytest.mark.usefixtures("everything_is_slow")
def test_outside_of_pages_it_is_a_command_and_it_is_counted(caplog: pytest.LogCaptureFixture) -> None:
    counted = metrics.SLOW_QUERIES.labels("command")._value.get()
    with caplog.at_level(logging.WARNING, "plenum.slow"), connection.cursor() as cursor:
        cursor.execute("SELECT 'Nguyễn ''Văn'' A', 4711, %s", ["Bình"])
    (record,) = caplog.records
    assert described(record)["statement"] == "SELECT ?, ?, %s"
    assert described(record)["route"] == "command"
    assert metrics.SLOW_QUERIES.labels("command")._value.get() == counted + 1


def test_what_is_quick_is_not_noted(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for seconds in (60.0, 0.0):
        monkeypatch.setattr(slow, "limit", lambda seconds=seconds: seconds)
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    assert caplog.records == []


@pytest.mark.parametrize(("text", "seconds"), [("250", 0.25), ("0", 0.0), ("", 1.0), ("soon", 1.0)])
def test_the_limit_is_a_setting(monkeypatch: pytest.MonkeyPatch, text: str, seconds: float) -> None:
    monkeypatch.setenv("PLENUM_SLOW_QUERY_MS", text)
    slow.limit.cache_clear()
    assert slow.limit() == seconds
    slow.limit.cache_clear()
