"""Figures for monitoring: who gets them, what they count, and that they name nobody."""

import re

import pytest
from django.test import Client

from tests.cast import Cast


def figures(text: str) -> dict[str, float]:
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


@pytest.mark.django_db
def test_only_this_machine_itself_gets_them_without_a_token() -> None:
    assert Client().get("/metrics").status_code == 200
    assert Client(REMOTE_ADDR="::1").get("/metrics").status_code == 200
    assert Client(REMOTE_ADDR="203.0.113.9").get("/metrics").status_code == 404
    assert Client(HTTP_X_FORWARDED_FOR="127.0.0.1").get("/metrics").status_code == 404


@pytest.mark.django_db
def test_with_a_token_only_who_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLENUM_METRICS_TOKEN", "chìa-khoá")
    assert Client().get("/metrics").status_code == 404
    assert Client(HTTP_AUTHORIZATION="Bearer other").get("/metrics").status_code == 404
    far = Client(REMOTE_ADDR="203.0.113.9", HTTP_AUTHORIZATION="Bearer chìa-khoá".encode().decode("latin-1"))
    assert far.get("/metrics").status_code == 404, "headers are Latin-1; a token is plain ASCII"
    monkeypatch.setenv("PLENUM_METRICS_TOKEN", "key-1")
    assert (
        Client(REMOTE_ADDR="203.0.113.9", HTTP_AUTHORIZATION="Bearer key-1").get("/metrics").status_code
        == 200
    )


def test_requests_are_counted_by_route_and_status(cast: Cast) -> None:
    name = 'plenum_requests_total{method="GET",route="units/<slug:code>/board/",status="200"}'
    before = figures(Client().get("/metrics").content.decode()).get(name, 0)
    assert cast.insider.client.get("/units/hill-school/board/").status_code == 200
    assert cast.insider.client.get("/units/coast-port/board/").status_code == 404
    text = Client().get("/metrics").content.decode()
    found = figures(text)
    assert found[name] == before + 1
    assert found[name.replace('"200"', '"404"')] >= 1
    assert found['plenum_request_seconds_count{route="units/<slug:code>/board/"}'] >= 2
    assert found["plenum_database_up"] == 1
    assert found["plenum_database_connections"] >= 1
    assert found["plenum_returns_waiting"] == 0
    for told in ("hill-school", "insider", "Insider", cast.name("hill-school")):
        assert told not in text
    assert not re.search(r'account="', text)


def test_methods_that_nobody_knows_do_not_fill_the_memory(cast: Cast) -> None:
    for number in range(3):
        Client().generic(f"METHOD{number}", "/health")
    assert "METHOD" not in Client().get("/metrics").content.decode()
