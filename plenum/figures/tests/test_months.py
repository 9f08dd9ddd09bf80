"""Single months of many units, read together, are what the roll-ups add up to."""

from datetime import date

import pytest

from plenum.figures.queries.months import Sum, flows_of_months
from plenum.figures.queries.sums import Ask, sums
from plenum.figures.tests.factories import SUMMARY, move, oblige, plant, report
from plenum.periods import Period
from plenum.tree.models import Unit

pytestmark = pytest.mark.django_db
SLOT = "members_admitted"
MONTHS = [Period.month(2023, number) for number in range(1, 13)]


def asks(*units: Unit) -> list[tuple[int, int, Period]]:
    return [(unit.pk * 100 + month.index, unit.pk, month) for unit in units for month in MONTHS]


def test_months_are_what_their_returns_say() -> None:
    root = plant("root", "centre", None)
    north, south = plant("north", "province", root), plant("south", "province", root)
    district, other = plant("d-north", "district", north), plant("d-south", "district", south)
    one = plant("one", "commune_committee", district)
    oblige(one)
    west = plant("west", "province", root)
    oblige(west, SUMMARY, "month")
    report(one, "2023-01", {SLOT: 5, "admitted_women": 2})
    report(west, "2023-01", {SLOT: 1}, form=SUMMARY)
    report(west, "2023-02", {SLOT: 0}, form=SUMMARY)
    move(one, other, date(2023, 3, 1))
    report(one, "2023-03", {SLOT: 7})
    every = asks(root, north, south, west, district, other, one)
    found = flows_of_months(every, {SLOT, "admitted_women"})
    assert found is not None
    for key, unit, month in every:
        # Asked together with a period that is no month, the same is added up from the roll-ups.
        slow = sums([Ask(key, unit, month), Ask(0, unit, Period.of_year(2023))], {SLOT, "admitted_women"})
        for slot in (SLOT, "admitted_women"):
            assert found.get((key, slot)) == slow.get((key, slot)), (unit, month, slot)
    assert found[root.pk * 100 + 1, SLOT] == Sum(6, 2, illustrative=False)
    assert found[west.pk * 100 + 2, SLOT] == Sum(0, 1, illustrative=False)
    assert found[south.pk * 100 + 3, SLOT].value == 7
    assert (south.pk * 100 + 1, SLOT) not in found
    some = [(1, root.pk, MONTHS[0]), (2, one.pk, MONTHS[2])]
    few = flows_of_months(some, {SLOT})
    assert few == {
        (1, SLOT): Sum(6, 2, illustrative=False),
        (2, SLOT): Sum(7, 1, illustrative=False),
    }, "other months of the same units were not asked for"


def test_what_is_no_single_month_or_asked_twice_is_left_to_the_others() -> None:
    root = plant("root", "centre", None)
    assert flows_of_months([(1, root.pk, Period.of_year(2023))], {SLOT}) is None
    assert flows_of_months([(1, root.pk, MONTHS[0]), (2, root.pk, MONTHS[0])], {SLOT}) is None
    assert flows_of_months([(1, root.pk, MONTHS[0])], {SLOT}) == {}


def test_the_root_has_what_comes_through_all_that_stands_below_it() -> None:
    """Its sums are kept apart by the units directly below: a month of it is as many rows."""
    root = plant("root", "centre", None)
    for code, admitted in (("north", 3), ("south", 4), ("west", 5)):
        province = plant(code, "province", root)
        commune = plant(f"c-{code}", "commune_committee", plant(f"d-{code}", "district", province))
        oblige(commune)
        report(commune, "2023-01", {SLOT: admitted})
    assert flows_of_months(asks(root), {SLOT}) == {(root.pk * 100 + 1, SLOT): Sum(12, 3, illustrative=False)}


@pytest.mark.parametrize("those", [("one", "two"), ("two",), ()])
def test_each_slot_is_marked_by_itself_whether_all_rows_are_or_one(those: tuple[str, ...]) -> None:
    root = plant("root", "centre", None)
    district = plant("district", "district", plant("province", "province", root))
    women, found = "admitted_women", []
    for code in ("one", "two"):
        commune = plant(code, "commune_committee", district)
        oblige(commune)
        report(commune, "2023-01", {SLOT: 5, women: 2}, illustrative=(women,) if code in those else ())
        found += asks(commune)[:1]
    assert flows_of_months(found, {SLOT, women}) == {
        (key, slot): Sum(value, 1, illustrative=slot == women and code in those)
        for (key, _unit, _month), code in zip(found, ("one", "two"), strict=True)
        for slot, value in ((SLOT, 5), (women, 2))
    }
