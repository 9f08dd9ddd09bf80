"""Taking a filled-in workbook over: all of it or nothing, by the same acts as the pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from plenum.figures.actions import ReturnChanged, save_draft, submit_return
from plenum.figures.actions.turn import writing
from plenum.figures.queries import Sheet, sheet
from plenum.figures.rules import Deed, State
from plenum.figures.wording import return_name
from plenum.figures.workbooks.below import below_for
from plenum.figures.workbooks.entries import REMARK, WHOLE, Entry, WorkbookRefused, sheets_for
from plenum.figures.workbooks.reading import Contents, read
from plenum.figures.workbooks.writing import place_of, sheet_names, written
from plenum.journal.actor import Actor
from plenum.packs import wording
from plenum.periods import Period
from plenum.tree.models import Unit

Faults = dict[str, dict[str, tuple[str, ...]]]


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: on which sheet, in which cell, and what."""

    sheet: str
    cell: str
    text: str


class NotTaken(Exception):
    """Nothing of the workbook was taken over; ``marked`` is the same workbook with everything that is wrong marked."""

    def __init__(self, faults: tuple[Fault, ...], marked: bytes) -> None:
        super().__init__("\n".join(f"{each.sheet}!{each.cell}: {each.text}" for each in faults))
        self.faults = faults
        self.marked = marked


@dataclass(frozen=True)
class Taken:
    """What became of one return: whether it was changed, and whether it was submitted."""

    name: str
    return_id: int | None
    changed: bool
    submitted: bool


def said_of(taken: Taken) -> str:
    """What became of one return, in a sentence."""
    if taken.submitted:
        return _("Submitted: %(return)s. The superior now accepts it or sends it back.") % {
            "return": taken.name
        }
    if taken.changed:
        return _("Draft saved: %(return)s.") % {"return": taken.name}
    return _("Nothing has changed: %(return)s.") % {"return": taken.name}


def form_of(unit: Unit, period: Period, language: str, on: date, *, by: Actor) -> bytes | None:
    """The workbook of what a unit owes for a period, as far as it has been filled in; None if it owes nothing.

    What units below have reported is in it as far as ``by`` reads them.
    """
    found = sheets_for(unit, period, on)
    if not found:
        return None
    with translation.override(language):
        entries = [Entry(each, each.edition) for each in found]
        return written(entries, language, below=below_for(unit, period, on, by))


def fill(
    body: bytes, unit: Unit, *, submit: bool = False, period: Period | None = None, on: date, by: Actor
) -> list[Taken]:
    """Take a workbook over: as drafts, or submitted at once.

    Raises WorkbookRefused for what is no form of this unit (and period), NotTaken with the marked workbook when
    something in it is wrong, or OutOfReach. What stands already as the workbook has it stays as it is: to send the same
    file twice changes nothing.
    """
    contents = read(body)
    stamp = contents.stamp
    if stamp.unit != unit.code:
        raise WorkbookRefused(_("This file is the form of another unit."))
    if period is not None and stamp.period != period:
        raise WorkbookRefused(
            _("This file is the form for another period: %(period)s.")
            % {"period": wording.period_name(stamp.period, wording.language(translation.get_language()))}
        )
    faults: Faults = {form: dict(found) for form, found in contents.faults.items()}
    taken: list[Taken] = []
    with writing():
        for each in stamp.returns:
            if each.form in contents.faults:
                continue
            try:
                with transaction.atomic():
                    taken.append(_take(contents, each.form, each.edition, unit, submit, on, by))
            except ReturnChanged as error:
                faults[each.form] = _both(sheet(unit.pk, each.form, stamp.period, on), contents, error)
            except ValidationError as error:
                faults[each.form] = _placed(error, contents.values[each.form])
        if faults:
            transaction.set_rollback(True)
    if faults:
        raise _not_taken(contents, unit, faults, on, by)
    return taken


def tried(
    body: bytes, unit: Unit, *, submit: bool, period: Period | None, on: date, by: Actor
) -> bytes | None:
    """The workbook with what would be wrong if it were taken over; None if nothing would. Nothing is taken."""
    with transaction.atomic():
        try:
            fill(body, unit, submit=submit, period=period, on=on, by=by)
        except NotTaken as refusal:
            return refusal.marked
        finally:
            transaction.set_rollback(True)
    return None


def _take(
    contents: Contents, form: str, edition: int, unit: Unit, submit: bool, on: date, by: Actor
) -> Taken:
    stamp, values, remark = contents.stamp, contents.values[form], contents.remarks[form]
    stands = sheet(unit.pk, form, stamp.period, on)
    name = return_name(stands.form, stands.period)
    same = stands.remark.split() == remark.split() and all(
        values[row.slot.code] == row.value for row in stands.rows
    )
    handed_in = stands.state in (State.SUBMITTED, State.ACCEPTED)
    if same and (handed_in or not submit or (stands.return_id is None and not any(values.values()))):
        return Taken(name, stands.return_id, changed=False, submitted=False)
    if same:
        number, edition = stands.return_id, stands.edition
    else:
        saved = save_draft(unit.pk, form, stamp.period, values, remark=remark, edition=edition, on=on, by=by)
        number, edition = saved.pk, saved.edition
    if submit and number is not None:
        submit_return(number, edition=edition, on=on, by=by)
    return Taken(name, number, changed=not same, submitted=submit)


def _both(stands: Sheet, contents: Contents, error: ReturnChanged) -> dict[str, tuple[str, ...]]:
    """Mine and theirs, in each cell where they differ."""
    values, language = contents.values[stands.form.code], wording.language(translation.get_language())
    found: dict[str, tuple[str, ...]] = {
        row.slot.code: (
            _("Somebody else has changed this meanwhile. Yours: %(mine)s. Theirs: %(theirs)s.")
            % {
                "mine": _number(values[row.slot.code], language),
                "theirs": _number(row.value, language),
            },
        )
        for row in stands.rows
        if values[row.slot.code] != row.value
    }
    if contents.remarks[stands.form.code].split() != stands.remark.split():
        found[REMARK] = (
            _("Somebody else has changed this meanwhile. Yours: %(mine)s. Theirs: %(theirs)s.")
            % {"mine": contents.remarks[stands.form.code] or "–", "theirs": stands.remark or "–"},
        )
    found[WHOLE] = (
        *error.messages,
        _("This file now has the edition that stands: put right what is marked, and send it again."),
    )
    return found


def _number(value: int | None, language: str) -> str:
    return "–" if value is None else wording.number(value, language)


def _placed(error: ValidationError, values: Mapping[str, object]) -> dict[str, tuple[str, ...]]:
    """What an act refused, at its cells; what has no cell belongs to the return as a whole."""
    if not hasattr(error, "error_dict"):
        return {WHOLE: tuple(error.messages)}
    found: dict[str, tuple[str, ...]] = {}
    for place, texts in error.message_dict.items():
        at = place if place in values or place == REMARK else WHOLE
        assert at or place in (NON_FIELD_ERRORS, "period", "on", "edition", "reason")
        found[at] = (*found.get(at, ()), *texts)
    return found


def _not_taken(contents: Contents, unit: Unit, faults: Faults, on: date, by: Actor) -> NotTaken:
    """The same workbook with marks. A return that somebody has changed gets the edition that stands: its reader has now
    seen both."""
    entries = []
    for each in contents.stamp.returns:
        stands = sheet(unit.pk, each.form, contents.stamp.period, on)
        seen = (
            stands.edition
            if WHOLE in faults.get(each.form, {}) and Deed.SAVE in stands.deeds
            else each.edition
        )
        entries.append(Entry(stands, seen, contents.typed[each.form]))
    names = sheet_names([entry.sheet.form for entry in entries])
    listed = tuple(
        Fault(name, place_of(entry.sheet.form, place), " ".join(texts))
        for entry, name in zip(entries, names, strict=True)
        for place, texts in faults.get(entry.sheet.form.code, {}).items()
    )
    language = wording.language(translation.get_language())
    below = below_for(unit, contents.stamp.period, on, by)
    return NotTaken(listed, written(entries, language, faults, below))
