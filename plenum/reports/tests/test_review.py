"""The content of a review, drawn from a real tree with real returns and targets."""

import json
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plenum.figures.tests.factories import SYSTEM, move, oblige, plant
from plenum.organisation.actions import dissolve_unit
from plenum.periods import Period
from plenum.reports.actions import save_review
from plenum.reports.content import ReviewContent
from plenum.reports.queries.review import review
from plenum.reports.render import render
from plenum.targets.tests.factories import (
    TODAY,
    district,
    document,
    monthly,
    province,
    state,
    summary,
    target,
)
from plenum.tree.models import Unit

pytestmark = pytest.mark.django_db
YEAR = Period.parse("2023")


def draw(unit: Unit, period: Period = YEAR, known_on: date | None = None) -> ReviewContent:
    return review(unit.pk, period, known_on=known_on, today=TODAY)


def quang_nam() -> Unit:
    unit = province("quang-nam", "year")
    summary(unit, "2022", members_admitted=1855)
    summary(unit, "2023", members_admitted=2041, key_tasks_done=18, key_tasks=18)
    target(unit, "members.admitted", "1800", basis_id=document(unit).pk)
    state(unit, "members.admitted", "percent_of_target", "113.34", "percent")
    return unit


def test_the_reference_province_exceeds_and_contradicts_itself() -> None:
    content = draw(quang_nam())
    admitted = content.results[0]
    assert (admitted.indicator, admitted.amount.value, admitted.percent) == (
        "members.admitted",
        2041,
        "113.39",
    )
    assert admitted.verdict == "exceeded"
    assert admitted.last_year.value == 1855
    assert admitted.change_on_last_year is not None
    assert admitted.change_on_last_year.difference == 186
    (found,) = admitted.contradictions
    assert (found.what, found.stated, found.exact) == (
        "percent_of_target",
        Decimal("113.34"),
        Decimal("113.39"),
    )
    assert [result.indicator for result in content.achievements] == ["members.admitted"]


def test_a_running_period_is_compared_with_the_same_months_of_last_year() -> None:
    unit = province("quang-nam", "quarter")
    for quarter, admitted in (("2023-Q1", 10), ("2023-Q4", 90), ("2024-Q1", 12)):
        summary(unit, quarter, members_admitted=admitted)
    target(unit, "members.admitted", "10", "2024", comparison="at_least")
    content = review(unit.pk, Period.parse("2024"), today=date(2024, 4, 8))
    admitted_now = content.results[0]
    assert content.last_year_until == date(2023, 3, 31)
    assert (admitted_now.amount.value, admitted_now.last_year.value) == (12, 10)
    assert [(change.since, change.difference) for change in admitted_now.changes] == [
        ("last_year", Decimal(2))
    ]
    said = render(content, "en", "md").decode().replace("\u00a0", " ")
    assert "Last year is compared over the same months only, up to 31 March 2023." in said
    assert "Change on the same months of last year, up to 31 March 2023: +2." in said
    assert "| Last year up to 31 Mar 2023 |" in said
    assert "| 10 (+2) |" in said
    told = json.loads(render(content, "en", "json"))
    assert told["last_year_until"] == "2023-03-31"
    assert told["results"][0]["changes"] == [{"since": "last_year", "unit": "count", "difference": 2}]
    assert told["results"][0]["same_period_last_year"]["value"] == 10
    over = review(unit.pk, Period.parse("2024"), today=date(2025, 1, 8))
    assert (over.last_year_until, over.results[0].last_year.value) == (None, 100)
    assert "Change on the same period last year: " in render(over, "en", "md").decode()


def test_a_target_of_the_year_is_held_against_the_year_so_far_also_in_a_quarter() -> None:
    unit = province("quang-nam", "quarter")
    for quarter, admitted in (("2024-Q1", 30), ("2024-Q2", 15)):
        summary(unit, quarter, members_admitted=admitted)
    target(unit, "members.admitted", "180", "2024")
    state(unit, "members.admitted", "percent_of_target", "26", "percent", "2024-Q2", on=TODAY)
    content = review(unit.pk, Period.parse("2024-Q2"), today=TODAY)
    said = render(content, "en", "md").decode().replace("\u00a0", " ")
    assert "Stated: 26%; computed: 45 of 180 is 25.00%." in said
    assert "| 15[^1] | 180 | 25.00% (year so far: 45) |" in said
    assert "New members admitted: 45, or 25.00% of the target (180); the target is at risk." in said
    assert "In the period itself: 15." in said
    assert "still lacking: 135." in said


def test_the_documents_on_which_targets_rest_are_the_basis() -> None:
    (basis,) = draw(quang_nam()).basis
    assert (basis.symbol, basis.title, basis.day) == ("880", "Targets", date(2023, 1, 5))


def test_what_a_unit_owed_that_ended_within_the_period_is_not_forgotten() -> None:
    unit, communes = district(2)
    for month in range(1, 13):
        monthly(communes[0], f"2023-{month:02}", members_admitted=2)
    monthly(communes[1], "2023-01", members_admitted=5)
    dissolve_unit(communes[1], on=date(2023, 5, 1), by=SYSTEM)
    content = draw(unit)
    assert (content.due, content.received) == (12 + 4, 12 + 1)
    assert {late.unit_code for late in content.late if late.days > 200} == {communes[1].code}


def test_units_below_stand_with_their_figures_and_returns() -> None:
    unit, communes = district(3)
    for month in range(1, 13):
        monthly(communes[0], f"2023-{month:02}", members_admitted=2)
    monthly(communes[1], "2023-01", members_admitted=5)
    content = draw(unit)
    by_code = {each.code: each for each in content.sub_units}
    assert content.main_indicators[0][0] == "members.admitted"
    first, second, third = (by_code[commune.code] for commune in communes)
    assert (first.amounts[0].value, first.due, first.received) == (24, 12, 12)
    assert (second.amounts[0].value, second.received) == (5, 1)
    assert (third.amounts[0].value, third.due, third.received) == (None, 12, 0)
    assert (content.due, content.received) == (36, 13)
    assert [silent.unit_code for silent in content.silent] == [communes[2].code]
    assert communes[2].code not in {late.unit_code for late in content.late}, "it is named once"
    assert {late.unit_code for late in content.late if late.days > 300} == {communes[1].code}


def test_an_illustrative_split_is_marked_though_its_total_is_attested() -> None:
    unit, (commune,) = district(1)
    split = ("members_admitted", "admitted_women", "admitted_men")
    monthly(commune, "2023-01", illustrative=split, members_admitted=7)
    state(unit, "members.admitted", "value", "7", "count")
    admitted = next(result for result in draw(unit).results if result.indicator == "members.admitted")
    assert not admitted.amount.illustrative
    assert [(part.value, part.illustrative) for part in admitted.parts] == [(7, True), (0, True)]


def test_an_empty_unit_has_an_empty_review() -> None:
    content = draw(province("dak-nong", "year"))
    assert not any(result.amount.is_known for result in content.results)
    assert content.texts == {}
    assert content.edition == 0
    assert len(content.silent) == 1


def test_the_officers_texts_are_kept_by_language() -> None:
    unit = province("dak-nong", "year")
    save_review(unit, YEAR, {"tasks": "Làm"}, language="vi", on=TODAY, by=SYSTEM)
    save_review(unit, YEAR, {"tasks": "Делать"}, language="ru", on=TODAY, by=SYSTEM)
    content = draw(unit)
    assert content.edition == 2
    in_russian, in_czech = content.text_in("tasks", "ru"), content.text_in("tasks", "cs")
    assert in_russian is not None
    assert in_russian.text == "Делать"
    assert in_czech is not None
    assert (in_czech.language, in_czech.text) == ("vi", "Làm")


def test_what_was_not_known_is_not_in_the_report() -> None:
    unit = quang_nam()
    assert draw(unit).results[0].amount.value == 2041
    before = draw(unit, known_on=date(2022, 6, 30))
    assert all(not result.amount.is_known for result in before.results)
    assert before.view.known_on == date(2022, 6, 30)


def test_the_number_of_queries_does_not_grow_with_units_and_targets() -> None:
    unit, (commune,) = district(1)
    monthly(commune, "2023-01", members_admitted=2)
    target(unit, "members.admitted", "30", basis_id=document(unit).pk)
    save_review(unit, YEAR, {"tasks": "a"}, language="vi", on=TODAY, by=SYSTEM)
    few = queries_of(unit)
    for number in range(2, 5):
        more = plant(f"xa-{number}", "commune_committee", unit)
        oblige(more)
        monthly(more, "2023-01", members_admitted=2)
    target(unit, "organisations.founded_private", "2", basis_id=document(unit, "881").pk)
    save_review(unit, YEAR, {"tasks": "b", "causes": "c"}, language="ru", on=TODAY, by=SYSTEM)
    assert queries_of(unit) == few


def queries_of(unit: Unit) -> int:
    with CaptureQueriesContext(connection) as seen:
        draw(unit)
    return len(seen)


def test_the_table_of_units_adds_up_with_those_that_have_left() -> None:
    unit, communes = district(2)
    monthly(communes[0], "2023-01", members_admitted=2)
    monthly(communes[1], "2023-01", members_admitted=5)
    move(communes[1], plant("elsewhere", "district", Unit.objects.get(code="vinh-phuc")), date(2023, 3, 1))
    content = draw(unit)
    listed = [(each.code, each.stands, each.amounts[0].value) for each in content.sub_units]
    assert listed == [(communes[0].code, "below", 2), (communes[1].code, "left", 5)]
    admitted = next(result for result in content.results if result.indicator == "members.admitted")
    assert admitted.amount.value == sum(value or 0 for _code, _stands, value in listed)


def test_a_unit_that_reports_for_itself_has_no_table_of_units() -> None:
    assert draw(quang_nam()).sub_units == ()
