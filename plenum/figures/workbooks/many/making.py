"""Making the workbook of the units below one: whose rows it has, what stands in them now and what was before."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import IO

from django.utils import translation
from django.utils.translation import gettext as _

from plenum.figures.actions.turn import may_correct, may_save
from plenum.figures.models import Return
from plenum.figures.queries.workbooks import Named, figures_before_of, returns_of, units_collected
from plenum.figures.wording import MISSING, state_name
from plenum.figures.workbooks.many.layout import Stamp, sheet_name
from plenum.figures.workbooks.many.writing import Line, write
from plenum.figures.workbooks.writing import STAMP_SHEET
from plenum.journal.actor import Actor
from plenum.packs import Form, pack
from plenum.periods import Period
from plenum.tree.models import Unit
from plenum.tree.queries import unit_view

AT_ONCE = 500
LARGE = 500
"""A workbook with more rows than this is made and taken over by a job."""

Progress = Callable[[int, int, str], None]


def file_name(unit: str, form: str, period: Period) -> str:
    """What the file is called."""
    return f"{unit}_{form}_{period.code}.xlsx"


def make(
    out: IO[bytes],
    above: Unit,
    form: str,
    period: Period,
    language: str,
    *,
    progress: Progress = lambda _done, _of, _what: None,
    on: date,
    by: Actor,
) -> int:
    """Write the workbook with what has been entered so far; how many rows it has, and nothing if there are none."""
    units = units_collected(by, above, form, period, on)
    if units:
        with translation.override(language):
            the_form = pack().forms[form]
            name = sheet_name(the_form, [STAMP_SHEET, _("Errors")])
            stamp = Stamp.new(above.code, form, period, language, name, len(units))
            write(out, stamp, the_form, title_of(above, on), _lines(units, the_form, period, progress))
    return len(units)


def title_of(above: Unit, on: date) -> str:
    """Whose units a workbook holds."""
    return f"{unit_view(above, on).name} ({above.code})"


def _lines(units: Sequence[Named], form: Form, period: Period, progress: Progress) -> Iterator[Line]:
    for start in range(0, len(units), AT_ONCE):
        batch = units[start : start + AT_ONCE]
        ids = [unit.id for unit in batch]
        standing = returns_of(ids, form.code, period)
        before = figures_before_of(ids, form.code, period)
        for unit in batch:
            yield line_of(unit, form, standing.get(unit.id), before.get(unit.id, {}))
        progress(start + len(batch), len(units), _("Rows written"))


def line_of(unit: Named, form: Form, returned: Return | None, before: dict[str, int | None]) -> Line:
    """The row of a unit as its return stands."""
    return Line(
        code=unit.code,
        name=unit.name,
        state=str(state_name(returned.state if returned else MISSING)),
        edition=returned.edition if returned else 0,
        closed=returned is not None and not may_save(returned),
        accepted=returned is not None and may_correct(returned),
        before=before,
        cells=returned.draft.by_slot(form) if returned else {},
        remark=returned.remark if returned else "",
        reason=returned.reason if returned else "",
    )
