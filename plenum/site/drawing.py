"""Geometry of bars, sparks and charts: numbers in, SVG attributes out. Pure; the templates write the markup.

Nothing is styled inline (the content security policy refuses it), so every length is an SVG attribute. A chart has no
viewBox: its x coordinates are percentages, its y coordinates pixels, so that its text keeps its size everywhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

Number = int | Fraction | Decimal

BAR_END = 125
"""A bar is drawn from 0 to this percentage of the target; the tick of the target stands at 100."""

CHART_HEIGHT = 220
CHART_TOP = 14
CHART_BOTTOM = 26
_PLOT = CHART_HEIGHT - CHART_TOP - CHART_BOTTOM

SPARK_WIDTH, SPARK_HEIGHT = 104, 20


@dataclass(frozen=True)
class Bar:
    """A bar in the units of its viewBox: per cent of the target, from 0 to `BAR_END`."""

    width: str
    beyond: bool
    low: str | None
    range_width: str | None


def bar(percent: Number | None, low: Number | None = None, high: Number | None = None) -> Bar:
    """The bar of a result that is `percent` of its target, with the projected range from `low` to `high`."""
    span = None if low is None or high is None else (_within(min(low, high)), _within(max(low, high)))
    return Bar(
        width=_text(_within(percent or 0)),
        beyond=percent is not None and percent > BAR_END,
        low=None if span is None else _text(span[0]),
        range_width=None if span is None else _text(max(span[1] - span[0], Fraction(1))),
    )


def _within(percent: Number) -> Fraction:
    return min(max(Fraction(percent), Fraction(0)), Fraction(BAR_END))


@dataclass(frozen=True)
class Spark:
    """A path through the known values, and where its last point is."""

    path: str
    x: str
    y: str


def spark(values: Sequence[Number | None]) -> Spark | None:
    """The line through `values`, broken where one is missing; None when fewer than two are known."""
    known = [Fraction(value) for value in values if value is not None]
    if len(known) < 2:
        return None
    low, high = min(known), max(known)
    step = Fraction(SPARK_WIDTH - 4, len(values) - 1)
    points: list[tuple[Fraction, Fraction] | None] = []
    for position, value in enumerate(values):
        if value is None:
            points.append(None)
            continue
        share = Fraction(1, 2) if high == low else (Fraction(value) - low) / (high - low)
        points.append((2 + position * step, SPARK_HEIGHT - 2 - share * (SPARK_HEIGHT - 4)))
    path, pen = [], "M"
    for point in points:
        if point is None:
            pen = "M"
            continue
        path.append(f"{pen}{_text(point[0])} {_text(point[1])}")
        pen = "L"
    last = [point for point in points if point is not None][-1]
    return Spark("".join(path), _text(last[0]), _text(last[1]))


@dataclass(frozen=True)
class Tick:
    """A line of the grid and the value it stands for."""

    y: str
    value: Fraction


@dataclass(frozen=True)
class Mark:
    """One point of the series. `y` and `height` are None when nothing is known; a column stands on the zero line."""

    value: Number | None
    x: str
    centre: str
    width: str
    y: str | None
    height: str | None
    illustrative: bool


@dataclass(frozen=True)
class Segment:
    """A straight piece of a line, between two neighbouring known points."""

    x1: str
    y1: str
    x2: str
    y2: str


@dataclass(frozen=True)
class Chart:
    """Everything a template needs to draw the chart."""

    ticks: tuple[Tick, ...]
    marks: tuple[Mark, ...]
    line: tuple[Segment, ...]
    previous: tuple[Segment, ...]
    previous_points: tuple[tuple[str, str], ...]
    target_y: str | None
    base_y: str
    label_y: str


def chart(
    values: Sequence[Number | None],
    *,
    illustrative: Sequence[bool] = (),
    previous: Sequence[Number | None] = (),
    target: Number | None = None,
    columns: bool,
    whole: bool = True,
) -> Chart:
    """The chart of `values` with those of the year before and the target, all on one scale.

    Columns start at zero; a line may start higher, so that small changes of a large stock can be seen. `whole` keeps
    the steps of the grid whole numbers.
    """
    known = [Fraction(v) for v in (*values, *previous, target) if v is not None]
    ticks = scale(known, from_zero=columns, whole=whole)
    bottom, top = ticks[0], ticks[-1]

    def y_of(value: Number) -> Fraction:
        return CHART_TOP + (top - Fraction(value)) / (top - bottom) * _PLOT

    slot = Fraction(100, max(len(values), 1))
    centres = [slot * position + slot / 2 for position in range(len(values))]
    base = y_of(bottom if bottom > 0 else min(max(bottom, Fraction(0)), top))
    marks = []
    for position, value in enumerate(values):
        y = None if value is None else y_of(value)
        marks.append(
            Mark(
                value=value,
                x=_percent(centres[position] - slot * Fraction(3, 10)),
                centre=_percent(centres[position]),
                width=_percent(slot * Fraction(6, 10)),
                y=None if y is None else _text(min(y, base)),
                height=None if y is None else _text(max(abs(base - y), Fraction(1))),
                illustrative=position < len(illustrative) and illustrative[position],
            )
        )
    return Chart(
        ticks=tuple(Tick(_text(y_of(tick)), tick) for tick in ticks),
        marks=tuple(marks),
        line=() if columns else _segments(centres, [None if v is None else y_of(v) for v in values]),
        previous=_segments(centres, [None if v is None else y_of(v) for v in previous]),
        previous_points=tuple(
            (_percent(centre), _text(y_of(value)))
            for centre, value in zip(centres, previous, strict=False)
            if value is not None
        ),
        target_y=None if target is None else _text(y_of(target)),
        base_y=_text(base),
        label_y=str(CHART_HEIGHT - 8),
    )


def scale(values: Sequence[Fraction], *, from_zero: bool, whole: bool = True) -> list[Fraction]:
    """Round numbers that cover `values`: three to seven steps of 1, 2 or 5 times a power of ten."""
    low = min((*values, Fraction(0))) if from_zero or not values else min(values)
    high = max((*values, Fraction(0))) if from_zero or not values else max(values)
    if low == high:
        low, high = (low, low + 1) if from_zero else (low - 1, high + 1)
    step = _step((high - low) / 4, whole)
    first = low // step * step
    last = -(-high // step) * step
    return [first + step * position for position in range(int((last - first) / step) + 1)]


def _step(wanted: Fraction, whole: bool) -> Fraction:
    power = Fraction(1)
    while power > wanted:
        power /= 10
    while power * 10 <= wanted:
        power *= 10
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= wanted)
    return max(step, Fraction(1)) if whole else step


def _segments(centres: Sequence[Fraction], heights: Sequence[Fraction | None]) -> tuple[Segment, ...]:
    found = []
    pairs = list(zip(centres, heights, strict=False))
    for (x1, y1), (x2, y2) in pairwise(pairs):
        if y1 is not None and y2 is not None:
            found.append(Segment(_percent(x1), _text(y1), _percent(x2), _text(y2)))
    return tuple(found)


def _text(value: Fraction | int) -> str:
    return f"{float(value):.2f}".rstrip("0").rstrip(".")


def _percent(value: Fraction) -> str:
    return _text(value) + "%"
