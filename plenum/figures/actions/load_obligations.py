"""Loading obligations from a file: everything or nothing."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from plenum.access.cells import UnitCells, day_cell, day_cell_or_none
from plenum.access.sheets import CellError, Cells, Faults, Progress, Read, Row, Sheet, load_all
from plenum.figures import powers
from plenum.figures.actions.oblige import oblige_unit
from plenum.figures.models import Obligation
from plenum.journal.actor import Actor
from plenum.periods import Span, SpanError

SHEET = Sheet(("unit", "form", "schedule", "from"), ("until",))
NAMED = {"": "unit"}


def load_obligations(
    rows: Iterable[Cells], *, on: date, by: Actor, progress: Progress | None = None
) -> list[Obligation]:
    """Oblige units as the rows say; ``until`` is the first day without.

    What a person loads is decided on the day `on`; the system obliges each on the row's ``from``. ValidationError
    lists every fault with its line and column, and nothing is written. ``progress`` is told rows done and in all.
    """
    lines = SHEET.numbered(rows)
    units = UnitCells(lines, "unit", powers=[powers.READ, powers.OBLIGE], by=by, on=on)

    def load_row(row: Row) -> Obligation:
        span = _span(row)
        return oblige_unit(
            units(row, "unit").pk,
            row["form"],
            row["schedule"],
            span,
            on=span.start if by.is_system else on,
            by=by,
        )

    reads: dict[str, Read] = {"unit": units, "from": day_cell, "until": day_cell_or_none}
    return load_all(lines, load_row, reads=reads, faults=Faults(NAMED), progress=progress)


def _span(row: Cells) -> Span:
    try:
        return Span(day_cell(row, "from"), day_cell_or_none(row, "until"))
    except SpanError:
        raise CellError("until", _("An obligation must end after it begins.")) from None
