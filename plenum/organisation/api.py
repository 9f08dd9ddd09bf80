"""The API of units: find them, read one as on a day, read its journal, and the acts on it."""

from datetime import date
from typing import Annotated, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Router, Status
from pydantic import StringConstraints

from plenum.access.answers import Changed, Side
from plenum.access.programs import (
    DayIn,
    LineIn,
    Listed,
    PieceIn,
    ReasonIn,
    SearchIn,
    TextIn,
    Told,
    WordIn,
    lens,
    listed,
    listed_of,
    piece_of,
)
from plenum.access.reach import reachable, require
from plenum.access.requests import AuthedRequest, unit_for
from plenum.organisation import actions, queries
from plenum.organisation.actions import TakeBack
from plenum.organisation.powers import JOURNAL_READ, MOVE, READ
from plenum.organisation.rows import (
    ChildRow,
    DescentRow,
    FoundUnit,
    JournalRow,
    NodeRow,
    WholeUnit,
    child_row,
    descent_row,
    found_unit,
    journal_row,
    listed_unit,
    node_row,
    seen_above,
    seen_with,
    unit_row,
    whole_unit,
)
from plenum.tree.models import Unit
from plenum.tree.queries import children, descent, life, search, unit_view, units
from plenum.tree.turn import take_turn

router = Router()
MOST_HITS = 200


class FoundTold(Told):
    """A unit to found below another; the code is made from the name if it is left out."""

    name: LineIn
    kind: WordIn
    short: LineIn = ""
    code: WordIn | None = None
    since: DayIn | None = None
    until: DayIn | None = None


class UnitDeed(Told):
    """The edition of the unit that was read; 409 if it has changed since. Left out: whatever stands."""

    edition: Annotated[str, StringConstraints(pattern="^[0-9a-f]{20}$")] | None = None

    def fields(self) -> dict[str, Any]:
        """What the act is told."""
        return self.model_dump(exclude={"edition"})


class RenameTold(UnitDeed):
    """Another name from a day; from today if none is given."""

    name: LineIn
    short: LineIn = ""
    since: DayIn | None = None
    reason: TextIn = ""


class CorrectNameTold(UnitDeed):
    """The name of a day (of today if none is given) as it should be written."""

    name: LineIn
    short: LineIn = ""
    of: DayIn | None = None
    reason: ReasonIn


class KindTold(UnitDeed):
    """Another kind from a day; from today if none is given."""

    kind: WordIn
    since: DayIn | None = None
    reason: TextIn = ""


class MoveTold(UnitDeed):
    """Another superior unit from a day; from today if none is given."""

    parent: WordIn
    since: DayIn | None = None
    reason: TextIn = ""


class DissolveTold(UnitDeed):
    """The first day without the unit; today if none is given."""

    since: DayIn | None = None
    reason: TextIn = ""


class TakeBackTold(UnitDeed):
    """Which change is taken back, and why."""

    what: TakeBack
    reason: ReasonIn


@router.get(
    "/units",
    response=Listed[FoundUnit],
    operation_id="list_units",
    summary="List or search units",
    openapi_extra=lens("as_of"),
)
def list_units(
    request: AuthedRequest,
    piece: PieceIn,
    q: SearchIn = "",
    kind: WordIn | None = None,
    under: WordIn | None = None,
) -> Any:
    """The units that you may see and that live on the day, by name. `q` searches names of any time and codes,
    at most 200 hits, the best first; `under` is a unit that they stand below, itself included.
    """
    top = unit_for(request, under, READ) if under is not None else None
    today, as_of = request.lens.today, request.lens.as_of
    living = units(as_of, kind=kind, under=top)
    if q.strip():
        within = queries.reachable_units(request.actor, today)
        hits = search(q, as_of, within, most=MOST_HITS)
        wanted = None if kind is None and under is None else {view.id for view in living}
        hits = [hit for hit in hits if wanted is None or hit.unit.id in wanted]
        seen = seen_with(hits, request.actor, today)
        return listed_of([found_unit(hit, seen) for hit in hits], piece)
    asked = {view.id for view in living} | {view.parent_id for view in living if view.parent_id is not None}
    seen = queries.in_reach(request.actor, today, asked)
    return listed_of([listed_unit(view, seen) for view in living if view.id in seen], piece)


@router.get(
    "/tree",
    response=list[NodeRow],
    operation_id="read_tree",
    summary="The tree from where I stand",
    openapi_extra=lens("as_of"),
)
def tree(request: AuthedRequest, open: WordIn | None = None) -> Any:
    """The highest units that you may see with those below them; opened down to the unit `open`."""
    opened = unit_for(request, open, READ) if open is not None else None
    nodes = queries.tree(request.actor, request.lens.today, request.lens.as_of, opened)
    above = seen_above([node.view for node in nodes], request.actor, request.lens.today)
    return [node_row(node, above) for node in nodes]


@router.get(
    "/units/{code}",
    response=WholeUnit,
    operation_id="read_unit",
    summary="One unit with its names, lineage and history",
    openapi_extra=lens("as_of"),
)
def read_unit(request: AuthedRequest, code: WordIn) -> Any:
    """Outside the life of the unit: as it was on its first or last day."""
    return _whole(request, unit_for(request, code, READ), request.lens.as_of)


@router.get(
    "/units/{code}/lineage",
    response=DescentRow,
    operation_id="read_lineage",
    summary="All that a unit came from and went on in",
    openapi_extra=lens("as_of"),
)
def read_lineage(request: AuthedRequest, code: WordIn) -> Any:
    """Over all reforms, with the share of what was divided; names as on the day looked at."""
    unit = unit_for(request, code, READ)
    return descent_row(descent(unit.pk, request.lens.as_of), request.actor, request.lens.today)


@router.get(
    "/units/{code}/children",
    response=Listed[ChildRow],
    operation_id="list_children",
    summary="The units directly below one",
    openapi_extra=lens("as_of"),
)
def list_children(request: AuthedRequest, code: WordIn, piece: PieceIn, q: SearchIn = "") -> Any:
    """By name; `q` must be in the name or code. Those that have left your reach since have no code."""
    unit = unit_for(request, code, READ)
    standing = children(unit.pk, request.lens.as_of)
    seen = queries.in_reach(request.actor, request.lens.today, [unit.pk, *(view.id for view in standing)])
    found = queries.called(standing, q, seen)
    return listed_of([child_row(view, seen) for view in found], piece)


@router.get(
    "/units/{code}/journal",
    response=Listed[JournalRow],
    operation_id="read_journal",
    summary="What was done at a unit, newest first",
    openapi_extra=lens("as_of"),
)
def read_journal(
    request: AuthedRequest,
    code: WordIn,
    piece: PieceIn,
    below: bool = False,
    act: WordIn | None = None,
    q: SearchIn = "",
) -> Any:
    """With `below` also what was done at the units below it."""
    unit = unit_for(request, code, JOURNAL_READ)
    found = queries.journal(
        request.actor, request.lens.today, unit, below=below, act=act or "", text=q.strip()
    )
    total = found.count()
    lines = queries.journal_lines(piece_of(found, piece, total), request.lens.as_of)
    return listed([journal_row(line) for line in lines], piece, total)


@router.post(
    "/units/{code}/units",
    response={201: WholeUnit},
    operation_id="found_unit",
    summary="Found a unit below another",
)
def found(request: AuthedRequest, code: WordIn, told: FoundTold) -> Any:
    """The unit lives from `since`, today if it is left out; `until` is the first day without it."""
    parent = unit_for(request, code, READ)
    made = actions.found_unit(
        code=told.code or queries.free_code(told.name, parent.code),
        name=told.name,
        short=told.short,
        kind=told.kind,
        parent=parent,
        since=told.since,
        until=told.until,
        on=request.lens.today,
        by=request.actor,
    )
    return Status(201, _whole(request, made, told.since or request.lens.today))


@router.post(
    "/units/{code}/rename", response=WholeUnit, operation_id="rename_unit", summary="Give another name"
)
def rename(request: AuthedRequest, code: WordIn, told: RenameTold) -> Any:
    """The unit is called so until its next later renaming."""
    unit = _unit_as_read(request, code, told)
    actions.rename_unit(unit, on=request.lens.today, by=request.actor, **told.fields())
    return _whole(request, unit, told.since or request.lens.today)


@router.post(
    "/units/{code}/correct-name",
    response=WholeUnit,
    operation_id="correct_name",
    summary="Correct how a name is written",
)
def correct_name(request: AuthedRequest, code: WordIn, told: CorrectNameTold) -> Any:
    """No renaming: the unit was never called otherwise."""
    unit = _unit_as_read(request, code, told)
    actions.correct_name(unit, on=request.lens.today, by=request.actor, **told.fields())
    return _whole(request, unit, told.of or request.lens.today)


@router.post(
    "/units/{code}/change-kind", response=WholeUnit, operation_id="change_kind", summary="Give another kind"
)
def change_kind(request: AuthedRequest, code: WordIn, told: KindTold) -> Any:
    """The unit is of this kind until its next later change of kind."""
    unit = _unit_as_read(request, code, told)
    actions.change_kind(unit, on=request.lens.today, by=request.actor, **told.fields())
    return _whole(request, unit, told.since or request.lens.today)


@router.post(
    "/units/{code}/move",
    response=WholeUnit,
    operation_id="move_unit",
    summary="Place a unit under another",
)
def move(request: AuthedRequest, code: WordIn, told: MoveTold) -> Any:
    """All that stands below it goes along."""
    unit = _unit_as_read(request, code, told)
    view = unit_view(unit, request.lens.today)
    if view.parent_id is None:
        raise PermissionDenied
    require(request.actor, MOVE, view.parent_id, request.lens.today)
    actions.move_unit(
        unit,
        parent=_parent(request, told.parent),
        since=told.since,
        reason=told.reason,
        on=request.lens.today,
        by=request.actor,
    )
    return _whole(request, unit, told.since or request.lens.today)


@router.post("/units/{code}/dissolve", response=WholeUnit, operation_id="dissolve_unit", summary="End a unit")
def dissolve(request: AuthedRequest, code: WordIn, told: DissolveTold) -> Any:
    """No unit may stand below it on that day or later."""
    unit = _unit_as_read(request, code, told)
    actions.dissolve_unit(unit, on=request.lens.today, by=request.actor, **told.fields())
    return _whole(request, unit, request.lens.today)


@router.post(
    "/units/{code}/take-back",
    response=WholeUnit,
    operation_id="take_back_change",
    summary="Take back the last change of one sort",
)
def take_back(request: AuthedRequest, code: WordIn, told: TakeBackTold) -> Any:
    """The last renaming, change of kind or move, or the dissolution; what held before holds on."""
    unit = _unit_as_read(request, code, told)
    actions.take_back(unit, what=told.what, reason=told.reason, on=request.lens.today, by=request.actor)
    return _whole(request, unit, request.lens.today)


def _unit_as_read(request: AuthedRequest, code: str, told: UnitDeed) -> Unit:
    """The unit that an act is about. Raises Changed if it is not any more what the program has read."""
    unit = unit_for(request, code, READ)
    if told.edition is None:
        return unit
    take_turn()
    if told.edition == queries.edition_of(life(unit.pk)):
        return unit
    view = unit_view(unit, request.lens.today)
    now = unit_row(view, seen_above([view], request.actor, request.lens.today))
    mine = told.fields()
    sides = [
        Side(name, str(mine[name] or ""), str(now[name] or ""))
        for name in ("name", "short", "kind", "parent")
        if name in mine and mine[name] != now[name]
    ]
    raise Changed(now["name"], sides, back=reverse("organisation:unit", args=[code]))


def _whole(request: AuthedRequest, unit: Unit, as_of: date) -> WholeUnit:
    """The unit as on a day, and what the reader may know of others beside it."""
    return whole_unit(unit, as_of, request.actor, request.lens.today)


def _parent(request: AuthedRequest, code: str) -> Unit:
    """The unit to go under; one that may not be seen reads like one that is not there."""
    found = reachable(request.actor, READ, request.lens.today).filter(code=code).first()
    if found is None:
        raise ValidationError({"parent": [_("There is no such unit.")]})
    return found
