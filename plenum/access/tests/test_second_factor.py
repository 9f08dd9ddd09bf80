"""Second factors: setting up, signing in with them, being required by the rule pack, losing them."""

import re
from datetime import date
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from plenum.access import actions, second_factor
from plenum.access.models import Account
from plenum.access.powers import GRANT
from plenum.access.reach import NotInPerson, OutOfReach, SecondFactorMissing, require
from plenum.access.tokens import program_of_token
from plenum.journal.models import Entry
from tests.cast import DAY, SYSTEM, Cast, Member

PASSWORD = "bốn phương trời mười phương Phật"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
OVERVIEW = "/account/second-factor/"


@pytest.fixture(autouse=True)
def nothing_noted(db: None) -> None:
    cache.clear()


@pytest.fixture
def required(settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True


def code_now(secret: str = SECRET) -> str:
    return str(totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time()))))


def text(response: Any) -> str:
    return str(response.content.decode())


def with_password(member: Member) -> Account:
    return actions.change_password(member.account, PASSWORD, chosen=True, on=DAY, by=SYSTEM)


def signed_in(member: Member) -> Client:
    """A browser in which the person has just typed the password."""
    with_password(member)
    client = Client(headers={"accept-language": "en"})
    assert enter(client, member.account.login).status_code == 302
    return client


def enter(client: Client, login: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post("/sign-in/", {"login": login, "password": password, **more})


def with_app(member: Member) -> list[str]:
    codes = actions.add_app(member.account, SECRET, on=DAY, by=member.actor)
    assert codes is not None
    return codes


# the app


def test_an_app_is_set_up_and_its_code_asked_for_at_sign_in(cast: Cast) -> None:
    client = signed_in(cast.insider)
    page = text(client.get(OVERVIEW + "app/"))
    secret = re.search(r'<code class="secret">(\w+)</code>', page)
    assert secret
    assert "data:image/svg+xml;base64," in page
    done = client.post(OVERVIEW + "app/", {"code": code_now(secret[1])})
    codes = re.findall(r"<code>(\d{8})</code>", text(done))
    assert len(set(codes)) == 10
    assert "no-store" in done["Cache-Control"]
    assert codes[0] not in text(client.get(OVERVIEW))
    client.post("/sign-out/")
    cache.clear()
    assert enter(client, "insider", next="/units/")["Location"] == "/sign-in/second-step/"
    assert client.get("/account/").status_code == 302
    passed = client.post("/sign-in/second-step/", {"code": code_now(secret[1])})
    assert (passed.status_code, passed["Location"]) == (302, "/units/")
    assert client.get("/account/").status_code == 200


def test_a_wrong_first_code_adds_nothing_and_keeps_the_secret(cast: Cast) -> None:
    client = signed_in(cast.insider)
    first = re.search(r'"secret">(\w+)<', text(client.get(OVERVIEW + "app/")))
    answer = client.post(OVERVIEW + "app/", {"code": "000000"})
    second = re.search(r'"secret">(\w+)<', text(answer))
    assert answer.status_code == 422
    assert first
    assert second
    assert first[1] == second[1]
    assert not second_factor.has_second_factor(cast.insider.account.pk)


@pytest.mark.parametrize("code", ["", "123", "000000", "abcdef", "1" * 500, "٠١٢٣٤٥", "\0"])
def test_a_wrong_code_does_not_sign_in(cast: Cast, code: str) -> None:
    with_password(cast.insider)
    with_app(cast.insider)
    client = Client()
    enter(client, "insider")
    assert client.post("/sign-in/second-step/", {"code": code}).status_code == 422
    assert client.get("/account/").status_code == 302


def test_a_code_works_once(cast: Cast) -> None:
    with_password(cast.insider)
    with_app(cast.insider)
    code, statuses = code_now(), []
    for _each in range(2):
        client = Client()
        enter(client, "insider")
        statuses.append(client.post("/sign-in/second-step/", {"code": code}).status_code)
    assert statuses == [302, 422]


def test_guessing_codes_is_stopped(cast: Cast) -> None:
    with_password(cast.insider)
    with_app(cast.insider)
    client = Client()
    enter(client, "insider")
    for _each in range(6):
        client.post("/sign-in/second-step/", {"code": "000000"})
    assert client.post("/sign-in/second-step/", {"code": code_now()}).status_code == 422


def test_a_recovery_code_stands_in_once(cast: Cast) -> None:
    with_password(cast.insider)
    code, statuses = with_app(cast.insider)[3], []
    for _each in range(2):
        client = Client()
        enter(client, "insider")
        statuses.append(client.post("/sign-in/second-step/", {"code": code}).status_code)
    assert statuses == [302, 422]


def test_the_second_step_needs_the_first(cast: Cast) -> None:
    with_app(cast.insider)
    client = Client()
    for answer in (
        client.get("/sign-in/second-step/"),
        client.post("/sign-in/second-step/", {"code": code_now()}),
    ):
        assert answer["Location"] == "/sign-in/"


@pytest.mark.parametrize(
    "credential",
    [
        "",
        "x",
        "1",
        "[]",
        "{}",
        '{"id": 1}',
        '{"id": "AA", "rawId": "AA", "response": {}, "type": "public-key"}',
    ],
)
def test_what_no_key_has_signed_is_refused(cast: Cast, credential: str) -> None:
    with_password(cast.insider)
    with_app(cast.insider)
    client = Client()
    enter(client, "insider")
    assert client.post("/sign-in/second-step/", {"credential": credential}).status_code == 422
    owner = signed_in(cast.sibling)
    owner.get(OVERVIEW + "key/")
    assert owner.post(OVERVIEW + "key/", {"name": "x", "credential": credential}).status_code == 422
    assert not second_factor.has_second_factor(cast.sibling.account.pk)


# confirming, removing, codes


def test_what_matters_needs_the_password_again(cast: Cast) -> None:
    with_password(cast.insider)
    client = Client()
    client.force_login(Account.objects.get(pk=cast.insider.account.pk))
    for page in ("app/", "key/"):
        assert client.get(OVERVIEW + page)["Location"].startswith("/account/confirm/?next=")
    assert client.get("/account/tokens/")["Location"].startswith("/account/confirm/?next=")
    asked = "/account/confirm/?next=/account/tokens/"
    assert client.post(asked, {"password": "wrong", "next": "/account/tokens/"}).status_code == 422
    away = client.post(asked, {"password": PASSWORD, "next": "https://evil.example/"})
    assert away["Location"] in ("/account/", "/account/tokens/")
    assert client.get("/account/tokens/").status_code == 200


def test_guessing_the_password_there_is_stopped_too(cast: Cast) -> None:
    with_password(cast.insider)
    client = Client()
    client.force_login(Account.objects.get(pk=cast.insider.account.pk))
    answers = [client.post("/account/confirm/", {"password": f"guess {n}"}).status_code for n in range(7)]
    assert answers == [422] * 5 + [429] * 2


def test_with_the_last_factor_the_codes_go(cast: Cast) -> None:
    client = signed_in(cast.insider)
    with_app(cast.insider)
    app = Authenticator.objects.get(user=cast.insider.account, type="totp")
    assert client.get(f"{OVERVIEW}{app.pk}/remove/").status_code == 200
    assert client.post(f"{OVERVIEW}{app.pk}/remove/")["Location"] == OVERVIEW
    assert not Authenticator.objects.exists()
    assert client.post(f"{OVERVIEW}{app.pk}/remove/").status_code == 404


def test_new_codes_replace_the_old(cast: Cast) -> None:
    client = signed_in(cast.insider)
    before = with_app(cast.insider)
    after = re.findall(r"<code>(\d{8})</code>", text(client.post(OVERVIEW + "codes/")))
    assert len(after) == 10
    assert not set(after) & set(before)
    found = Authenticator.objects.get(user=cast.insider.account, type="recovery_codes").wrap()
    assert not found.validate_code(before[0])


# acts


def test_only_the_person_changes_factors_and_an_officer_resets_them(cast: Cast) -> None:
    with_app(cast.insider)
    factor = Authenticator.objects.get(user=cast.insider.account, type="totp")
    account = cast.insider.account
    for other in (cast.superior, cast.sibling, cast.neighbour, cast.auditor, cast.stranger):
        with pytest.raises(NotInPerson):
            actions.add_app(account, SECRET, on=DAY, by=other.actor)
        with pytest.raises(NotInPerson):
            actions.add_key(account, "x", {}, on=DAY, by=other.actor)
        with pytest.raises(NotInPerson):
            actions.remove_factor(account, factor.pk, on=DAY, by=other.actor)
        with pytest.raises(NotInPerson):
            actions.renew_codes(account, on=DAY, by=other.actor)
        if other is not cast.superior:
            with pytest.raises(OutOfReach):
                actions.reset_second_factor(account, on=DAY, by=other.actor)
    assert Authenticator.objects.filter(user=account).count() == 2
    actions.reset_second_factor(account, on=DAY, by=cast.superior.actor)
    assert not Authenticator.objects.exists()
    with pytest.raises(ValidationError):
        actions.reset_second_factor(account, on=DAY, by=cast.superior.actor)
    acts = Entry.objects.filter(subject=f"access.Account:{account.pk}").order_by("position")
    assert [entry.act for entry in acts][-2:] == ["access.add_factor", "access.reset_factors"]
    assert SECRET not in "".join(str(entry.change) for entry in acts)


def test_an_officer_helps_who_has_lost_access(cast: Cast) -> None:
    with_app(cast.insider)
    grant = cast.insider.account.grants.get()
    address = f"/units/hill-school/grants/{grant.pk}/lost-access/"
    page = cast.superior.client.post(address, {"form": "password"})
    made = re.search(r"<code>([a-z2-9-]{19})</code>", text(page))
    assert made
    assert "no-store" in page["Cache-Control"]
    assert enter(Client(), "insider", made[1])["Location"] == "/sign-in/second-step/"
    cast.superior.client.post(address, {"form": "second_factor"})
    assert enter(Client(), "insider", made[1])["Location"] == "/sign-in/own-password/"
    assert cast.superior.client.post(address, {"form": "second_factor"}).status_code == 422


# required by the pack


def test_a_power_of_the_pack_needs_a_second_factor(cast: Cast, required: None) -> None:
    school = cast.unit("hill-school")
    with pytest.raises(SecondFactorMissing):
        require(cast.superior.actor, GRANT, school, DAY)
    with pytest.raises(OutOfReach):
        require(cast.neighbour.actor, GRANT, school, DAY)
    with_app(cast.superior)
    require(cast.superior.actor, GRANT, school, DAY)
    require(SYSTEM, GRANT, school, DAY)


def test_codes_alone_are_no_second_factor(cast: Cast, required: None) -> None:
    with_app(cast.superior)
    Authenticator.objects.exclude(type="recovery_codes").delete()
    with pytest.raises(SecondFactorMissing):
        require(cast.superior.actor, GRANT, cast.unit("hill-school"), DAY)


def test_a_token_needs_the_second_factor_of_its_account(cast: Cast, required: None) -> None:
    with_app(cast.superior)
    _token, written = actions.issue_token(
        cast.superior.account,
        name="x",
        chosen=["access.grant"],
        until=date(2024, 12, 1),
        on=DAY,
        by=cast.superior.actor,
    )
    opened = program_of_token(written, DAY)
    assert opened is not None
    program, _account = opened
    require(program, GRANT, cast.unit("hill-school"), DAY)
    Authenticator.objects.all().delete()
    with pytest.raises(PermissionDenied):
        require(program, GRANT, cast.unit("hill-school"), DAY)


def test_who_needs_one_is_led_there_reads_and_is_refused_acts(cast: Cast, required: None) -> None:
    with_password(cast.superior)
    client = Client(headers={"accept-language": "en"})
    sent = enter(client, "superior", next="/units/hill-school/grants/")
    assert sent["Location"] == OVERVIEW + "?next=%2Funits%2Fhill-school%2Fgrants%2F"
    page = text(client.get(sent["Location"]))
    assert "knowing a password is not enough" in page
    assert 'href="/units/hill-school/grants/"' in page
    assert client.get("/units/hill-school/grants/").status_code == 200
    form = {"login": "stranger", "role": "auditor", "start": DAY.isoformat()}
    refused = client.post("/units/hill-school/grants/", form)
    assert refused.status_code == 403
    assert OVERVIEW in text(refused)
    assert not cast.stranger.account.grants.exists()
    with_app(cast.superior)
    assert client.post("/units/hill-school/grants/", form).status_code == 302


def test_who_has_no_such_power_is_not_asked(cast: Cast, required: None) -> None:
    with_password(cast.insider)
    assert enter(Client(), "insider")["Location"] == "/acting-for/"
    assert second_factor.is_missing(cast.insider.account.pk, DAY) is None
    assert second_factor.is_missing(cast.superior.account.pk, DAY) is not None


def test_an_installation_may_leave_it_open(cast: Cast) -> None:
    require(cast.superior.actor, GRANT, cast.unit("hill-school"), DAY)
    assert "requires a second factor from nobody" in text(cast.superior.client.get(OVERVIEW))
