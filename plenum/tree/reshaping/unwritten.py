"""What speaks against very many changes in days to come, asked of the tree as it stands: nothing is written for it.

Writing them for a look would take as long as keeping them. What is found here is what writing would find, too: units
that others change, end or put somewhere later. Kinds that others plan for later are found only when it is written.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.db import connection

from plenum.tree.models import Unit
from plenum.tree.reshaping import against
from plenum.tree.reshaping.strands import Writer
from plenum.tree.rules import MOST_NAMED, Finding, Problem, TreeChanges

NOT_YET = -1
"""Stands for a unit that the changes found: it has no number yet, and nobody else can speak of it."""

_PARENTS = """
    WITH asked AS MATERIALIZED (
        SELECT * FROM unnest(%(codes)s::text[], %(units)s::bigint[], %(parents)s::bigint[])
            AS asked(code, unit_id, parent_id)
    ),
    parent AS MATERIALIZED (
        -- Only what others end or found another day can refuse a place.
        SELECT id, code, lifetime FROM tree_unit
        WHERE id IN (SELECT parent_id FROM asked) AND NOT lifetime @> daterange(%(on)s, NULL)
    )
    SELECT asked.code, parent.code, lower(parent.lifetime), upper(parent.lifetime)
    FROM asked
    JOIN parent ON parent.id = asked.parent_id
    LEFT JOIN tree_placement held ON held.unit_id = asked.unit_id AND held.span @> %(on)s::date
    LEFT JOIN tree_placement next ON next.unit_id = asked.unit_id AND lower(next.span) = upper(held.span)
        AND next.parent_id = asked.parent_id
    WHERE NOT parent.lifetime @> daterange(
        %(on)s, CASE WHEN next.id IS NULL THEN upper(held.span) ELSE upper(next.span) END)
    ORDER BY 1 LIMIT %(most)s
"""
_CHILDREN = """
    SELECT parent.code, count(*), (array_agg(unit.code ORDER BY unit.code))[:%(most)s]
    FROM tree_placement placed
    JOIN tree_unit parent ON parent.id = placed.parent_id
    JOIN tree_unit unit ON unit.id = placed.unit_id
    WHERE placed.parent_id = ANY (%(units)s) AND lower(placed.span) > %(on)s
    GROUP BY parent.code ORDER BY parent.code LIMIT %(most)s
"""
_CHANGED_BETWEEN = """
    SELECT EXISTS (SELECT FROM tree_unitname WHERE lower(span) > %(first)s AND lower(span) <= %(last)s)
        OR EXISTS (SELECT FROM tree_unitkind WHERE lower(span) > %(first)s AND lower(span) <= %(last)s)
        OR EXISTS (SELECT FROM tree_placement WHERE lower(span) > %(first)s AND lower(span) <= %(last)s)
        OR EXISTS (SELECT FROM tree_unit WHERE upper(lifetime) > %(first)s AND upper(lifetime) <= %(last)s)
"""


def against_unwritten(days: Sequence[tuple[date, TreeChanges]]) -> list[Finding]:
    """What others plan that many changes cannot be written beside. About ten queries for each day; writes nothing.

    The changes must be possible in the tree of the first day as it stands.
    """
    codes = {code for _on, changes in days for code in _named(changes)}
    ids = dict(Unit.objects.filter(code__in=list(codes)).values_list("code", "pk"))
    known = frozenset(ids)
    ids = dict.fromkeys(codes, NOT_YET) | ids
    findings: list[Finding] = []
    touched: set[str] = set()
    for number, (on, changes) in enumerate(days):
        asked = Writer(_of_living(changes, known, touched, first=not number), ids, {}, NOT_YET, on)
        findings += against.before(asked)
        findings += _parents(changes, ids, on)
        findings += _children(asked)
        touched |= {
            each.code for group in (changes.renamed, changes.rekinded, changes.moved) for each in group
        }
    return findings


def changed_between(first: date, last: date) -> bool:
    """Whether anything in the tree begins or ends after the first day, up to the last. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED_BETWEEN, {"first": first, "last": last})
        (found,) = cursor.fetchone()
    return bool(found)


def _named(changes: TreeChanges) -> set[str]:
    named = {each.code for group in (changes.renamed, changes.rekinded, changes.moved) for each in group}
    named |= {each.parent for each in changes.moved}
    named |= {each.parent for each in changes.founded if each.parent is not None}
    return named | {
        *changes.ended,
        *(code for link in changes.linked for code in (link.predecessor, link.successor)),
    }


def _of_living(changes: TreeChanges, known: frozenset[str], touched: set[str], *, first: bool) -> TreeChanges:
    """The changes as far as the tree knows their units; what an earlier day of the plan has changed is not held any
    more against what the tree says of it."""
    free = known - touched
    return replace(
        changes,
        founded=changes.founded if first else (),
        renamed=tuple(each for each in changes.renamed if each.code in free),
        rekinded=tuple(each for each in changes.rekinded if each.code in free),
        moved=tuple(each for each in changes.moved if each.code in free),
        ended=tuple(code for code in changes.ended if code in known),
        linked=tuple(
            each for each in changes.linked if each.predecessor in known and each.successor in known
        ),
    )


def _parents(changes: TreeChanges, ids: dict[str, int], on: date) -> list[Finding]:
    new = [(each.code, NOT_YET, ids[each.parent]) for each in changes.founded if each.parent is not None]
    placed = [*new, *((each.code, ids[each.code], ids[each.parent]) for each in changes.moved)]
    if not placed:
        return []
    names, units, parents = (list(column) for column in zip(*placed, strict=True))
    rows = _rows(_PARENTS, on, codes=names, units=units, parents=parents)
    return [_gone(on, *row) for row in rows]


def _gone(on: date, code: str, parent: str, start: date, end: date | None) -> Finding:
    values: dict[str, str | date] = {"code": parent, "from": start, "on": on, "unit": code}
    if end is not None:
        values["until"] = end
    return Finding(Problem.PARENT_NOT_ALIVE, "parent", values)


def _children(asked: Writer) -> list[Finding]:
    if not asked.ended:
        return []
    return [
        Finding(
            Problem.CHILDREN_ALIVE,
            "ended",
            {"count": count, "codes": ", ".join(codes), "on": asked.on, "unit": code},
        )
        for code, count, codes in _rows(_CHILDREN, asked.on, units=asked.ended)
    ]


def _rows(statement: str, on: date, **values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"on": on, "most": MOST_NAMED, **values})
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
