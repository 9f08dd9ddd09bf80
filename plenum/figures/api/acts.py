"""Writes: fill in a return, submit it, accept it or send it back, correct it; decide who owes what."""

from collections.abc import Callable
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.translation import gettext as _
from ninja import Status
from pydantic import Field

from plenum.access.programs import (
    DayIn,
    EditionIn,
    NumberIn,
    PeriodIn,
    ReasonIn,
    TextIn,
    Told,
    WordIn,
)
from plenum.access.requests import AuthedRequest, unit_for
from plenum.figures.actions import (
    accept_return,
    correct_return,
    discard_draft,
    end_obligation,
    oblige_unit,
    save_draft,
    send_back,
    submit_return,
    withdraw_return,
)
from plenum.figures.api.routing import returned, router, sheet_of
from plenum.figures.models import Return
from plenum.figures.powers import READ
from plenum.figures.queries import owed_by
from plenum.figures.rows import EntrySheet, ObligationRow, OneReturn, entry_sheet, owed_row
from plenum.figures.rules import LARGEST_VALUE
from plenum.periods import Span

Count = Annotated[int, Field(ge=0, le=LARGEST_VALUE, strict=True)]


class DraftTold(Told):
    """Figures by slot: null clears one, a slot left out keeps what it had.

    `edition` is that of the draft that was read, 0 when nothing has been entered yet.
    """

    figures: dict[WordIn, Count | None] = Field(max_length=200)
    edition: EditionIn
    remark: TextIn | None = None


class DeedTold(Told):
    """The edition of the return that was read; 409 if it has changed since. Left out: whatever stands."""

    edition: EditionIn | None = None


class DeedWithReason(DeedTold):
    """The edition that was read, and why."""

    reason: ReasonIn


class ObligationTold(Told):
    """Which form a unit is to owe, by which schedule, from a day, through a last day if one is known."""

    form: WordIn
    schedule: WordIn
    start: DayIn
    last_day: DayIn | None = None


class EndObligationTold(Told):
    """The last day of an obligation."""

    last_day: DayIn


@router.put(
    "/units/{code}/returns/{form}/{period}",
    response=EntrySheet,
    operation_id="save_draft",
    summary="Keep what has been entered so far",
)
def save(request: AuthedRequest, code: WordIn, form: WordIn, period: PeriodIn, told: DraftTold) -> Any:
    """Plausible or not; the first saving begins the return."""
    unit = unit_for(request, code, READ)
    sheet_of(request, unit, form, period)
    save_draft(
        unit.pk,
        form,
        period,
        told.figures,
        remark=told.remark,
        edition=told.edition,
        on=request.lens.today,
        by=request.actor,
    )
    return entry_sheet(sheet_of(request, unit, form, period))


@router.post(
    "/returns/{number}/submit", response=OneReturn, operation_id="submit_return", summary="Submit a return"
)
def submit(request: AuthedRequest, number: NumberIn, told: DeedTold) -> Any:
    """Every check must hold; what is unusual needs a remark."""
    return _done(request, number, submit_return, edition=told.edition)


@router.post(
    "/returns/{number}/withdraw",
    response=OneReturn,
    operation_id="withdraw_return",
    summary="Take back a submitted return before it is accepted",
)
def withdraw(request: AuthedRequest, number: NumberIn, told: DeedTold) -> Any:
    """It can then be changed again."""
    return _done(request, number, withdraw_return, edition=told.edition)


@router.post(
    "/returns/{number}/accept", response=OneReturn, operation_id="accept_return", summary="Accept a return"
)
def accept(request: AuthedRequest, number: NumberIn, told: DeedTold) -> Any:
    """From today its figures count for the unit and everything above it."""
    return _done(request, number, accept_return, edition=told.edition)


@router.post(
    "/returns/{number}/send-back",
    response=OneReturn,
    operation_id="send_back_return",
    summary="Send a return back with a reason",
)
def send(request: AuthedRequest, number: NumberIn, told: DeedWithReason) -> Any:
    """The unit then changes it and submits it again."""
    return _done(request, number, send_back, told.reason, edition=told.edition)


@router.post(
    "/returns/{number}/correct",
    response=OneReturn,
    operation_id="correct_return",
    summary="Begin a correction of an accepted return",
)
def correct(request: AuthedRequest, number: NumberIn, told: DeedWithReason) -> Any:
    """The accepted figures stand until the correction is accepted."""
    return _done(request, number, correct_return, told.reason, edition=told.edition)


@router.post(
    "/returns/{number}/discard",
    response={200: OneReturn, 204: None},
    operation_id="discard_draft",
    summary="Throw away a draft or a correction",
)
def discard(request: AuthedRequest, number: NumberIn, told: DeedTold) -> Any:
    """A draft that was never submitted is gone (204); of a correction what was accepted is left."""
    returned(request, number)
    left = discard_draft(number, edition=told.edition, on=request.lens.today, by=request.actor)
    return Status(204, None) if left is None else Status(200, returned(request, number))


@router.post(
    "/units/{code}/obligations",
    response={201: ObligationRow},
    operation_id="oblige_unit",
    summary="Let a unit owe a return",
)
def oblige(request: AuthedRequest, code: WordIn, told: ObligationTold) -> Any:
    """Nobody on one line of the tree owes the same figure twice."""
    unit = unit_for(request, code, READ)
    if told.last_day is not None and told.last_day < told.start:
        said = _("The last day lies before the first. Choose a later day.")
        raise ValidationError({"last_day": [said]})
    span = Span(told.start) if told.last_day is None else Span.through(told.start, told.last_day)
    made = oblige_unit(unit.pk, told.form, told.schedule, span, on=request.lens.today, by=request.actor)
    return Status(201, _obligation(request, unit.pk, unit.code, made.pk))


@router.post(
    "/units/{code}/obligations/{number}/end",
    response=ObligationRow,
    operation_id="end_obligation",
    summary="Let an obligation end",
)
def end(request: AuthedRequest, code: WordIn, number: NumberIn, told: EndObligationTold) -> Any:
    """Refused when there are returns for later periods."""
    unit = unit_for(request, code, READ)
    _obligation(request, unit.pk, unit.code, number)
    end_obligation(number, told.last_day, on=request.lens.today, by=request.actor)
    return _obligation(request, unit.pk, unit.code, number)


def _done(
    request: AuthedRequest, number: int, act: Callable[..., Return], *reason: str, edition: int | None
) -> OneReturn:
    """Carry out a deed on a return that may be seen."""
    returned(request, number)
    act(number, *reason, edition=edition, on=request.lens.today, by=request.actor)
    return returned(request, number)


def _obligation(request: AuthedRequest, unit_id: int, code: str, number: int) -> ObligationRow:
    for each in owed_by(unit_id, request.lens.today):
        if each.id == number:
            return owed_row(each, code)
    raise Http404
