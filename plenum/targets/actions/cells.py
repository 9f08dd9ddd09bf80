"""Reading the cells that sheets of targets and of statements have in common."""

from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from plenum.access.powers import Power
from plenum.access.reach import reachable
from plenum.directives.sheets import CellError, Cells
from plenum.journal.actor import Actor
from plenum.periods import Period, PeriodError
from plenum.tree.models import Unit


def unit_cell(cells: Cells, power: Power, by: Actor, on: date) -> Unit:
    """The unit in the cell `unit`, if the actor has the power there; CellError otherwise."""
    unit = reachable(by, power, on).filter(code=cells["unit"]).first()
    if unit is None:
        raise CellError("unit", _("There is no unit “%(code)s”.") % {"code": cells["unit"]})
    return unit


def period_cell(cells: Cells) -> Period:
    """The period in the cell `period`; CellError otherwise."""
    try:
        return Period.parse(cells["period"])
    except PeriodError:
        raise CellError("period", _("Write a period as 2023, 2023-H1, 2023-Q3 or 2023-9M.")) from None


def number_cell(cells: Cells, column: str) -> Decimal:
    """The number in a cell, with a decimal point and as many decimals as written; CellError otherwise."""
    try:
        number = Decimal(cells[column])
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise CellError(column, _("Write a number with a decimal point, as 90 or 113.34."))
    return number
