"""What the reads of targets answer with: frozen values, exact numbers, no sentences."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from plenum.figures.queries import Estimate, Figure, Stands
from plenum.packs import Indicator
from plenum.periods import Period
from plenum.targets.rules import Comparison, Verdict
from plenum.tree.queries import UnitView


@dataclass(frozen=True)
class Flag:
    """Something a reader must know about a figure; `wording.flag_text` makes the sentence.

    code: stated_percent_contradicted, stated_value_differs, stated_without_figure, points_called_percent,
    percent_called_points, stated_change_contradicted, illustrative_value, illustrative_split,
    illustrative_target, carried_forward, units_missing, estimated, compared_same_units, compared_estimated, withheld.
    stated, exact: plain strings with a decimal point, when the flag sets one against the other.
    params of what was stated: `what`, `stated`, `stated_unit`, `exact`, `exact_unit`, `source`, `day`.
    """

    code: str
    stated: str | None = None
    exact: str | None = None
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def tone(self) -> str:
        """How loud the flag is shown: `warn` where two numbers disagree or returns are missing, else `note`."""
        quiet = (
            "illustrative_value",
            "illustrative_split",
            "illustrative_target",
            "carried_forward",
            "estimated",
            "compared_same_units",
            "compared_estimated",
        )
        return "note" if self.code in quiet else "warn"


@dataclass(frozen=True)
class Change:
    """A difference against an earlier figure.

    before, amount: percent and percentage points for ratios (`is_points`), counts otherwise. percent: the
    difference in percent of the earlier figure, None if that was 0. because: why one of both figures is estimated.
    """

    before: Fraction
    amount: Fraction
    is_points: bool
    percent: Fraction | None
    because: tuple[Estimate, ...] = ()

    @property
    def estimated(self) -> bool:
        """Whether one of both figures is."""
        return bool(self.because)

    @property
    def as_ratio(self) -> Fraction:
        """The difference of two ratios as such: 8.46 points are 0.0846."""
        return self.amount / 100


@dataclass(frozen=True)
class Changes:
    """Against the end of last year (only stocks) and against the same months of last year."""

    since_start_of_year: Change | None = None
    same_period_last_year: Change | None = None


@dataclass(frozen=True)
class Sum:
    """An indicator over several periods together: a count, or both sides of a ratio; None where nothing is known."""

    value: int | None = None
    numerator: int | None = None
    denominator: int | None = None
    illustrative: bool = False
    estimated: tuple[Estimate, ...] = ()

    @property
    def measured(self) -> Fraction | None:
        """As targets measure it: a count as it is, a ratio in percent."""
        if self.value is not None:
            return Fraction(self.value)
        if self.numerator is None or not self.denominator:
            return None
        return Fraction(self.numerator * 100, self.denominator)


@dataclass(frozen=True)
class TargetView:
    """A live target: amount as entered (percent for ratios), its basis document, the leader it is given
    to.
    """

    id: int
    unit_id: int
    indicator: str
    period: Period
    comparison: Comparison
    amount: Decimal
    basis_id: int | None
    basis_label: str
    given_to: str
    given_to_post: str
    illustrative: bool
    known_on: date
    is_amended: bool


@dataclass(frozen=True)
class Row:
    """One indicator of a unit in a period.

    figure: of the period shown. judged: the value the target is held against, in percent for ratios; for a
    year's target the year so far, which `so_far` has with both its sides where that is not the figure shown.
    percent: percent of the target for counts, the ratio itself for ratios; two decimals. last_year: the same months
    of last year, of the same units: on the tree on which the years are compared (see `Standing`). same_units: the
    figure of the period on that tree, if it is another than the one shown; then this is compared.
    """

    indicator: Indicator
    figure: Figure
    target: TargetView | None
    percent: str | None
    verdict: Verdict | None
    change: Changes
    flags: tuple[Flag, ...]
    value_illustrative: bool
    target_illustrative: bool
    judged: Fraction | None = None
    so_far: Sum | None = None
    last_year: Sum = Sum()
    same_units: Figure | None = None

    @property
    def has_estimate(self) -> bool:
        """Whether the figure is estimated, or one that it is compared with."""
        changes = (self.change.since_start_of_year, self.change.same_period_last_year)
        return bool(self.figure.estimated) or any(each.estimated for each in changes if each is not None)

    @property
    def illustrative(self) -> bool:
        """Whether the value or the target is illustrative."""
        return self.value_illustrative or self.target_illustrative


@dataclass(frozen=True)
class Standing:
    """All rows of a unit for a period, in the order of the pack.

    elapsed: whole months of the period that are behind us; so many of last year are compared with. withheld: on the
    tree asked for, figures count here that the reader does not reach. compared_on: the day on whose tree the years are
    compared, because units have come to this one or left it since the year before; None where that is the tree shown.
    """

    unit_id: int
    period: Period
    rows: tuple[Row, ...]
    elapsed: int
    withheld: bool = False
    compared_on: date | None = None

    def row(self, indicator: str) -> Row | None:
        """The row of an indicator, or None."""
        return next((row for row in self.rows if row.indicator.code == indicator), None)


@dataclass(frozen=True)
class LeagueRow:
    """One sub-unit in the table of an indicator; `percent` as in `Row`.

    `figure` is what has come through the unit to the figure of the unit above; `percent` and `verdict` judge `whole`,
    all that the unit has reported in the period, wherever it stood. Only a unit that stands below when the period
    ends has a target here.
    """

    unit: UnitView
    stands: Stands
    figure: Figure
    whole: Figure
    is_part: bool
    target: TargetView | None
    percent: str | None
    verdict: Verdict | None
    value_illustrative: bool


def value_of(figure: Figure | None) -> Fraction | None:
    """The figure as targets measure it: a count as it is, a ratio in percent; None if it is not known."""
    if figure is None:
        return None
    if figure.indicator.is_ratio:
        return None if figure.ratio is None else figure.ratio * 100
    return None if figure.value is None else Fraction(figure.value)


def plain(amount: Decimal) -> Decimal:
    """The number without trailing zeros and without an exponent: 1800, 92.5."""
    return amount.quantize(Decimal(1)) if amount == amount.to_integral_value() else amount.normalize()
