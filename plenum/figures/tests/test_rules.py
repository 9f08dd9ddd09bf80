"""Rules of returns, without a database."""

from datetime import date

import pytest

from plenum.figures.rules import (
    Deed,
    Figures,
    NotNow,
    Severity,
    State,
    days_late,
    deeds_possible,
    difference,
    due_on,
    findings,
    first_boundary,
    partition,
    periods_owed,
    reportable,
    running_year,
    shared_slots,
    state_after,
)
from plenum.packs import Form, pack
from plenum.periods import Period, Span

MONTHLY = pack().forms["grassroots-monthly"]
SUMMARY = pack().forms["province-summary"]
BALANCED: dict[str, int | None] = {
    "members_carried": 100,
    "members_admitted": 3,
    "members_transferred_in": 2,
    "members_reinstated": 1,
    "members_transferred_out": 4,
    "members_died": 1,
    "members_expelled": 0,
    "members_removed": 1,
    "members_total": 100,
}


def codes(
    form: Form, values: dict[str, int | None], before: dict[str, int | None] | None = None
) -> list[str]:
    return [finding.code for finding in findings(form, values, before=before)]


def test_the_course_of_a_return() -> None:
    state: State | None = None
    for deed, after in (
        (Deed.SAVE, State.DRAFT),
        (Deed.SAVE, State.DRAFT),
        (Deed.SUBMIT, State.SUBMITTED),
        (Deed.SEND_BACK, State.SENT_BACK),
        (Deed.SAVE, State.SENT_BACK),
        (Deed.SUBMIT, State.SUBMITTED),
        (Deed.WITHDRAW, State.DRAFT),
        (Deed.SUBMIT, State.SUBMITTED),
        (Deed.ACCEPT, State.ACCEPTED),
        (Deed.CORRECT, State.DRAFT),
    ):
        state = state_after(deed, state, submitted=True, accepted=False)
        assert state is after


@pytest.mark.parametrize(
    ("state", "submitted", "accepted", "possible"),
    [
        (None, False, False, {Deed.SAVE}),
        (State.DRAFT, False, False, {Deed.SAVE, Deed.SUBMIT, Deed.DISCARD}),
        (State.DRAFT, True, False, {Deed.SAVE, Deed.SUBMIT}),
        (State.DRAFT, True, True, {Deed.SAVE, Deed.SUBMIT, Deed.DISCARD}),
        (State.SENT_BACK, True, False, {Deed.SAVE, Deed.SUBMIT}),
        (State.SUBMITTED, True, False, {Deed.WITHDRAW, Deed.ACCEPT, Deed.SEND_BACK}),
        (State.ACCEPTED, True, True, {Deed.CORRECT}),
    ],
)
def test_what_a_state_allows(
    state: State | None, submitted: bool, accepted: bool, possible: set[Deed]
) -> None:
    assert deeds_possible(state, submitted=submitted, accepted=accepted) == possible
    for deed in set(Deed) - possible:
        with pytest.raises(NotNow):
            state_after(deed, state, submitted=submitted, accepted=accepted)


def test_discarding_leads_back_or_away() -> None:
    assert state_after(Deed.DISCARD, State.DRAFT, submitted=False, accepted=False) is None
    assert state_after(Deed.DISCARD, State.SENT_BACK, submitted=True, accepted=True) is State.ACCEPTED


def test_a_balance_that_fits_and_one_that_does_not() -> None:
    assert findings(MONTHLY, BALANCED) == ()
    (found,) = findings(MONTHLY, BALANCED | {"members_total": 103})
    assert (found.code, found.left, found.right, found.difference) == ("balance", 100, 103, -3)
    assert found.severity is Severity.ERROR
    assert "members_died" in found.slots


def test_a_balance_with_a_gap_is_not_judged() -> None:
    assert codes(MONTHLY, BALANCED | {"members_total": 103, "members_died": None}) == []


@pytest.mark.parametrize(
    ("women", "men", "found"),
    [(2, 3, []), (2, 4, ["sum"]), (2, None, []), (6, None, ["sum"]), (None, None, []), (2, 2, ["sum"])],
)
def test_parts_against_their_total(women: int | None, men: int | None, found: list[str]) -> None:
    values = {"members_admitted": 5, "admitted_women": women, "admitted_men": men}
    assert codes(MONTHLY, values) == found


def test_limits() -> None:
    assert codes(SUMMARY, {"key_tasks": 18, "key_tasks_done": 18}) == []
    assert codes(SUMMARY, {"key_tasks": 18, "key_tasks_done": 19}) == ["at_most"]
    assert codes(SUMMARY, {"key_tasks": None, "key_tasks_done": 19}) == []


def test_figures_out_of_range_and_empty_returns() -> None:
    assert codes(SUMMARY, {"key_tasks": -1}) == ["negative"]
    assert codes(SUMMARY, {"key_tasks": 10**12 + 1}) == ["too_large"]
    assert codes(SUMMARY, {"key_tasks": 10**12}) == []
    assert codes(SUMMARY, {}) == ["empty"]
    assert codes(SUMMARY, {"key_tasks": 0}) == []


def test_what_is_carried_continues_the_period_before() -> None:
    (found,) = findings(MONTHLY, BALANCED, before={"members_total": 98})
    assert (found.code, found.severity, found.difference) == ("continuity", Severity.WARNING, 2)
    assert codes(MONTHLY, BALANCED, {"members_total": 100}) == []
    assert codes(MONTHLY, BALANCED, {"members_total": None}) == []


def test_the_difference_of_two_versions() -> None:
    first = Figures.of(SUMMARY, {"members_admitted": 5, "key_tasks": 0}, {"key_tasks", "members_total"})
    gained = difference(None, first)
    assert (gained.delta[0], gained.counts[:3], gained.illustrative) == (5, (1, 0, 1), (0, 0, 1) + (0,) * 9)
    second = Figures.of(SUMMARY, {"members_admitted": 3, "members_total": 7})
    gained = difference(first, second)
    assert gained.delta == (-2, *(0,) * 9, 7, 0)
    assert gained.counts == (0, 0, -1, *(0,) * 7, 1, 0)
    assert gained.illustrative == (0, 0, -1, *(0,) * 9)


def test_a_version_of_a_shorter_form_still_reads() -> None:
    old = Figures((4,), (True,))
    assert old.by_slot(SUMMARY)["members_admitted"] == 4
    assert old.by_slot(SUMMARY)["members_total"] is None
    assert old.marked(SUMMARY) == {"members_admitted"}
    assert difference(old, Figures.of(SUMMARY, {"members_admitted": 4})).delta == (0,) * 12


def test_periods_owed_are_over_and_end_inside() -> None:
    month = pack().schedules["month"]
    span = Span(date(2023, 11, 15), date(2024, 2, 29))
    assert [period.code for period in periods_owed(month, span, date(2025, 1, 1))] == [
        "2023-11", "2023-12", "2024-01"
    ]  # fmt: skip
    assert [period.code for period in periods_owed(month, span, date(2023, 12, 30))] == ["2023-11"]
    nine = pack().schedules["nine_months_and_quarter"]
    assert [period.code for period in periods_owed(nine, Span(date(2024, 1, 1)), date(2024, 12, 31))] == [
        "2024-9M", "2024-Q4"
    ]  # fmt: skip
    assert periods_owed(month, Span(date(2024, 5, 1)), date(2024, 1, 1)) == []


def test_the_last_days_of_a_unit_can_be_reported() -> None:
    quarter = pack().schedules["quarter"]
    span = Span(date(2023, 1, 1), date(2023, 2, 10))
    assert periods_owed(quarter, span, date(2024, 1, 1)) == []
    assert reportable(quarter, span, Period.parse("2023-Q1"))
    assert not reportable(quarter, span, Period.parse("2023-Q2"))
    assert not reportable(quarter, span, Period.parse("2023-01"))


def test_a_schedule_follows_another_where_both_begin() -> None:
    schedules = pack().schedules
    month, quarter, nine = schedules["month"], schedules["quarter"], schedules["nine_months_and_quarter"]
    assert first_boundary(month, quarter, date(2023, 2, 1)) == date(2023, 4, 1)
    assert first_boundary(nine, quarter, date(2023, 2, 1)) == date(2023, 10, 1)
    assert first_boundary(month, quarter, date(2023, 10, 2)) == date(2024, 1, 1)


def test_lateness() -> None:
    due = due_on(MONTHLY, Period.parse("2023-01"))
    assert due == date(2023, 2, 5)
    assert days_late(due, None, date(2023, 2, 5)) == 0
    assert days_late(due, None, date(2023, 2, 8)) == 3
    assert days_late(due, date(2023, 2, 6), date(2023, 3, 1)) == 1
    assert days_late(due, date(2023, 3, 6), date(2023, 3, 1)) == 24


def test_in_january_the_year_before_is_still_handed_in() -> None:
    assert running_year(date(2025, 1, 31)) == Period.parse("2024")
    assert running_year(date(2025, 2, 1)) == Period.parse("2025")


def test_slots_that_would_be_counted_twice() -> None:
    assert set(shared_slots(MONTHLY, SUMMARY)) == {
        "members_admitted",
        "members_total",
        "organisations_founded_private",
    }


@pytest.mark.parametrize(
    ("reported", "parts"),
    [
        ([], [f"2023-{month:02}" for month in range(1, 13)]),
        (["2023-Q1", "2023-05"], ["2023-Q1", *(f"2023-{month:02}" for month in range(4, 13))]),
        (["2023-9M", "2023-Q4", "2023-02"], ["2023-9M", "2023-Q4"]),
        (["2023-H1", "2023-Q1"], ["2023-H1", *(f"2023-{month:02}" for month in range(7, 13))]),
        (["2023-H2", "2023-9M"], ["2023"]),
    ],
)
def test_the_finest_periods_that_fit(reported: list[str], parts: list[str]) -> None:
    found = partition(2023, [Period.parse(code) for code in reported])
    assert [period.code for period in found] == parts
