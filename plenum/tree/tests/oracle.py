"""Counting the tree again by brute force, from the rows themselves and day by day."""

from collections.abc import Iterable, Mapping
from datetime import date

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
