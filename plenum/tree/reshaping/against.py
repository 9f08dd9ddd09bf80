"""What speaks against many changes in this tree: asked of the database in a few queries, whatever their number."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.db import connection

from plenum.tree.reshaping.strands import Writer
from plenum.tree.rules import MOST_NAMED, Finding, Kinds, Problem

_CHANGED = """
    SELECT unit.code, lower(unit.lifetime), upper(unit.lifetime), lower(held.span), {same}
    FROM unnest(%(units)s::bigint[], {arrays}) AS asked(unit_id, {columns})
    JOIN tree_unit unit ON unit.id = asked.unit_id
    LEFT JOIN {table} held ON held.unit_id = asked.unit_id AND held.span @> %(on)s::date
    WHERE held.id IS NULL OR lower(held.span) = %(on)s OR {same}
    ORDER BY unit.code LIMIT %(most)s
"""
_ENDED = """
    WITH changed AS MATERIALIZED (
        SELECT unit_id, max(lower(span)) AS last FROM (
            SELECT unit_id, span FROM tree_unitname WHERE unit_id = ANY (%(units)s)
            UNION ALL SELECT unit_id, span FROM tree_unitkind WHERE unit_id = ANY (%(units)s)
            UNION ALL SELECT unit_id, span FROM tree_placement WHERE unit_id = ANY (%(units)s)
        ) strand
        GROUP BY unit_id
    ),
    -- What goes on in others later, or takes over from others, has to live until then.
    linked AS MATERIALIZED (
        SELECT unit_id, max(on_date) AS last FROM (
            SELECT predecessor_id AS unit_id, on_date FROM tree_lineage
            WHERE predecessor_id = ANY (%(units)s) AND on_date > %(on)s
            UNION ALL
            SELECT successor_id, on_date FROM tree_lineage
            WHERE successor_id = ANY (%(units)s) AND on_date >= %(on)s
        ) link
        GROUP BY unit_id
    )
    SELECT unit.code, lower(unit.lifetime), upper(unit.lifetime), greatest(changed.last, linked.last)
    FROM tree_unit unit
    LEFT JOIN changed ON changed.unit_id = unit.id
    LEFT JOIN linked ON linked.unit_id = unit.id
    WHERE unit.id = ANY (%(units)s)
      AND (changed.last >= %(on)s OR lower(unit.lifetime) >= %(on)s OR upper(unit.lifetime) <= %(on)s
           OR linked.last IS NOT NULL)
    ORDER BY unit.code LIMIT %(most)s
"""
_LINKED = """
    SELECT predecessor.code, successor.code, lower(predecessor.lifetime), lower(successor.lifetime),
           upper(successor.lifetime), known.id IS NOT NULL
    FROM unnest(%(units)s::bigint[], %(others)s::bigint[]) AS asked(predecessor_id, successor_id)
    JOIN tree_unit predecessor ON predecessor.id = asked.predecessor_id
    JOIN tree_unit successor ON successor.id = asked.successor_id
    LEFT JOIN tree_lineage known
        ON (known.predecessor_id, known.successor_id) = (asked.predecessor_id, asked.successor_id)
    WHERE known.id IS NOT NULL OR lower(predecessor.lifetime) >= %(on)s OR NOT successor.lifetime @> %(on)s::date
    ORDER BY 1, 2 LIMIT %(most)s
"""
_ROOTS = """
    SELECT unit.code, lower(placed.span)
    FROM tree_placement placed JOIN tree_unit unit ON unit.id = placed.unit_id
    WHERE placed.parent_id IS NULL AND (upper_inf(placed.span) OR upper(placed.span) > %(on)s)
      AND NOT (placed.unit_id = ANY (%(leaving)s) AND placed.span @> %(on)s::date)
    ORDER BY 2 LIMIT 1
"""
_PARENTS = """
    WITH placed AS MATERIALIZED (
        SELECT unit_id, parent_id, span FROM tree_placement
        WHERE unit_id = ANY (%(units)s) AND lower(span) = %(on)s
    ),
    parent AS MATERIALIZED (
        SELECT id, code, lifetime FROM tree_unit WHERE id IN (SELECT parent_id FROM placed)
    )
    SELECT unit.code, parent.code, lower(parent.lifetime), upper(parent.lifetime), lower(placed.span)
    FROM placed
    JOIN parent ON parent.id = placed.parent_id AND NOT parent.lifetime @> placed.span
    JOIN tree_unit unit ON unit.id = placed.unit_id
    ORDER BY unit.code LIMIT %(most)s
"""
_CHILDREN = """
    WITH left_behind AS MATERIALIZED (
        SELECT unit_id, parent_id FROM tree_placement
        WHERE parent_id = ANY (%(units)s) AND (upper_inf(span) OR upper(span) > %(on)s)
    )
    SELECT parent.code, count(*), (array_agg(unit.code ORDER BY unit.code))[:%(most)s]
    FROM left_behind
    JOIN tree_unit parent ON parent.id = left_behind.parent_id
    JOIN tree_unit unit ON unit.id = left_behind.unit_id
    GROUP BY parent.code ORDER BY parent.code LIMIT %(most)s
"""
_PAIRS = """
    WITH near AS MATERIALIZED (
        SELECT id, unit_id, parent_id, span FROM tree_placement
        WHERE unit_id = ANY (%(units)s) AND (upper_inf(span) OR upper(span) > %(on)s)
        UNION
        SELECT id, unit_id, parent_id, span FROM tree_placement
        WHERE parent_id = ANY (%(above)s) AND (upper_inf(span) OR upper(span) > %(on)s)
    ),
    kind AS MATERIALIZED (
        SELECT unit_id, kind, span FROM tree_unitkind
        WHERE unit_id IN (SELECT unit_id FROM near UNION SELECT parent_id FROM near)
    ),
    pair AS (
        SELECT near.unit_id, near.parent_id, below.kind, above.kind AS parent_kind,
               lower(near.span * below.span * coalesce(above.span, near.span) * daterange(%(on)s, NULL)) AS day
        FROM near
        JOIN kind below ON below.unit_id = near.unit_id AND below.span && near.span
        LEFT JOIN kind above ON above.unit_id = near.parent_id AND above.span && near.span
        WHERE %(on)s IN (lower(near.span), lower(below.span), lower(above.span))
    ),
    first AS MATERIALIZED (
        SELECT kind, parent_kind, day, min(ARRAY[unit_id, parent_id]) AS units
        FROM pair WHERE day IS NOT NULL GROUP BY 1, 2, 3
    )
    SELECT first.kind, first.parent_kind, first.day, unit.code, parent.code
    FROM first
    JOIN tree_unit unit ON unit.id = first.units[1]
    LEFT JOIN tree_unit parent ON parent.id = first.units[2]
    ORDER BY 3, 1, 2
"""


def before(asked: Writer) -> list[Finding]:
    """What can be found before anything but the lives of new units is written."""
    return [
        *_changes(
            asked,
            "tree_unitname",
            "renamed",
            asked.renamed,
            {
                "name": ("text", [each.name.strip() for each in asked.changes.renamed]),
                "short": ("text", [each.short.strip() for each in asked.changes.renamed]),
                "illustrative": ("bool", [each.illustrative for each in asked.changes.renamed]),
            },
        ),
        *_changes(
            asked,
            "tree_unitkind",
            "rekinded",
            asked.rekinded,
            {"kind": ("text", [each.kind for each in asked.changes.rekinded])},
        ),
        *_changes(
            asked,
            "tree_placement",
            "moved",
            asked.moved,
            {"parent_id": ("bigint", [asked.ids[each.parent] for each in asked.changes.moved])},
        ),
        *_endings(asked),
        *_links(asked),
        *_other_roots(asked),
    ]


def after(asked: Writer, kinds: Kinds) -> list[Finding]:
    """What can be found only in the changed tree: parents that are gone, children left behind, kinds apart."""
    return [*_parents(asked), *_children(asked), *_kinds_apart(asked, kinds)]


def _changes(
    asked: Writer, table: str, field: str, units: Sequence[int], values: dict[str, tuple[str, list[Any]]]
) -> Iterator[Finding]:
    if not units:
        return
    held, new = (", ".join(f"{of}.{name}" for name in values) for of in ("held", "asked"))
    statement = _CHANGED.format(
        table=table,
        same=f"(({held}) IS NOT DISTINCT FROM ({new}) AND held.id IS NOT NULL)",
        arrays=", ".join(f"%({name})s::{kind}[]" for name, (kind, _given) in values.items()),
        columns=", ".join(values),
    )
    given = {name: column for name, (_kind, column) in values.items()}
    for code, start, end, since, same in _rows(statement, asked, units=units, **given):
        if since is None:
            yield _outside(field, code, start, end, asked.on)
        elif same:
            yield Finding(Problem.UNCHANGED, field, {"on": since, "unit": code})
        else:
            yield Finding(Problem.CHANGED_THAT_DAY, field, {"on": since, "unit": code})


def _endings(asked: Writer) -> Iterator[Finding]:
    if not asked.ended:
        return
    for code, start, end, last in _rows(_ENDED, asked, units=asked.ended):
        if end is not None and end <= asked.on:
            yield Finding(Problem.ALREADY_ENDED, "ended", {"on": end, "unit": code})
        elif start >= asked.on:
            yield Finding(Problem.BEFORE_FOUNDING, "ended", {"on": start, "unit": code})
        else:
            yield Finding(Problem.CHANGED_LATER, "ended", {"on": last, "unit": code})


def _links(asked: Writer) -> Iterator[Finding]:
    linked = asked.changes.linked
    if not linked:
        return
    units = [asked.ids[each.predecessor] for each in linked]
    others = [asked.ids[each.successor] for each in linked]
    for code, successor, since, start, end, known in _rows(_LINKED, asked, units=units, others=others):
        if known:
            yield Finding(Problem.LINEAGE_KNOWN, "linked", {"code": code, "unit": successor})
        elif since >= asked.on:
            yield Finding(
                Problem.PREDECESSOR_TOO_YOUNG, "linked", {"code": code, "on": since, "unit": successor}
            )
        else:
            yield _outside("linked", successor, start, end, asked.on)


def _other_roots(asked: Writer) -> Iterator[Finding]:
    new = [each.code for each in asked.changes.founded if each.parent is None]
    if not new:
        return
    for code in new[1:]:
        yield Finding(Problem.ROOT_EXISTS, "parent", {"code": new[0], "on": asked.on, "unit": code})
    for code, since in _rows(_ROOTS, asked, leaving=[*asked.ended, *asked.moved]):
        yield Finding(Problem.ROOT_EXISTS, "parent", {"code": code, "on": since, "unit": new[0]})


def _parents(asked: Writer) -> Iterator[Finding]:
    units = [*asked.moved, *asked.founded.values()]
    if not units:
        return
    for code, parent, start, end, since in _rows(_PARENTS, asked, units=units):
        values = {"code": parent, "from": start, "on": since, "unit": code}
        if end is not None:
            values["until"] = end
        yield Finding(Problem.PARENT_NOT_ALIVE, "parent", values)


def _children(asked: Writer) -> Iterator[Finding]:
    if not asked.ended:
        return
    for code, count, codes in _rows(_CHILDREN, asked, units=asked.ended):
        values = {"count": count, "codes": ", ".join(codes), "on": asked.on, "unit": code}
        yield Finding(Problem.CHILDREN_ALIVE, "ended", values)


def _kinds_apart(asked: Writer, kinds: Kinds) -> Iterator[Finding]:
    """Every pair of kinds that meets anew is judged on the first day on which both hold."""
    units = [*asked.moved, *asked.rekinded, *asked.founded.values()]
    if not units:
        return
    for kind, parent_kind, day, code, parent in _rows(_PAIRS, asked, units=units, above=asked.rekinded):
        if kinds.may_stand_under(kind, parent_kind, day):
            continue
        if parent_kind is None:
            yield Finding(Problem.KIND_NEEDS_PARENT, "parent", {"kind": kind, "unit": code})
        else:
            values = {"kind": kind, "parent_kind": parent_kind, "code": parent, "on": day, "unit": code}
            yield Finding(Problem.KIND_NOT_UNDER, "parent", values)


def _outside(field: str, code: str, start: date, end: date | None, on: date) -> Finding:
    if on < start:
        return Finding(Problem.BEFORE_FOUNDING, field, {"on": start, "unit": code})
    return Finding(Problem.AFTER_END, field, {"on": end or on, "unit": code})


def _rows(statement: str, asked: Writer, **values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"on": asked.on, "most": MOST_NAMED, **values})
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
