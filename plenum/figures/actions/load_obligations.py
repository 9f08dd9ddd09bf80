"""Loading obligations from a file: everything or nothing."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from plenum.figures.actions.oblige import oblige_unit
from plenum.figures.actions.rows import FIRST_LINE, at, cell, read_day, said_in, units_by_code
from plenum.figures.models import Obligation
from plenum.journal.actor import Actor
from plenum.periods import Span, SpanError

COLUMNS = ("unit", "form", "schedule", "from", "until")


@transaction.atomic
def load_obligations(
    rows: Sequence[Mapping[str, str]], *, by: Actor, progress: Callable[[int, int], None] | None = None
) -> list[Obligation]:
    """Oblige units as the rows say; the day of each act is the row's ``from``, ``until`` is the first day without.

    All rows are looked at first: ValidationError lists every fault with its line (the heading is line 1) and
    column, and nothing is written. ``progress`` is told rows done and rows in all.
    """
    units = units_by_code(cell(row, "unit") for row in rows)
    faults: list[str] = []
    spans: list[Span] = []
    for line, row in enumerate(rows, start=FIRST_LINE):
        if cell(row, "unit") not in units:
            faults.append(at(line, "unit", _("There is no unit with this code.")))
        try:
            spans.append(_span(row))
        except _BadCell as bad:
            faults.append(at(line, bad.column, bad.text))
    if faults:
        raise ValidationError(faults)
    loaded: list[Obligation] = []
    for line, (row, span) in enumerate(zip(rows, spans, strict=True), start=FIRST_LINE):
        unit = units[cell(row, "unit")]
        try:
            loaded.append(
                oblige_unit(unit.pk, cell(row, "form"), cell(row, "schedule"), span, on=span.start, by=by)
            )
        except ValidationError as error:
            faults += [at(line, field or "unit", text) for field, text in said_in(error)]
        if progress:
            progress(len(loaded), len(rows))
    if faults:
        raise ValidationError(faults)
    return loaded


class _BadCell(ValueError):
    def __init__(self, column: str, text: str) -> None:
        self.column = column
        self.text = text
        super().__init__(text)


def _span(row: Mapping[str, str]) -> Span:
    days: dict[str, date | None] = {"until": None}
    for column in ("from", "until"):
        if column == "from" or cell(row, column):
            try:
                days[column] = read_day(row, column)
            except ValueError as error:
                raise _BadCell(column, str(error)) from error
    start = days["from"]
    assert start is not None
    try:
        return Span(start, days["until"])
    except SpanError as error:
        raise _BadCell("until", _("An obligation must end after it begins.")) from error
