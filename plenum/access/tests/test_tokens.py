"""Tokens: issued by the person only, never more than its account has, shown once, kept hashed, ended."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.urls import get_resolver
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plenum.access import actions, rules
from plenum.access.models import ApiToken, Grant
from plenum.access.powers import GRANT, POWERS
from plenum.access.queries import actor_of, has_left
from plenum.access.reach import NotInPerson, OutOfReach, powers_held_over, reachable, require, running_grants
from plenum.access.tokens import program_of_token
from plenum.journal.models import Entry
from plenum.periods import Span
from plenum.tree.models import Unit
from tests.cast import DAY, SYSTEM, Cast, Member

assert get_resolver().url_patterns, "the rooms above have declared their powers"

MONTH = timedelta(days=30)
READ = "organisation.read"


def issue(member: Member, *chosen: str, **more: Any) -> tuple[ApiToken, str]:
    return actions.issue_token(
        member.account,
        name=more.pop("name", "Night report"),
        chosen=chosen or (READ,),
        until=more.pop("until", DAY + MONTH),
        on=DAY,
        by=more.pop("by", member.actor),
        **more,
    )


def test_a_token_acts_for_its_account_with_the_powers_chosen(cast: Cast) -> None:
    token, text = issue(cast.superior, READ, unit=cast.superior.unit)
    opened = program_of_token(text, DAY)
    assert opened is not None
    actor, owner = opened
    assert owner == cast.superior.account
    assert (actor.account_id, actor.token_id) == (cast.superior.account.pk, token.pk)
    assert actor.acting_for == cast.unit("north-hill").pk
    assert actor.label == "Superior [Night report]"
    school = cast.unit("hill-school")
    require(actor, POWERS[READ], school, DAY)
    with pytest.raises(OutOfReach):
        require(actor, GRANT, school, DAY)
    assert powers_held_over(actor, school.pk, DAY) == {READ}


def test_only_the_hash_of_the_secret_is_kept(cast: Cast) -> None:
    token, text = issue(cast.insider)
    secret = text.rpartition("_")[2]
    assert re.fullmatch(r"plenum_\w{16}_\w{43}", text)
    with connection.cursor() as cursor:
        cursor.execute("SELECT access_apitoken::text FROM access_apitoken")
        rows = str(cursor.fetchall())
        cursor.execute("SELECT journal_entry::text FROM journal_entry")
        rows += str(cursor.fetchall())
    assert secret not in rows
    assert rules.hashed(secret) == token.secret_hash
    assert len({issue(cast.insider)[1] for _each in range(5)}) == 5


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text[:-1] + ("a" if text[-1] != "a" else "b"),
        lambda text: text + "a",
        lambda text: text.replace("plenum_", "other_"),
        lambda text: text.upper(),
        lambda text: text.rpartition("_")[0] + "_",
        lambda text: f" {text}",
        lambda text: text + "\n",
        lambda text: "plenum_" + "a" * 16 + "_" + text.rpartition("_")[2],
        lambda _text: "",
        lambda _text: "plenum_\0",
    ],
)
def test_what_is_not_exactly_the_token_opens_nothing(cast: Cast, change: Any) -> None:
    _token, text = issue(cast.insider)
    assert program_of_token(change(text), DAY) is None
    assert program_of_token(text, DAY) is not None


def test_a_token_runs_from_its_day_up_to_its_last(cast: Cast) -> None:
    _token, text = issue(cast.insider, until=DAY + MONTH)
    days = [DAY - timedelta(days=1), DAY, DAY + MONTH - timedelta(days=1), DAY + MONTH]
    assert [program_of_token(text, day) is not None for day in days] == [False, True, True, False]


def test_the_last_day_of_use_is_noted(cast: Cast) -> None:
    token, text = issue(cast.insider)
    program_of_token(text + "x", DAY)
    token.refresh_from_db()
    assert token.last_used is None
    program_of_token(text, DAY + timedelta(days=3))
    token.refresh_from_db()
    assert token.last_used == DAY + timedelta(days=3)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"until": DAY}, "until"),
        ({"until": DAY + timedelta(days=367)}, "until"),
        ({"chosen": ()}, "powers"),
        ({"chosen": ("access.grant",)}, "powers"),
        ({"chosen": ("no.such",)}, "powers"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_issued(cast: Cast, more: dict[str, Any], field: str) -> None:
    wanted = {"name": "x", "until": DAY + MONTH, "chosen": (READ,), **more}
    with pytest.raises(ValidationError) as refused:
        actions.issue_token(cast.insider.account, on=DAY, by=cast.insider.actor, **wanted)
    assert list(refused.value.message_dict) == [field]
    assert not ApiToken.objects.exists()


def test_the_unit_of_a_token_is_one_of_the_own_grants(cast: Cast) -> None:
    with pytest.raises(ValidationError) as refused:
        issue(cast.insider, unit=cast.unit("hill-river"))
    assert list(refused.value.message_dict) == ["unit"]


def test_only_the_person_issues_and_no_token_issues_another(cast: Cast) -> None:
    _token, text = issue(cast.superior, "access.grant")
    opened = program_of_token(text, DAY)
    assert opened is not None
    program, _account = opened
    for by in (program, cast.insider.actor, cast.neighbour.actor, SYSTEM):
        with pytest.raises(NotInPerson):
            issue(cast.superior, by=by)
    with pytest.raises(NotInPerson):
        actions.change_language(cast.superior.account, "ru", on=DAY, by=program)
    with pytest.raises(NotInPerson):
        actions.change_password(cast.superior.account, "a b c d e f g h", current="x", on=DAY, by=program)
    assert ApiToken.objects.count() == 1


def test_a_token_gives_to_others_no_more_than_it_has(cast: Cast) -> None:
    _token, text = issue(cast.superior, "access.grant")
    opened = program_of_token(text, DAY)
    assert opened is not None
    program, _account = opened
    with pytest.raises(ValidationError) as refused:
        actions.grant_powers(
            cast.stranger.account, cast.unit("hill-school"), "officer", start=DAY, on=DAY, by=program
        )
    assert list(refused.value.message_dict) == ["role"]


def test_who_may_end_a_token(cast: Cast) -> None:
    for ends in (cast.insider.actor, cast.superior.actor, SYSTEM):
        token, text = issue(cast.insider)
        for other in (cast.sibling, cast.neighbour, cast.auditor, cast.stranger):
            with pytest.raises(PermissionDenied):
                actions.end_token(token, on=DAY, by=other.actor)
        assert program_of_token(text, DAY) is not None
        actions.end_token(token, on=DAY, by=ends)
        assert program_of_token(text, DAY) is None
        with pytest.raises(ValidationError):
            actions.end_token(token, on=DAY, by=ends)


def test_a_token_ends_with_its_account(cast: Cast) -> None:
    _token, text = issue(cast.insider)
    actions.deactivate_account(cast.insider.account, on=DAY, by=SYSTEM)
    assert program_of_token(text, DAY) is None


def test_there_are_not_more_tokens_than_one_keeps_in_sight(cast: Cast) -> None:
    for _each in range(20):
        issue(cast.insider)
    with pytest.raises(ValidationError):
        issue(cast.insider)
    actions.end_token(ApiToken.objects.all()[0], on=DAY, by=cast.insider.actor)
    issue(cast.insider)


def test_issuing_and_ending_are_journaled(cast: Cast) -> None:
    token, _text = issue(cast.insider)
    actions.end_token(token, on=DAY, by=cast.insider.actor)
    entries = Entry.objects.filter(subject=f"access.ApiToken:{token.pk}").order_by("position")
    assert [entry.act for entry in entries] == ["access.issue_token", "access.end_token"]
    assert entries[0].change == {
        "token": "Night report",
        "powers": READ,
        "until": (DAY + MONTH).isoformat(),
    }


codes = st.sampled_from(sorted(code for code in POWERS if not code.startswith("reach.try_")))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sets=st.lists(
        st.tuples(
            st.sampled_from(["north-hill", "hill-school", "hill-river"]),
            st.sets(codes, min_size=1),
            st.integers(-40, 40),
            st.integers(1, 60),
        ),
        max_size=4,
    ),
    limit=st.sets(codes),
    at=st.sampled_from([None, "north-hill", "hill-school"]),
    ask=codes,
    shift=st.integers(-5, 40),
)
def test_a_token_never_reaches_more_than_its_account_and_its_limit(
    cast: Cast,
    sets: list[tuple[str, set[str], int, int]],
    limit: set[str],
    at: str | None,
    ask: str,
    shift: int,
) -> None:
    account, day = cast.stranger.account, DAY + timedelta(days=shift)
    Grant.objects.filter(account=account).delete()
    for number, (code, powers, start, length) in enumerate(sets):
        begins = DAY + timedelta(days=start)
        Grant.objects.create(
            account=account,
            unit=cast.unit(code),
            role=f"role-{number}",
            powers=sorted(powers),
            span=Span(begins, begins + timedelta(days=length)),
        )
    unit = cast.unit(at) if at else None
    ApiToken.objects.filter(account=account).delete()
    secret = "s" * 43
    ApiToken.objects.create(
        account=account,
        public_id="p" * 16,
        secret_hash=rules.hashed(secret),
        name="x",
        powers=sorted(limit),
        unit=unit,
        span=Span(date(2024, 1, 1), date(2024, 12, 31)),
    )
    opened = program_of_token(rules.written_token("p" * 16, secret), day)
    person = actor_of(account, unit.pk if unit else None)
    if opened is None:
        assert has_left(account.pk, day)
        assert not running_grants(person, day).exists()
        return
    program, _account = opened
    asked = POWERS[ask]

    def units(who: Any) -> set[int]:
        return set(reachable(who, asked, day).values_list("pk", flat=True))

    assert units(program) == (units(person) if ask in limit else set())
    for each in Unit.objects.all():
        held = powers_held_over(program, each.pk, day)
        assert held == powers_held_over(person, each.pk, day) & limit
