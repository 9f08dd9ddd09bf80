"""Who owes what by when, who is late, what waits for whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import pytest

from plenum.access.models import Account, Grant
from plenum.figures import powers
from plenum.figures.actions import accept_return, correct_return, end_obligation, save_draft, send_back
from plenum.figures.models import Obligation
from plenum.figures.queries import (
    Due,
    Shown,
    below,
    due,
    late,
    missing_returns,
    obligations,
    owed_twice,
    own_returns,
    to_accept,
    waiting_for,
)
from plenum.figures.queries import waiting as waiting_queries
from plenum.figures.tests.factories import (
    MONTHLY,
    SUMMARY,
    SYSTEM,
    dissolve,
    move,
    oblige,
    plant,
    report,
    submit,
)
from plenum.journal.actor import Actor
from plenum.periods import Period, Span
from plenum.tree.models import Unit

pytestmark = pytest.mark.django_db
YEAR = Period.of_year(2023)


@dataclass
class Tree:
    district: Unit
    one: Unit
    two: Unit


@pytest.fixture
def tree(db: None) -> Tree:
    province = plant("province", "province", plant("root", "centre", None))
    district = plant("district", "district", province)
    one, two = (plant(code, "commune_committee", district) for code in ("one", "two"))
    oblige(one, since=date(2023, 1, 1))
    oblige(two, schedule="quarter", since=date(2023, 1, 1))
    return Tree(district, one, two)


def brief(dues: Iterable[Due]) -> list[tuple[str, str, str, int]]:
    return [(each.unit.code, each.period.code, each.state, each.days_late) for each in dues]


def test_what_is_owed_and_since_when_it_is_late(tree: Tree) -> None:
    report(tree.one, "2023-01", {"members_admitted": 1}, on=date(2023, 2, 7))
    submit(tree.one, "2023-02", {"members_admitted": 1}, on=date(2023, 3, 1))
    save_draft(tree.one.pk, MONTHLY, Period.parse("2023-03"), {}, edition=0, on=date(2023, 3, 31), by=SYSTEM)
    ids = [tree.one.pk, tree.two.pk]
    assert brief(due(ids, date(2023, 4, 8))) == [
        ("one", "2023-01", "accepted", 2),
        ("one", "2023-02", "submitted", 0),
        ("one", "2023-03", "draft", 3),
        ("two", "2023-Q1", "missing", 3),
    ]
    assert brief(late(Shown.of(ids), date(2023, 4, 8))) == [
        ("one", "2023-03", "draft", 3),
        ("two", "2023-Q1", "missing", 3),
    ]
    assert list(late(Shown.of(ids), date(2023, 4, 5))) == []
    assert [each.due_on for each in due(ids, date(2023, 3, 31))][-1] == date(2023, 4, 5)
    assert len(due(ids, date(2023, 3, 30))) == 2
    assert brief(due(ids, date(2023, 2, 28))) == [
        ("one", "2023-01", "accepted", 2),
        ("one", "2023-02", "draft", 0),
    ]
    assert brief(due(ids, date(2024, 6, 1), period=Period.parse("2023-Q1")))[-1] == (
        "two",
        "2023-Q1",
        "missing",
        423,
    )


def test_a_return_sent_back_is_owed_again_and_one_being_corrected_is_not(tree: Tree) -> None:
    back = submit(tree.one, "2023-01", {"members_admitted": 1}, on=date(2023, 2, 1))
    send_back(back.pk, "why?", on=date(2023, 2, 2), by=SYSTEM)
    accepted = report(tree.one, "2023-02", {"members_admitted": 1}, on=date(2023, 3, 1))
    correct_return(accepted.pk, "wrong", on=date(2023, 3, 2), by=SYSTEM)
    assert brief(due([tree.one.pk], date(2023, 3, 9))) == [
        ("one", "2023-01", "sent_back", 32),
        ("one", "2023-02", "accepted", 0),
    ]


def test_who_is_late_is_who_owes_and_is_late_on_every_day(tree: Tree) -> None:
    """Found by the database at once, and by looking at everything owed: the same, whatever has become of it."""
    report(tree.one, "2023-01", {"members_admitted": 1}, on=date(2023, 2, 20))
    back = submit(tree.one, "2023-02", {"members_admitted": 1}, on=date(2023, 3, 10))
    send_back(back.pk, "why?", on=date(2023, 3, 12), by=SYSTEM)
    submit(tree.one, "2023-03", {"members_admitted": 1}, on=date(2023, 4, 10))
    accepted = report(tree.two, "2023-Q1", {"members_admitted": 1}, on=date(2023, 4, 20))
    correct_return(accepted.pk, "wrong", on=date(2023, 4, 22), by=SYSTEM)
    dissolve(tree.two, date(2023, 8, 2))
    ids = [tree.one.pk, tree.two.pk]
    days = [date(2023, month, day) for month in range(2, 12) for day in (4, 5, 6, 11, 21)]
    found = {day: list(late(Shown.of(ids), day)) for day in days}
    assert found == {day: [each for each in due(ids, day) if each.is_late] for day in days}
    assert len({len(each) for each in found.values()}) > 3


def test_nothing_is_owed_after_the_end(tree: Tree) -> None:
    end_obligation(
        Obligation.objects.get(unit=tree.one).pk, date(2023, 2, 28), on=date(2023, 2, 1), by=SYSTEM
    )
    dissolve(tree.two, date(2023, 5, 2))
    found = due([tree.one.pk, tree.two.pk], date(2023, 12, 31))
    assert [(each.unit.code, each.period.code) for each in found] == [
        ("one", "2023-01"), ("one", "2023-02"), ("two", "2023-Q1")
    ]  # fmt: skip
    assert [
        each.unit.code for each in obligations(Shown.of([tree.one.pk, tree.two.pk]), date(2023, 3, 1))
    ] == ["two"]


def test_units_from_which_figures_are_missing(tree: Tree) -> None:
    report(tree.one, "2023-01", {"members_admitted": 1}, on=date(2023, 2, 20))
    submit(tree.one, "2023-02", {"members_admitted": 1})
    found = missing_returns(tree.district.pk, YEAR, on=date(2023, 4, 30))
    assert (found.count([MONTHLY]), found.names([MONTHLY])) == (2, ("one", "two"))
    assert (found.count([SUMMARY]), found.names([SUMMARY])) == (0, ())
    quarter = Period.parse("2023-Q1")
    assert missing_returns(tree.district.pk, quarter, known_on=date(2023, 2, 20)).names([MONTHLY]) == ()
    assert missing_returns(tree.district.pk, quarter, known_on=date(2023, 2, 19)).names([MONTHLY]) == ("one",)
    move(tree.one, Unit.objects.get(code="province"), date(2023, 3, 1))
    report(tree.two, "2023-Q1", {"members_admitted": 1})
    assert missing_returns(tree.district.pk, YEAR, on=date(2023, 4, 30)).names([MONTHLY]) == ("one",)
    april = Period.parse("2023-04")
    assert missing_returns(tree.district.pk, april).count([MONTHLY]) == 0
    assert missing_returns(Unit.objects.get(code="root").pk, april).count([MONTHLY]) == 1


def person(login: str, unit: Unit, *held: str) -> Actor:
    account = Account.objects.create(login=login, name=login)
    Grant.objects.create(
        account=account, unit=unit, role="test", powers=list(held), span=Span(date(2020, 1, 1))
    )
    return Actor(account.pk, login)


def test_a_unit_is_shown_to_whoever_also_accepts_above_it(tree: Tree) -> None:
    on, district = date(2023, 4, 3), tree.district.pk
    officer = person("officer", tree.district, powers.ACCEPT.code)
    everybody = [district, tree.one.pk, tree.two.pk]
    assert below(officer, powers.ACCEPT, district, on).among(everybody) == set(everybody) - {district}
    above = Unit.objects.get(code="province")
    Grant.objects.create(
        account=Account.objects.get(login="officer"),
        unit=above,
        role="test",
        powers=[powers.ACCEPT.code],
        span=Span(date(2020, 1, 1)),
    )
    assert below(officer, powers.ACCEPT, district, on).among(everybody) == set(everybody)


def test_what_waits_for_whom(tree: Tree) -> None:
    officer = person("officer", tree.district, powers.ACCEPT.code, powers.ENTER.code)
    secretary = person("secretary", tree.one, powers.ENTER.code, powers.SUBMIT.code)
    first = submit(tree.one, "2023-01", {"members_admitted": 1}, on=date(2023, 2, 1))
    submit(tree.two, "2023-Q1", {"members_admitted": 1}, on=date(2023, 4, 2))
    on = date(2023, 4, 3)
    waiting = to_accept(officer, tree.district.pk, on)
    assert [(each.what, each.unit.code, each.since) for each in waiting] == [
        ("accept", "one", date(2023, 2, 1)),
        ("accept", "two", date(2023, 4, 2)),
    ]
    assert (len(waiting), waiting[1].unit.code, waiting[-1:]) == (2, "two", [waiting[1]])
    assert len(to_accept(officer, tree.district.pk, date(2023, 4, 1))) == 1
    assert waiting_for(officer, on) == []
    assert [(each.what, each.period.code) for each in waiting_for(secretary, on)] == [
        ("late", "2023-02"),
        ("due", "2023-03"),
    ]
    send_back(first.pk, "why?", on=on, by=officer)
    assert [each.unit.code for each in to_accept(officer, tree.district.pk, on)] == ["two"]
    assert [each.what for each in waiting_for(secretary, on)] == ["late", "due", "sent_back"]
    assert waiting_for(Actor.nobody(), on) == []
    assert list(to_accept(Actor.nobody(), tree.district.pk, on)) == []


def test_own_returns(tree: Tree) -> None:
    report(tree.one, "2023-01", {"members_admitted": 1})
    submit(tree.two, "2023-Q1", {"members_admitted": 1})
    ids = Shown.of([tree.one.pk, tree.two.pk])
    assert [(each.unit.code, each.state) for each in own_returns(ids, date(2023, 5, 1))] == [
        ("two", "submitted"),
        ("one", "accepted"),
    ]
    assert len(own_returns(ids, date(2023, 5, 1), period=Period.parse("2023-01"))) == 1


def test_a_move_that_brings_double_counting_is_found(tree: Tree) -> None:
    west = plant("west", "province", Unit.objects.get(code="root"))
    oblige(west, SUMMARY, "year")
    assert owed_twice(date(2023, 6, 1)) == []
    move(tree.district, west, date(2023, 5, 1))
    found = owed_twice(date(2023, 6, 1))
    assert [(each.lower_id, each.other_form, "members_admitted" in each.slots) for each in found] == [
        (tree.one.pk, MONTHLY, True),
        (tree.two.pk, MONTHLY, True),
    ]
    assert owed_twice(date(2023, 4, 1)) == []


@pytest.mark.parametrize("how_many", [1, 3])
def test_queries_do_not_grow(tree: Tree, how_many: int, django_assert_num_queries: object) -> None:
    units = [plant(f"u{number}", "commune_committee", tree.district) for number in range(how_many)]
    for unit in units:
        oblige(unit)
        accept_return(submit(unit, "2023-01", {"members_admitted": 1}).pk, on=date(2023, 2, 1), by=SYSTEM)
        submit(unit, "2023-02", {"members_admitted": 1})
    officer = person("officer", tree.district, powers.ACCEPT.code)
    on = date(2023, 4, 30)
    with django_assert_num_queries(3):  # type: ignore[operator]
        due([unit.pk for unit in units], on)
    with django_assert_num_queries(2):  # type: ignore[operator]
        missing_returns(tree.district.pk, YEAR, on=on)
    with django_assert_num_queries(4):  # type: ignore[operator]
        assert len(late(Shown.of([unit.pk for unit in units]), on)[:5]) == 5
    with django_assert_num_queries(4):  # type: ignore[operator]
        assert len(to_accept(officer, tree.district.pk, on)[:5]) == how_many
    with django_assert_num_queries(3):  # type: ignore[operator]
        list(own_returns(Shown.of([unit.pk for unit in units]), on))


def test_many_that_wait_are_read_in_pieces(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting_queries, "TOLD_WITH_THE_NUMBER", 2)
    for month in range(1, 6):
        submit(tree.one, f"2023-{month:02}", {"members_admitted": 1})
    officer = person("officer", tree.district, powers.ACCEPT.code)
    found = to_accept(officer, tree.district.pk, date(2023, 6, 30))
    assert [each.period.index for each in found] == [1, 2, 3, 4, 5]
    assert [each.period.index for each in found[1:2]] == [2]
    assert [each.period.index for each in found[1:4]] == [2, 3, 4]
