"""The API of what is done with a reform: rehearse, approve, decide, execute, undo. A large one is done by a job."""

from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.translation import gettext as _
from ninja import Status
from pydantic import Field, StringConstraints

from plenum.access.programs import NumberIn, ReasonIn, Told, WordIn
from plenum.access.requests import AuthedRequest
from plenum.jobs.kinds import JobKind
from plenum.jobs.queries import job_view
from plenum.jobs.rows import JobRow, job_row
from plenum.reorganisations import actions
from plenum.reorganisations.api.plans import read_rehearsal
from plenum.reorganisations.api.routing import Deed, planned, reform_for, router
from plenum.reorganisations.jobs import EXECUTE_JOB, REHEARSE, UNDO_JOB, start_if_large
from plenum.reorganisations.models import Reform
from plenum.reorganisations.queries import decisions_of, reform_view
from plenum.reorganisations.rows import ReformRow, RehearsalRow, reform_row, rehearsal_row
from plenum.tree.models import Unit

SortIn = Annotated[str, StringConstraints(pattern=r"^([a-z_]{1,30}\.[A-Za-z]{1,40})?$")]
"""A sort of objects, as `access.Grant`."""
SubjectIn = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,30}\.[A-Za-z]{1,40}:[1-9][0-9]{0,18}$")]
"""An object of the last rehearsal, as `access.Grant:12`."""
ChoiceIn = Annotated[str, StringConstraints(pattern=r"^(to:[-a-z0-9]{1,80}|finish|leave)$")]
"""What becomes of it."""


class ApproveTold(Deed):
    """The unit for which is approved."""

    unit: WordIn


class WithdrawTold(Told):
    """The unit whose approval is taken back, and why."""

    unit: WordIn
    reason: ReasonIn


class DecideTold(Deed):
    """What was decided, by object."""

    decisions: dict[SubjectIn, ChoiceIn] = Field(min_length=1, max_length=5000)


class AcceptTold(Deed):
    """The sort of objects about which is decided; all if left out."""

    of: SortIn = ""


class UndoTold(Told):
    """Why it is undone."""

    reason: ReasonIn


@router.post(
    "/reforms/{number}/rehearse",
    response={200: RehearsalRow, 202: JobRow},
    operation_id="rehearse_reform",
    summary="Rehearse a reform",
)
def rehearse_reform(request: AuthedRequest, number: NumberIn, told: Deed) -> Any:
    """Works it out on the tree as it is; nothing is changed by that. A large one is left to a job: 202."""
    reform = planned(request, number)
    if started := _started(request, REHEARSE, reform, edition=told.edition):
        return started
    rehearsal = actions.rehearse_reform(number, edition=told.edition, on=request.lens.today, by=request.actor)
    return rehearsal_row(rehearsal, decisions_of(reform))


@router.post(
    "/reforms/{number}/submit", response=ReformRow, operation_id="submit_reform", summary="Ask for approvals"
)
def submit_reform(request: AuthedRequest, number: NumberIn, told: Deed) -> Any:
    """It has to be rehearsed, with nothing to put right."""
    planned(request, number)
    actions.submit_reform(number, edition=told.edition, on=request.lens.today, by=request.actor)
    return _row(request, number)


@router.post(
    "/reforms/{number}/approve",
    response=ReformRow,
    operation_id="approve_reform",
    summary="Approve for a unit",
)
def approve_reform(request: AuthedRequest, number: NumberIn, told: ApproveTold) -> Any:
    """Each unit that is asked approves for itself."""
    reform_for(request, number)
    unit = _asked(told.unit)
    actions.approve_reform(number, unit, edition=told.edition, on=request.lens.today, by=request.actor)
    return _row(request, number)


@router.post(
    "/reforms/{number}/withdraw-approval",
    response=ReformRow,
    operation_id="withdraw_approval",
    summary="Take the approval of a unit back",
)
def withdraw_approval(request: AuthedRequest, number: NumberIn, told: WithdrawTold) -> Any:
    """Possible until the reform is executed."""
    reform_for(request, number)
    unit = _asked(told.unit)
    actions.withdraw_approval(number, unit, reason=told.reason, on=request.lens.today, by=request.actor)
    return _row(request, number)


@router.post(
    "/reforms/{number}/decide",
    response=RehearsalRow,
    operation_id="decide_in_reform",
    summary="Decide what becomes of objects without an owner",
)
def decide_in_reform(request: AuthedRequest, number: NumberIn, told: DecideTold) -> Any:
    """All of them or none; an earlier decision is replaced."""
    planned(request, number)
    actions.decide(number, told.decisions, edition=told.edition, on=request.lens.today, by=request.actor)
    return read_rehearsal(request, number)


@router.post(
    "/reforms/{number}/accept-proposals",
    response=RehearsalRow,
    operation_id="accept_proposals",
    summary="Decide as proposed about everything that is not decided",
)
def accept_proposals(request: AuthedRequest, number: NumberIn, told: AcceptTold) -> Any:
    """What was decided before stays; `of`: only about objects of this sort, as `access.Grant`."""
    planned(request, number)
    actions.accept_proposals(
        number, of=told.of, edition=told.edition, on=request.lens.today, by=request.actor
    )
    return read_rehearsal(request, number)


@router.post(
    "/reforms/{number}/execute",
    response={200: ReformRow, 202: JobRow},
    operation_id="execute_reform",
    summary="Execute a reform",
)
def execute_reform(request: AuthedRequest, number: NumberIn, told: Deed) -> Any:
    """In one stroke, if everything is as it was rehearsed, approved and decided. A large one is left to a job: 202."""
    reform = reform_for(request, number)
    if started := _started(request, EXECUTE_JOB, reform, edition=told.edition):
        return started
    actions.execute_reform(number, edition=told.edition, on=request.lens.today, by=request.actor)
    return _row(request, number)


@router.post(
    "/reforms/{number}/undo",
    response={200: ReformRow, 202: JobRow},
    operation_id="undo_reform",
    summary="Undo a reform",
)
def undo_reform(request: AuthedRequest, number: NumberIn, told: UndoTold) -> Any:
    """Only before the first day on which it holds. A large one is left to a job: 202."""
    reform = reform_for(request, number)
    if started := _started(request, UNDO_JOB, reform, reason=told.reason):
        return started
    actions.undo_reform(number, reason=told.reason, on=request.lens.today, by=request.actor)
    return _row(request, number)


def _started(request: AuthedRequest, kind: JobKind, reform: Reform, **arguments: object) -> Any:
    """The answer that a job does it; None if it is to be done at once."""
    job = start_if_large(kind, reform, on=request.lens.today, by=request.actor, **arguments)
    if job is None:
        return None
    view = job_view(job.pk, request.actor, request.lens.today)
    if view is None:
        raise Http404
    return Status(202, job_row(view))


def _row(request: AuthedRequest, number: int) -> ReformRow:
    return reform_row(reform_view(reform_for(request, number), request.lens.today))


def _asked(code: str) -> Unit:
    unit = Unit.objects.filter(code=code).first()
    if unit is None:
        text = _("There is no unit with the code %(code)s. Choose one that exists.")
        raise ValidationError({"unit": [text % {"code": code}]})
    return unit
