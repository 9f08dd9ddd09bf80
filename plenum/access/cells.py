"""What single cells of a sheet say: units, days, periods, numbers, and who did it when.

What a person loads is done today and in their own name; only the system may say otherwise in the file.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from plenum.access.powers import Power
from plenum.access.reach import reachable
from plenum.access.sheets import CellError, Cells
from plenum.journal.actor import Actor
from plenum.periods import Period, PeriodError
from plenum.tree.models import Unit

EARLIEST_YEAR, LATEST_YEAR = 1800, 2199
"""Days outside are slips of the pen, and sums of days near the ends of the calendar overflow."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,15})?", re.ASCII)
_WHOLE = re.compile(r"[+-]?\d{1,18}", re.ASCII)


class UnitCells:
    """The units that cells name, as far as the actor has one of the powers there; others do not exist.

    One query, whatever the number of rows.
    """

    def __init__(
        self, rows: Iterable[Cells], *columns: str, powers: Sequence[Power], by: Actor, on: date
    ) -> None:
        codes = {code for row in rows for column in columns for code in _codes(row[column])}
        reached = Unit.objects.none()
        for power in powers:
            reached = reached | reachable(by, power, on)
        self.known = {unit.code: unit for unit in reached.filter(code__in=codes)}

    def add(self, unit: Unit) -> None:
        """Let cells name a unit that has only just been founded."""
        self.known[unit.code] = unit

    def __call__(self, row: Cells, column: str) -> Unit:
        """The unit in the cell; CellError when there is none, or none in reach."""
        return self.each(row, column, (row[column],))[0]

    def or_none(self, row: Cells, column: str) -> Unit | None:
        """The unit in a cell that may be empty."""
        return self(row, column) if row[column] else None

    def each(self, row: Cells, column: str, codes: Sequence[str]) -> list[Unit]:
        """The units with these codes, which stand in the cell."""
        for code in codes:
            if code not in self.known:
                raise CellError(column, _("There is no unit “%(code)s”.") % {"code": code})
        return [self.known[code] for code in codes]


def _codes(cell: str) -> list[str]:
    return [code.strip() for code in cell.split(";") if code.strip()]


def codes_cell(row: Cells, column: str) -> list[str]:
    """The codes in a cell, which stand there with semicolons between them."""
    return _codes(row[column])


def day_cell(row: Cells, column: str) -> date:
    """The day in a cell; CellError otherwise."""
    day = read_day(row[column])
    if day is None:
        raise CellError(column, _("Write a day as 2023-12-31."))
    return day


def day_cell_or_none(row: Cells, column: str) -> date | None:
    """The day in a cell that may be empty."""
    return day_cell(row, column) if row[column] else None


def read_day(text: str) -> date | None:
    """The day written as 2023-12-31; None when it is none, or lies where no record reaches."""
    if not _DAY.fullmatch(text):
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if EARLIEST_YEAR <= day.year <= LATEST_YEAR else None


def act_day_cell(row: Cells, column: str, *, on: date, by: Actor) -> date:
    """The day of the act: what a person loads is done today, `on`; the system says when it was done.

    CellError when a person names another day.
    """
    if by.is_system:
        return day_cell(row, column)
    if row[column] and day_cell(row, column) != on:
        text = _("Only the operator may load what was done on another day. Leave this column empty.")
        raise CellError(column, text)
    return on


def author_cell(row: Cells, column: str, *, by: Actor) -> str:
    """Who did it, as the system says.

    A person signs only as themself: the cell is empty or has their name, or CellError.
    """
    if not by.is_system and row[column] not in ("", by.label):
        text = _("Only the operator may load what other people have done. Leave this column empty.")
        raise CellError(column, text)
    return row[column]


def flag_cell(row: Cells, column: str) -> bool:
    """Whether a cell is 1 (0 or empty: no); CellError otherwise."""
    if row[column] not in ("", "0", "1"):
        raise CellError(column, _("Write 1 for yes or 0 for no."))
    return row[column] == "1"


def period_cell(row: Cells, column: str = "period") -> Period:
    """The period in a cell; CellError otherwise."""
    try:
        return Period.parse(row[column])
    except PeriodError:
        text = _("Write a period such as 2023, 2023-Q3, 2023-H1, 2023-9M or 2023-07.")
        raise CellError(column, text) from None


def number_cell(row: Cells, column: str) -> Decimal:
    """The number in a cell, with a decimal point and as many decimals as written; CellError otherwise."""
    number = read_number(row[column])
    if number is None:
        raise CellError(column, _("Write a number with a decimal point, as 90 or 113.34."))
    return number


def read_number(text: str) -> Decimal | None:
    """The number written in digits with a decimal point; None when it is none."""
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def whole_cell(row: Cells, column: str) -> int:
    """The whole number in a cell; CellError otherwise."""
    if not _WHOLE.fullmatch(row[column]):
        raise CellError(column, _("Write a whole number in digits only."))
    return int(row[column])
