"""Bars, sparks and charts: what is drawn is where the numbers are."""

from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from plenum.site import drawing

NUMBERS = st.integers(-(10**7), 10**7)


@given(st.fractions(min_value=0, max_value=1000))
def test_a_bar_is_as_long_as_its_percentage_until_it_leaves_the_drawing(percent: Fraction) -> None:
    drawn = drawing.bar(percent)
    assert abs(float(drawn.width) - min(float(percent), drawing.BAR_END)) < 0.01
    assert drawn.beyond == (percent > drawing.BAR_END)


def test_nothing_known_is_an_empty_bar() -> None:
    assert drawing.bar(None) == drawing.Bar("0", beyond=False, low=None, range_width=None)


def test_a_projected_range_has_a_visible_width_whichever_way_it_is_given() -> None:
    assert drawing.bar(52, 94, 80).low == "80"
    assert drawing.bar(52, 94, 80).range_width == "14"
    assert drawing.bar(52, 80, 80).range_width == "1"


def test_a_spark_needs_two_points_and_breaks_where_nothing_is_known() -> None:
    assert drawing.spark([5]) is None
    assert drawing.spark([None, 5, None]) is None
    broken = drawing.spark([1, 2, None, 2, 3])
    assert broken is not None
    assert broken.path.count("M") == 2
    level = drawing.spark([7, 7, 7])
    assert level is not None
    assert level.y == "10"


@given(st.lists(NUMBERS, min_size=1, max_size=20), st.booleans())
def test_the_scale_covers_every_value_in_round_steps(values: list[int], from_zero: bool) -> None:
    ticks = drawing.scale([Fraction(value) for value in values], from_zero=from_zero)
    steps = {second - first for first, second in pairwise(ticks)}
    assert len(steps) == 1
    step = steps.pop()
    assert ticks[0] <= min(values)
    assert ticks[-1] >= max(values)
    assert step.denominator == 1
    assert str(step.numerator).rstrip("0") in ("1", "2", "5")
    assert 2 <= len(ticks) <= 8
    if from_zero:
        assert 0 in ticks


@given(st.lists(st.none() | NUMBERS, min_size=1, max_size=12), st.booleans())
def test_every_known_point_is_inside_the_drawing(values: list[int | None], columns: bool) -> None:
    chart = drawing.chart(values, columns=columns)
    for mark, value in zip(chart.marks, values, strict=True):
        assert (mark.y is None) == (value is None)
        if mark.y is not None and mark.height is not None:
            assert float(mark.y) >= drawing.CHART_TOP - 0.01
            if columns:
                assert (
                    float(mark.y) + float(mark.height) <= drawing.CHART_HEIGHT - drawing.CHART_BOTTOM + 1.01
                )


@given(st.lists(st.integers(0, 10**6), min_size=2, max_size=12, unique=True))
def test_higher_values_stand_higher(values: list[int]) -> None:
    chart = drawing.chart(values, columns=True)
    by_value = sorted(zip(values, chart.marks, strict=True), key=lambda pair: pair[0])
    heights = [float(mark.y or 0) for _, mark in by_value]
    assert heights == sorted(heights, reverse=True)


def test_columns_stand_on_zero_and_lines_need_not() -> None:
    assert drawing.chart([6230, 6300], columns=True).ticks[0].value == 0
    assert drawing.chart([6230, 6300], columns=False).ticks[0].value > 6000


def test_a_line_is_broken_where_a_month_is_missing() -> None:
    chart = drawing.chart([1, 2, None, 4, 5], columns=False, previous=[1, None, 3, 4, 5])
    assert len(chart.line) == 2
    assert len(chart.previous) == 2
    assert len(chart.previous_points) == 4
