"""Where units came from and what became of them, over all reforms."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.db import connection

from plenum.tree.queries.views import UnitView, unit_views

MOST_KIN = 300
"""More units are not told; what comes of a whole country is no picture any more."""


@dataclass(frozen=True)
class Bond:
    """A unit that went on in another; an empty `by` means that nothing was divided."""

    predecessor_id: int
    successor_id: int
    on: date
    how: str
    share: Fraction
    by: str


@dataclass(frozen=True)
class Descent:
    """A unit with all it came from and all it went on in; `cut` if there are more than are told."""

    units: tuple[UnitView, ...]
    bonds: tuple[Bond, ...]
    cut: bool = False


_KIN = """
    WITH RECURSIVE back AS (
        SELECT %(unit)s::bigint AS id
        UNION
        SELECT link.predecessor_id FROM back JOIN tree_lineage link ON link.successor_id = back.id
    ),
    forth AS (
        SELECT %(unit)s::bigint AS id
        UNION
        SELECT link.successor_id FROM forth JOIN tree_lineage link ON link.predecessor_id = forth.id
    ),
    way AS (
        SELECT link.id FROM back JOIN tree_lineage link ON link.successor_id = back.id
        UNION
        SELECT link.id FROM forth JOIN tree_lineage link ON link.predecessor_id = forth.id
    )
    SELECT link.predecessor_id, link.successor_id, link.on_date, link.how, link.numerator, link.denominator, link.by
    FROM way JOIN tree_lineage link ON link.id = way.id
    ORDER BY link.on_date, link.id LIMIT %(most)s
"""
_HEIRS = """
    WITH RECURSIVE heir AS (
        SELECT id AS unit_id, id AS heir_id, NULL::date AS on_date FROM unnest(%(units)s::bigint[]) AS asked(id)
        UNION
        SELECT heir.unit_id, link.successor_id, link.on_date
        FROM heir
        JOIN tree_unit gone ON gone.id = heir.heir_id AND upper(gone.lifetime) <= %(day)s
        JOIN tree_lineage link ON link.predecessor_id = heir.heir_id AND link.on_date <= %(day)s
    )
    SELECT DISTINCT heir.unit_id, heir.heir_id
    FROM heir JOIN tree_unit lives ON lives.id = heir.heir_id AND lives.lifetime @> %(day)s::date
    WHERE heir.heir_id <> heir.unit_id
    ORDER BY 1, 2
"""


def descent(unit_id: int, as_of: date) -> Descent:
    """All that a unit came from and all that it went on in, also later than `as_of`. Two queries."""
    with connection.cursor() as cursor:
        cursor.execute(_KIN, {"unit": unit_id, "most": MOST_KIN + 1})
        rows = cursor.fetchall()
    bonds = tuple(
        Bond(before, after, on, how, Fraction(part, whole), by)
        for before, after, on, how, part, whole, by in rows[:MOST_KIN]
    )
    kin = {unit_id, *(bond.predecessor_id for bond in bonds), *(bond.successor_id for bond in bonds)}
    return Descent(tuple(unit_views(kin, as_of).values()), bonds, cut=len(rows) > MOST_KIN)


def living_heirs(unit_ids: Iterable[int], as_of: date) -> dict[int, list[UnitView]]:
    """In which units that live on a day those that have ended by then go on, however many reforms later. Two queries.

    Without an entry: units that live, and units that ended without a successor.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HEIRS, {"units": list(unit_ids), "day": as_of})
        rows = cursor.fetchall()
    views = unit_views({heir_id for _unit_id, heir_id in rows}, as_of)
    heirs: dict[int, list[UnitView]] = defaultdict(list)
    for unit_id, heir_id in rows:
        heirs[unit_id].append(views[heir_id])
    return {
        unit_id: sorted(found, key=lambda view: (view.sort_key, view.code))
        for unit_id, found in heirs.items()
    }
