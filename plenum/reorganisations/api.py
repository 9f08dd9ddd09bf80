"""The API of reforms: draft one, rehearse it, approve, decide, execute and undo it, and the work that follows."""

from typing import Annotated, Any, Literal

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.translation import gettext as _
from ninja import Router, Status
from pydantic import Field, StringConstraints

from plenum.access.programs import (
    DayIn,
    EditionIn,
    LineIn,
    Listed,
    NumberIn,
    PieceIn,
    ReasonIn,
    SearchIn,
    Told,
    WordIn,
    listed,
    listed_of,
    piece_of,
)
from plenum.access.reach import require
from plenum.access.requests import AuthedRequest, unit_for
from plenum.reorganisations import actions
from plenum.reorganisations.difference_rows import ReformDifferenceRow, difference_row, unit_row
from plenum.reorganisations.models import Reform
from plenum.reorganisations.powers import PLAN, READ
from plenum.reorganisations.queries import (
    decisions_of,
    reform_view,
    reform_views,
    visible_reforms,
    work_for,
)
from plenum.reorganisations.queries.seen import seen, units_reached
from plenum.reorganisations.queries.sides import by_superior, chosen
from plenum.reorganisations.rows import (
    ReformRow,
    RehearsalRow,
    WholeReform,
    WorkRow,
    reform_row,
    rehearsal_row,
    whole_reform,
    work_rows,
)
from plenum.reorganisations.rules import Plan, Unreadable, from_data
from plenum.reorganisations.wording import faults_in_words
from plenum.tree.models import Unit

router = Router()

SortIn = Annotated[str, StringConstraints(pattern=r"^([a-z_]{1,30}\.[A-Za-z]{1,40})?$")]
"""A sort of objects, as `access.Grant`."""
SubjectIn = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,30}\.[A-Za-z]{1,40}:[1-9][0-9]{0,18}$")]
"""An object of the last rehearsal, as `access.Grant:12`."""
FateIn = Literal["founded", "merged", "split", "dissolved", "moved", "changes"]
"""What becomes of a unit."""
ChoiceIn = Annotated[str, StringConstraints(pattern=r"^(to:[-a-z0-9]{1,80}|finish|leave)$")]
"""What becomes of it."""


class PlanTold(Told):
    """A plan; its steps are written as in a plan that is a file, each a table that says what to `do`.

    `document` is the number of the registered document that is its legal basis.
    """

    code: WordIn
    title: LineIn
    on: DayIn
    basis: LineIn = ""
    payroll: dict[str, Any] | None = None
    document: NumberIn | None = None
    steps: list[dict[str, Any]] = Field(default_factory=list, max_length=5000)

    def plan(self, owner: str) -> Plan:
        """The plan; ValidationError names what cannot be read in it."""
        try:
            return from_data({**self.model_dump(exclude={"edition", "document"}), "owner": owner})
        except Unreadable as error:
            raise ValidationError({"steps": faults_in_words(error)}) from error


class ChangeTold(PlanTold):
    """Another plan, and the edition of the reform that was read; 409 if it has changed since."""

    edition: EditionIn


class Deed(Told):
    """The edition of the reform that was read; 409 if it has changed since. Left out: whatever stands."""

    edition: EditionIn | None = None


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


class Nothing(Told):
    """Nothing needs to be said."""


@router.get(
    "/reforms", response=Listed[ReformRow], operation_id="list_reforms", summary="Reforms, the latest first"
)
def list_reforms(request: AuthedRequest, piece: PieceIn) -> Any:
    """Those of units that one reaches, and those that concern such a unit."""
    today = request.lens.today
    found = visible_reforms(request.actor, today)
    total = found.count()
    return listed(
        [reform_row(view) for view in reform_views(piece_of(found, piece, total), today)], piece, total
    )


@router.get(
    "/reforms/{number}", response=WholeReform, operation_id="read_reform", summary="A reform with its plan"
)
def read_reform(request: AuthedRequest, number: NumberIn) -> Any:
    """How it stands, who has approved it, and every step."""
    return whole_reform(reform_view(_reform(request, number), request.lens.today))


@router.get(
    "/reforms/{number}/rehearsal",
    response=RehearsalRow,
    operation_id="read_rehearsal",
    summary="What the last rehearsal of a reform has found",
)
def read_rehearsal(request: AuthedRequest, number: NumberIn) -> Any:
    """404 if it was never rehearsed."""
    reform = _reform(request, number)
    rehearsal = reform_view(reform, request.lens.today).rehearsal
    if rehearsal is None:
        raise Http404
    reached = units_reached(rehearsal.report, reform.unit.code, request.actor, request.lens.today)
    return rehearsal_row(rehearsal, decisions_of(reform), reached)


@router.get(
    "/reforms/{number}/difference",
    response=ReformDifferenceRow,
    operation_id="read_difference",
    summary="What would be otherwise after a reform: units, figures, accounts, posts, sizes",
)
def read_difference(
    request: AuthedRequest,
    number: NumberIn,
    piece: PieceIn,
    fate: FateIn | None = None,
    superior: WordIn | None = None,
    search: SearchIn = "",
) -> Any:
    """Of its last rehearsal; 404 if it was never rehearsed. `units` are one piece of those asked for, by superior."""
    reform = _reform(request, number)
    view = reform_view(reform, request.lens.today)
    if view.rehearsal is None:
        raise Http404
    found = seen(view.rehearsal.difference, view.owner.code, request.actor, request.lens.today)
    units = by_superior(chosen(found.units, fate=fate or "", superior=superior or "", text=search))
    row = difference_row(found, decisions_of(reform))
    shown = [unit_row(unit) for unit in piece_of(units, piece, len(units))]
    return {**row, "units": shown, "units_count": len(units)}


@router.post(
    "/units/{code}/reforms",
    response={201: WholeReform},
    operation_id="draft_reform",
    summary="Draft a reform",
)
def draft_reform(request: AuthedRequest, code: WordIn, told: PlanTold) -> Any:
    """The unit answers for it; it changes only what stands below that unit."""
    unit = unit_for(request, code, READ)
    require(request.actor, PLAN, unit, request.lens.today)
    reform = actions.draft_reform(
        told.plan(unit.code), document_id=told.document, on=request.lens.today, by=request.actor
    )
    return Status(201, whole_reform(reform_view(reform, request.lens.today)))


@router.put(
    "/reforms/{number}", response=WholeReform, operation_id="change_reform", summary="Change the plan"
)
def change_reform(request: AuthedRequest, number: NumberIn, told: ChangeTold) -> Any:
    """Another plan in the place of the one before; whoever has approved it has to do so again."""
    reform = _planned(request, number)
    changed = actions.change_reform(
        reform.pk,
        told.plan(reform.unit.code),
        edition=told.edition,
        document_id=told.document if "document" in told.model_fields_set else reform.document_id,
        on=request.lens.today,
        by=request.actor,
    )
    return whole_reform(reform_view(changed, request.lens.today))


@router.post(
    "/reforms/{number}/take-back-change",
    response=WholeReform,
    operation_id="take_back_reform_change",
    summary="Undo the last change of the plan",
)
def take_back_reform_change(request: AuthedRequest, number: NumberIn, told: Deed) -> Any:
    """The plan of before comes back as the next edition; the last ones are kept for that."""
    _planned(request, number)
    changed = actions.take_back_change(number, edition=told.edition, on=request.lens.today, by=request.actor)
    return whole_reform(reform_view(changed, request.lens.today))


@router.post(
    "/reforms/{number}/rehearse",
    response=RehearsalRow,
    operation_id="rehearse_reform",
    summary="Rehearse a reform",
)
def rehearse_reform(request: AuthedRequest, number: NumberIn, told: Deed) -> Any:
    """Works it out on the tree as it is; nothing is changed by that."""
    reform = _planned(request, number)
    rehearsal = actions.rehearse_reform(number, edition=told.edition, on=request.lens.today, by=request.actor)
    return rehearsal_row(rehearsal, decisions_of(reform))


@router.post(
    "/reforms/{number}/submit", response=ReformRow, operation_id="submit_reform", summary="Ask for approvals"
)
def submit_reform(request: AuthedRequest, number: NumberIn, told: Deed) -> Any:
    """It has to be rehearsed, with nothing to put right."""
    _planned(request, number)
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
    _reform(request, number)
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
    _reform(request, number)
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
    _planned(request, number)
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
    _planned(request, number)
    actions.accept_proposals(
        number, of=told.of, edition=told.edition, on=request.lens.today, by=request.actor
    )
    return read_rehearsal(request, number)


@router.post(
    "/reforms/{number}/execute", response=ReformRow, operation_id="execute_reform", summary="Execute a reform"
)
def execute_reform(request: AuthedRequest, number: NumberIn, told: Deed) -> Any:
    """In one stroke, if everything is as it was rehearsed, approved and decided."""
    _reform(request, number)
    actions.execute_reform(number, edition=told.edition, on=request.lens.today, by=request.actor)
    return _row(request, number)


@router.post(
    "/reforms/{number}/undo", response=ReformRow, operation_id="undo_reform", summary="Undo a reform"
)
def undo_reform(request: AuthedRequest, number: NumberIn, told: UndoTold) -> Any:
    """Only before the first day on which it holds."""
    _reform(request, number)
    actions.undo_reform(number, reason=told.reason, on=request.lens.today, by=request.actor)
    return _row(request, number)


@router.get(
    "/work", response=Listed[WorkRow], operation_id="list_work", summary="What is to be done after reforms"
)
def list_work(request: AuthedRequest, piece: PieceIn, open: bool = True) -> Any:
    """At the units that one reaches; `open`: only what is not done yet."""
    found = work_for(request.actor, request.lens.today)
    return listed_of(work_rows(found.filter(done_on=None) if open else found), piece)


@router.post(
    "/work/{number}/finish", response=WorkRow, operation_id="finish_work", summary="Say that it is done"
)
def finish_work(request: AuthedRequest, number: NumberIn, told: Nothing) -> Any:
    """For the unit that was asked."""
    if not work_for(request.actor, request.lens.today).filter(pk=number).exists():
        raise Http404
    actions.finish_work(number, on=request.lens.today, by=request.actor)
    return work_rows(work_for(request.actor, request.lens.today).filter(pk=number))[0]


def _reform(request: AuthedRequest, number: int) -> Reform:
    found = (
        visible_reforms(request.actor, request.lens.today).select_related("unit").filter(pk=number).first()
    )
    if found is None:
        raise Http404
    return found


def _planned(request: AuthedRequest, number: int) -> Reform:
    """A reform that one may plan; for whoever only sees it, OutOfReach."""
    reform = _reform(request, number)
    require(request.actor, PLAN, reform.unit_id, request.lens.today)
    return reform


def _row(request: AuthedRequest, number: int) -> ReformRow:
    return reform_row(reform_view(_reform(request, number), request.lens.today))


def _asked(code: str) -> Unit:
    unit = Unit.objects.filter(code=code).first()
    if unit is None:
        text = _("There is no unit with the code %(code)s. Choose one that exists.")
        raise ValidationError({"unit": [text % {"code": code}]})
    return unit
