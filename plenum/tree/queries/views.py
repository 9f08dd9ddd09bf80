"""Units as they were on a day. Each read is one query, whatever the size of the answer."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from plenum.periods import Span
from plenum.tree.fields import as_span
from plenum.tree.models import Unit


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

_AND_BELOW = """ AND unit.id IN (
        SELECT descendant_id FROM tree_ancestry WHERE ancestor_id = %s AND span @> %s::date)"""


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
    condition = "unit.lifetime @> %s::date"
    parameters: list[Any] = [as_of]
    if kind is not None:
        condition, parameters = f"{condition} AND kind.kind = %s", [*parameters, kind]
    if under is not None:
        condition += _AND_BELOW
        parameters = [*parameters, under.pk if isinstance(under, Unit) else under, as_of]
    return _views(as_of, condition, parameters)


def roots(as_of: date) -> list[UnitView]:
    """The unit without parent on a day, or nothing. One query."""
    return _views(as_of, "unit.lifetime @> %s::date AND placement.parent_id IS NULL", [as_of])


def only_root() -> int | None:
    """The unit that has been at the top of the tree on every day: all others always stand below it. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(unit_id) FROM tree_placement WHERE parent_id IS NULL HAVING count(DISTINCT unit_id) = 1"
        )
        row = cursor.fetchone()
    return row[0] if row else None


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
    condition = """unit.id = ANY (ARRAY(
        SELECT ancestry.ancestor_id FROM tree_ancestry ancestry JOIN tree_unit self ON self.id = ancestry.descendant_id
        WHERE ancestry.descendant_id = %s AND ancestry.depth > 0
          AND ancestry.span @> greatest(lower(self.lifetime), least(%s::date, upper(self.lifetime) - 1))))"""
    depth = """(
        SELECT max(ancestry.depth) FROM tree_ancestry ancestry
        JOIN tree_unit self ON self.id = ancestry.descendant_id
        WHERE ancestry.descendant_id = %s AND ancestry.ancestor_id = unit.id
          AND ancestry.span @> greatest(lower(self.lifetime), least(%s::date, upper(self.lifetime) - 1))) DESC"""
    return _views(as_of, condition, [unit_id, as_of, unit_id, as_of], order=depth)


def counted_below(unit_id: int, tree: date) -> set[int]:
    """The units that count at or below one on the tree of a day, also those that do not live then. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT unit_id FROM tree_restated_below(%s, %s)", [[unit_id], tree])
        return {row[0] for row in cursor.fetchall()}


def below_by_branch(unit_id: int, as_of: date, *, tree: date) -> dict[int, dict[str, int]]:
    """How many units of each kind that live on a day count below one on the tree of another: by the unit directly
    below through which they do, that one counted as well. One query."""
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT below.branch_id, kind.kind, count(*)
               FROM tree_restated_below(%(units)s, %(tree)s) below
               JOIN tree_unitkind kind ON kind.unit_id = below.unit_id AND kind.span @> %(day)s::date
               WHERE below.unit_id <> below.ancestor_id
               GROUP BY 1, 2""",
            {"units": [unit_id], "day": as_of, "tree": tree},
        )
        for branch_id, kind, count in cursor.fetchall():
            counts[branch_id][kind] = count
    return dict(counts)
