"""Reads of the tree. Each is a constant number of queries, whatever the size of the answer."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.functions import Length

from plenum.periods import Span
from plenum.tree.fields import as_range, as_span
from plenum.tree.models import Ancestry, Lineage, Placement, Unit, UnitKind, UnitName
from plenum.tree.rules import Held, Life, Name
from plenum.tree.sorting import search_key


class UnitUnknown(LookupError):
    """No unit has this code or number."""


@dataclass(frozen=True)
class UnitView:
    """A unit as it was on a day; outside its life, as it was on its first or last day (then `alive` is False)."""

    id: int
    code: str
    name: str
    short: str
    kind: str
    parent_id: int | None
    parent_code: str | None
    span: Span
    alive: bool = True
    illustrative: bool = False
    sort_key: str = ""

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Hit:
    """A unit found by a text, and the name that matched with the days on which it held."""

    unit: UnitView
    name: str
    held: Span
    is_old: bool


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


_VIEW = """
    SELECT unit.id, unit.code, name.name, name.short, kind.kind, placement.parent_id, parent.code,
           unit.lifetime, unit.lifetime @> %s::date, name.illustrative, name.sort_key
    FROM tree_unit unit
    CROSS JOIN LATERAL (
        SELECT greatest(lower(unit.lifetime), least(%s::date, upper(unit.lifetime) - 1)) AS day
    ) seen
    JOIN tree_unitname name ON name.unit_id = unit.id AND name.span @> seen.day
    JOIN tree_unitkind kind ON kind.unit_id = unit.id AND kind.span @> seen.day
    JOIN tree_placement placement ON placement.unit_id = unit.id AND placement.span @> seen.day
    LEFT JOIN tree_unit parent ON parent.id = placement.parent_id
"""


def _views(
    as_of: date, condition: str, parameters: Sequence[Any], order: str = "name.sort_key, unit.code"
) -> list[UnitView]:
    with connection.cursor() as cursor:
        cursor.execute(f"{_VIEW} WHERE {condition} ORDER BY {order}", [as_of, as_of, *parameters])
        return [
            UnitView(
                id=row[0],
                code=row[1],
                name=row[2],
                short=row[3] or row[2],
                kind=row[4],
                parent_id=row[5],
                parent_code=row[6],
                span=as_span(row[7]),
                alive=row[8],
                illustrative=row[9],
                sort_key=row[10],
            )
            for row in cursor.fetchall()
        ]


def unit_by_code(code: str) -> Unit:
    """The unit with this code; UnitUnknown if there is none."""
    try:
        return Unit.objects.get(code=code)
    except Unit.DoesNotExist:
        raise UnitUnknown(code) from None


def unit_view(unit: Unit | int | str, as_of: date) -> UnitView:
    """A unit by itself, its number or its code, as on a day; UnitUnknown if there is none. One query."""
    if isinstance(unit, str):
        found = _views(as_of, "unit.code = %s", [unit])
    else:
        found = _views(as_of, "unit.id = %s", [unit.pk if isinstance(unit, Unit) else unit])
    if not found:
        raise UnitUnknown(str(unit))
    return found[0]


def unit_views(unit_ids: Iterable[int], as_of: date) -> dict[int, UnitView]:
    """Units by number, living or not, as on a day. One query."""
    return {view.id: view for view in _views(as_of, "unit.id = ANY(%s)", [list(unit_ids)])}


def units(as_of: date, *, kind: str | None = None, under: Unit | int | None = None) -> list[UnitView]:
    """The units that live on a day, sorted by name; of one kind, or `under` a unit (with that unit). One query."""
    condition, parameters = "unit.lifetime @> %s::date", [as_of]
    if kind is not None:
        condition, parameters = f"{condition} AND kind.kind = %s", [*parameters, kind]
    if under is not None:
        condition += " AND unit.id IN (SELECT descendant_id FROM tree_ancestry WHERE ancestor_id = %s AND span @> %s::date)"
        parameters = [*parameters, under.pk if isinstance(under, Unit) else under, as_of]
    return _views(as_of, condition, parameters)


def roots(as_of: date) -> list[UnitView]:
    """The unit without parent on a day, or nothing. One query."""
    return _views(as_of, "unit.lifetime @> %s::date AND placement.parent_id IS NULL", [as_of])


def children(unit_id: int, as_of: date) -> list[UnitView]:
    """The units directly under one on a day, sorted by name. One query."""
    return _views(as_of, "unit.lifetime @> %s::date AND placement.parent_id = %s", [as_of, unit_id])


def children_of(unit_ids: Iterable[int], as_of: date) -> dict[int, list[UnitView]]:
    """The units directly under each of several on a day, sorted by name. One query."""
    found: dict[int, list[UnitView]] = defaultdict(list)
    condition = "unit.lifetime @> %s::date AND placement.parent_id = ANY(%s)"
    for view in _views(as_of, condition, [as_of, list(unit_ids)]):
        if view.parent_id is not None:
            found[view.parent_id].append(view)
    return dict(found)


def ancestors(unit_id: int, as_of: date) -> list[UnitView]:
    """The units above one on a day, the root first, without itself. One query.

    On a day outside the unit's life: those above it on its first or last day, seen as on `as_of`.
    """
    condition = """unit.id IN (
        SELECT ancestry.ancestor_id FROM tree_ancestry ancestry JOIN tree_unit self ON self.id = ancestry.descendant_id
        WHERE ancestry.descendant_id = %s AND ancestry.depth > 0
          AND ancestry.span @> greatest(lower(self.lifetime), least(%s::date, upper(self.lifetime) - 1)))"""
    depth = """(
        SELECT max(ancestry.depth) FROM tree_ancestry ancestry
        JOIN tree_unit self ON self.id = ancestry.descendant_id
        WHERE ancestry.descendant_id = %s AND ancestry.ancestor_id = unit.id
          AND ancestry.span @> greatest(lower(self.lifetime), least(%s::date, upper(self.lifetime) - 1))) DESC"""
    return _views(as_of, condition, [unit_id, as_of, unit_id, as_of], order=depth)


def below_by_kind(unit_ids: Iterable[int], as_of: date) -> dict[int, dict[str, int]]:
    """How many units of each kind live below each of several on a day, at any depth, itself not counted. One query."""
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT ancestry.ancestor_id, kind.kind, count(*)
               FROM tree_ancestry ancestry
               JOIN tree_unitkind kind ON kind.unit_id = ancestry.descendant_id AND kind.span @> %s::date
               WHERE ancestry.ancestor_id = ANY(%s) AND ancestry.depth > 0 AND ancestry.span @> %s::date
               GROUP BY 1, 2""",
            [as_of, list(unit_ids), as_of],
        )
        for unit_id, kind, count in cursor.fetchall():
            counts[unit_id][kind] = count
    return dict(counts)


def search(text: str, as_of: date, within: "QuerySet[Unit] | None" = None, *, most: int = 50) -> list[Hit]:
    """Units whose code or whose name of any time contains every word of `text`. Two queries.

    Neither case nor diacritics matter. One hit for each unit: the name that holds on the day if it matches, otherwise
    the latest that does. Shorter names first.
    """
    words = search_key(text).split()
    if not words:
        return []
    condition = Q()
    for word in words:
        condition &= Q(search_key__contains=word)
    by_code = Q(unit__code__contains="-".join(words))
    names = UnitName.objects.filter(condition | by_code)
    if within is not None:
        names = names.filter(unit__in=within)
    today = as_range(Span(as_of)).lower
    best: dict[int, UnitName] = {}
    for name in names.order_by(Length("name"), "sort_key", "-span")[: most * 4]:
        known = best.get(name.unit_id)
        if (
            known is None
            or today in name.span
            or (today not in known.span and name.span.start > known.span.start)
        ):
            best[name.unit_id] = name
    chosen = dict(list(best.items())[:most])
    views = unit_views(chosen, as_of)
    return [
        Hit(unit=views[unit_id], name=name.name, held=name.span, is_old=views[unit_id].name != name.name)
        for unit_id, name in chosen.items()
    ]


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
