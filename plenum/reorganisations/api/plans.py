"""The API of reforms: list and read them, what a rehearsal found, draft and change a plan."""

from typing import Any, Literal

from django.core.exceptions import ValidationError
from django.http import Http404
from ninja import Status
from pydantic import Field

from plenum.access.programs import (
    DayIn,
    EditionIn,
    LineIn,
    Listed,
    NumberIn,
    PieceIn,
    SearchIn,
    Told,
    WordIn,
    listed,
    piece_of,
)
from plenum.access.reach import require
from plenum.access.requests import AuthedRequest, unit_for
from plenum.reorganisations import actions
from plenum.reorganisations.api.routing import Deed, planned, reform_for, router
from plenum.reorganisations.difference_rows import ReformDifferenceRow, difference_row, unit_row
from plenum.reorganisations.powers import PLAN, READ
from plenum.reorganisations.queries import (
    decisions_of,
    listed_reforms,
    reform_view,
    reform_views,
    reforms_numbered,
    visible_reforms,
)
from plenum.reorganisations.queries.seen import seen, units_reached
from plenum.reorganisations.queries.sides import by_superior, chosen
from plenum.reorganisations.rows import (
    ReformRow,
    RehearsalRow,
    WholeReform,
    reform_row,
    rehearsal_row,
    whole_reform,
)
from plenum.reorganisations.rules import Plan, Unreadable, from_data
from plenum.reorganisations.wording import faults_in_words

FateIn = Literal["founded", "merged", "split", "dissolved", "moved", "changes"]
"""What becomes of a unit."""
StateIn = Literal["draft", "submitted", "approved", "executed", "undone"]
OrderIn = Literal["newest", "oldest", "title"]


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


@router.get(
    "/reforms", response=Listed[ReformRow], operation_id="list_reforms", summary="Reforms, the latest first"
)
def list_reforms(
    request: AuthedRequest,
    piece: PieceIn,
    search: SearchIn = "",
    state: StateIn | None = None,
    order: OrderIn = "newest",
) -> Any:
    """Those of units that one reaches, and those that concern such a unit; `search`: words of title or code."""
    today = request.lens.today
    found = listed_reforms(visible_reforms(request.actor, today), text=search, state=state or "", order=order)
    views = reform_views(reforms_numbered(piece_of(found, piece, len(found))), today)
    return listed([reform_row(view) for view in views], piece, len(found))


@router.get(
    "/reforms/{number}", response=WholeReform, operation_id="read_reform", summary="A reform with its plan"
)
def read_reform(request: AuthedRequest, number: NumberIn) -> Any:
    """How it stands, who has approved it, and every step."""
    return whole_reform(reform_view(reform_for(request, number), request.lens.today))


@router.get(
    "/reforms/{number}/rehearsal",
    response=RehearsalRow,
    operation_id="read_rehearsal",
    summary="What the last rehearsal of a reform has found",
)
def read_rehearsal(request: AuthedRequest, number: NumberIn) -> Any:
    """404 if it was never rehearsed."""
    reform = reform_for(request, number)
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
    reform = reform_for(request, number)
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
    """The unit answers for it; it changes only what stands below that unit. The code of an undone one drafts that."""
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
    reform = planned(request, number)
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
    planned(request, number)
    changed = actions.take_back_change(number, edition=told.edition, on=request.lens.today, by=request.actor)
    return whole_reform(reform_view(changed, request.lens.today))
