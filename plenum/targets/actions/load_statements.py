"""Loading from a sheet what reports state, all or nothing."""

from collections.abc import Iterable

from plenum.directives.sheets import Cells, Progress, day_cell, load_all, no_progress
from plenum.journal.actor import Actor
from plenum.targets.actions.cells import number_cell, period_cell, unit_cell
from plenum.targets.actions.record_statement import StatementFields, record_statement
from plenum.targets.models import Statement
from plenum.targets.powers import STATE

COLUMNS = ("unit", "indicator", "period", "what", "stated", "said_unit", "source", "on")


def load_statements(rows: Iterable[Cells], *, by: Actor, progress: Progress | None = None) -> list[Statement]:
    """Record every statement of a sheet with the columns `COLUMNS`, each on its own day `on`.

    ValidationError lists all errors by line and column; then nothing has been recorded.
    """

    def load_row(cells: Cells) -> Statement:
        on = day_cell(cells, "on")
        unit = unit_cell(cells, STATE, by, on)
        fields = StatementFields(
            indicator=cells["indicator"],
            period=period_cell(cells),
            what=cells["what"],
            stated=number_cell(cells, "stated"),
            said_unit=cells["said_unit"],
            source=cells["source"],
        )
        return record_statement(unit, fields, on=on, by=by)

    return load_all(rows, load_row, columns={"document": "source"}, progress=progress or no_progress)
