"""Who owes which form after a change of kind, a merger and a founding within a year: right from the day on."""

from datetime import date

import pytest

from plenum.figures.models import Obligation
from plenum.figures.queries import Shown, dues
from plenum.figures.tests.factories import MONTHLY, oblige, plant, report
from plenum.periods import Period
from plenum.reorganisations.rules import ChangeKind, Merge, NewUnit, Plan, Step
from plenum.reorganisations.tests.factories import executed
from plenum.tree.models import Unit
from plenum.tree.queries import unit_view

pytestmark = pytest.mark.django_db

TODAY, EFFECT, LATER = date(2024, 3, 1), date(2024, 7, 1), date(2025, 1, 15)
YEAR = Period.of_year(2024)


@pytest.fixture
def units(db: None) -> dict[str, Unit]:
    """Three communes of a district that report every month; by their codes."""
    district = plant("district", "district", plant("province", "province", plant("root", "centre", None)))
    for code in ("one", "two", "three"):
        oblige(plant(code, "commune_committee", district))
    return {unit.code: unit for unit in Unit.objects.all()}


def reformed(*steps: Step) -> None:
    executed(Plan("r", "Reform", EFFECT, "root", steps=steps), on=TODAY)


def months(code: str) -> list[int]:
    """The months of the year for which a unit owes a return."""
    unit_id = Unit.objects.get(code=code).pk
    return sorted(due.period.last_month_number for due in dues(Shown.of([unit_id]), LATER, period=YEAR))


def test_a_new_unit_owes_from_its_first_month_and_those_that_ended_to_their_last(
    units: dict[str, Unit],
) -> None:
    reformed(Merge(from_=("one", "two"), into=NewUnit("four", "Four", "commune_committee", "district")))
    assert months("one") == months("two") == [1, 2, 3, 4, 5, 6]
    assert months("four") == [7, 8, 9, 10, 11, 12]
    assert months("three") == list(range(1, 13))
    four = Unit.objects.get(code="four")
    [owed] = Obligation.objects.filter(unit=four)
    assert (owed.form, owed.span.start) == (MONTHLY, EFFECT)
    report(four, "2024-07", {"members_admitted": 1})


def test_a_unit_that_takes_another_in_owes_its_form_once(units: dict[str, Unit]) -> None:
    reformed(Merge(from_=("one",), into="two"))
    assert months("one") == [1, 2, 3, 4, 5, 6]
    assert months("two") == list(range(1, 13))
    assert Obligation.objects.filter(unit=units["two"]).count() == 1


def test_a_unit_of_another_kind_that_may_owe_the_form_goes_on(units: dict[str, Unit]) -> None:
    reformed(ChangeKind(unit="one", kind="agency_committee"))
    assert unit_view("one", EFFECT).kind == "agency_committee"
    assert months("one") == list(range(1, 13))
    report(units["one"], "2024-08", {"members_admitted": 1})
