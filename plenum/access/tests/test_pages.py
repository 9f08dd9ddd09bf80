"""Signing in, the own account, the unit acted for, grants of a unit: in the browser's place."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from plenum.access import actions
from plenum.access.models import Account, FailedSignIn, Grant
from plenum.access.queries import actor_for
from tests.cast import DAY, SYSTEM, Cast, Member

GOOD = "một hai ba bốn năm"
SIGN_IN = "/sign-in/"


@pytest.fixture
def visitor(cast: Cast) -> Client:
    actions.change_password(cast.insider.account, GOOD, chosen=True, on=DAY, by=SYSTEM)
    return Client(headers={"accept-language": "en"})


def text(response: Any) -> str:
    return str(response.content.decode())


def sign_in(client: Client, login: str = "insider", password: str = GOOD, **more: str) -> HttpResponse:
    response: HttpResponse = client.post(SIGN_IN, {"login": login, "password": password, **more})  # type: ignore[assignment]
    return response


def grants_page(code: str = "hill-school") -> str:
    return reverse("access:grants", args=[code])


# sign-in


def test_a_visitor_is_sent_to_sign_in_and_back(visitor: Client) -> None:
    sent = visitor.get("/account/?as_of=2024-01-01")
    assert sent["Location"] == "/sign-in/?next=%2Faccount%2F%3Fas_of%3D2024-01-01"
    page = visitor.get(sent["Location"])
    assert 'value="/account/?as_of=2024-01-01"' in text(page)
    assert sign_in(visitor, next="/account/?as_of=2024-01-01")["Location"] == "/account/?as_of=2024-01-01"


@pytest.mark.parametrize(
    "away", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_nobody_is_sent_elsewhere(visitor: Client, away: str) -> None:
    assert '<input type="hidden" name="next" value="">' in text(visitor.get(SIGN_IN, {"next": away}))
    assert sign_in(visitor, next=away)["Location"] == "/acting-for/"


def test_the_session_gets_a_new_key_and_its_cookie_is_guarded(visitor: Client) -> None:
    session = visitor.session
    session["before"] = 1
    session.save()
    before = session.session_key
    answer = sign_in(visitor)
    cookie = answer.cookies["plenum_session"]
    assert cookie.value != before
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_case_and_spaces_in_the_login_do_not_matter(visitor: Client) -> None:
    assert sign_in(visitor, " INSIDER ").status_code == 302


def test_a_wrong_login_and_a_wrong_password_look_the_same(visitor: Client) -> None:
    answers = [sign_in(visitor, "insider", "wrong"), sign_in(visitor, "nobody-here", "wrong")]
    assert [answer.status_code for answer in answers] == [422, 422]
    shown = [re.sub(r'value="[^"]*"|content="[^"]*"', "", text(answer)) for answer in answers]
    assert shown[0] == shown[1]
    assert "do not match" in shown[0]


def test_a_closed_account_does_not_sign_in(cast: Cast, visitor: Client) -> None:
    actions.deactivate_account(cast.insider.account, on=DAY, by=SYSTEM)
    assert sign_in(visitor).status_code == 422


def test_closing_an_account_ends_its_sessions(cast: Cast, visitor: Client) -> None:
    sign_in(visitor)
    assert visitor.get("/account/").status_code == 200
    actions.deactivate_account(cast.insider.account, on=DAY, by=SYSTEM)
    assert visitor.get("/account/").status_code == 302


@pytest.mark.parametrize("login", ["insider", "nobody-here"])
def test_guessing_is_stopped_after_five_failures(visitor: Client, login: str) -> None:
    answers = [sign_in(visitor, login, f"guess {number}").status_code for number in range(7)]
    assert answers == [422] * 5 + [429] * 2
    assert sign_in(visitor, login).status_code == 429


def test_another_address_or_login_is_not_stopped(cast: Cast, visitor: Client) -> None:
    for number in range(6):
        sign_in(visitor, "insider", f"guess {number}")
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")
    assert sign_in(elsewhere).status_code == 302
    assert sign_in(visitor, "nobody-here", "guess").status_code == 422


def test_too_many_are_told_how_long_to_wait(visitor: Client) -> None:
    answers = [sign_in(visitor, "insider", f"guess {number}") for number in range(6)]
    assert answers[5]["Retry-After"] == "900"


def test_one_password_is_not_tried_on_many_logins(visitor: Client) -> None:
    answers = [sign_in(visitor, f"login-{number}", "winter2024").status_code for number in range(31)]
    assert answers == [422] * 30 + [429]
    assert sign_in(visitor).status_code == 429
    assert sign_in(Client(REMOTE_ADDR="203.0.113.9")).status_code == 302


def test_many_machines_do_not_guess_one_login_together(visitor: Client) -> None:
    answers = [
        sign_in(Client(REMOTE_ADDR=f"203.0.113.{number}"), "insider", "guess").status_code
        for number in range(61)
    ]
    assert answers == [422] * 60 + [429]
    assert sign_in(visitor, "nobody-here", "guess").status_code == 422


def test_who_has_a_network_of_addresses_counts_as_one(visitor: Client) -> None:
    answers = [
        sign_in(Client(REMOTE_ADDR=f"2001:db8:1:2::{number:x}"), "insider", "guess").status_code
        for number in range(6)
    ]
    assert answers == [422] * 5 + [429]
    assert sign_in(Client(REMOTE_ADDR="2001:db8:1:3::1")).status_code == 302


def test_sessions_whose_time_is_over_are_cleared_away(visitor: Client) -> None:
    sign_in(visitor)
    Session.objects.update(expire_date=datetime(2020, 1, 1, tzinfo=UTC))
    assert visitor.get("/account/").status_code == 302
    sign_in(Client())
    assert not Session.objects.filter(session_key=visitor.session.session_key).exists()


def test_failures_are_forgotten_after_signing_in_and_keep_no_login(visitor: Client) -> None:
    for number in range(4):
        sign_in(visitor, "insider", f"guess {number}")
    assert FailedSignIn.objects.count() == 4
    assert not FailedSignIn.objects.filter(who__contains="insider").exists()
    sign_in(visitor)
    assert not FailedSignIn.objects.exists()


def test_who_is_signed_in_is_not_asked_again(cast: Cast) -> None:
    assert cast.insider.client.get(SIGN_IN)["Location"] == "/"


def test_signing_out_takes_a_post(visitor: Client) -> None:
    sign_in(visitor)
    assert visitor.get("/sign-out/").status_code == 405
    assert visitor.post("/sign-out/").status_code == 302
    assert visitor.get("/account/").status_code == 302


def test_forms_without_the_token_are_refused(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post(SIGN_IN, {"login": "insider", "password": GOOD}).status_code == 403


# the unit acted for


def test_one_grant_is_no_choice(cast: Cast) -> None:
    assert cast.insider.client.get("/acting-for/")["Location"] == "/"


def test_with_several_grants_one_chooses_and_switches(cast: Cast, rf: Any) -> None:
    member = cast.insider
    actions.grant_powers(member.account, cast.unit("river-mill"), "secretary", start=DAY, on=DAY, by=SYSTEM)
    page = member.client.get("/acting-for/")
    assert cast.name("hill-school") in text(page)
    assert cast.name("river-mill") in text(page)
    mill = cast.unit("river-mill").pk
    assert member.client.post("/acting-for/", {"unit": mill})["Location"] == "/"
    assert acts_for(member, rf) == mill
    for wrong in (cast.unit("coast-port").pk, "", "x", "٣"):
        assert member.client.post("/acting-for/", {"unit": wrong}).status_code == 422
    assert acts_for(member, rf) == mill
    given = Grant.objects.get(account=member.account, unit_id=mill)
    actions.end_grant(given, until=DAY, on=DAY, by=SYSTEM)
    assert acts_for(member, rf) == cast.unit("hill-school").pk


def acts_for(member: Member, rf: Any) -> int | None:
    request = rf.get("/")
    request.session, request.user = member.client.session, member.account
    return actor_for(request, DAY).acting_for


# the own account


def test_people_see_their_own_record(cast: Cast) -> None:
    page = text(cast.superior.client.get("/account/"))
    assert cast.name("north-hill") in page
    assert "Organisation officer" in page
    actions.create_account(
        "new-one",
        name="Newcomer",
        language="vi",
        unit=cast.unit("hill-school"),
        on=DAY,
        by=cast.superior.actor,
    )
    page = text(cast.superior.client.get("/account/"))
    assert "Account created" in page
    assert "Newcomer" in page
    assert "Newcomer" not in text(cast.insider.client.get("/account/"))


def test_somebody_without_grants_has_an_account_page(cast: Cast) -> None:
    page = cast.stranger.client.get("/account/")
    assert page.status_code == 200
    assert "You have no grants" in text(page)


def test_changing_the_language(cast: Cast) -> None:
    client = cast.insider.client
    assert client.post("/account/", {"form": "language", "language": "cs"}).status_code == 302
    assert Account.objects.get(login="insider").language == "cs"
    assert client.post("/account/", {"form": "language", "language": "xx"}).status_code == 422


def test_changing_the_password_keeps_this_session_and_ends_others(cast: Cast, visitor: Client) -> None:
    elsewhere = Client()
    sign_in(visitor)
    sign_in(elsewhere)
    new = {"form": "password", "current": GOOD, "password": "sáu bảy tám chín", "again": "sáu bảy tám chín"}
    assert visitor.post("/account/", {**new, "again": "other"}).status_code == 422
    wrong = visitor.post("/account/", {**new, "current": "wrong"})
    assert wrong.status_code == 422
    assert "not your current password" in text(wrong)
    weak = visitor.post("/account/", {**new, "password": "short", "again": "short"})
    assert "at least 10 characters" in text(weak)
    assert visitor.post("/account/", new).status_code == 302
    assert visitor.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302


# grants of a unit


def test_an_officer_sees_and_gives_grants_below(cast: Cast) -> None:
    client = cast.superior.client
    assert "insider" in text(client.get(grants_page()))
    form = {"login": "stranger", "role": "secretary", "start": "2024-10-08", "last_day": "2024-12-31"}
    assert client.post(grants_page(), form)["Location"] == grants_page()
    grant = Grant.objects.get(account=cast.stranger.account)
    assert str(grant.span.end) == "2025-01-01"
    assert "stranger" in text(client.get(grants_page()))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"login": "nobody-here"}, "no account with this login"),
        ({"start": "2024-10-07"}, "cannot begin in the past"),
        ({"last_day": "2024-10-07"}, "must end after it begins"),
        ({"role": "king"}, "king"),
        ({"start": "tomorrow"}, "start"),
    ],
)
def test_a_refused_grant_says_why_and_keeps_what_was_typed(
    cast: Cast, change: dict[str, str], said: str
) -> None:
    form = {"login": "stranger", "role": "secretary", "start": "2024-10-08", "last_day": "", **change}
    answer = cast.superior.client.post(grants_page(), form)
    assert answer.status_code == 422
    assert said in text(answer)
    assert f'value="{form["login"]}"' in text(answer)
    assert not Grant.objects.filter(account=cast.stranger.account).exists()


def test_only_those_who_may_grant_there_know_of_the_page(cast: Cast) -> None:
    grant = Grant.objects.get(account=cast.insider.account)
    addresses = [
        grants_page(),
        reverse("access:create_account", args=["hill-school"]),
        reverse("access:end_grant", args=["hill-school", grant.pk]),
    ]
    for address in addresses:
        assert cast.superior.client.get(address).status_code == 200
        for login in ("insider", "sibling", "neighbour", "auditor", "stranger"):
            client = cast.members[login].client
            assert client.get(address).status_code == 404
            assert client.post(address, {"last_day": ""}).status_code == 404
    assert cast.superior.client.get(grants_page("no-such-unit")).status_code == 404
    grant.refresh_from_db()
    assert grant.span.end is None


def test_a_grant_of_another_unit_is_not_ended_here(cast: Cast) -> None:
    grant = Grant.objects.get(account=cast.neighbour.account)
    address = reverse("access:end_grant", args=["hill-school", grant.pk])
    assert cast.superior.client.post(address, {"last_day": ""}).status_code == 404


def test_ending_a_grant_on_its_last_day_or_at_once(cast: Cast) -> None:
    grant = Grant.objects.get(account=cast.insider.account)
    address = reverse("access:end_grant", args=["hill-school", grant.pk])
    client = cast.superior.client
    assert client.post(address, {"last_day": "2024-10-01"}).status_code == 422
    assert client.post(address, {"last_day": "2024-10-31"})["Location"] == grants_page()
    grant.refresh_from_db()
    assert str(grant.span.end) == "2024-11-01"
    client.post(address, {"last_day": ""})
    grant.refresh_from_db()
    assert grant.span.end == DAY
    assert client.get(address).status_code == 404


def test_the_last_officer_is_asked_to_confirm(cast: Cast) -> None:
    grant = Grant.objects.get(account=cast.superior.account)
    address = reverse("access:end_grant", args=["north-hill", grant.pk])
    client = cast.superior.client
    assert "even_if_last" not in text(client.get(address))
    asked = client.post(address, {"last_day": "2024-10-31"})
    assert asked.status_code == 422
    assert "even_if_last" in text(asked)
    assert client.post(address, {"last_day": "2024-10-31", "even_if_last": "on"}).status_code == 302


def test_an_account_is_created_with_its_grant_and_a_password_that_works(cast: Cast) -> None:
    address = reverse("access:create_account", args=["hill-school"])
    form = {
        "login": "New-One",
        "name": "Newcomer",
        "language": "vi",
        "role": "secretary",
        "start": "2024-10-08",
        "last_day": "",
    }
    answer = cast.superior.client.post(address, form)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    found = re.search(r"<code>([a-z0-9]{4}(?:-[a-z0-9]{4}){3})</code>", text(answer))
    assert found is not None
    assert sign_in(Client(), "new-one", found[1]).status_code == 302
    again = cast.superior.client.post(address, form)
    assert again.status_code == 422
    assert "This login is taken" in text(again)


def test_without_a_good_grant_no_account_is_created(cast: Cast) -> None:
    address = reverse("access:create_account", args=["hill-school"])
    form = {"login": "new-one", "name": "N", "language": "vi", "role": "secretary", "start": "2024-01-01"}
    assert cast.superior.client.post(address, form).status_code == 422
    assert not Account.objects.filter(login="new-one").exists()


def test_the_grants_page_asks_the_database_as_often_with_one_as_with_many(
    cast: Cast,
) -> None:
    client = cast.superior.client
    client.get(grants_page())
    with CaptureQueriesContext(connection) as few:
        client.get(grants_page())
    for number in range(3):
        account = actions.create_account(
            f"more-{number}", name="M", language="vi", unit=cast.unit("hill-school"), on=DAY, by=SYSTEM
        )
        actions.grant_powers(
            account,
            cast.unit("hill-school"),
            "secretary",
            start=DAY + timedelta(days=number),
            on=DAY,
            by=SYSTEM,
        )
    with CaptureQueriesContext(connection) as many:
        client.get(grants_page())
    assert len(many) == len(few)
