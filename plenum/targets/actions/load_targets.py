"""Loading targets from a sheet, all or nothing."""

from collections.abc import Iterable
from datetime import date

from plenum.directives.queries import DocumentAmbiguous, DocumentUnknown, find, readable
from plenum.directives.sheets import CellError, Cells, Progress, day_cell, flag_cell, load_all, no_progress
from plenum.journal.actor import Actor
from plenum.targets.actions.cells import number_cell, period_cell, unit_cell
from plenum.targets.actions.set_target import TargetFields, set_target
from plenum.targets.models import Target
from plenum.targets.powers import SET

COLUMNS = (
    "unit", "indicator", "period", "comparison", "amount", "basis", "given_to", "given_to_post", "on",
    "illustrative",
)  # fmt: skip


def load_targets(rows: Iterable[Cells], *, by: Actor, progress: Progress | None = None) -> list[Target]:
    """Set every target of a sheet with the columns `COLUMNS`, each on its own day `on`.

    basis: a number with its date (`880|2023-01-05`) or a symbol, of a document registered before; may be
    empty. ValidationError lists all errors by line and column; then nothing has been set.
    """

    def load_row(cells: Cells) -> Target:
        on = day_cell(cells, "on")
        unit = unit_cell(cells, SET, by, on)
        fields = TargetFields(
            indicator=cells["indicator"],
            period=period_cell(cells),
            comparison=cells["comparison"],
            amount=number_cell(cells, "amount"),
            basis_id=_basis(cells["basis"], by, on),
            given_to=cells["given_to"],
            given_to_post=cells["given_to_post"],
            illustrative=flag_cell(cells, "illustrative"),
        )
        return set_target(unit, fields, on=on, by=by)

    return load_all(rows, load_row, columns={}, progress=progress or no_progress)


def _basis(reference: str, by: Actor, on: date) -> int | None:
    if not reference:
        return None
    try:
        return find(reference, readable(by, on)).pk
    except (DocumentUnknown, DocumentAmbiguous) as error:
        raise CellError("basis", str(error)) from None
