"""Counting the tree again by brute force, from the rows themselves and day by day."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import psycopg
from django.db import connection

from plenum.periods import Span
from plenum.tree.models import Ancestry, Placement, Unit, UnitKind, UnitName

Row = tuple[int, int, int]


def assert_tree_at_every_date() -> None:
    """Fail unless units, strands and ancestry make one tree on every day on which anything changes."""
    lives = dict(Unit.objects.values_list("pk", "lifetime"))
    places = list(Placement.objects.values_list("unit_id", "parent_id", "span"))
    strands: dict[str, list[tuple[int, Span]]] = {
        "names": list(UnitName.objects.values_list("unit_id", "span")),
        "kinds": list(UnitKind.objects.values_list("unit_id", "span")),
        "places": [(unit, span) for unit, _parent, span in places],
    }
    ancestry = list(Ancestry.objects.values_list("ancestor_id", "descendant_id", "depth", "span"))
    spans = [*lives.values(), *(span for rows in strands.values() for _unit, span in rows)]
    spans += [span for *_row, span in ancestry]
    for day in _days(spans):
        alive = {unit for unit, life in lives.items() if day in life}
        for name, rows in strands.items():
            held = sorted(unit for unit, span in rows if day in span)
            assert held == sorted(alive), f"{name} on {day}"
        parents = {unit: parent for unit, parent, span in places if day in span}
        assert {parent for parent in parents.values() if parent} <= alive, f"parents on {day}"
        assert sum(parent is None for parent in parents.values()) <= 1, f"roots on {day}"
        stored = sorted((above, below, depth) for above, below, depth, span in ancestry if day in span)
        assert stored == sorted(_climbed(parents)), f"ancestry on {day}"


def _days(spans: Iterable[Span]) -> list[date]:
    return sorted({day for span in spans for day in (span.start, span.end) if day})


def _climbed(parents: Mapping[int, int | None]) -> list[Row]:
    rows: list[Row] = []
    for unit in parents:
        above: int | None = unit
        depth = 0
        while above is not None:
            rows.append((above, unit, depth))
            above, depth = parents[above], depth + 1
            assert depth <= len(parents), "cycle"
    return rows


def check_constraints_now() -> None:
    """Let the deferred constraints speak, as they do when a transaction commits."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def constraint_of(error: BaseException) -> str | None:
    """The name of the constraint that the database says was broken."""
    cause = error.__cause__
    return cause.diag.constraint_name if isinstance(cause, psycopg.Error) else None


Facts = dict[str, list[tuple[Any, ...]]]

_FACTS = {
    "units": "SELECT code, lifetime::text FROM tree_unit ORDER BY 1",
    "names": "SELECT code, name, short, sort_key, search_key, illustrative, span::text FROM tree_unitname"
    " JOIN tree_unit ON tree_unit.id = unit_id ORDER BY 1, span",
    "kinds": "SELECT code, kind, span::text FROM tree_unitkind JOIN tree_unit ON tree_unit.id = unit_id"
    " ORDER BY 1, span",
    "places": "SELECT unit.code, parent.code, span::text FROM tree_placement JOIN tree_unit unit ON unit.id = unit_id"
    " LEFT JOIN tree_unit parent ON parent.id = parent_id ORDER BY 1, span",
    "lineage": "SELECT one.code, other.code, on_date, how, numerator, denominator, by FROM tree_lineage"
    " JOIN tree_unit one ON one.id = predecessor_id JOIN tree_unit other ON other.id = successor_id ORDER BY 1, 2",
    "ancestry": "SELECT below.code, above.code, depth, span::text FROM tree_ancestry"
    " JOIN tree_unit below ON below.id = descendant_id JOIN tree_unit above ON above.id = ancestor_id"
    " ORDER BY 1, depth, 2, span",
}


def facts() -> Facts:
    """All that the tree says, by codes."""
    said: Facts = {}
    with connection.cursor() as cursor:
        for table, query in _FACTS.items():
            cursor.execute(query)
            said[table] = cursor.fetchall()
    return said
