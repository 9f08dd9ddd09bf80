"""The units that somebody reaches, as a stream for analysts."""

from datetime import date

from plenum.access.reach import reachable
from plenum.access.streams import Column, Stream, subquery
from plenum.journal.actor import Actor
from plenum.organisation.powers import READ

COLUMNS = (
    Column("unit", str, "code of the unit"),
    Column("unit_name", str, "its name on the day"),
    Column("short_name", str, "its short name on the day"),
    Column("kind", str, "code of its kind on the day"),
    Column("parent", str, "code of the unit directly above on the day; missing at the top"),
    Column("depth", int, "how many units stand above it on the day"),
    Column("since", date, "first day of its life"),
    Column("until", date, "first day after its life; missing while it lives"),
    Column("illustrative", bool, "whether its name is not from the source"),
)

SQL = """
SELECT unit.code, named.name, named.short, of_kind.kind, parent.code,
       (SELECT count(*)::int FROM tree_ancestry line
        WHERE line.descendant_id = unit.id AND line.depth > 0 AND line.span @> %s::date),
       lower(unit.lifetime), upper(unit.lifetime), named.illustrative
FROM tree_unit unit
JOIN tree_unitname named ON named.unit_id = unit.id AND named.span @> %s::date
JOIN tree_unitkind of_kind ON of_kind.unit_id = unit.id AND of_kind.span @> %s::date
JOIN tree_placement place ON place.unit_id = unit.id AND place.span @> %s::date
LEFT JOIN tree_unit parent ON parent.id = place.parent_id
WHERE unit.id IN ({reached}) {below}
ORDER BY named.sort_key, unit.code
"""

BELOW = """AND EXISTS (SELECT FROM tree_ancestry line WHERE line.descendant_id = unit.id AND line.ancestor_id = %s
                            AND line.span @> %s::date)"""


def units_stream(actor: Actor, on: date, *, as_of: date, unit_id: int | None = None) -> Stream:
    """The units that the actor reaches and that live on `as_of`; with `unit_id` that one and those below it."""
    reached, parameters = subquery(reachable(actor, READ, on).values("pk"))
    below = () if unit_id is None else (unit_id, as_of)
    return Stream(
        "units",
        COLUMNS,
        SQL.format(reached=reached, below=BELOW if below else ""),
        (*[as_of] * 4, *parameters, *below),
        {"as_of": as_of.isoformat()},
    )
