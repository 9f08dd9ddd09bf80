"""The API of the work that follows reforms."""

from typing import Any, Literal

from django.db.models import QuerySet
from django.http import Http404
from ninja import Query, Schema

from plenum.access.programs import (
    Listed,
    NumberIn,
    PieceIn,
    SearchIn,
    Told,
    WordIn,
    listed,
    piece_of,
)
from plenum.access.requests import AuthedRequest
from plenum.reorganisations import actions
from plenum.reorganisations.api.routing import router
from plenum.reorganisations.models import Work
from plenum.reorganisations.queries import (
    count_by_state,
    narrowed_work,
    ordered_progress,
    ordered_work,
    progress,
    work_for,
)
from plenum.reorganisations.rows import WorkProgressRow, WorkRow, work_progress_row, work_rows


class Choice(Schema):
    """Which work is meant: of units with words in their names, after a reform, of a sort, of one unit (by code)."""

    search: SearchIn = ""
    reform: WordIn | None = None
    what: Literal["programme", "targets", "inspection", "returns", "people", "take_over"] | None = None
    unit: WordIn | None = None


ChoiceIn = Query[Choice]


class Nothing(Told):
    """Nothing needs to be said."""


@router.get(
    "/work", response=Listed[WorkRow], operation_id="list_work", summary="What is to be done after reforms"
)
def list_work(
    request: AuthedRequest,
    piece: PieceIn,
    choice: ChoiceIn,
    open: bool = True,
    order: Literal["unit", "what", "reform"] = "unit",
) -> Any:
    """At the units that one reaches; `open`: only what is not done yet."""
    found = _chosen(request, choice)
    found = found.filter(done_on=None) if open else found
    total = found.count()
    return listed(work_rows(piece_of(ordered_work(found, order), piece, total)), piece, total)


@router.get(
    "/work/units",
    response=Listed[WorkProgressRow],
    operation_id="list_work_progress",
    summary="How far each unit is with what is to be done after reforms",
)
def list_work_progress(
    request: AuthedRequest,
    piece: PieceIn,
    choice: ChoiceIn,
    state: Literal["todo", "current", "done"] | None = None,
    order: Literal["least", "most", "unit"] = "least",
) -> Any:
    """Of the units that one reaches those that have some; `state`: not begun, under way, or finished."""
    work = _chosen(request, choice)
    counts = count_by_state(work)
    total = counts[state] if state else sum(counts.values())
    found = ordered_progress(work, state=state, order=order)
    rows = progress(piece_of(found, piece, total), request.lens.today)
    return listed([work_progress_row(each) for each in rows], piece, total)


@router.post(
    "/work/{number}/finish", response=WorkRow, operation_id="finish_work", summary="Say that it is done"
)
def finish_work(request: AuthedRequest, number: NumberIn, told: Nothing) -> Any:
    """For the unit that was asked."""
    if not work_for(request.actor, request.lens.today).filter(pk=number).exists():
        raise Http404
    actions.finish_work(number, on=request.lens.today, by=request.actor)
    return work_rows(work_for(request.actor, request.lens.today).filter(pk=number))[0]


def _chosen(request: AuthedRequest, choice: Choice) -> QuerySet[Work]:
    return narrowed_work(
        work_for(request.actor, request.lens.today),
        text=choice.search,
        reform=choice.reform,
        what=choice.what,
        unit=choice.unit or "",
    )
