"""Taking a workbook of many units over: all of it or nothing, by one act with the checks of a single return."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import IO

from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from plenum.figures.actions.collect import (
    MOST_FAULTS,
    Collected,
    NotCollected,
    Tally,
    collect_returns,
)
from plenum.figures.actions.turn import ReturnChanged, may_correct, may_save
from plenum.figures.models import Return
from plenum.figures.queries.workbooks import Named, figures_before_of, returns_of, units_collected
from plenum.figures.workbooks.entries import REASON, REMARK, WHOLE, WorkbookRefused
from plenum.figures.workbooks.filling import Fault
from plenum.figures.workbooks.many.layout import Marks, Stamp, place_of
from plenum.figures.workbooks.many.making import AT_ONCE, line_of, title_of
from plenum.figures.workbooks.many.reading import Many, Typed, values_in
from plenum.figures.workbooks.many.writing import Line, Wrong, write
from plenum.journal.actor import Actor
from plenum.packs import Form, wording
from plenum.periods import Period
from plenum.tree.models import Unit

Progress = Callable[[int, int, str], None]
MOST_MARKS = 2000
"""So many cells are marked; a spreadsheet with more notes than this is hard to open."""


class NoneTaken(Exception):
    """Nothing was taken over: what is wrong in the first rows that are wrong, and how many rows are wrong besides.

    ``mark`` writes the same workbook with everything that is listed marked.
    """

    def __init__(self, faults: tuple[Fault, ...], more: int, mark: Callable[[IO[bytes]], None]) -> None:
        language = wording.language(get_language())
        text = _("Nothing of this file was taken over. Mistakes that were found: %(count)s.") % {
            "count": wording.number(len(faults), language)
        }
        if more:
            text += " " + _(
                "Rows that are wrong as well and not marked: %(count)s. Put these right first."
            ) % {"count": wording.number(more, language)}
        super().__init__(text)
        self.faults = faults
        self.more = more
        self.mark = mark


@dataclass
class _Read:
    """The rows of a workbook as figures; which unit each is of and what it is called, and what cannot be read."""

    rows: list[Collected] = field(default_factory=list)
    row_of: dict[int, int] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    marks: Marks = field(default_factory=dict)
    more: int = 0


def said_of(tally: Tally) -> str:
    """What became of a workbook, in a sentence."""
    language = wording.language(get_language())
    if not tally.changed and not tally.submitted:
        text = _(
            "There was nothing to take over: every row is empty, or as it stands already. Rows: %(count)s."
        )
        return text % {"count": wording.number(tally.same, language)}
    return _("Drafts saved: %(changed)s. Returns submitted: %(submitted)s. Unchanged: %(same)s.") % {
        "changed": wording.number(tally.changed, language),
        "submitted": wording.number(tally.submitted, language),
        "same": wording.number(tally.same, language),
    }


def rows_in(body: bytes) -> int:
    """How many rows a workbook has; WorkbookRefused for what is no workbook of ours."""
    return Many(body).stamp.rows


def take(
    body: bytes,
    above: Unit,
    *,
    form: str | None = None,
    period: Period | None = None,
    submit: bool = False,
    only_try: bool = False,
    progress: Progress = lambda _done, _of, _what: None,
    on: date,
    by: Actor,
) -> Tally:
    """Take a workbook over: as drafts, or submitted at once; ``only_try``: nothing is taken either way.

    Raises WorkbookRefused for what is no workbook of the units below this one (for this form and period), NoneTaken
    when something in it is wrong, or OutOfReach. To send the same file twice changes nothing.
    """
    many = Many(body)
    _refuse_other(many.stamp, above, form, period)
    read = _read(many, progress)
    marks, more = read.marks, read.more
    try:
        tally = collect_returns(
            above,
            many.stamp.form,
            many.stamp.period,
            read.rows,
            submit=submit,
            only_weigh=only_try or bool(marks),
            progress=progress,
            on=on,
            by=by,
        )
    except NotCollected as refusal:
        more += refusal.more
        changed = {unit for unit, error in refusal.faults.items() if isinstance(error, ReturnChanged)}
        standing = returns_of(changed, many.stamp.form, many.stamp.period)
        by_unit = {row.unit_id: row for row in read.rows if row.unit_id in refusal.faults}
        for unit_id, error in refusal.faults.items():
            marks[read.row_of[unit_id]] = _placed(many, by_unit[unit_id], error, standing.get(unit_id))
    if not marks:
        return tally
    raise _none_taken(many, marks, read.names, more, above, on, by)


def _refuse_other(stamp: Stamp, above: Unit, form: str | None, period: Period | None) -> None:
    if stamp.unit != above.code:
        raise WorkbookRefused(_("This file is the form of another unit."))
    if form is not None and stamp.form != form:
        raise WorkbookRefused(_("This file is another form: %(form)s.") % {"form": stamp.sheet})
    if period is not None and stamp.period != period:
        raise WorkbookRefused(
            _("This file is the form for another period: %(period)s.")
            % {"period": wording.period_name(stamp.period, wording.language(get_language()))}
        )


def _read(many: Many, progress: Progress) -> _Read:
    """Every row as figures: what a whole country sends is some ten megabytes then."""
    read = _Read()
    lines, done = many.lines(), 0
    while batch := list(itertools.islice(lines, AT_ONCE)):
        codes = [line.code for line in batch]
        ids = dict(Unit.objects.filter(code__in=codes).values_list("code", "pk"))
        for line in batch:
            values, texts, faults = values_in(many, line)
            read.names[line.row] = line.name or line.code
            if line.code not in ids:
                faults[WHOLE] = (_("There is no unit “%(code)s”.") % {"code": line.code},)
            if faults and len(read.marks) < MOST_FAULTS:
                read.marks[line.row] = faults
            elif faults:
                read.more += 1
            else:
                unit_id = ids[line.code]
                read.row_of[unit_id] = line.row
                read.rows.append(Collected(unit_id, line.edition, values, texts[REMARK], texts[REASON]))
        done += len(batch)
        progress(done, many.stamp.rows, _("Rows read"))
    return read


def _placed(
    many: Many, row: Collected, error: ValidationError, returned: Return | None
) -> dict[str, tuple[str, ...]]:
    """What the act refused, at its cells; what has no cell belongs to the return as a whole."""
    found: dict[str, tuple[str, ...]] = {}
    if isinstance(error, ReturnChanged) and returned is not None:
        found = _both(many, row, returned)
        note = _("This file now has the edition that stands: put right what is marked, and send it again.")
        return {**found, WHOLE: (*error.messages, note)}
    told = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for place, texts in told.items():
        at = place if many.form.has(place) or place in (REMARK, REASON) else WHOLE
        found[at] = (*found.get(at, ()), *texts)
    return found


def _both(many: Many, row: Collected, returned: Return) -> dict[str, tuple[str, ...]]:
    """Mine and theirs, in each cell where they differ."""
    language = wording.language(get_language())
    text = _("Somebody else has changed this meanwhile. Yours: %(mine)s. Theirs: %(theirs)s.")

    def shown(value: int | None) -> str:
        return "–" if value is None else wording.number(value, language)

    theirs = returned.draft.by_slot(many.form)
    found: dict[str, tuple[str, ...]] = {
        slot.code: (text % {"mine": shown(mine), "theirs": shown(theirs[slot.code])},)
        for slot in many.form.slots
        if (mine := row.values[slot.number - 1]) != theirs[slot.code]
    }
    if row.remark.split() != returned.remark.split():
        found[REMARK] = (text % {"mine": row.remark or "–", "theirs": returned.remark or "–"},)
    return found


def _none_taken(
    many: Many, marks: Marks, names: dict[int, str], more: int, above: Unit, on: date, by: Actor
) -> NoneTaken:
    kept: Marks = {}
    room = MOST_MARKS
    for row in sorted(marks):
        if len(marks[row]) > room:
            break
        room -= len(marks[row])
        kept[row] = marks[row]
    more += len(marks) - len(kept)
    stamp, form = many.stamp, many.form
    listed = tuple(
        Fault(stamp.sheet, place_of(form, row, place), " ".join(texts))
        for row, places in kept.items()
        for place, texts in places.items()
    )

    wrong = [
        Wrong(names[row], row, place, "\n".join(texts))
        for row, places in kept.items()
        for place, texts in places.items()
    ]

    def mark(out: IO[bytes]) -> None:
        with translation.override(stamp.language):
            write(
                out,
                stamp,
                form,
                title_of(above, on),
                _marked(many, kept, above, on, by),
                wrong,
                more,
            )

    return NoneTaken(listed, more, mark)


def _marked(many: Many, marks: Marks, above: Unit, on: date, by: Actor) -> Iterator[Line]:
    """The rows as they were sent, with marks. A return that somebody has changed gets the edition that stands: its
    reader has now seen both."""
    stamp, form = many.stamp, many.form
    allowed = {unit.code: unit for unit in units_collected(by, above, stamp.form, stamp.period, on)}
    lines = many.lines()
    while batch := list(itertools.islice(lines, AT_ONCE)):
        ids = [allowed[line.code].id for line in batch if line.code in allowed]
        standing = returns_of(ids, form.code, stamp.period)
        before = figures_before_of(ids, form.code, stamp.period)
        for line in batch:
            unit = allowed.get(line.code, Named(0, line.code, line.name))
            yield _as_sent(
                line, unit, form, standing.get(unit.id), before.get(unit.id, {}), marks.get(line.row, {})
            )


def _as_sent(
    line: Typed,
    unit: Named,
    form: Form,
    returned: Return | None,
    before: dict[str, int | None],
    faults: dict[str, tuple[str, ...]],
) -> Line:
    stands = line_of(unit, form, returned, before)
    seen = WHOLE in faults and returned is not None and (may_save(returned) or may_correct(returned))
    return replace(
        stands,
        edition=stands.edition if seen else line.edition,
        cells=line.cells,
        remark=line.remark,
        reason=line.reason if stands.accepted else stands.reason,
        faults=faults,
    )
