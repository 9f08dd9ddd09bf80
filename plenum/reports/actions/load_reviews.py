"""Loading what officers wrote in review reports from a sheet, all or nothing."""

from collections.abc import Iterable
from datetime import date
from functools import partial

from django.conf import settings
from django.utils.translation import gettext as _

from plenum.access.cells import UnitCells, act_day_cell, author_cell, flag_cell
from plenum.access.sheets import CellError, Cells, Faults, Progress, Read, Row, Sheet, load_all
from plenum.journal.actor import Actor
from plenum.periods import Period, PeriodError
from plenum.reports.actions.save_review import write_review_section
from plenum.reports.models import Review
from plenum.reports.powers import READ
from plenum.reports.rules import NotReviewed, reviewed

SHEET = Sheet(("unit", "period", "section", "text"), ("language", "on", "by", "illustrative"))


def load_reviews(
    rows: Iterable[Cells], *, on: date, by: Actor, progress: Progress | None = None
) -> list[Review]:
    """Write the section of every row of a sheet; without a `language`, in that of the installation.

    What a person loads is written on the day `on` and in their own name; the system says in `on` and `by` who wrote it
    when. ValidationError lists all faults by line and column; then nothing is written.
    """
    lines = SHEET.numbered(rows)
    units = UnitCells(lines, "unit", powers=[READ], by=by, on=on)
    act_day, author = partial(act_day_cell, on=on, by=by), partial(author_cell, by=by)

    def load_row(row: Row) -> Review:
        return write_review_section(
            units(row, "unit"),
            _period(row, "period"),
            row["section"],
            _text(row, "text"),
            language=row["language"] or settings.LANGUAGE_CODE,
            illustrative=flag_cell(row, "illustrative"),
            written_by=author(row, "by"),
            on=act_day(row, "on"),
            by=by,
        )

    reads: dict[str, Read] = {
        "unit": units,
        "period": _period,
        "text": _text,
        "on": act_day,
        "by": author,
        "illustrative": flag_cell,
    }
    return load_all(lines, load_row, reads=reads, faults=Faults(), progress=progress)


def _text(row: Cells, column: str) -> str:
    if not row[column]:
        raise CellError(column, _("Write the text of the section."))
    return row[column].replace("\\n", "\n")


def _period(row: Cells, column: str) -> Period:
    try:
        return reviewed(row[column])
    except (PeriodError, NotReviewed):
        text = _("Write a quarter, half-year, nine months or year: 2023-Q1, 2023-H1, 2023-9M, 2023.")
        raise CellError(column, text) from None
