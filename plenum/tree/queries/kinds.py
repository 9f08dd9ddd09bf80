"""How many units of each kind live below others: kept in the process for as long as the tree stays as it is.

Below the top that is every unit of a country, counted again for each day that a page compares; and trees change seldom.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from threading import Lock

from django.db import connection

from plenum.tree.turn import Edition, edition_of_tree

Counts = Mapping[int, Mapping[str, int]]

Question = tuple[Edition, tuple[int, ...], date, date | None]

MOST_KEPT = 1000
_kept: dict[Question, Counts] = {}
_counting: dict[Question, Lock] = {}
"""Questions that are being answered: whoever asks the same meanwhile waits for the answer and does not count, too."""

_BELOW_BY_KIND = """
    WITH top AS MATERIALIZED (
        SELECT max(unit_id) AS id FROM tree_placement WHERE parent_id IS NULL HAVING count(DISTINCT unit_id) = 1
    )
    SELECT ancestry.ancestor_id, kind.kind, count(*)
    FROM tree_ancestry ancestry
    JOIN tree_unitkind kind ON kind.unit_id = ancestry.descendant_id AND kind.span @> %(day)s::date
    WHERE ancestry.ancestor_id = ANY(%(units)s) AND ancestry.depth > 0 AND ancestry.span @> %(day)s::date
      AND ancestry.ancestor_id IS DISTINCT FROM (SELECT id FROM top)
    GROUP BY 1, 2
    UNION ALL
    SELECT top.id, kind.kind, count(*)
    FROM top JOIN tree_unitkind kind ON kind.unit_id <> top.id AND kind.span @> %(day)s::date
    WHERE top.id = ANY(%(units)s)
    GROUP BY 1, 2
"""
"""Everything that lives stands below the unit that has always been at the top: nothing has to be joined for it."""
_BELOW_BY_KIND_RESTATED = """
    SELECT below.ancestor_id, kind.kind, count(*)
    FROM tree_restated_below(%(units)s, %(tree)s) below
    JOIN tree_unitkind kind ON kind.unit_id = below.unit_id AND kind.span @> %(day)s::date
    WHERE below.unit_id <> below.ancestor_id
    GROUP BY 1, 2
"""


def below_by_kind(unit_ids: Iterable[int], as_of: date, *, tree: date | None = None) -> Counts:
    """How many units of each kind live below each of several on a day, at any depth, itself not counted.

    ``tree``: the units that live on `as_of`, each where it counts on the tree of that other day. One query when
    the tree has not changed since the same was asked before; three otherwise.
    """
    units = tuple(sorted(unit_ids))
    edition = edition_of_tree()
    if edition is None:
        return _counted(units, as_of, tree)
    question = edition, units, as_of, tree
    if (known := _kept.get(question)) is not None:
        return known
    with _counting.setdefault(question, Lock()):
        try:
            if (known := _kept.get(question)) is not None:
                return known
            counts = _counted(units, as_of, tree)
            if edition == edition_of_tree():
                if len(_kept) >= MOST_KEPT:
                    _kept.clear()
                _kept[question] = counts
            return counts
        finally:
            _counting.pop(question, None)


def _counted(units: tuple[int, ...], as_of: date, tree: date | None) -> Counts:
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(
            _BELOW_BY_KIND if tree is None else _BELOW_BY_KIND_RESTATED,
            {"units": list(units), "day": as_of, "tree": tree},
        )
        for unit_id, kind, count in cursor.fetchall():
            counts[unit_id][kind] = count
    return dict(counts)
