"""The tree of a day as plain values, read in one stroke."""

from collections.abc import Collection, Iterable
from datetime import date
from fractions import Fraction

from django.db import connection

from plenum.reorganisations.rules import Snapshot, Standing
from plenum.tree.models import Lineage
from plenum.tree.rules import Linked

_LIVING = """
    SELECT unit.id, unit.code, name.name, name.short, kind.kind, parent.code
    FROM tree_unit unit
    JOIN tree_unitname name ON name.unit_id = unit.id AND name.span @> %(on)s::date
    JOIN tree_unitkind kind ON kind.unit_id = unit.id AND kind.span @> %(on)s::date
    JOIN tree_placement placement ON placement.unit_id = unit.id AND placement.span @> %(on)s::date
    LEFT JOIN tree_unit parent ON parent.id = placement.parent_id
    WHERE unit.lifetime @> %(on)s::date
"""


def snapshot(on: date) -> Snapshot:
    """All units that live on a day, as they are then, and the codes of all others. Two queries."""
    with connection.cursor() as cursor:
        cursor.execute(_LIVING, {"on": on})
        units = {row[1]: Standing(*row) for row in cursor.fetchall()}
        cursor.execute("SELECT code FROM tree_unit WHERE NOT lifetime @> %s::date", [on])
        return Snapshot(on, units, frozenset(code for (code,) in cursor.fetchall()))


def snapshot_near(on: date, owner_id: int, codes: Collection[str]) -> Snapshot:
    """The units that live on a day below a unit, the named ones, and all that stands above any of these. Two queries.

    That is what a plan of this unit can speak of; the tree elsewhere is not read.
    """
    near = """
        AND unit.id IN (
            SELECT descendant_id FROM tree_ancestry WHERE ancestor_id = %(owner)s AND span @> %(on)s::date
            UNION
            SELECT above.ancestor_id FROM tree_ancestry above JOIN tree_unit named ON named.id = above.descendant_id
            WHERE (named.id = %(owner)s OR named.code = ANY(%(codes)s)) AND above.span @> %(on)s::date
        )
    """
    with connection.cursor() as cursor:
        cursor.execute(_LIVING + near, {"on": on, "owner": owner_id, "codes": list(codes)})
        units = {row[1]: Standing(*row) for row in cursor.fetchall()}
        cursor.execute(
            "SELECT code FROM tree_unit WHERE code = ANY(%s) AND NOT lifetime @> %s::date", [list(codes), on]
        )
        return Snapshot(on, units, frozenset(code for (code,) in cursor.fetchall()))


def links_of(days: Iterable[date]) -> list[tuple[date, Linked]]:
    """The lineage of some days. One query."""
    rows = Lineage.objects.filter(on_date__in=list(days)).values_list(
        "on_date", "predecessor__code", "successor__code", "how", "numerator", "denominator", "by"
    )
    return [
        (on, Linked(before, after, how, Fraction(numerator, denominator), by))
        for on, before, after, how, numerator, denominator, by in rows
    ]
