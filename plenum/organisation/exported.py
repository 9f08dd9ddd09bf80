"""The units that somebody reaches, and what was done at them, as streams for analysts."""

import json
from collections import defaultdict
from datetime import date

from plenum.access.reach import reachable
from plenum.access.streams import Column, Stream, subquery
from plenum.journal.actor import Actor
from plenum.journal.words import FIELDS
from plenum.organisation.powers import JOURNAL_READ, READ
from plenum.periods import Period
from plenum.tree.models import Ancestry

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

JOURNAL = (
    Column("number", int, "number of the entry; those of later acts are higher"),
    Column("unit", str, "code of the unit in whose chain the entry stands"),
    Column("unit_name", str, "its name on the day of the view, or the nearest it had"),
    Column("position", int, "place of the entry in the chain of its unit"),
    Column("act", str, "code of the act"),
    Column("power", str, "code of the power by which it was done; missing for the system"),
    Column("by", str, "who did it"),
    Column("on", date, "day of the act"),
    Column("recorded_at", str, "when it was written down, in UTC"),
    Column("subject", str, "what it was done to"),
    Column("change", str, "what changed, as JSON: a value, or both as [before, after]"),
    Column("hash", str, "seal of the entry over itself and the one before"),
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


# What a field hides (numbers of rows, codes beside names) is no more told here than on the page.
JOURNAL_SQL = """
SELECT entry.id, unit.code,
       (SELECT named.name FROM tree_unitname named WHERE named.unit_id = unit.id
        ORDER BY named.span @> %s::date DESC, lower(named.span) DESC LIMIT 1),
       entry.position, entry.act, nullif(entry.power, ''), entry.actor_label, entry.on_date,
       to_char(entry.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), entry.subject_label,
       (entry.change - ARRAY(SELECT jsonb_array_elements_text(
           coalesce(%s::jsonb -> split_part(entry.act, '.', 1), '[]'::jsonb))))::text,
       entry.hash
FROM journal_entry entry JOIN tree_unit unit ON unit.id = entry.unit_id
WHERE entry.unit_id IN ({reached})
  AND entry.on_date >= coalesce(%s::date, '-infinity') AND entry.on_date < coalesce(%s::date, 'infinity')
ORDER BY entry.id DESC
"""


def journal_stream(
    actor: Actor,
    on: date,
    *,
    as_of: date,
    since: Period | None = None,
    until: Period | None = None,
    unit_id: int | None = None,
) -> Stream:
    """What was done at the units whose journal the actor reads, newest first, on the days from one period to another;
    with `unit_id` at that one and at those that ever stood below it.
    """
    units = reachable(actor, JOURNAL_READ, on)
    if unit_id is not None:
        units = units.filter(pk__in=Ancestry.objects.filter(ancestor=unit_id).values("descendant_id"))
    reached, parameters = subquery(units.values("pk"))
    hidden: dict[str, list[str]] = defaultdict(list)
    for field in FIELDS.values():
        if field.hidden:
            room, _dot, name = field.code.partition(".")
            hidden[room].append(name)
    days = (since.span.start if since else None, until.span.end if until else None)
    return Stream(
        "journal",
        JOURNAL,
        JOURNAL_SQL.format(reached=reached),
        (as_of, json.dumps(hidden), *parameters, *days),
        {"as_of": as_of.isoformat()},
    )
