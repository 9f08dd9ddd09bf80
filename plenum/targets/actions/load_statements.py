"""Loading from a sheet what reports state, all or nothing."""

from collections.abc import Iterable
from datetime import date
from functools import partial

from plenum.access.cells import UnitCells, act_day_cell, number_cell, period_cell
from plenum.access.sheets import Cells, Faults, Progress, Read, Row, Sheet, load_all
from plenum.journal.actor import Actor
from plenum.targets.actions.record_statement import StatementFields, record_statement
from plenum.targets.models import Statement
from plenum.targets.powers import READ, STATE

SHEET = Sheet(("unit", "indicator", "period", "what", "stated", "said_unit", "source"), ("on",))
NAMED = {"document": "source"}


def load_statements(
    rows: Iterable[Cells], *, on: date, by: Actor, progress: Progress | None = None
) -> list[Statement]:
    """Record every statement of a sheet: a person on the day `on`, the system each on its own day.

    ValidationError lists all faults by line and column; then nothing has been recorded.
    """
    lines = SHEET.numbered(rows)
    units = UnitCells(lines, "unit", powers=[READ, STATE], by=by, on=on)
    act_day = partial(act_day_cell, on=on, by=by)

    def load_row(row: Row) -> Statement:
        fields = StatementFields(
            indicator=row["indicator"],
            period=period_cell(row),
            what=row["what"],
            stated=number_cell(row, "stated"),
            said_unit=row["said_unit"],
            source=row["source"],
        )
        return record_statement(units(row, "unit"), fields, on=act_day(row, "on"), by=by)

    reads: dict[str, Read] = {"unit": units, "period": period_cell, "stated": number_cell, "on": act_day}
    return load_all(lines, load_row, reads=reads, faults=Faults(NAMED), progress=progress)
