"""The page of a unit: what it is, what stands below it, its history."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from plenum.access.powers import Power
from plenum.access.reach import reachable
from plenum.access.requests import AuthedRequest, signed_in, unit_for
from plenum.organisation import queries
from plenum.organisation.powers import DISSOLVE, FOUND, JOURNAL_READ, MOVE, READ, RENAME
from plenum.organisation.wording import kind_name
from plenum.tree.queries import Event, children, history, lineage, unit_view, unit_views


@require_safe
@signed_in
def unit(request: AuthedRequest, code: str) -> HttpResponse:
    """What a unit is on the day looked at, what stands below it, and what happened to it over time."""
    found = unit_for(request, code, READ)
    as_of = request.lens.as_of
    view = unit_view(found, as_of)
    sub_units = children(view.id, as_of)
    kind = request.GET.get("kind", "")
    groups = queries.by_kind(sub_units)
    events = history(view.id)
    relatives = lineage(view.id, as_of)
    near = {event.unit.id for event in events if event.unit}
    near |= {relative.unit.id for relative in (*relatives.predecessors, *relatives.successors)}
    near |= {view.parent_id} if view.parent_id else set()
    seen = set(
        reachable(request.actor, READ, request.lens.today).filter(pk__in=near).values_list("pk", flat=True)
    )
    parent = unit_views([view.parent_id], as_of).get(view.parent_id) if view.parent_id else None
    return render(
        request,
        "organisation/unit.html",
        {
            "unit": view,
            "door": "unit",
            "kind_name": kind_name(view.kind),
            "parent": parent,
            "groups": [group for group in groups if not kind or group.kind == kind],
            "all_groups": groups,
            "kind": kind,
            "count": len(sub_units),
            "events": [
                (event, kind_name(event.before), kind_name(event.after))
                if event.what is Event.CHANGED_KIND
                else (event, event.before, event.after)
                for event in reversed(events)
            ],
            "relatives": relatives,
            "seen": seen,
            "acts": _acts(request, found.pk, view.parent_id),
            "may_read_journal": _held(request, JOURNAL_READ, found.pk),
        },
    )


def _acts(request: AuthedRequest, unit_id: int, parent_id: int | None) -> dict[str, bool]:
    """Which acts on the unit the person may do today. At most four queries."""
    rename = _held(request, RENAME, unit_id)
    move = parent_id is not None and _held(request, MOVE, parent_id)
    dissolve = _held(request, DISSOLVE, unit_id)
    found = _held(request, FOUND, unit_id)
    back = rename or move or dissolve
    acts = {"found": found, "rename": rename, "move": move, "dissolve": dissolve, "take_back": back}
    return {**acts, "any": any(acts.values())}


def _held(request: AuthedRequest, power: Power, unit_id: int) -> bool:
    return reachable(request.actor, power, request.lens.today).filter(pk=unit_id).exists()
