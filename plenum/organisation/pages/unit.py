"""The page of a unit: what it is, what stands below it, its history."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from plenum.access.powers import GRANT, Power
from plenum.access.requests import AuthedRequest, signed_in, unit_for
from plenum.organisation import queries
from plenum.organisation.causes import causes
from plenum.organisation.lineage import lineage_of
from plenum.organisation.powers import DISSOLVE, FOUND, JOURNAL_READ, MOVE, READ, RENAME
from plenum.organisation.wording import kind_name
from plenum.tree.queries import Event, children, descent, history, unit_view, unit_views

LONGEST_SEARCH = 100
OF_LINEAGE = (Event.CAME_FROM, Event.WENT_ON_IN)
MANY = 20
"""From how many units below there is a search among them."""


@require_safe
@signed_in
def unit(request: AuthedRequest, code: str) -> HttpResponse:
    """What a unit is on the day looked at, what stands below it, and what happened to it over time."""
    found = unit_for(request, code, READ)
    as_of = request.lens.as_of
    view = unit_view(found, as_of)
    everything_below = children(view.id, as_of)
    text = request.GET.get("below", "").strip()[:LONGEST_SEARCH]
    within = queries.in_reach(request.actor, request.lens.today, [each.id for each in everything_below])
    sub_units = queries.called(everything_below, text, within)
    kind = request.GET.get("kind", "")
    groups = queries.by_kind(sub_units)
    events = history(view.id)
    kin = descent(view.id, as_of)
    near = {event.unit.id for event in events if event.unit}
    near |= {each.id for each in kin.units}
    near |= {view.parent_id} if view.parent_id else set()
    reasons = causes(
        request.actor,
        request.lens.today,
        {view.id, *(event.unit.id for event in events if event.unit and event.what in OF_LINEAGE)},
        {event.on for event in events},
    )
    acts = _held(request, found.pk, view.parent_id)
    seen = queries.in_reach(request.actor, request.lens.today, near) | within
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
            "any_illustrative": view.illustrative or any(each.illustrative for each in sub_units),
            "count": len(sub_units),
            "text": text,
            "is_long": len(everything_below) > MANY,
            "events": [
                (event, kind_name(event.before), kind_name(event.after), reasons.get(event.on))
                if event.what is Event.CHANGED_KIND
                else (event, event.before, event.after, reasons.get(event.on))
                for event in reversed(events)
            ],
            "lineage": lineage_of(kin, view.id, seen) if kin.bonds else None,
            "seen": seen,
            "acts": acts,
            "any_act": any(held for act, held in acts.items() if act != "journal"),
        },
    )


def _held(request: AuthedRequest, unit_id: int, parent_id: int | None) -> dict[str, bool]:
    """What the person may do with the unit today. One query."""
    asked: dict[str, tuple[Power, int | None]] = {
        "found": (FOUND, unit_id),
        "rename": (RENAME, unit_id),
        "dissolve": (DISSOLVE, unit_id),
        "move": (MOVE, parent_id),
        "journal": (JOURNAL_READ, unit_id),
        "grants": (GRANT, unit_id),
    }
    held = queries.held_at(request.actor, request.lens.today, asked)
    held["take_back"] = held["rename"] or held["move"] or held["dissolve"]
    return held
