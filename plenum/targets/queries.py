"""How a unit stands: figures against targets, with verdicts, changes and flags."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from plenum.targets.rules import Comparison, Verdict

if TYPE_CHECKING:
    from plenum.figures.queries import Figure
    from plenum.packs import Indicator
    from plenum.periods import Period


@dataclass(frozen=True)
class Flag:
    """Something a reader must know about a figure; `params` are exact, the sentence is made in
    `wording.flag_text`.

    stated, exact: plain strings with a decimal point, when the flag sets one against the other.
    """

    code: str
    stated: str | None = None
    exact: str | None = None
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    """A difference against an earlier figure: `points` for ratios (percentage points), `amount` for
    counts.
    """

    before: Fraction
    amount: Fraction
    is_points: bool
    percent: Fraction | None


@dataclass(frozen=True)
class Changes:
    """Against the end of last year (stocks) and against the same period of last year."""

    since_start_of_year: Change | None = None
    same_period_last_year: Change | None = None


@dataclass(frozen=True)
class TargetView:
    """A live target: amount as entered, its basis document and the leader it is given to."""

    id: int
    indicator: str
    period_code: str
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

    figure: of the period shown; judged: what the target is held against (for a year's target the year so
    far).
    percent: percent of the target for counts, the ratio itself for ratios; two decimals, or None.
    """

    indicator: "Indicator"
    figure: "Figure"
    target: TargetView | None
    percent: str | None
    verdict: Verdict | None
    change: Changes
    flags: tuple[Flag, ...]
    value_illustrative: bool
    target_illustrative: bool
    judged: "Figure | None" = None

    @property
    def illustrative(self) -> bool:
        """Whether the value or the target is illustrative."""
        return self.value_illustrative or self.target_illustrative


@dataclass(frozen=True)
class Standing:
    """All rows of a unit for a period, in the order of the pack."""

    unit_id: int
    period: "Period"
    rows: tuple[Row, ...]

    def row(self, indicator: str) -> Row | None:
        """The row of an indicator, or None."""
        return next((row for row in self.rows if row.indicator.code == indicator), None)


def standing(unit_id: int, period: "Period", *, known_on: date | None = None, today: date) -> Standing:
    """Every indicator of the unit that has a figure or a target in the period; a constant number of
    queries.
    """
    return Standing(unit_id, period, ())
