"""What a figure is made of: the single returns, down to who entered them."""

from dataclasses import dataclass
from datetime import date, datetime

from plenum.packs import Form, Indicator
from plenum.periods import Period
from plenum.tree.queries import UnitView


@dataclass(frozen=True)
class Behind:
    """One accepted return in a figure.

    ``values`` by slot code: what this return adds to the figure in each slot of the indicator (a ratio has two, a
    breakdown more). ``carried``: a stock that is carried forward from an earlier month than the last of the period.
    """

    return_id: int
    unit: UnitView
    form: Form
    period: Period
    values: dict[str, int | None]
    illustrative: bool
    version: int
    entered_by: str
    entered_on: date
    accepted_by: str
    accepted_on: date
    recorded_at: datetime
    carried: bool


def returns_behind(
    unit_id: int, indicator: str | Indicator, period: Period, *, known_on: date | None = None
) -> list[Behind]:
    """The returns that the figure of the unit is made of, sorted by name of unit and month. Their values add up to it.

    Nothing for indicators counted from the register.
    """
    raise LookupError
