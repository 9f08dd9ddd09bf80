"""The log: one line for each answer, what is in it, and what never is."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.db import IntegrityError
from django.http import HttpRequest
from django.test import Client

from plenum.access import actions
from plenum.access.models import Account
from plenum.site.operations import logs
from tests.cast import DAY, Cast


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """Everything that would be written to the log, as lines of JSON."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.JsonLines())
    root, ours = logging.getLogger(), logging.getLogger("plenum")
    before = ours.level
    root.addHandler(handler)
    ours.setLevel(logging.INFO)
    yield stream
    ours.setLevel(before)
    root.removeHandler(handler)


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_an_answer_is_one_line(cast: Cast, written: io.StringIO) -> None:
    answer = cast.insider.client.get(
        "/units/hill-school/board/?as_of=2024-05-01", HTTP_X_REQUEST_ID="abc-12345678"
    )
    (line,) = lines(written)
    assert answer.headers["X-Request-ID"] == "abc-12345678"
    assert line.pop("time").endswith("+00:00")
    assert line.pop("ms") > 0
    assert line == {
        "level": "info",
        "logger": "plenum.requests",
        "message": "answered",
        "request_id": "abc-12345678",
        "method": "GET",
        "route": "units/<slug:code>/board/",
        "status": 200,
        "account": cast.insider.account.pk,
    }


@pytest.mark.parametrize("said", ["", "short", "x" * 65, "with space 12", 'quote"quote"', "nguyễn-văn-a"])
def test_a_number_that_is_not_sane_is_replaced(said: str, db: None) -> None:
    number = (
        Client().get("/sign-in/", HTTP_X_REQUEST_ID=said.encode().decode("latin-1")).headers["X-Request-ID"]
    )
    assert number != said
    assert len(number) == 16


def test_what_is_asked_often_is_not_written(db: None, written: io.StringIO) -> None:
    Client().get("/health")
    Client().get("/metrics")
    Client().get("/static/site/base.css")
    assert written.getvalue() == ""


def test_names_and_passwords_are_never_written(cast: Cast, written: io.StringIO) -> None:
    """The whole cast signs in rightly and wrongly, looks around, sends nonsense and meets faults."""
    for member in cast.members.values():
        member.account.set_password(f"word-of-{member.account.login}-77")
        member.account.save()
        client = Client(raise_request_exception=False)
        for password in ("wrong-word-88", f"word-of-{member.account.login}-77"):
            client.post("/sign-in/", {"login": member.account.login, "password": password})
        client = member.client
        for address in (
            "/units/hill-school/board/?q=Nguyen+Van+An",
            "/units/hill-school/no-such-secret-page/",
            "/units/hill-school/grants/",
            "/units/?as_of=not-a-day-secret",
        ):
            client.get(address)
            client.post(address, {"name": "Nguyen Van An", "reason": "secret-reason"})
    text = written.getvalue()
    assert len(lines(written)) > 40
    told = ["Nguyen", "secret", "word-of", "wrong-word", "hill-school"]
    told += [member.account.name for member in cast.members.values()]
    told += [f'"{login}"' for login in cast.members]
    assert [word for word in told if word in text] == []


def test_a_fault_is_written_as_its_kind_and_its_lines_of_code(
    cast: Cast, written: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_request: HttpRequest) -> None:
        login = cast.insider.account.login
        try:
            Account.objects.create(login=login, name="Nguyen Van An", pk=987)
        except IntegrityError as error:
            raise RuntimeError(f"secret {login}") from error

    monkeypatch.setattr("plenum.site.operations.health.ready", lambda: broken(HttpRequest()))
    client = Client(raise_request_exception=False)
    answer = client.get("/health")
    assert answer.status_code == 500
    faults = [line for line in lines(written) if line["level"] == "error"]
    assert len(faults) == 1
    (fault,) = faults
    assert fault["error"].startswith("RuntimeError")
    assert fault["route"] == "health"
    assert fault["request_id"] == answer.headers["X-Request-ID"]
    trace = "\n".join(fault["trace"])
    assert "IntegrityError 23505 access_account" in trace
    assert "test_logs.py" in trace
    text = written.getvalue().replace(str(fault["trace"]), "")
    assert "Nguyen Van An" not in "".join(line for line in fault["trace"] if ": Account" not in line)
    assert "secret insider" not in text
    assert "already exists" not in text


def test_for_people_the_same_is_one_line_and_the_trace_below() -> None:
    try:
        raise ValueError("Nguyen Van An")
    except ValueError as error:
        fault = logging.LogRecord(
            "plenum.x", logging.ERROR, __file__, 1, "did not work", (), (type(error), error, None)
        )
    head, *trace = logs.PlainLines().format(fault).splitlines()
    assert " error plenum.x did not work error=ValueError" in head
    assert trace[-1] == "  ValueError"
    assert "Nguyen" not in head


def coming(stream: io.StringIO) -> list[dict[str, Any]]:
    found = [line for line in lines(stream) if line["logger"] == "plenum.sign_in"]
    return [
        {name: line[name] for name in ("message", "factor", "reason", "account") if name in line}
        for line in found
    ]


def test_every_coming_and_refusal_is_one_line(cast: Cast, written: io.StringIO) -> None:
    """By which factor, why not, and whose account once that is sure; never what was typed."""
    secret, account = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", cast.insider.account
    account.set_password("a long way to the river")
    account.save()
    actions.add_app(account, secret, on=DAY, by=cast.insider.actor)
    code = totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time())))
    cache.clear()
    client = Client()
    client.post("/sign-in/", {"login": "insider", "password": "wrong-word-88"})
    client.post("/sign-in/", {"login": "insider", "password": "a long way to the river"})
    client.post("/sign-in/second-step/", {"code": "000000"})
    client.post("/sign-in/second-step/", {"code": code})
    client.post("/account/confirm/", {"password": "a long way to the river"})
    client.post("/sign-out/")
    Client(headers={"authorization": "Bearer plenum_nonsense"}).get("/api/account")
    assert coming(written) == [
        {"message": "refused", "reason": "password"},
        {"message": "refused", "reason": "code", "account": account.pk},
        {"message": "signed in", "factor": "password+totp", "account": account.pk},
        {"message": "confirmed", "factor": "password", "account": account.pk},
        {"message": "signed out", "account": account.pk},
        {"message": "refused", "reason": "token"},
    ]
    text = written.getvalue()
    assert not [
        word for word in ("insider", "wrong-word-88", "river", code, secret, "nonsense") if word in text
    ]


def test_guessing_is_one_line_each_and_says_when_it_is_stopped(cast: Cast, written: io.StringIO) -> None:
    for number in range(6):
        Client().post("/sign-in/", {"login": "nobody-here", "password": f"guess {number}"})
    assert coming(written) == [{"message": "refused", "reason": "password"}] * 5 + [
        {"message": "refused", "reason": "too many"}
    ]
