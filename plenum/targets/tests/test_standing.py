"""Standings over a real tree with real returns: the results of the reference year, and what makes them up."""

from datetime import date
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from plenum.figures.tests.factories import SYSTEM, move, plant
from plenum.packs.wording import two_decimals
from plenum.periods import Period
from plenum.targets.actions import amend_target, withdraw_target
from plenum.targets.queries import Row, league, standing, verdict_counts
from plenum.targets.rules import Code
from plenum.targets.tests.factories import (
    TODAY,
    district,
    fields,
    monthly,
    province,
    state,
    summary,
    target,
)
from plenum.targets.wording import flag_text, projection_text, verdict_reasons
from plenum.tree.models import Unit

pytestmark = pytest.mark.django_db
YEAR = Period.parse("2023")


def row_of(
    unit: Unit, indicator: str, period: str = "2023", *, today: date = TODAY, known_on: date | None = None
) -> Row:
    """One row of a standing, which must be there."""
    found = standing(unit.pk, Period.parse(period), known_on=known_on, today=today).row(indicator)
    assert found is not None
    return found


def code_of(row: Row) -> Code | None:
    return row.verdict.code if row.verdict else None


def test_quang_nam_exceeds_and_the_stated_percentage_is_contradicted() -> None:
    unit = province("quang-nam", "year")
    summary(unit, "2023", members_admitted=2041, key_tasks=18, key_tasks_done=18)
    target(unit, "members.admitted", "1800")
    target(unit, "tasks.key_share", "100", comparison="at_least")
    state(unit, "members.admitted", "percent_of_target", "113.34", "percent")
    row = row_of(unit, "members.admitted")
    assert (row.figure.value, row.percent, code_of(row)) == (2041, "113.39", Code.EXCEEDED)
    (flag,) = row.flags
    assert (flag.code, flag.stated, flag.exact) == ("stated_percent_contradicted", "113.34", "113.39")
    with override("en"):
        text = flag_text(flag)
    assert text == "The report of 10 Jan 2024 states 113.34%; 2,041 / 1,800 = 113.39%.".replace(
        "10 Jan 2024", "10\u00a0Jan\u00a02024"
    )
    tasks = row_of(unit, "tasks.key_share")
    assert (tasks.percent, code_of(tasks)) == ("100.00", Code.MET)


def test_a_statement_that_agrees_raises_no_flag() -> None:
    unit = province("dak-nong", "nine_months_and_quarter")
    summary(unit, "2024-9M", members_admitted=596)
    target(unit, "members.admitted", "1140", "2024")
    state(unit, "members.admitted", "percent_of_target", "52.28", "percent", "2024-9M", on=TODAY)
    row = row_of(unit, "members.admitted", "2024-9M")
    assert (row.percent, code_of(row), row.flags) == ("52.28", Code.AT_RISK, ())
    assert row.verdict is not None
    assert row.verdict.projection is not None
    assert two_decimals(row.verdict.projection.middle) == "794.67"
    with override("en"):
        assert projection_text(row.indicator, row.verdict.projection) == (
            "Projection for the end of the period: 795; between 695 and 894."
        )
        assert (
            verdict_reasons(row.indicator, row.verdict)[0]
            == "Result: 596, below the amount of the target: 1,140."
        )


@pytest.mark.parametrize("today", [date(2024, 10, 8), date(2026, 1, 1)])
def test_nine_months_are_judged_at_their_end_whatever_today_is(today: date) -> None:
    unit = province("dak-nong", "nine_months_and_quarter")
    summary(unit, "2024-9M", members_admitted=596)
    target(unit, "members.admitted", "1140", "2024")
    assert code_of(row_of(unit, "members.admitted", "2024-9M", today=today)) is Code.AT_RISK
    whole_year = code_of(row_of(unit, "members.admitted", "2024", today=today))
    assert whole_year is (Code.AT_RISK if today.year == 2024 else Code.MISSED)


def test_later_quarters_hold_the_target_against_the_year_so_far() -> None:
    unit = province("quang-nam", "quarter")
    for quarter, admitted in (("2023-Q1", 400), ("2023-Q2", 500), ("2023-Q3", 600)):
        summary(unit, quarter, members_admitted=admitted)
    target(unit, "members.admitted", "2000")
    row = row_of(unit, "members.admitted", "2023-Q3")
    assert (row.figure.value, row.judged, row.percent) == (600, Fraction(1500), "75.00")
    assert code_of(row) is Code.ON_COURSE


def test_tam_duong_village_heads_rise_by_points() -> None:
    unit, (one, two) = district(2)
    for each, heads in ((one, 60), (two, 70)):
        members = 50 if each is one else 60
        monthly(each, "2022-12", village_heads=heads, village_heads_members=members)
        monthly(
            each, "2023-12", village_heads=heads, village_heads_members=members + (5 if each is one else 6)
        )
    target(unit, "leaders.village_heads_share", "90", comparison="more_than")
    state(unit, "leaders.village_heads_share", "change", "8.4", "percent", on=date(2023, 12, 31))
    row = row_of(unit, "leaders.village_heads_share")
    assert (row.figure.numerator, row.figure.denominator, row.percent) == (121, 130, "93.08")
    assert code_of(row) is Code.EXCEEDED
    change = row.change.since_start_of_year
    assert change is not None
    assert (change.is_points, two_decimals(change.amount)) == (True, "8.46")
    flag = next(each for each in row.flags if each.code == "points_called_percent")
    assert (flag.stated, flag.exact) == ("8.4", "8.46")
    with override("en"):
        said = flag_text(flag).replace("\u00a0", " ")
    assert "from 84.62% to 93.08% is +8.46 percentage points (+10.00% in percent)" in said


def test_grassroots_organisations_are_counted_by_kind() -> None:
    unit, _communes = district(2)
    plant("cong-an", "agency_committee", unit)
    plant("toa-an", "grassroots_cell", unit)
    row = row_of(unit, "organisations.grassroots")
    assert (row.figure.value, [part.value for part in row.figure.parts]) == (4, [2, 1, 1])


def test_a_statement_of_the_value_attests_it() -> None:
    unit, (commune,) = district(1)
    monthly(commune, "2023-12", members_admitted=185, illustrative=("members_admitted",))
    target(unit, "members.admitted", "185", illustrative=True)
    before = row_of(unit, "members.admitted")
    assert (before.value_illustrative, before.illustrative) == (True, True)
    state(unit, "members.admitted", "value", "185", "count")
    row = row_of(unit, "members.admitted")
    assert (code_of(row), row.value_illustrative, row.target_illustrative, row.illustrative) == (
        Code.MET, False, True, True,
    )  # fmt: skip
    assert {flag.code for flag in row.flags} >= {"illustrative_split", "illustrative_target"}


def test_a_stated_value_that_differs_is_shown_with_both() -> None:
    unit = province("quang-nam", "year")
    summary(unit, "2023", members_admitted=2041)
    state(unit, "members.admitted", "value", "2051", "count")
    (flag,) = row_of(unit, "members.admitted").flags
    assert (flag.code, flag.stated, flag.exact) == ("stated_value_differs", "2051", "2041")


def test_missing_units_and_carried_stocks_are_flagged() -> None:
    unit, (one, two) = district(2)
    monthly(one, "2023-11")
    monthly(two, "2023-12")
    row = row_of(unit, "members.total", today=date(2024, 1, 31))
    flags = {flag.code: flag for flag in row.flags}
    assert flags["carried_forward"].params == {"units": 1, "of": 2}
    assert flags["units_missing"].params == {"units": 2, "names": ("xa-1", "xa-2")}
    with override("en"):
        assert flag_text(flags["units_missing"]) == "Returns of 2 units are missing: xa-1, xa-2."
        assert flag_text(flags["carried_forward"]).startswith("1 unit has not reported")


def test_targets_and_statements_are_read_as_known_on_a_day() -> None:
    unit = province("quang-nam", "year")
    summary(unit, "2023", members_admitted=2041)
    first = target(unit, "members.admitted", "1800")
    second = amend_target(
        first, fields("members.admitted", "2100"), reason="raised", on=date(2024, 2, 1), by=SYSTEM
    )
    withdraw_target(second, reason="reform", on=date(2024, 3, 1), by=SYSTEM)
    state(unit, "members.admitted", "percent_of_target", "113.34", "percent")
    known = {
        day: row_of(unit, "members.admitted", known_on=day)
        for day in (date(2024, 1, 5), date(2024, 1, 31), date(2024, 2, 1), date(2024, 3, 1))
    }
    assert [row.target.amount if row.target else None for row in known.values()] == [1800, 1800, 2100, None]
    assert [len(row.flags) for row in known.values()] == [0, 1, 1, 1]
    assert [code_of(row) for row in known.values()] == [Code.EXCEEDED, Code.EXCEEDED, Code.MISSED, None]
    amended = known[date(2024, 2, 1)].target
    assert amended is not None
    assert amended.is_amended


def test_a_year_that_ran_on_the_day_of_knowledge_is_judged_as_running() -> None:
    unit = province("quang-nam", "quarter")
    summary(unit, "2023-Q1", members_admitted=500)
    summary(unit, "2023-Q4", members_admitted=10)
    target(unit, "members.admitted", "1800", "2023")
    assert code_of(row_of(unit, "members.admitted")) is Code.MISSED
    assert code_of(row_of(unit, "members.admitted", known_on=date(2023, 6, 1))) is Code.ON_COURSE


def test_a_target_without_a_figure_is_not_yet_known() -> None:
    unit = province("quang-nam", "year")
    target(unit, "members.admitted", "1800", "2025")
    row = row_of(unit, "members.admitted", "2025")
    assert (code_of(row), row.percent, row.figure.value) == (Code.NOT_YET_KNOWN, None, None)
    assert verdict_counts([row])[Code.NOT_YET_KNOWN] == 1


def test_an_unfinished_year_is_compared_with_the_same_months_of_last_year() -> None:
    unit = province("quang-nam", "quarter")
    for quarter, admitted in (("2023-Q1", 10), ("2023-Q4", 90), ("2024-Q1", 12)):
        summary(unit, quarter, members_admitted=admitted)
    change = row_of(unit, "members.admitted", "2024", today=date(2024, 4, 8)).change
    assert change.since_start_of_year is None
    assert change.same_period_last_year is not None
    assert (change.same_period_last_year.before, change.same_period_last_year.amount) == (
        Fraction(10),
        Fraction(2),
    )


def test_the_verdict_in_the_league_is_that_of_the_unit_itself() -> None:
    unit, communes = district(3)
    for commune, admitted in zip(communes, (1, 2, 3), strict=True):
        for month in (1, 2, 3, 4):
            monthly(commune, f"2024-{month:02}", members_admitted=admitted * month)
        target(commune, "members.admitted", "30", "2024")
    today = date(2024, 6, 3)
    rows = league(unit.pk, "members.admitted", Period.parse("2024"), today=today)
    assert [row.figure.value for row in rows] == [10, 20, 30]
    for row, commune in zip(rows, communes, strict=True):
        own = row_of(commune, "members.admitted", "2024", today=today)
        assert (row.verdict, row.percent) == (own.verdict, own.percent)
    assert [row.verdict and row.verdict.code.value for row in rows] == ["on_course", "on_course", "met"]


@pytest.mark.parametrize("read", ["standing", "league"])
def test_queries_do_not_grow(read: str) -> None:
    unit, communes = district(3)
    today, period = date(2024, 6, 3), Period.parse("2024")

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            if read == "standing":
                standing(unit.pk, period, today=today)
            else:
                league(unit.pk, "members.admitted", period, today=today)
        return len(queries)

    monthly(communes[0], "2024-01", members_admitted=1)
    target(unit, "members.admitted", "30", "2024")
    target(communes[0], "members.admitted", "30", "2024")
    few = count()
    for commune in communes[1:]:
        monthly(commune, "2024-01", members_admitted=1)
        target(commune, "members.admitted", "30", "2024")
    target(unit, "organisations.founded_private", "3", "2024")
    target(unit, "training.officials", "3", "2024")
    state(unit, "members.admitted", "value", "4", "count", "2024", on=today)
    assert count() == few


def test_the_league_adds_up_to_the_figure_and_judges_the_whole_of_a_unit() -> None:
    unit, communes = district(2)
    elsewhere = plant("lap-thach", "district", Unit.objects.get(code="vinh-phuc"))
    for month, admitted in (("2023-01", 4), ("2023-06", 6)):
        monthly(communes[0], month, members_admitted=admitted)
    monthly(communes[1], "2023-02", members_admitted=1)
    target(communes[0], "members.admitted", "10", "2023")
    move(communes[0], elsewhere, date(2023, 3, 1))
    move(communes[1], elsewhere, date(2023, 3, 1))
    today = date(2024, 2, 1)
    left = league(unit.pk, "members.admitted", YEAR, today=today)
    assert [(row.stands, row.figure.value, row.target) for row in left] == [
        ("left", 4, None),
        ("left", 1, None),
    ]
    come = {row.unit.id: row for row in league(elsewhere.pk, "members.admitted", YEAR, today=today)}
    row = come[communes[0].pk]
    assert (row.figure.value, row.whole.value, row.is_part, row.percent) == (6, 10, True, "100.00")
    assert sum(each.figure.value or 0 for each in come.values()) == 6
