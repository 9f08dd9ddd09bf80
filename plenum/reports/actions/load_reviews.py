"""Loading what officers wrote in review reports from a sheet, all or nothing."""

from collections.abc import Iterable

from django.conf import settings
from django.utils.translation import gettext as _

from plenum.access.reach import reachable
from plenum.directives.sheets import CellError, Cells, Progress, day_cell, flag_cell, load_all, no_progress
from plenum.journal.actor import Actor
from plenum.periods import Period, PeriodError
from plenum.reports.actions.save_review import write_review_section
from plenum.reports.models import Review
from plenum.reports.powers import READ
from plenum.reports.rules import NotReviewed, reviewed
from plenum.tree.models import Unit

COLUMNS = ("unit", "period", "section", "text", "on", "by", "illustrative")
LANGUAGE_COLUMN = "language"
"""May stand beside the others; without it, or empty, a text is in the language of the installation."""


def load_reviews(rows: Iterable[Cells], *, by: Actor, progress: Progress | None = None) -> list[Review]:
    """Write the section of every row of a sheet with the columns `COLUMNS`; `by` in a row names who wrote the text.

    ValidationError lists all errors by line and column; then nothing is written.
    """

    def load_row(cells: Cells) -> Review:
        day = day_cell(cells, "on")
        if not cells["text"]:
            raise CellError("text", _("Write the text of the section."))
        unit: Unit | None = reachable(by, READ, day).filter(code=cells["unit"]).first()
        if unit is None:
            raise CellError("unit", _("There is no unit “%(code)s”.") % {"code": cells["unit"]})
        return write_review_section(
            unit,
            _period(cells["period"]),
            cells["section"],
            cells["text"].replace("\\n", "\n"),
            language=cells.get(LANGUAGE_COLUMN) or settings.LANGUAGE_CODE,
            illustrative=flag_cell(cells, "illustrative"),
            written_by=cells["by"],
            on=day,
            by=by,
        )

    return load_all(rows, load_row, columns={}, progress=progress or no_progress)


def _period(written: str) -> Period:
    try:
        return reviewed(written)
    except (PeriodError, NotReviewed):
        raise CellError(
            "period", _("Write a quarter, half-year, nine months or year: 2023-Q1, 2023-H1, 2023-9M, 2023.")
        ) from None
