"""Loading documents from a sheet, all or nothing."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from plenum.access.reach import reachable
from plenum.directives.actions.register_document import DocumentFields, register_document
from plenum.directives.models import Document
from plenum.directives.powers import READ
from plenum.directives.sheets import CellError, Cells, Progress, day_cell, flag_cell, load_all, no_progress
from plenum.journal.actor import Actor
from plenum.tree.models import Placement, Unit

COLUMNS = (
    "kind", "number", "symbol", "issuer_unit", "issuing_body", "date", "precision", "title", "illustrative",
)  # fmt: skip


def load_documents(
    rows: Iterable[Cells], *, by: Actor, on: date | None = None, progress: Progress | None = None
) -> list[Document]:
    """Register every document of a sheet with the columns `COLUMNS` in the register of its issuer.

    A document without an issuing unit goes into the register of the root. `on` is the day of the acts; left
    out, each document is registered on its own date, as papers of past years are. ValidationError lists all
    errors by line.
    """

    def load_row(cells: Cells) -> Document:
        day = _date(cells)
        fields = DocumentFields(
            kind=cells["kind"],
            number=cells["number"],
            symbol=cells["symbol"],
            issuing_body=cells["issuing_body"],
            day=day,
            precision=cells["precision"] or "day",
            title=cells["title"],
            illustrative=flag_cell(cells, "illustrative"),
        )
        issuer = _unit(cells["issuer_unit"], by, on or day)
        register = issuer or _root()
        if issuer is not None:
            fields = DocumentFields(**{**fields.__dict__, "issuer_id": issuer.pk})
        return register_document(register, fields, on=on or day, by=by)

    return load_all(rows, load_row, columns={"issuer": "issuer_unit"}, progress=progress or no_progress)


def _date(cells: Cells) -> date:
    written = cells["date"]
    if cells["precision"] == "year" and len(written) == 4 and written.isdecimal():
        return date(int(written), 1, 1)
    return day_cell(cells, "date")


def _unit(code: str, by: Actor, on: date) -> Unit | None:
    if not code:
        return None
    unit = reachable(by, READ, on).filter(code=code).first()
    if unit is None:
        raise CellError("issuer_unit", _("There is no unit “%(code)s”.") % {"code": code})
    return unit


def _root() -> Unit:
    placement = Placement.objects.filter(parent=None).select_related("unit").order_by("-span").first()
    if placement is None:
        raise CellError("issuer_unit", _("There are no units yet. Load them first."))
    return placement.unit
