import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plenum.periods import Period, PeriodError, PeriodKind
from plenum.periods.period import PERIODS_IN_A_YEAR

periods = st.sampled_from(PeriodKind).flatmap(
    lambda kind: st.builds(
        Period, st.integers(1950, 2100), st.just(kind), st.integers(1, PERIODS_IN_A_YEAR[kind])
    )
)


@pytest.mark.parametrize(
    ("text", "start", "last_day", "length"),
    [
        ("2023", date(2023, 1, 1), date(2023, 12, 31), 12),
        ("2024-9M", date(2024, 1, 1), date(2024, 9, 30), 9),
        ("2023-H2", date(2023, 7, 1), date(2023, 12, 31), 6),
        ("2023-Q1", date(2023, 1, 1), date(2023, 3, 31), 3),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), 1),
    ],
)
def test_what_a_code_means(text: str, start: date, last_day: date, length: int) -> None:
    period = Period.parse(text)
    assert (period.start, period.last_day, period.length, period.code) == (start, last_day, length, text)


@pytest.mark.parametrize(
    "text", ["", "23", "2023-Q5", "2023-H3", "2023-13", "2023-00", "2023-3M", "1899", "9999", "2023 Q1"]
)
def test_what_is_no_period(text: str) -> None:
    with pytest.raises(PeriodError):
        Period.parse(text)


@given(periods)
def test_a_code_reads_back(period: Period) -> None:
    assert Period.parse(period.code) == period
    assert Period.ending(period.last_month, period.length) == period


@given(periods)
def test_months_fill_the_period_without_gap(period: Period) -> None:
    months = period.months
    assert len(months) == period.length
    assert months[0].start == period.start
    assert months[-1].last_day == period.last_day
    for earlier, later in itertools.pairwise(months):
        assert later.start - earlier.last_day == timedelta(days=1)


@given(periods)
def test_next_undoes_previous(period: Period) -> None:
    assert period.previous().next() == period
    assert period.next().start > period.start


@given(periods, st.dates(date(1949, 1, 1), date(2101, 12, 31)))
def test_complete_months_grow_from_none_to_all(period: Period, day: date) -> None:
    complete = period.months_complete_on(day)
    assert 0 <= complete <= period.length
    if day < period.months[0].last_day:
        assert complete == 0
    if day >= period.last_day:
        assert complete == period.length
    assert complete <= period.months_complete_on(day + timedelta(days=1))
