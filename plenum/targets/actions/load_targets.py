"""Loading targets from a sheet, all or nothing."""

from collections.abc import Iterable
from datetime import date
from functools import partial

from plenum.access.cells import UnitCells, act_day_cell, flag_cell, number_cell, period_cell
from plenum.access.sheets import CellError, Cells, Faults, Progress, Read, Row, Sheet, load_all
from plenum.directives.queries import DocumentAmbiguous, DocumentUnknown, find, readable
from plenum.journal.actor import Actor
from plenum.targets.actions.set_target import TargetFields, set_target
from plenum.targets.models import Target
from plenum.targets.powers import READ, SET

SHEET = Sheet(
    ("unit", "indicator", "period", "comparison", "amount"),
    ("basis", "given_to", "given_to_post", "on", "illustrative"),
)


def load_targets(
    rows: Iterable[Cells], *, on: date, by: Actor, progress: Progress | None = None
) -> list[Target]:
    """Set every target of a sheet: a person on the day `on`, the system each on its own day.

    basis: a number with its date (`880|2023-01-05`) or a symbol, of a document registered before; may be
    empty. ValidationError lists all faults by line and column; then nothing has been set.
    """
    lines = SHEET.numbered(rows)
    units = UnitCells(lines, "unit", powers=[READ, SET], by=by, on=on)
    act_day = partial(act_day_cell, on=on, by=by)

    def basis(row: Cells, column: str) -> int | None:
        if not row[column]:
            return None
        try:
            return find(row[column], readable(by, on)).pk
        except (DocumentUnknown, DocumentAmbiguous) as error:
            raise CellError(column, str(error)) from None

    def load_row(row: Row) -> Target:
        fields = TargetFields(
            indicator=row["indicator"],
            period=period_cell(row),
            comparison=row["comparison"],
            amount=number_cell(row, "amount"),
            basis_id=basis(row, "basis"),
            given_to=row["given_to"],
            given_to_post=row["given_to_post"],
            illustrative=flag_cell(row, "illustrative"),
        )
        return set_target(units(row, "unit"), fields, on=act_day(row, "on"), by=by)

    reads: dict[str, Read] = {
        "unit": units,
        "period": period_cell,
        "amount": number_cell,
        "basis": basis,
        "on": act_day,
        "illustrative": flag_cell,
    }
    return load_all(lines, load_row, reads=reads, faults=Faults(), progress=progress)
