"""Whose figures on the tree of another day a reader is not shown.

Reach follows the tree as it is, never a view. On the tree of another day, units may count below one that the reader
does not reach: their figures are hidden, and a sum without them would be smaller and look whole. So it is withheld.

Whether it is follows from the tree, from who owed returns, and from the reader's grants alone. What hidden units have
reported makes no difference to it, so that nothing can be learned from what is withheld.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import connection

from plenum.figures.queries.sums import Ask
from plenum.tree.queries import Divided, divided

POWERS_AT = "figures.read,reports.read,targets.read,figures.enter,figures.submit"
POWERS_BELOW = "figures.read,reports.read,targets.read,figures.accept,figures.oblige"
"""The powers by which the rules of the database show sums, of a unit itself and of those below; see `0003_rows`."""

_WITHHELD = """
    WITH ask AS (
        SELECT * FROM unnest(%(keys)s::int[], %(units)s::bigint[], %(firsts)s::date[], %(lasts)s::date[])
            AS ask(key, unit_id, first_day, last_day)
    ),
    holder AS MATERIALIZED (
        SELECT access_holders(string_to_array(%(at)s, ',')) AS here,
               access_holders(string_to_array(%(below)s, ',')) AS above
    ),
    asked AS MATERIALIZED (
        SELECT ask.*, ask.unit_id = ANY (holder.above)
                      OR access_below(ask.unit_id, holder.above, access_day()) AS reached
        FROM ask CROSS JOIN holder
    )
    SELECT DISTINCT asked.key
    FROM asked
    CROSS JOIN holder
    JOIN (
        SELECT ancestor_id, unit_id FROM tree_restated_below(%(units)s, %(tree)s)
        UNION
        SELECT * FROM unnest(%(wholes)s::bigint[], %(parts)s::bigint[])
    ) counted ON counted.ancestor_id = asked.unit_id
    JOIN figures_obligation owed ON owed.unit_id = counted.unit_id
        AND owed.span && daterange(asked.first_day, asked.last_day, '[]')
    WHERE NOT access_everything()
      AND NOT coalesce((SELECT bool_and(top.unit_id = ANY (holder.above)) FROM tree_placement top, holder
                        WHERE top.parent_id IS NULL), false)
      AND NOT (asked.reached AND EXISTS (
            SELECT FROM tree_ancestry line
            WHERE line.descendant_id = counted.unit_id AND line.ancestor_id = asked.unit_id
              AND line.span @> access_day()))
      AND NOT (counted.unit_id = ANY (holder.here) OR access_below(counted.unit_id, holder.above, access_day()))
      AND NOT figures_held(
            counted.unit_id, date_trunc('month', least(asked.last_day, upper(owed.span) - 1))::date,
            holder.here, holder.above, access_day())
"""


def withheld(asks: Sequence[Ask], tree: date | None, parted: Divided | None = None) -> set[int]:
    """The keys of the asks whose sums on the tree of a day would have figures in them that the reader is not shown.

    Nothing on the tree of the time: what stood below a unit then stays readable to those who reach it. One query.
    ``parted``: what is divided on that tree, if it is known already; of such units a part may count, too.
    """
    if tree is None or not asks:
        return set()
    of_tree = divided(tree) if parted is None else parted
    pairs = {(ask.unit_id, unit_id) for ask in asks for unit_id in of_tree.touching(ask.unit_id)}
    values: dict[str, Any] = {
        "keys": [ask.key for ask in asks],
        "units": [ask.unit_id for ask in asks],
        "firsts": [ask.period.year_period().start for ask in asks],
        "lasts": [ask.period.last_day for ask in asks],
        "at": POWERS_AT,
        "below": POWERS_BELOW,
        "tree": tree,
        "wholes": [above for above, _unit in sorted(pairs)],
        "parts": [unit_id for _above, unit_id in sorted(pairs)],
    }
    with connection.cursor() as cursor:
        cursor.execute(_WITHHELD, values)
        return {key for (key,) in cursor.fetchall()}
