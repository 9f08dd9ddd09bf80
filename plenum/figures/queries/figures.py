"""Figures of a unit for a period: what it and everything below it have reported, by indicator."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from plenum.packs import Indicator, Words
from plenum.periods import Period
from plenum.tree.queries import UnitView


@dataclass(frozen=True)
class Part:
    """One part of a figure's breakdown: ``code`` is a slot code or, for the register, a kind of unit."""

    code: str
    name: Words
    value: int | None


@dataclass(frozen=True)
class Figure:
    """One indicator of one unit (with everything below it) in one period.

    ``value`` for counts, ``numerator`` and ``denominator`` for ratios; None means that nobody has reported it.
    ``reported_by``: how many units it is made of. ``carried_from``: for a stock, how many of these did not report for
    the last month, so that their latest figure of the year is carried forward. ``illustrative``: at least one figure
    in it is.
    """

    indicator: Indicator
    period: Period
    value: int | None
    numerator: int | None
    denominator: int | None
    reported_by: int
    illustrative: bool
    carried_from: int
    parts: tuple[Part, ...]

    @property
    def ratio(self) -> Fraction | None:
        """Numerator over denominator; None when either is not known or the denominator is 0."""
        if self.numerator is None or not self.denominator:
            return None
        return Fraction(self.numerator, self.denominator)

    @property
    def is_known(self) -> bool:
        return self.value is not None or self.ratio is not None


@dataclass(frozen=True)
class Point:
    """One figure in a series."""

    period: Period
    figure: Figure


def figures(unit_id: int, period: Period, *, known_on: date | None = None) -> dict[str, Figure]:
    """Every indicator of the pack, in its order, by code, for a unit and everything below it.

    Flows are summed over the returns that lie whole in the period, each on the tree of its last month. Stocks are the
    latest of the year up to the end of the period of every unit that stands below on its last day. Ratios are made
    of summed parts. ``known_on``: only what had been accepted by the end of that day.
    """
    raise LookupError


def start_of_year(unit_id: int, period: Period, *, known_on: date | None = None) -> dict[str, Figure]:
    """The figures of December of the year before: how stocks stood when the year of the period began."""
    raise LookupError


def figures_of(
    unit_ids: Sequence[int],
    period: Period,
    *,
    indicators: Sequence[Indicator] | None = None,
    known_on: date | None = None,
) -> dict[int, dict[str, Figure]]:
    """As `figures`, for several units at once: by unit, then by indicator. The number of queries does not grow."""
    raise LookupError


def series(
    unit_id: int, indicator: str | Indicator, year: int, *, known_on: date | None = None
) -> list[Point]:
    """An indicator through a year, in the finest periods into which the returns below the unit fit whole.

    Months when everybody reports monthly, quarters when somebody reports quarterly, and so on. A flow is that of each
    period alone, a stock is that at its end; a period for which nothing is known has a figure that is not known.
    """
    raise LookupError


def by_child(
    unit_id: int, indicator: str | Indicator, period: Period, *, known_on: date | None = None
) -> list[tuple[UnitView, Figure]]:
    """The indicator for each unit directly under one on the last day of the period, sorted by name."""
    raise LookupError
