"""Invitations: given by officers, used once, over after seven days; whatever is wrong changes nothing."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client

from plenum.access import actions, rules
from plenum.access.models import Account, Grant, Invitation
from plenum.access.reach import OutOfReach
from plenum.journal.actor import Actor
from plenum.journal.models import Entry
from tests.cast import DAY, SYSTEM, Cast

NOBODY = Actor.nobody()
DOOR = "/invitations/"
PASSWORD = "nước chảy đá mòn"
GUEST = actions.Invited("Nguyễn Văn Mới", "moi", "vi")


def give(cast: Cast, by: Actor | None = None, role: str = "secretary", **more: Any) -> tuple[Invitation, str]:
    return actions.invite(
        more.pop("person", GUEST),
        cast.unit("hill-school"),
        role,
        start=more.pop("start", DAY),
        on=DAY,
        by=by or cast.superior.actor,
        **more,
    )


def accept(
    key: str, on: Any = DAY, login: str = "moi", password: str = PASSWORD, language: str = "vi"
) -> Account:
    return actions.accept_invitation(key, login, password, language, on=on, by=NOBODY)


def text(response: Any) -> str:
    return str(response.content.decode())


def test_the_link_makes_account_and_grant_in_the_name_of_its_giver(cast: Cast) -> None:
    made, key = give(cast, until=DAY + timedelta(days=100))
    account = accept(key, login=" Moi ")
    grant = account.grants.get()
    assert (account.login, account.name, account.unit) == ("moi", GUEST.name, cast.unit("hill-school"))
    assert account.check_password(PASSWORD)
    assert (grant.role, grant.span.start, grant.span.end) == ("secretary", DAY, DAY + timedelta(days=100))
    entries = {entry.act: entry for entry in Entry.objects.filter(unit_id=cast.unit("hill-school").pk)}
    assert entries["access.grant_powers"].actor_label == "Superior"
    assert entries["access.accept_invitation"].actor_id == account.pk
    assert entries["access.invite"].subject == f"access.Invitation:{made.pk}"


def test_only_the_hash_of_the_link_is_kept(cast: Cast) -> None:
    made, key = give(cast)
    secret = key.partition("-")[2]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT access_invitation::text FROM access_invitation UNION SELECT change::text FROM journal_entry"
        )
        assert secret not in str(cursor.fetchall())
    assert made.secret_hash == rules.hashed(secret)


def test_a_link_works_once(cast: Cast) -> None:
    _made, key = give(cast)
    accept(key)
    with pytest.raises(ValidationError):
        accept(key, login="other")
    assert Account.objects.filter(login="other").count() == 0


@pytest.mark.parametrize(("days", "opens"), [(0, True), (6, True), (7, False), (400, False)])
def test_a_link_is_good_for_seven_days(cast: Cast, days: int, opens: bool) -> None:
    _made, key = give(cast)
    if opens:
        assert accept(key, on=DAY + timedelta(days=days)).grants.get().span.start == DAY + timedelta(
            days=days
        )
    else:
        with pytest.raises(ValidationError):
            accept(key, on=DAY + timedelta(days=days))


def test_a_withdrawn_link_opens_nothing(cast: Cast) -> None:
    made, key = give(cast)
    for other in (cast.insider, cast.sibling, cast.neighbour, cast.auditor, cast.stranger):
        with pytest.raises(OutOfReach):
            actions.withdraw_invitation(made, on=DAY, by=other.actor)
    actions.withdraw_invitation(made, on=DAY, by=cast.superior.actor)
    with pytest.raises(ValidationError):
        accept(key)
    with pytest.raises(ValidationError):
        actions.withdraw_invitation(made, on=DAY, by=cast.superior.actor)


@pytest.mark.parametrize("login", ["insider", "sibling", "neighbour", "auditor", "stranger"])
def test_who_may_not_grant_may_not_invite(cast: Cast, login: str) -> None:
    with pytest.raises(OutOfReach):
        give(cast, by=cast.members[login].actor)
    assert not Invitation.objects.exists()


def test_nobody_invites_to_more_than_they_have(cast: Cast) -> None:
    Grant.objects.filter(account=cast.superior.account).update(powers=["access.grant", "organisation.read"])
    with pytest.raises(ValidationError) as refused:
        give(cast)
    assert list(refused.value.message_dict) == ["role"]


def test_a_link_holds_only_as_long_as_its_giver_may_grant(cast: Cast) -> None:
    _made, key = give(cast)
    grant = Grant.objects.get(account=cast.superior.account)
    actions.end_grant(grant, until=DAY, even_if_last=True, on=DAY, by=SYSTEM)
    with pytest.raises(ValidationError):
        accept(key)
    assert not Account.objects.filter(login="moi").exists()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"login": "insider"}, "login"),
        ({"login": "é"}, "login"),
        ({"password": "short"}, "password"),
        ({"password": "password123"}, "password"),
        ({"password": "moi moi moi moi"}, "password"),
        ({"language": "xx"}, "language"),
    ],
)
def test_what_is_wrong_is_named_and_the_link_stays_open(
    cast: Cast, typed: dict[str, str], field: str
) -> None:
    _made, key = give(cast)
    with pytest.raises(ValidationError) as refused:
        accept(key, **typed)
    assert list(refused.value.message_dict) == [field]
    accept(key)


@pytest.mark.parametrize(
    ("person", "field"),
    [
        (actions.Invited(" ", "moi", "vi"), "name"),
        (actions.Invited("x" * 201, "moi", "vi"), "name"),
        (actions.Invited("x", "insider", "vi"), "login"),
        (actions.Invited("x", "n o", "vi"), "login"),
        (actions.Invited("x", "moi", "xx"), "language"),
    ],
)
def test_a_wrong_invitation_is_not_given(cast: Cast, person: actions.Invited, field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        give(cast, person=person)
    assert list(refused.value.message_dict) == [field]


def test_somebody_signed_in_uses_no_invitation(cast: Cast) -> None:
    _made, key = give(cast)
    with pytest.raises(ValidationError):
        actions.accept_invitation(key, "moi", PASSWORD, "vi", on=DAY, by=cast.stranger.actor)


def test_the_pages_from_inviting_to_being_signed_in(cast: Cast) -> None:
    form = {"name": "Bà Mới", "login": "moi", "language": "en", "role": "secretary", "start": DAY.isoformat()}
    made = cast.superior.client.post("/units/hill-school/grants/invite/", form)
    link = re.search(r'class="secret">http://testserver/invitations/#([\w-]+)<', text(made))
    assert link
    assert "no-store" in made["Cache-Control"]
    listed = text(cast.superior.client.get("/units/hill-school/grants/"))
    assert "Bà Mới" in listed
    assert link[1] not in listed
    guest = Client(headers={"accept-language": "en"})
    assert "Superior" not in text(guest.get(DOOR))
    page = text(guest.post(DOOR, {"code": link[1]}))
    assert "Superior" in page
    assert cast.name("hill-school") in page
    wrong = {"code": link[1], "login": "moi", "password": PASSWORD, "again": "other", "language": "en"}
    refused = guest.post(DOOR, wrong)
    assert refused.status_code == 422
    assert f'value="{link[1]}"' in text(refused)
    assert guest.post(DOOR, {**wrong, "again": PASSWORD})["Location"] == "/acting-for/"
    assert "Bà Mới" in text(guest.get("/account/"))
    assert Client().post(DOOR, {"code": link[1]}).status_code == 410
    assert Client().post(DOOR, {**wrong, "again": PASSWORD}).status_code == 410


@pytest.mark.parametrize("code", ["none-such", "", "x" * 101, "\0-\0"])
def test_a_code_that_nobody_gave_opens_nothing(cast: Cast, code: str) -> None:
    assert Client().post(DOOR, {"code": code}).status_code == 422


def test_the_secret_of_a_link_is_in_no_address(cast: Cast) -> None:
    """It stands behind #, which no browser sends; as a part of the address it opens nothing."""
    _made, key = give(cast)
    assert Client().get(f"{DOOR}{key}/").status_code == 404
    assert "Superior" not in text(Client().get(DOOR, {"code": key}))


def test_a_withdrawn_link_says_so(cast: Cast) -> None:
    made, key = give(cast)
    withdraw = f"/units/hill-school/grants/invitations/{made.pk}/"
    assert cast.superior.client.post(withdraw).status_code == 302
    answer = Client(headers={"accept-language": "en"}).post(DOOR, {"code": key})
    assert answer.status_code == 410
    assert "withdrawn" in text(answer)
