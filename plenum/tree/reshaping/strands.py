"""The rows of many changes: one statement for each strand, one for lives, one for lineage.

In a statement counts keep the order: away, then cut, then new; otherwise spans would overlap for a moment. All places
change in one statement, so that ancestry passes from the old tree to the new at once.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.db import connection

from plenum.tree.rules import Founded, Renamed, TreeChanges
from plenum.tree.sorting import search_key, sort_key

Progress = Callable[[int, int], None]
"""Told how many changes of a tree are done, and of how many."""

NO_CYCLE = "tree_placement_no_cycle"
"""The constraint that the database names when a unit would stand below itself; its detail is the number of the unit."""
SHARES_ARE_A_WHOLE = "tree_lineage_shares_are_a_whole"
"""The one it names when a unit is divided into more than the whole; its detail is the number of the unit and the sum.
"""

FOUNDED, CHANGED, ENDED = "founded", "changed", "ended"

_STRAND = """
    WITH asked AS MATERIALIZED (
        SELECT * FROM unnest(%(units)s::bigint[], %(deeds)s::text[], {arrays}) AS asked(unit_id, deed, {columns})
    ),
    held AS MATERIALIZED (
        SELECT asked.*, held.id AS held_id, upper(held.span) AS former, next.id AS next_id,
               CASE WHEN next.id IS NULL THEN upper(held.span) ELSE upper(next.span) END AS until
        FROM asked
        LEFT JOIN {table} held ON held.unit_id = asked.unit_id AND held.span @> %(on)s::date
        LEFT JOIN {table} next ON asked.deed = 'changed'
            AND next.unit_id = asked.unit_id AND lower(next.span) = upper(held.span)
            AND ({next_values}) IS NOT DISTINCT FROM ({asked_values})
    ),
    gone AS (
        DELETE FROM {table} USING held WHERE {table}.id = held.next_id RETURNING 1
    ),
    cut AS (
        UPDATE {table} SET span = daterange(lower({table}.span), %(on)s)
        FROM held WHERE {table}.id = held.held_id AND (SELECT count(*) FROM gone) >= 0
        RETURNING 1
    ),
    fresh AS (
        INSERT INTO {table} (unit_id, {columns}, span)
        SELECT unit_id, {columns}, daterange(%(on)s, until) FROM held
        WHERE deed <> 'ended' AND (SELECT count(*) FROM cut) >= 0
        RETURNING 1
    )
    INSERT INTO tree_reshaped (reshaping_id, unit_id, what, other_id, former, until)
    SELECT %(reshaping)s, unit_id, %(what)s, {other}, former, until FROM held
    WHERE deed = 'changed' AND (SELECT count(*) FROM fresh) >= 0
"""
_ENDED = """
    WITH ended AS MATERIALIZED (
        SELECT id, upper(lifetime) AS former FROM tree_unit WHERE id = ANY (%(units)s)
    ),
    cut AS (
        UPDATE tree_unit SET lifetime = daterange(lower(lifetime), %(on)s)
        FROM ended WHERE tree_unit.id = ended.id
    )
    INSERT INTO tree_reshaped (reshaping_id, unit_id, what, former)
    SELECT %(reshaping)s, id, 'ended', former FROM ended
"""
_FOUNDED = """
    INSERT INTO tree_reshaped (reshaping_id, unit_id, what)
    SELECT %(reshaping)s, id, 'founded' FROM unnest(%(units)s::bigint[]) AS new(id)
"""
_LINKED = """
    WITH asked AS MATERIALIZED (
        SELECT * FROM unnest(%(units)s::bigint[], %(others)s::bigint[], %(how)s::text[], %(numerators)s::int[],
                             %(denominators)s::int[], %(by)s::text[])
            AS asked(unit_id, other_id, how, numerator, denominator, by)
    ),
    fresh AS (
        INSERT INTO tree_lineage (predecessor_id, successor_id, on_date, how, numerator, denominator, by)
        SELECT unit_id, other_id, %(on)s, how, numerator, denominator, by FROM asked
    )
    INSERT INTO tree_reshaped (reshaping_id, unit_id, what, other_id)
    SELECT %(reshaping)s, unit_id, 'linked', other_id FROM asked
"""


class Writer:
    """The changes with the numbers of their units, and what is done to each of them."""

    def __init__(
        self,
        changes: TreeChanges,
        ids: dict[str, int],
        founded: dict[str, int],
        reshaping_id: int,
        on: date,
    ) -> None:
        self.changes, self.ids, self.founded, self.on = changes, ids, founded, on
        self.ended = [ids[code] for code in changes.ended]
        self.moved = [ids[each.code] for each in changes.moved]
        self.rekinded = [ids[each.code] for each in changes.rekinded]
        self.renamed = [ids[each.code] for each in changes.renamed]
        self._reshaping_id = reshaping_id

    def write(self, tell: Progress) -> None:
        """Write everything: lives first, so that places find whom they stand under. `tell` is told after each."""
        changes = self.changes
        strands = [
            (self._lives, 0),
            (self._names, len(changes.renamed)),
            (self._kinds, len(changes.rekinded)),
            (self._places, len(changes.founded) + len(changes.moved) + len(changes.ended)),
            (self._lineage, len(changes.linked)),
        ]
        done, of = 0, sum(count for _write, count in strands)
        tell(done, of)
        for write, count in strands:
            write()
            done += count
            tell(done, of)

    def _lives(self) -> None:
        self._run(_ENDED, units=self.ended)
        self._run(_FOUNDED, units=list(self.founded.values()))

    def _names(self) -> None:
        rows = [
            *((self.ids[each.code], FOUNDED, *_name_row(each)) for each in self.changes.founded),
            *((self.ids[each.code], CHANGED, *_name_row(each)) for each in self.changes.renamed),
        ]
        self._strand(
            "tree_unitname",
            "name",
            {
                "name": "text",
                "short": "text",
                "sort_key": "text",
                "search_key": "text",
                "illustrative": "bool",
            },
            [*rows, *((unit_id, ENDED, "", "", "", "", False) for unit_id in self.ended)],
            compared=("name", "short", "illustrative"),
        )

    def _kinds(self) -> None:
        rows = [
            *((self.ids[each.code], FOUNDED, each.kind) for each in self.changes.founded),
            *((self.ids[each.code], CHANGED, each.kind) for each in self.changes.rekinded),
            *((unit_id, ENDED, "") for unit_id in self.ended),
        ]
        self._strand("tree_unitkind", "kind", {"kind": "text"}, rows, compared=("kind",))

    def _places(self) -> None:
        founded = [
            (self.ids[each.code], FOUNDED, None if each.parent is None else self.ids[each.parent])
            for each in self.changes.founded
        ]
        changed = [
            *((self.ids[each.code], CHANGED, self.ids[each.parent]) for each in self.changes.moved),
            *((unit_id, ENDED, None) for unit_id in self.ended),
        ]
        # While nothing stands below new units, their ancestry is quickly found; a new root waits for the old one's end.
        together = any(parent is None for _unit, _deed, parent in founded)
        for rows in [[*founded, *changed]] if together else [founded, changed]:
            self._strand(
                "tree_placement",
                "parent",
                {"parent_id": "bigint"},
                rows,
                compared=("parent_id",),
                other="parent_id",
            )

    def _lineage(self) -> None:
        linked = self.changes.linked
        self._run(
            _LINKED,
            units=[self.ids[each.predecessor] for each in linked],
            others=[self.ids[each.successor] for each in linked],
            how=[each.how for each in linked],
            numerators=[each.share.numerator for each in linked],
            denominators=[each.share.denominator for each in linked],
            by=[each.by for each in linked],
        )

    def _strand(
        self,
        table: str,
        what: str,
        columns: dict[str, str],
        rows: Sequence[tuple[Any, ...]],
        *,
        compared: Sequence[str],
        other: str = "NULL::bigint",
    ) -> None:
        if not rows:
            return
        units, deeds, *values = (list(column) for column in zip(*rows, strict=True))
        statement = _STRAND.format(
            table=table,
            columns=", ".join(columns),
            arrays=", ".join(f"%({name})s::{kind}[]" for name, kind in columns.items()),
            next_values=", ".join(f"next.{name}" for name in compared),
            asked_values=", ".join(f"asked.{name}" for name in compared),
            other=other,
        )
        given = dict(zip(columns, values, strict=True))
        self._run(statement, units=units, deeds=deeds, what=what, **given)

    def _run(self, statement: str, *, units: Sequence[int], **values: Any) -> None:
        if not units:
            return
        with connection.cursor() as cursor:
            given: dict[str, Any] = {"units": units, "on": self.on, "reshaping": self._reshaping_id}
            cursor.execute(statement, {**given, **values})


VERY_MANY = 5_000
"""So many changes make what the database knows of its rows worthless; to count them takes a second or two."""


def count_rows_after(changes: int) -> None:
    """Let the database count its rows again, if so many changes have been written: it plans by how many there are."""
    if changes >= VERY_MANY:
        with connection.cursor() as cursor:
            cursor.execute("SELECT tree_count_rows()")


def untold(_done: int, _of: int) -> None:
    """For whoever does not want to know how far it is."""


def _name_row(said: Founded | Renamed) -> tuple[str, str, str, str, bool]:
    name, short = said.name.strip(), said.short.strip()
    return name, short, sort_key(name), search_key(f"{name} {short}"), said.illustrative
