"""Every fact of units over time: their strands, their lineage, and their history as events."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Any

from django.db.models import Q

from plenum.periods import Span
from plenum.tree.models import Ancestry, Lineage, Placement, Unit, UnitKind, UnitName
from plenum.tree.queries.views import UnitUnknown, UnitView, unit_views
from plenum.tree.rules import Held, Life, Name


class Event(StrEnum):
    """What happened to a unit."""

    FOUNDED = "founded"
    RENAMED = "renamed"
    CHANGED_KIND = "changed_kind"
    MOVED = "moved"
    DISSOLVED = "dissolved"
    CAME_FROM = "came_from"
    WENT_ON_IN = "went_on_in"


@dataclass(frozen=True)
class HistoryEvent:
    """One event of a unit's history.

    `before` and `after` are names, codes of kinds or codes of units, as the event has them; `unit` is the other unit
    that the event is about: the new superior, a predecessor, a successor.
    """

    on: date
    what: Event
    before: str = ""
    after: str = ""
    unit: UnitView | None = None


@dataclass(frozen=True)
class Relative:
    """A unit that another came from or went on in."""

    unit: UnitView
    on_date: date
    how: str


@dataclass(frozen=True)
class Relatives:
    """Where a unit came from and what became of it."""

    predecessors: tuple[Relative, ...] = ()
    successors: tuple[Relative, ...] = ()


def lives(unit_ids: Iterable[int]) -> dict[int, Life]:
    """Every fact of some units, each strand in order of time. Four queries."""
    wanted = list(unit_ids)
    names: dict[int, list[Held[Name]]] = defaultdict(list)
    for name in UnitName.objects.filter(unit__in=wanted).order_by("span"):
        names[name.unit_id].append(Held(Name(name.name, name.short, name.illustrative), name.span))
    kinds: dict[int, list[Held[str]]] = defaultdict(list)
    for kind in UnitKind.objects.filter(unit__in=wanted).order_by("span"):
        kinds[kind.unit_id].append(Held(kind.kind, kind.span))
    places: dict[int, list[Held[int | None]]] = defaultdict(list)
    for place in Placement.objects.filter(unit__in=wanted).order_by("span"):
        places[place.unit_id].append(Held(place.parent_id, place.span))
    return {
        unit.pk: Life(
            unit.code, unit.lifetime, tuple(names[unit.pk]), tuple(kinds[unit.pk]), tuple(places[unit.pk])
        )
        for unit in Unit.objects.filter(pk__in=wanted)
    }


def life(unit_id: int) -> Life:
    """Every fact of one unit; UnitUnknown if there is none."""
    try:
        return lives([unit_id])[unit_id]
    except KeyError:
        raise UnitUnknown(str(unit_id)) from None


def spans_below(unit_id: int, other_id: int) -> list[Span]:
    """The spans in which `other_id` is the unit itself or stands below it."""
    found = Ancestry.objects.filter(ancestor_id=unit_id, descendant_id=other_id)
    return list(found.values_list("span", flat=True))


def lineage(unit_id: int, as_of: date) -> Relatives:
    """Where a unit came from and what became of it. Two queries."""
    links = list(
        Lineage.objects.filter(Q(predecessor=unit_id) | Q(successor=unit_id)).order_by("on_date", "pk")
    )
    views = unit_views({link.predecessor_id for link in links} | {link.successor_id for link in links}, as_of)
    return Relatives(
        predecessors=tuple(
            Relative(views[link.predecessor_id], link.on_date, link.how)
            for link in links
            if link.successor_id == unit_id
        ),
        successors=tuple(
            Relative(views[link.successor_id], link.on_date, link.how)
            for link in links
            if link.predecessor_id == unit_id
        ),
    )


def history(unit_id: int) -> list[HistoryEvent]:
    """What happened to a unit, the oldest first. A constant number of queries; UnitUnknown if there is none."""
    facts = life(unit_id)
    links = list(Lineage.objects.filter(Q(predecessor=unit_id) | Q(successor=unit_id)))
    others = {place.value for place in facts.places if place.value is not None}
    others |= {link.predecessor_id for link in links} | {link.successor_id for link in links}
    views = _views_at_their_time(others, facts, links)
    events = [*_events_of_life(facts, views), *_events_of_lineage(unit_id, links, views)]
    order = list(Event)
    return sorted(events, key=lambda event: (event.on, order.index(event.what)))


def _events_of_life(facts: Life, views: dict[int, UnitView]) -> Iterator[HistoryEvent]:
    first = facts.places[0].value
    yield HistoryEvent(
        facts.span.start,
        Event.FOUNDED,
        after=facts.names[0].value.full,
        unit=views.get(first) if first else None,
    )
    for name_before, name in _changes(facts.names):
        yield HistoryEvent(name.span.start, Event.RENAMED, name_before.value.full, name.value.full)
    for kind_before, kind in _changes(facts.kinds):
        yield HistoryEvent(kind.span.start, Event.CHANGED_KIND, kind_before.value, kind.value)
    for place_before, place in _changes(facts.places):
        old, new = (views.get(held.value) if held.value else None for held in (place_before, place))
        yield HistoryEvent(
            place.span.start, Event.MOVED, old.name if old else "", new.name if new else "", unit=new
        )
    if facts.span.end is not None:
        yield HistoryEvent(facts.span.end, Event.DISSOLVED, before=facts.names[-1].value.full)


def _events_of_lineage(
    unit_id: int, links: Sequence[Lineage], views: dict[int, UnitView]
) -> Iterator[HistoryEvent]:
    for link in links:
        if link.successor_id == unit_id:
            other = views[link.predecessor_id]
            yield HistoryEvent(link.on_date, Event.CAME_FROM, before=other.name, unit=other)
        else:
            other = views[link.successor_id]
            yield HistoryEvent(link.on_date, Event.WENT_ON_IN, after=other.name, unit=other)


def _changes(strand: Sequence[Held[Any]]) -> Iterator[tuple[Held[Any], Held[Any]]]:
    return pairwise(strand)


def _views_at_their_time(ids: Iterable[int], facts: Life, links: Sequence[Lineage]) -> dict[int, UnitView]:
    """Other units under the name they had at the last event of this unit that names them."""
    days = [held.span.start for held in facts.places] + [link.on_date for link in links]
    return unit_views(ids, max(days))
