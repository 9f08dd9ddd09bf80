"""Acts on accounts and grants, tried with the whole cast."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from plenum.access import actions
from plenum.access.models import Account, Grant
from plenum.access.queries import account_by_login, grants_at, grants_of, role_name
from plenum.access.reach import NotInPerson, OutOfReach
from plenum.journal.actor import Actor
from plenum.journal.models import Entry
from plenum.journal.queries import broken_links
from plenum.packs import pack
from plenum.periods import Span
from tests.cast import DAY, SYSTEM, Cast

TOMORROW = DAY + timedelta(days=1)
GOOD = "một hai ba bốn năm"
OTHERS = ("insider", "sibling", "neighbour", "auditor", "stranger")


def last() -> Entry:
    return Entry.objects.latest("id")


def faults(act: Callable[[], object]) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as refusal:
        act()
    return refusal.value.message_dict


def make(cast: Cast, login: str = "new-one", by: Actor | None = None, at: str = "hill-school") -> Account:
    return actions.create_account(
        login, name="Trần Thị B", language="vi", unit=cast.unit(at), on=DAY, by=by or cast.superior.actor
    )


# create_account


def test_an_officer_creates_an_account_below(cast: Cast) -> None:
    account = make(cast, " New-One ")
    assert account.login == "new-one"
    assert not account.has_usable_password()
    entry = last()
    assert (entry.act, entry.unit_id, entry.actor_label) == (
        "access.create_account",
        cast.unit("hill-school").pk,
        "Superior",
    )
    assert entry.change == {"login": "new-one", "name": "Trần Thị B", "language": "vi"}
    assert account_by_login("NEW-ONE ") == account


@pytest.mark.parametrize("login", OTHERS)
def test_nobody_else_creates_an_account_there(cast: Cast, login: str) -> None:
    with pytest.raises(OutOfReach):
        make(cast, by=cast.members[login].actor)
    assert not Account.objects.filter(login="new-one").exists()


def test_only_the_system_creates_an_account_without_a_unit(cast: Cast) -> None:
    def act(by: Actor) -> Account:
        return actions.create_account("op-1", name="Op", language="vi", unit=None, on=DAY, by=by)

    assert "unit" in faults(lambda: act(cast.superior.actor))
    assert act(SYSTEM).unit is None


def test_a_login_is_taken_whatever_its_case(cast: Cast) -> None:
    assert "login" in faults(lambda: make(cast, "INSIDER"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.create(login="Insider", name="X")


def test_what_is_wrong_is_said_at_its_field(cast: Cast) -> None:
    def create(
        login: str = "an-an", name: str = "An", language: str = "vi", password: str | None = None
    ) -> Account:
        return actions.create_account(
            login,
            name=name,
            language=language,
            unit=cast.unit("hill-school"),
            password=password,
            on=DAY,
            by=SYSTEM,
        )

    assert set(faults(lambda: create(login="ấn"))) == {"login"}
    assert set(faults(lambda: create(name=" "))) == {"name"}
    assert set(faults(lambda: create(language="xx"))) == {"language"}
    assert set(faults(lambda: create(password="short"))) == {"password"}
    assert set(faults(lambda: create(password="password123"))) == {"password"}
    assert create(password=GOOD).check_password(GOOD)


# change_language, change_password


def test_people_change_their_own_language_only(cast: Cast) -> None:
    insider = cast.insider
    changed = actions.change_language(insider.account, "vi", on=DAY, by=insider.actor)
    assert changed.language == "vi"
    assert last().change == {"language": ["en", "vi"]}
    for login in ("superior", "neighbour", "stranger"):
        with pytest.raises(NotInPerson):
            actions.change_language(insider.account, "cs", on=DAY, by=cast.members[login].actor)
    assert "language" in faults(
        lambda: actions.change_language(insider.account, "xx", on=DAY, by=insider.actor)
    )


def test_an_unchanged_language_is_no_entry(cast: Cast) -> None:
    before = Entry.objects.count()
    actions.change_language(cast.insider.account, "en", on=DAY, by=cast.insider.actor)
    assert Entry.objects.count() == before


def test_the_own_password_needs_the_current_one(cast: Cast) -> None:
    account, actor = cast.insider.account, cast.insider.actor
    actions.change_password(account, GOOD, on=DAY, by=SYSTEM)
    new = "another good one"
    assert "current" in faults(lambda: actions.change_password(account, new, current="x", on=DAY, by=actor))
    assert "current" in faults(lambda: actions.change_password(account, new, on=DAY, by=actor))
    assert actions.change_password(account, new, current=GOOD, on=DAY, by=actor).check_password(new)
    assert last().act == "access.change_password"
    assert new not in str(last().change)


def test_a_superior_sets_the_password_of_those_below(cast: Cast) -> None:
    changed = actions.change_password(cast.insider.account, GOOD, on=DAY, by=cast.superior.actor)
    assert changed.check_password(GOOD)


@pytest.mark.parametrize("login", [each for each in OTHERS if each != "insider"])
def test_nobody_else_sets_it(cast: Cast, login: str) -> None:
    with pytest.raises(OutOfReach):
        actions.change_password(cast.insider.account, GOOD, on=DAY, by=cast.members[login].actor)


def test_nobody_takes_over_the_account_of_a_superior(cast: Cast) -> None:
    promoted = make(cast, at="north-hill")
    actions.grant_powers(promoted, cast.unit("north"), "officer", start=TOMORROW, on=DAY, by=SYSTEM)
    with pytest.raises(OutOfReach):
        actions.change_password(promoted, GOOD, on=DAY, by=cast.superior.actor)
    operator = make(cast, "op-here", at="north-hill", by=SYSTEM)
    actions.grant_powers(operator, cast.unit("north-hill"), "operator", start=DAY, on=DAY, by=SYSTEM)
    with pytest.raises(OutOfReach):
        actions.change_password(
            cast.superior.account, GOOD, on=DAY, by=Actor(operator.pk, "Op", cast.unit("north-hill").pk)
        )


# grant_powers


def give(cast: Cast, role: str = "secretary", by: Actor | None = None, **days: date | None) -> Grant:
    return actions.grant_powers(
        cast.stranger.account,
        cast.unit("hill-school"),
        role,
        start=days.get("start") or DAY,
        until=days.get("until"),
        on=DAY,
        by=by or cast.superior.actor,
    )


def test_an_officer_gives_a_role_below(cast: Cast) -> None:
    grant = give(cast, until=TOMORROW)
    assert grant.powers == list(pack().power_sets["secretary"].powers)
    assert Grant.objects.get(pk=grant.pk).span == Span(DAY, TOMORROW)
    entry = last()
    assert (entry.act, entry.power, entry.unit_id) == (
        "access.grant_powers",
        "access.grant",
        cast.unit("hill-school").pk,
    )
    assert entry.change["from"] == "2024-10-08"
    assert entry.change["until"] == "2024-10-09"


@pytest.mark.parametrize("login", OTHERS)
def test_nobody_else_gives_one_there(cast: Cast, login: str) -> None:
    with pytest.raises(OutOfReach):
        give(cast, by=cast.members[login].actor)
    assert not Grant.objects.filter(account=cast.stranger.account).exists()


def test_nobody_gives_what_they_do_not_have(cast: Cast) -> None:
    operator = make(cast, "op-here", at="north-hill", by=SYSTEM)
    actions.grant_powers(operator, cast.unit("north-hill"), "operator", start=DAY, on=DAY, by=SYSTEM)
    actor = Actor(operator.pk, "Op", cast.unit("north-hill").pk)
    assert "role" in faults(lambda: give(cast, "officer", by=actor))
    assert "role" in faults(lambda: give(cast, "secretary", by=actor))
    assert give(cast, "operator", by=actor).role == "operator"


def test_who_acts_for_another_unit_gives_nothing(cast: Cast) -> None:
    actions.grant_powers(
        cast.superior.account, cast.unit("coast-port"), "secretary", start=DAY, on=DAY, by=SYSTEM
    )
    with pytest.raises(OutOfReach):
        give(cast, by=replace(cast.superior.actor, acting_for=cast.unit("coast-port").pk))


def test_days_of_a_grant_are_checked(cast: Cast) -> None:
    yesterday = DAY - timedelta(days=1)
    assert "start" in faults(lambda: give(cast, start=yesterday))
    assert "start" in faults(lambda: give(cast, start=date(2026, 1, 1)))
    assert "until" in faults(lambda: give(cast, until=DAY))
    assert "role" in faults(lambda: give(cast, "king"))


def test_the_same_role_at_the_same_unit_does_not_overlap(cast: Cast) -> None:
    give(cast, until=DAY + timedelta(days=10))
    assert "role" in faults(lambda: give(cast, start=DAY + timedelta(days=9)))
    give(cast, start=DAY + timedelta(days=10))
    assert len(grants_of(cast.stranger.account, DAY)) == 2


def test_a_closed_account_gets_nothing(cast: Cast) -> None:
    Account.objects.filter(pk=cast.stranger.account.pk).update(is_active=False)
    cast.stranger.account.refresh_from_db()
    assert "login" in faults(lambda: give(cast))


# end_grant


def end(
    cast: Cast, grant: Grant, until: date, by: Actor | None = None, even_if_last: bool = False
) -> Grant | None:
    return actions.end_grant(
        grant, until=until, even_if_last=even_if_last, on=DAY, by=by or cast.superior.actor
    )


def of(login: str) -> Grant:
    return Grant.objects.get(account__login=login)


def test_an_officer_ends_a_grant_on_a_day(cast: Cast) -> None:
    ended = end(cast, of("insider"), TOMORROW)
    assert ended is not None
    assert ended.span.end == TOMORROW
    assert last().act == "access.end_grant"
    assert last().change["until"] == [None, "2024-10-09"]


def test_a_grant_that_never_began_is_taken_back(cast: Cast) -> None:
    grant = give(cast, start=TOMORROW)
    assert end(cast, grant, DAY) is None
    assert not Grant.objects.filter(pk=grant.pk).exists()
    assert last().subject == f"access.Grant:{grant.pk}"


@pytest.mark.parametrize("login", OTHERS)
def test_nobody_else_ends_it(cast: Cast, login: str) -> None:
    with pytest.raises(OutOfReach):
        end(cast, of("insider"), TOMORROW, by=cast.members[login].actor)
    assert of("insider").span.end is None


def test_a_grant_does_not_end_in_the_past_nor_twice(cast: Cast) -> None:
    assert "until" in faults(lambda: end(cast, of("insider"), DAY - timedelta(days=1)))
    end(cast, of("insider"), DAY)
    assert "until" in faults(lambda: end(cast, of("insider"), DAY))


def test_the_last_who_may_grant_is_not_lost_by_mistake(cast: Cast) -> None:
    assert "even_if_last" in faults(lambda: end(cast, of("superior"), TOMORROW))
    assert of("superior").span.end is None
    end(cast, of("superior"), TOMORROW, even_if_last=True)
    assert of("superior").span.end == TOMORROW


def test_with_a_successor_the_officer_may_go(cast: Cast) -> None:
    successor = make(cast, at="north-hill")
    actions.grant_powers(
        successor, cast.unit("north-hill"), "officer", start=DAY, on=DAY, by=cast.superior.actor
    )
    assert end(cast, of("superior"), TOMORROW) is not None


# deactivate_account


def test_a_closed_account_loses_its_grants_and_its_way_in(cast: Cast) -> None:
    closed = actions.deactivate_account(cast.insider.account, on=DAY, by=cast.superior.actor)
    assert not closed.is_active
    assert of("insider").span.end == DAY
    assert last().act == "access.deactivate_account"
    assert "login" in faults(
        lambda: actions.deactivate_account(cast.insider.account, on=DAY, by=cast.superior.actor)
    )
    assert broken_links() == []


@pytest.mark.parametrize("login", OTHERS)
def test_nobody_else_closes_it(cast: Cast, login: str) -> None:
    with pytest.raises(OutOfReach):
        actions.deactivate_account(cast.insider.account, on=DAY, by=cast.members[login].actor)
    assert Account.objects.get(login="insider").is_active


def test_closing_the_last_officer_needs_to_be_meant(cast: Cast) -> None:
    assert "even_if_last" in faults(
        lambda: actions.deactivate_account(cast.superior.account, on=DAY, by=SYSTEM)
    )
    assert Account.objects.get(login="superior").is_active
    assert not actions.deactivate_account(
        cast.superior.account, even_if_last=True, on=DAY, by=SYSTEM
    ).is_active


# reading


def test_grants_at_a_unit_come_running_first(cast: Cast) -> None:
    give(cast, start=TOMORROW)
    end(cast, of("insider"), DAY)
    make(cast)
    actions.grant_powers(
        account_by_login("new-one"),
        cast.unit("hill-school"),
        "auditor",
        start=DAY,
        on=DAY,
        by=cast.superior.actor,
    )
    views = grants_at(cast.unit("hill-school").pk, DAY)
    assert [(view.account.login, view.runs, view.over) for view in views] == [
        ("new-one", True, False),
        ("stranger", False, False),
        ("insider", False, True),
    ]


def test_a_role_that_the_pack_has_no_more_is_shown_by_its_code() -> None:
    assert role_name("gone") == "gone"
    assert role_name("auditor") != "auditor"


def test_a_made_up_password_passes_its_own_rules(cast: Cast) -> None:
    first, second = actions.new_password(), actions.new_password()
    assert first != second
    assert actions.change_password(cast.insider.account, first, on=DAY, by=SYSTEM).check_password(first)
