"""Loading documents from a sheet, all or nothing."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.utils.translation import gettext as _

from plenum.access.cells import UnitCells, day_cell, flag_cell
from plenum.access.sheets import CellError, Cells, Faults, Progress, Read, Row, Sheet, load_all
from plenum.directives.actions.register_document import DocumentFields, register_document
from plenum.directives.models import Document
from plenum.directives.powers import READ
from plenum.journal.actor import Actor
from plenum.tree.models import Placement, Unit

SHEET = Sheet(
    ("kind", "number", "issuer_unit", "date", "title"),
    ("symbol", "issuing_body", "precision", "illustrative"),
)
NAMED = {"issuer": "issuer_unit"}


def load_documents(
    rows: Iterable[Cells], *, on: date, by: Actor, progress: Progress | None = None
) -> list[Document]:
    """Register every document of a sheet in the register of its issuer.

    A document without an issuing unit goes into the register of the root. What a person loads is registered on the day
    `on`; the system registers each on its own date, as papers of past years are. ValidationError lists all faults by
    line and column.
    """
    lines = SHEET.numbered(rows)
    units = UnitCells(lines, "issuer_unit", powers=[READ], by=by, on=on)

    def load_row(row: Row) -> Document:
        day = _date(row, "date")
        issuer = units.or_none(row, "issuer_unit")
        fields = DocumentFields(
            kind=row["kind"],
            number=row["number"],
            symbol=row["symbol"],
            issuing_body=row["issuing_body"],
            day=day,
            precision=row["precision"] or "day",
            title=row["title"],
            illustrative=flag_cell(row, "illustrative"),
        )
        if issuer is not None:
            fields = replace(fields, issuer_id=issuer.pk)
        return register_document(issuer or _root(), fields, on=day if by.is_system else on, by=by)

    reads: dict[str, Read] = {"issuer_unit": units.or_none, "date": _date, "illustrative": flag_cell}
    return load_all(
        lines, load_row, reads=reads, faults=Faults(NAMED, out_of_reach="issuer_unit"), progress=progress
    )


def _date(row: Cells, column: str) -> date:
    if row["precision"] == "year" and len(row[column]) == len("2023"):
        return day_cell({column: f"{row[column]}-01-01"}, column)
    return day_cell(row, column)


def _root() -> Unit:
    placement = Placement.objects.filter(parent=None).select_related("unit").order_by("-span").first()
    if placement is None:
        raise CellError("issuer_unit", _("There are no units yet. Load them first."))
    return placement.unit
