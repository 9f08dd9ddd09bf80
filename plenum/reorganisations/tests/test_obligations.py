"""Who owes which form after a change of kind, a merger and a founding within a year: right from the day on."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from plenum.access.models import Grant
from plenum.figures.actions import check_reportable
from plenum.figures.models import Obligation
from plenum.figures.queries import (
    Shown,
    due,
    dues,
    figures,
    missing_returns,
    obligations,
    owed_by,
    owed_twice,
)
from plenum.figures.queries.workbooks import answered_below, forms_collected
from plenum.figures.tests.factories import MONTHLY, oblige, plant, report
from plenum.organisation.actions import TakeBack, change_kind, take_back
from plenum.periods import Period, Span
from plenum.reorganisations.actions import undo_reform
from plenum.reorganisations.models import Reform, Rehearsal, Work
from plenum.reorganisations.notes import note_in_words
from plenum.reorganisations.rows import rehearsal_row
from plenum.reorganisations.rules import ChangeKind, Merge, NewUnit, Plan, Step
from plenum.reorganisations.tests.factories import SYSTEM, account, executed
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


def reformed(*steps: Step) -> Reform:
    return executed(Plan("r", "Reform", EFFECT, "root", steps=steps), on=TODAY)


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


AUTUMN = date(2024, 10, 1)
"""The day of a later phase."""


def test_a_successor_that_ends_in_a_later_phase_owes_until_then(units: dict[str, Unit]) -> None:
    """One and two become four in July, which becomes five with three in October; and taken back again."""
    before = list(Obligation.objects.order_by("pk").values())
    reform = reformed(
        Merge(from_=("one", "two"), into=NewUnit("four", "Four", "commune_committee", "district")),
        Merge(
            from_=("four", "three"),
            into=NewUnit("five", "Five", "commune_committee", "district"),
            on=AUTUMN,
        ),
    )
    assert months("one") == months("two") == [1, 2, 3, 4, 5, 6]
    assert months("four") == [7, 8, 9]
    assert months("three") == list(range(1, 10))
    assert months("five") == [10, 11, 12]
    undo_reform(reform.pk, reason="test", on=TODAY, by=SYSTEM)
    assert list(Obligation.objects.order_by("pk").values()) == before


def test_people_have_their_role_at_a_successor_until_it_ends_and_then_where_they_go_on(
    units: dict[str, Unit],
) -> None:
    account("secretary-one", units["one"], "secretary")
    reform = reformed(
        Merge(from_=("one", "two"), into=NewUnit("four", "Four", "commune_committee", "district")),
        Merge(from_=("four",), into="three", on=AUTUMN),
    )
    given = Grant.objects.exclude(unit=units["one"]).order_by("pk")
    assert [(grant.unit.code, grant.role, grant.span.start) for grant in given] == [
        ("four", "secretary", EFFECT),
        ("three", "secretary", AUTUMN),
    ]
    undo_reform(reform.pk, reason="test", on=TODAY, by=SYSTEM)
    assert not given.filter(span__endswith__isnull=True).exists()


def test_a_taker_that_may_owe_the_form_only_as_another_kind_owes_it_from_then(units: dict[str, Unit]) -> None:
    office = plant("office", "agency_committee", units["province"])
    plant("bloc", "bloc", units["province"])
    oblige(office)
    reformed(
        Merge(from_=("office",), into="bloc"), ChangeKind(unit="bloc", kind="agency_committee", on=AUTUMN)
    )
    assert months("office") == [1, 2, 3, 4, 5, 6]
    assert months("bloc") == [10, 11, 12]


def test_a_unit_of_another_kind_that_may_owe_the_form_goes_on(units: dict[str, Unit]) -> None:
    reformed(ChangeKind(unit="one", kind="agency_committee"))
    assert unit_view("one", EFFECT).kind == "agency_committee"
    assert months("one") == list(range(1, 13))
    report(units["one"], "2024-08", {"members_admitted": 1})


BLOC = ChangeKind(unit="office", kind="bloc")
"""A kind that may not owe what committees report."""


@pytest.fixture
def office(units: dict[str, Unit]) -> Unit:
    """A committee that owes the form and stands where a bloc may, too."""
    found = plant("office", "agency_committee", units["province"])
    oblige(found)
    return found


def test_a_unit_of_a_kind_that_may_not_owe_the_form_owes_it_to_the_day(office: Unit) -> None:
    root = Unit.objects.get(code="root")
    report(office, "2024-02", {"members_admitted": 4})
    reform = reformed(BLOC)
    [finding] = rehearsal_row(Rehearsal.objects.get(reform=reform), {})["findings"]
    assert (finding["problem"], finding["unit"], finding["blocks"]) == ("forms_end", "office", False)
    assert months("office") == [1, 2, 3, 4, 5, 6]
    assert [each.period.last_month_number for each in due([office.pk], LATER, period=YEAR)] == months(
        "office"
    )
    assert months("two") == list(range(1, 13))
    missing = [
        missing_returns(root.pk, Period.parse(f"2024-Q{quarter}")).by_form[MONTHLY] for quarter in (2, 3)
    ]
    assert [each.units for each in missing] == [4, 3]
    assert [each.unit.code for each in obligations(Shown(None), LATER)] == ["one", "three", "two"]
    [owed] = owed_by(office.pk, LATER)
    assert (owed.span, owed.barred_from, owed.until) == (Span(date(2020, 1, 1)), EFFECT, EFFECT)
    check_reportable(office.pk, MONTHLY, Period.parse("2024-06"))
    with pytest.raises(ValidationError):
        check_reportable(office.pk, MONTHLY, Period.parse("2024-07"))
    counted = answered_below([root.pk], YEAR, LATER)[root.pk]
    assert counted.owed == 3 * 12 + 6
    collected = {each.period.code: each.units for each in forms_collected(SYSTEM, root, 2024, LATER)}
    assert (collected["2024-06"], collected["2024-07"]) == (4, 3)
    assert figures(root.pk, YEAR)["members.admitted"].value == 4, "what it reported stays"
    told = Work.objects.get(reform=reform, unit=office, what=Work.What.RETURNS)
    with override("en"):
        assert "the unit office (office) owes these returns no more" in note_in_words(told.note)
    with override("cs"):
        assert note_in_words(told.note).startswith("Od ")
        assert "office (office)" in note_in_words(told.note)
    undo_reform(reform.pk, reason="test", on=TODAY, by=SYSTEM)
    assert months("office") == list(range(1, 13))


def test_the_act_that_changes_the_kind_does_the_same(office: Unit) -> None:
    """Of a kind that may owe it again, it does; until then, whoever stands below may."""
    change_kind(office, kind="bloc", on=TODAY, by=SYSTEM, since=EFFECT)
    assert months("office") == [1, 2, 3, 4, 5, 6]
    change_kind(office, kind="agency_committee", on=TODAY, by=SYSTEM, since=date(2024, 10, 1))
    assert months("office") == [1, 2, 3, 4, 5, 6, 10, 11, 12]
    assert owed_by(office.pk, LATER)[0].barred_from is None
    take_back(office, what=TakeBack.KIND, reason="test", on=TODAY, by=SYSTEM)
    below = plant("below", "agency_committee", office, EFFECT)
    oblige(below, since=EFFECT)
    assert months("below") == [7, 8, 9, 10, 11, 12]
    assert owed_twice(LATER) == []
