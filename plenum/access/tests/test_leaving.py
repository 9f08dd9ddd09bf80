"""Leavers, sessions, and the last officers: what ends when grants end."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.core.exceptions import ValidationError
from django.db import connections
from django.test import Client

from plenum.access import actions
from plenum.access.models import Account, Grant
from plenum.access.pages.sessions import device
from plenum.access.queries import grantors_over, has_left
from plenum.access.reach import NotInPerson
from plenum.access.tokens import program_of_token
from plenum.journal.models import Entry
from tests.cast import DAY, SYSTEM, Cast, Member, make_cast

PASSWORD = "con trâu là đầu cơ nghiệp"
NEXT = DAY + timedelta(days=1)


def enter(client: Client, login: str, password: str = PASSWORD) -> Any:
    return client.post("/sign-in/", {"login": login, "password": password})


def signed_in(member: Member, **headers: str) -> Client:
    actions.change_password(member.account, PASSWORD, chosen=True, on=DAY, by=SYSTEM)
    client = Client(headers={"accept-language": "en", **headers})
    assert enter(client, member.account.login).status_code == 302
    return client


def end(member: Member, until: Any = DAY) -> None:
    actions.end_grant(member.account.grants.get(), until=until, even_if_last=True, on=DAY, by=SYSTEM)


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


# leavers


def test_sessions_and_tokens_end_at_once_with_the_last_grant(cast: Cast) -> None:
    client = signed_in(cast.insider)
    _token, text = actions.issue_token(
        cast.insider.account,
        name="x",
        chosen=["figures.read"],
        until=DAY + timedelta(days=90),
        on=DAY,
        by=cast.insider.actor,
    )
    assert is_in(client)
    end(cast.insider)
    assert not is_in(client)
    assert program_of_token(text, DAY) is None
    answer = enter(Client(headers={"accept-language": "en"}), "insider")
    assert answer.status_code == 422
    assert "All your grants have ended" in answer.content.decode()
    wrong = enter(Client(headers={"accept-language": "en"}), "insider", "wrong")
    assert "do not match" in wrong.content.decode()


def test_they_end_by_date_too(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in(cast.insider)
    _token, text = actions.issue_token(
        cast.insider.account,
        name="x",
        chosen=["figures.read"],
        until=DAY + timedelta(days=90),
        on=DAY,
        by=cast.insider.actor,
    )
    end(cast.insider, until=NEXT)
    assert is_in(client)
    assert program_of_token(text, DAY) is not None
    monkeypatch.setenv("PLENUM_TODAY", NEXT.isoformat())
    assert not is_in(client)
    assert program_of_token(text, NEXT) is None


def test_a_new_grant_lets_them_in_again_without_the_old_tokens(cast: Cast) -> None:
    signed_in(cast.insider)
    _token, text = actions.issue_token(
        cast.insider.account,
        name="x",
        chosen=["figures.read"],
        until=DAY + timedelta(days=90),
        on=DAY,
        by=cast.insider.actor,
    )
    end(cast.insider, until=NEXT)
    actions.grant_powers(
        cast.insider.account, cast.unit("hill-river"), "secretary", start=NEXT, on=NEXT, by=SYSTEM
    )
    assert not has_left(cast.insider.account.pk, NEXT)
    assert program_of_token(text, NEXT) is None
    assert enter(Client(), "insider").status_code == 302


def test_who_still_holds_or_will_hold_a_grant_stays(cast: Cast) -> None:
    account = cast.insider.account
    actions.grant_powers(account, cast.unit("hill-river"), "secretary", start=NEXT, on=DAY, by=SYSTEM)
    client = signed_in(cast.insider)
    actions.end_grant(
        account.grants.get(unit=cast.unit("hill-school")), until=DAY, even_if_last=True, on=DAY, by=SYSTEM
    )
    assert not has_left(account.pk, DAY)
    assert is_in(client)


def test_who_never_had_a_grant_waits_inside(cast: Cast) -> None:
    assert is_in(signed_in(cast.stranger))


# sessions


def test_sessions_are_listed_and_ended(cast: Cast) -> None:
    here = signed_in(cast.insider, **{"user-agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"})
    there = Client(headers={"user-agent": "Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537"})
    enter(there, "insider")
    page = here.get("/account/sessions/").content.decode()
    assert "Firefox, Linux" in page
    assert "Chrome, Android" in page
    other = UserSession.objects.get(session_key=there.session.session_key)
    here.post("/account/sessions/", {"session": str(other.pk)})
    assert is_in(here)
    assert not is_in(there)
    entry = Entry.objects.filter(act="access.end_sessions").get()
    assert entry.change == {"count": 1}


def test_all_others_are_ended_and_nobody_elses(cast: Cast) -> None:
    here, there, foreign = signed_in(cast.insider), Client(), signed_in(cast.sibling)
    enter(there, "insider")
    foreign_session = UserSession.objects.get(user=cast.sibling.account)
    here.post("/account/sessions/", {"session": str(foreign_session.pk)})
    here.post("/account/sessions/")
    assert [is_in(client) for client in (here, there, foreign)] == [True, False, True]
    for other in (cast.superior, cast.sibling, cast.neighbour, cast.auditor, cast.stranger):
        with pytest.raises(NotInPerson):
            actions.end_sessions(cast.insider.account, on=DAY, by=other.actor)


def test_another_password_ends_the_other_sessions(cast: Cast) -> None:
    here, there = signed_in(cast.insider), Client()
    enter(there, "insider")
    typed = {"form": "password", "current": PASSWORD, "password": "trăm hay không bằng tay quen"}
    assert here.post("/account/", {**typed, "again": typed["password"]}).status_code == 302
    assert [is_in(here), is_in(there)] == [True, False]


def test_a_session_ends_when_it_is_not_used_and_after_days_in_any_case(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    client, now = signed_in(cast.insider), time.time()
    idle, life = settings.SESSION_COOKIE_AGE, settings.SESSION_LIFE
    assert (idle, life) == (12 * 3600, 14 * 24 * 3600)
    assert client.cookies["plenum_session"]["max-age"] == idle
    moment = now
    assert is_in(client)

    def later(seconds: float) -> bool:
        nonlocal moment
        moment = now + seconds
        monkeypatch.setattr("plenum.site.sessions.time.time", lambda: moment)
        return is_in(client)

    assert later(life - 10)
    assert not later(life + 10)


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Version/18.0 Mobile/15E148 Safari/604.1",
            "Safari, iPhone",
        ),
        ("curl/8.0", ""),
        ("", ""),
    ],
)
def test_a_device_is_named_as_its_owner_knows_it(user_agent: str, name: str) -> None:
    assert device(user_agent) == name


# the last officers


def race(*deeds: Callable[[], object]) -> list[str]:
    """Do these at once, each in a thread with its own connection; what each came to."""
    start, results = threading.Barrier(len(deeds)), ["" for _deed in deeds]

    def run(number: int, deed: Callable[[], object]) -> None:
        start.wait()
        try:
            deed()
            results[number] = "done"
        except ValidationError as error:
            results[number] = next(iter(error.error_dict))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(results)


@pytest.mark.parametrize("close", [False, True])
def test_of_the_two_last_officers_one_stays(
    fresh_database: str, monkeypatch: pytest.MonkeyPatch, close: bool
) -> None:
    monkeypatch.setenv("PLENUM_TODAY", DAY.isoformat())
    cast = make_cast()
    unit = cast.unit("south")
    for turn in range(4):
        Grant.objects.filter(powers__contains=["access.grant"], unit=unit).delete()
        officers: list[Account] = []
        for number in range(2):
            made = actions.create_account(
                f"officer-{turn}-{number}", name="O", language="en", unit=unit, on=DAY, by=SYSTEM
            )
            actions.grant_powers(made, unit, "officer", start=DAY, on=DAY, by=SYSTEM)
            officers.append(made)

        def leave(officer: Account) -> object:
            if close:
                return actions.deactivate_account(officer, on=DAY, by=SYSTEM)
            return actions.end_grant(officer.grants.get(), until=NEXT, on=DAY, by=SYSTEM)

        one, other = officers
        results = race(lambda one=one: leave(one), lambda other=other: leave(other))  # type: ignore[misc]
        assert results == ["done", "even_if_last"]
        assert grantors_over(unit.pk, NEXT).count() == 1
