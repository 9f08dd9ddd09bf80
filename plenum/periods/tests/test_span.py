from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plenum.periods import Span, SpanError

days = st.dates(date(2000, 1, 1), date(2030, 12, 31))


@st.composite
def spans(draw: st.DrawFn) -> Span:
    start = draw(days)
    length = draw(st.none() | st.integers(1, 4000))
    return Span(start, None if length is None else start + timedelta(days=length))


def test_its_end_does_not_belong_to_it() -> None:
    span = Span(date(2023, 1, 1), date(2024, 1, 1))
    assert date(2023, 12, 31) in span
    assert date(2024, 1, 1) not in span
    assert span.last_day == date(2023, 12, 31)


@pytest.mark.parametrize("end", [date(2023, 1, 1), date(2022, 12, 31)])
def test_empty_and_backward_spans_are_refused(end: date) -> None:
    with pytest.raises(SpanError):
        Span(date(2023, 1, 1), end)


def test_through_includes_both_days() -> None:
    assert Span.through(date(2023, 1, 1), date(2023, 1, 1)) == Span(date(2023, 1, 1), date(2023, 1, 2))


@given(spans(), spans(), days)
def test_intersection_holds_exactly_the_common_days(a: Span, b: Span, day: date) -> None:
    common = a.intersection(b)
    assert (common is not None and day in common) == (day in a and day in b)
    assert a.overlaps(b) == b.overlaps(a)


@given(spans(), spans())
def test_covering_is_to_contain_every_day(a: Span, b: Span) -> None:
    ends_later = a.end is None or (b.end is not None and b.end <= a.end)
    assert a.covers(b) == (a.start <= b.start and ends_later)
