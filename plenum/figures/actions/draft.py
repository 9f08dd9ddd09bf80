"""Entering, submitting and correcting a return: what the reporting unit does."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from plenum.access.reach import require
from plenum.figures import powers
from plenum.figures.actions.oblige import check_reportable, known_form
from plenum.figures.actions.turn import (
    change,
    next_state,
    record,
    refuse_other_edition,
    required_reason,
    step,
    take,
    writing,
)
from plenum.figures.models import Return, Version
from plenum.figures.queries.sheets import figures_before
from plenum.figures.rules import LARGEST_VALUE, Deed, Figures, Finding, Severity, State, errors, findings
from plenum.figures.wording import day, finding_sentence
from plenum.journal.actor import Actor
from plenum.packs import CheckKind, Form
from plenum.periods import Period


def save_draft(
    unit_id: int,
    form: str,
    period: Period,
    values: Mapping[str, int | None],
    *,
    illustrative: Collection[str] | None = None,
    remark: str | None = None,
    edition: int,
    sitting: str = "",
    on: date,
    by: Actor,
) -> Return:
    """Keep what has been entered so far, plausible or not; begins the return if ``edition`` is 0.

    ``sitting`` names the opened page: as long as nobody else has changed the return, the page may save again without
    having heard what came of its last saving.

    ``values`` by slot code: None clears a figure, a slot left out keeps what it had; likewise ``illustrative``
    (codes of marked slots) and ``remark`` when None. ValidationError: ``edition`` (`ReturnChanged`) when somebody
    else saved meanwhile (names who and when), a slot code for a figure out of range, ``period`` when the unit owes
    nothing for it.
    """
    with writing():
        require(by, powers.ENTER, unit_id, on)
        the_form = known_form(form)
        refuse_unfit(the_form, values)
        wanted = Return.objects.filter(unit_id=unit_id, form=form, period_code=period.code)
        returned = wanted.select_for_update().first()
        if returned is None:
            check_reportable(unit_id, form, period)
            returned = begun(unit_id, the_form, period)
        else:
            if not sitting or returned.sitting != sitting:
                refuse_other_edition(returned, edition)
            next_state(Deed.SAVE, returned)
        content = enter(returned, values, illustrative=illustrative, remark=remark, by=by)
        _write(returned, sitting, on=on, by=by)
        record(powers.SAVE_DRAFT, returned, powers.ENTER, content, on=on, by=by)
    return returned


def begun(unit_id: int, form: Form, period: Period) -> Return:
    """A return in which nothing stands yet; it is not written."""
    empty = Figures.of(form, {})
    return Return(
        unit_id=unit_id,
        form=form.code,
        period_code=period.code,
        first_month=period.start,
        month=period.last_month,
        edition=0,
        draft_values=list(empty.values),
        draft_illustrative=list(empty.illustrative),
    )


def enter(
    returned: Return,
    values: Mapping[str, int | None],
    *,
    illustrative: Collection[str] | None = None,
    remark: str | None = None,
    by: Actor,
) -> dict[str, Any]:
    """Put figures into the draft of a return, as in `save_draft`, and say what the journal will; nothing is written."""
    form, before = returned.form_of_pack, returned.draft
    after = _merged(form, before, values, illustrative)
    returned.draft_values, returned.draft_illustrative = list(after.values), list(after.illustrative)
    returned.remark = returned.remark if remark is None else remark.strip()
    returned.entered_by_id, returned.entered_by = by.account_id, by.label
    was, now = before.by_slot(form), after.by_slot(form)
    return {"figures": {code: [was[code], now[code]] for code in now if was[code] != now[code]}}


def refuse_unfit(form: Form, values: Mapping[str, int | None]) -> None:
    """ValidationError for what is no figure of the form, at its slot."""
    faults: dict[str, list[str]] = {}
    for code, value in values.items():
        if not form.has(code):
            faults.setdefault(NON_FIELD_ERRORS, []).append(
                _("This form has no such figure: %(slot)s.") % {"slot": code}
            )
        elif value is not None and not 0 <= value <= LARGEST_VALUE:
            kind, limit = ("negative", 0) if value < 0 else ("too_large", LARGEST_VALUE)
            faults[code] = [finding_sentence(Finding(kind, Severity.ERROR, (code,), value, limit), form)]
    if faults:
        raise ValidationError(faults)


def _merged(
    form: Form, before: Figures, values: Mapping[str, int | None], illustrative: Collection[str] | None
) -> Figures:
    marked = before.marked(form) if illustrative is None else frozenset(illustrative)
    return Figures.of(form, before.by_slot(form) | dict(values), marked)


def _write(returned: Return, sitting: str, *, on: date, by: Actor) -> None:
    """Write the draft; when another person has begun the same return a moment ago, say so."""
    if not returned._state.adding:
        change(returned, on=on, by=by, sitting=sitting)
        return
    try:
        with transaction.atomic():
            change(returned, on=on, by=by, sitting=sitting)
    except IntegrityError as error:
        raise ValidationError(
            {
                "period": _(
                    "There is already a return of this unit for some of these months. Reload the page; if there is "
                    "none, look for a return with another schedule."
                )
            }
        ) from error


def submit_return(return_id: int, *, edition: int | None = None, on: date, by: Actor) -> Return:
    """Submit the draft as a new version.

    ValidationError: by slot code for every check that fails (with both sides and the difference), ``remark`` when
    something unusual needs an explanation and there is none, ``edition`` as in `save_draft`, ``on`` when the last
    month of the period has not begun.
    """
    with writing():
        returned, _after = take(return_id, Deed.SUBMIT, powers.SUBMIT, edition=edition, on=on, by=by)
        before = figures_before(returned) if continues(returned.form_of_pack) else None
        refuse_unready(returned, before, on)
        version = next_version(returned, on=on, by=by)
        version.save(force_insert=True)
        step(returned, Deed.SUBMIT, version=returned.version, on=on, by=by, reason=returned.reason)
        record(powers.SUBMIT_RETURN, returned, powers.SUBMIT, submission(returned), on=on, by=by)
    return returned


def next_version(returned: Return, *, on: date, by: Actor) -> Version:
    """The draft of a return as its next version, with which the return is submitted; neither is written yet."""
    returned.version += 1
    returned.state = State.SUBMITTED
    returned.submitted_on = on
    returned.first_submitted_on = returned.first_submitted_on or on
    returned.sent_back_reason = ""
    return Version(
        of_return=returned,
        number=returned.version,
        values=returned.draft_values,
        illustrative=returned.draft_illustrative,
        remark=returned.remark,
        reason=returned.reason,
        entered_by_id=returned.entered_by_id,
        entered_by=returned.entered_by,
        submitted_by_id=by.account_id,
        submitted_by=by.label,
        on_date=on,
    )


def submission(returned: Return) -> dict[str, Any]:
    """What the journal says of a return that is submitted."""
    figures = returned.draft.by_slot(returned.form_of_pack)
    return {
        "version": returned.version,
        "figures": {code: value for code, value in figures.items() if value is not None},
    }


def continues(form: Form) -> bool:
    """Whether a form carries figures over from the period before, so that the two are compared."""
    return any(check.kind is CheckKind.BALANCE for check in form.checks)


def refuse_unready(returned: Return, before: Mapping[str, int | None] | None, on: date) -> None:
    """ValidationError when a draft cannot be submitted on a day, as `submit_return` says; ``before`` are the figures of
    the period before where the form continues them.
    """
    if on < returned.month:
        raise ValidationError(
            {
                "on": _(
                    "This return can be submitted from %(day)s, when the last month of its period begins."
                )
                % {"day": day(returned.month)}
            }
        )
    form = returned.form_of_pack
    found = findings(form, returned.draft.by_slot(form), before=before)
    faults: dict[str, list[str]] = {}
    for finding in errors(found):
        field = finding.slots[0] if finding.slots else NON_FIELD_ERRORS
        faults.setdefault(field, []).append(finding_sentence(finding, form))
    unusual = [finding for finding in found if finding.severity is Severity.WARNING]
    if unusual and not returned.remark:
        texts = " ".join(finding_sentence(finding, form) for finding in unusual)
        faults["remark"] = [_("Explain in a remark what is unusual.") + " " + texts]
    if faults:
        raise ValidationError(faults)


def withdraw_return(return_id: int, *, edition: int | None = None, on: date, by: Actor) -> Return:
    """Take back a submitted return before it is accepted, to change it."""
    with writing():
        returned, _after = take(return_id, Deed.WITHDRAW, powers.SUBMIT, edition=edition, on=on, by=by)
        returned.state = State.DRAFT
        step(returned, Deed.WITHDRAW, version=returned.version, on=on, by=by)
        record(powers.WITHDRAW_RETURN, returned, powers.SUBMIT, {"version": returned.version}, on=on, by=by)
    return returned


def correct_return(return_id: int, reason: str, *, edition: int | None = None, on: date, by: Actor) -> Return:
    """Begin a correction of an accepted return; the accepted figures stand until the correction is accepted.

    ValidationError ``reason`` when it is empty.
    """
    with writing():
        returned, _after = take(return_id, Deed.CORRECT, powers.SUBMIT, edition=edition, on=on, by=by)
        content = begin_correction(returned, reason)
        _lay_out_accepted(returned)
        step(returned, Deed.CORRECT, version=returned.version, on=on, by=by, reason=returned.reason)
        record(powers.CORRECT_RETURN, returned, powers.SUBMIT, content, on=on, by=by)
    return returned


def begin_correction(returned: Return, reason: str) -> dict[str, Any]:
    """Let an accepted return be a draft again, and say what the journal will; nothing is written."""
    returned.reason = required_reason(reason)
    returned.state = State.DRAFT
    return {"version": returned.accepted_version, "reason": returned.reason}


def _lay_out_accepted(returned: Return) -> None:
    accepted = returned.versions.get(number=returned.accepted_version or 0)
    returned.draft_values, returned.draft_illustrative = accepted.values, accepted.illustrative
    returned.remark = accepted.remark


def discard_draft(return_id: int, *, edition: int | None = None, on: date, by: Actor) -> Return | None:
    """Throw away a draft that was never submitted (None), or a correction: back to what is accepted."""
    with writing():
        returned, after = take(return_id, Deed.DISCARD, powers.ENTER, edition=edition, on=on, by=by)
        if after is None:
            record(powers.DISCARD_DRAFT, returned, powers.ENTER, {}, on=on, by=by)
            returned.delete()
            return None
        returned.state = after
        returned.reason = returned.sent_back_reason = ""
        _lay_out_accepted(returned)
        step(returned, Deed.DISCARD, version=returned.version, on=on, by=by)
        content = {"version": returned.accepted_version}
        record(powers.DISCARD_DRAFT, returned, powers.ENTER, content, on=on, by=by)
    return returned
