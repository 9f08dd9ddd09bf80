"""Random years: what is owed, late and missing is what a count by hand gives, of a few units and of all."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from random import Random

import pytest

from plenum.figures.models import Handed, Obligation, Return
from plenum.figures.queries import Due, Shown, due, dues, late, missing_returns, rollups_recounted
from plenum.figures.rules import State, periods_owed
from plenum.figures.tests.factories import MONTHLY
from plenum.figures.tests.oracle import Oracle
from plenum.figures.tests.test_recount import FIRST, LAST, PERIODS, Year
from plenum.packs import pack
from plenum.periods import Period, Span
from plenum.tree.models import Unit, UnitKind
from plenum.tree.queries import unit_view

pytestmark = pytest.mark.django_db

CHOICES: dict[str, Callable[[Due], bool]] = {
    "": lambda each: True,
    "late": lambda each: each.is_late,
    "outstanding": lambda each: each.outstanding,
    "submitted": lambda each: each.state == State.SUBMITTED,
    "accepted": lambda each: each.state == State.ACCEPTED,
}


def owed_by_hand(unit: Unit, on: date) -> list[tuple[str, Period]]:
    """The forms and periods that a unit owes until a day, by each obligation and its kind on their last days."""
    kinds = list(UnitKind.objects.filter(unit=unit))
    return [
        (each.form, period)
        for each in Obligation.objects.filter(unit=unit)
        if (span := each.span.intersection(unit.lifetime)) is not None
        for period in periods_owed(pack().schedules[each.schedule], span, on)
        if next(held.kind for held in kinds if period.last_day in held.span) in pack().forms[each.form].kinds
    ]


def change_kind(unit: Unit, kind: str, on: date) -> None:
    """Make a unit one of another kind from a day until its next change of kind."""
    held = UnitKind.objects.get(unit=unit, span__contains=on)
    rest = Span(on, held.span.end)
    if held.span.start < on:
        held.span = Span(held.span.start, on)
        held.save()
        held = UnitKind(unit=unit)
    held.kind, held.span = kind, rest
    held.save()


def missing_by_hand(
    oracle: Oracle, above: Unit, period: Period, on: date, known_on: date | None
) -> Counter[str]:
    """How many units did not have everything accepted by form, asked one return after the other."""
    accepted = {
        (each.of_return.unit_id, each.of_return.form, each.of_return.month)
        for each, _period in oracle.accepted
        if known_on is None or each.known_on <= known_on
    }
    found: set[tuple[str, int]] = set()
    for unit in Unit.objects.all():
        for form, owed in owed_by_hand(unit, min(on, known_on or on)):
            if (
                period.covers(owed)
                and above.pk in oracle.chain(unit.pk, owed.last_day)
                and (unit.pk, form, owed.last_month) not in accepted
            ):
                found.add((form, unit.pk))
    return Counter(form for form, _unit in found)


def keyed(found: list[Due]) -> list[tuple[int, str, str, str, int, date | None, int | None]]:
    return [
        (
            each.unit.id,
            each.form.code,
            each.period.code,
            each.state,
            each.days_late,
            each.submitted_on,
            each.return_id,
        )
        for each in found
    ]


@pytest.mark.parametrize("seed", range(4))
def test_what_is_owed_is_what_a_count_by_hand_gives(seed: int) -> None:
    random = Random(seed)
    year = Year(random)
    for _round in range(4):
        for _time in range(60):
            year.act()
        assert rollups_recounted() == []
        changing = random.choice(year.leaves)
        if (day := year.day()) in Unit.objects.get(pk=changing.pk).lifetime:
            change_kind(changing, random.choice(["bloc", "agency_committee"]), day)
        oracle = Oracle()
        ids = list(Unit.objects.values_list("pk", flat=True))
        for _time in range(5):
            on = random.choice([FIRST, LAST]) + timedelta(days=random.randrange(400))
            few = random.sample(ids, random.randrange(1, len(ids)))
            period = random.choice([None, Period.parse(random.choice(PERIODS))])
            by_hand = due(few, on, period=period)
            for choice, passes in CHOICES.items():
                expected = keyed([each for each in by_hand if passes(each)])
                found = dues(Shown.of(few), on, period=period, choice=choice)
                assert keyed(list(found)) == expected, (choice, on)
                assert len(found) == len(expected)
                start = random.randrange(len(expected) + 1)
                assert keyed(found[start : start + 7]) == expected[start : start + 7]
            assert keyed(list(late(Shown(None), on))) == keyed([e for e in due(ids, on) if e.is_late])
            above = random.choice([year.root, *year.provinces, *year.districts])
            asked = Period.parse(random.choice(PERIODS))
            known_on = random.choice([None, year.day()])
            missing = missing_returns(above.pk, asked, on=on, known_on=known_on)
            counted = missing_by_hand(oracle, above, asked, min(on, asked.last_day), known_on)
            assert {form: each.units for form, each in missing.by_form.items()} == counted


def test_names_are_searched_as_they_are_shown() -> None:
    year = Year(Random(7))
    for leaf in year.leaves:
        leaf.names.update(search_key=f"commune {leaf.pk} of {leaf.pk % 3}")
    ids = [leaf.pk for leaf in year.leaves]
    on = date(2023, 3, 15)
    found = dues(Shown.of(ids), on)
    assert {each.unit.id for each in found.chosen("", "Of  1")} == {
        pk for pk in ids if pk % 3 == 1 and unit_view(pk, on).alive
    } & {each.unit.id for each in found}
    assert len(found.chosen("", "nobody")) == 0
    assert len(found.chosen("late", "")) == len(found.chosen("late"))


def test_a_return_that_goes_takes_its_month_with_it() -> None:
    year = Year(Random(5))
    for _time in range(80):
        year.act()
    bare = Return.objects.create(
        unit=year.leaves[0],
        form=MONTHLY,
        period_code="2021-03",
        first_month=date(2021, 3, 1),
        month=date(2021, 3, 1),
        state=State.SUBMITTED,
        draft_values=[],
        draft_illustrative=[],
        changed_on=FIRST,
        first_submitted_on=FIRST,
    )
    assert Handed.objects.get(unit=year.leaves[0], year=2021).handed == 0b100
    assert rollups_recounted() == []
    bare.delete()
    assert Handed.objects.get(unit=year.leaves[0], year=2021).handed == 0
    assert rollups_recounted() == []
