"""The targets that somebody reaches, as a stream for analysts."""

from datetime import date
from decimal import Decimal

from plenum.access.reach import reachable
from plenum.access.streams import Column, Stream, subquery
from plenum.journal.actor import Actor
from plenum.targets.powers import READ

COLUMNS = (
    Column("unit", str, "code of the unit that has the target"),
    Column("unit_name", str, "its name on the day of the view, or the nearest it had"),
    Column("indicator", str, "code of the indicator"),
    Column("period", str, "code of the period"),
    Column("comparison", str, "value, at_least, more_than, at_most or less_than"),
    Column("amount", Decimal, "how much is to be reached; per cent for a share"),
    Column("basis", int, "number of the document that it rests on"),
    Column("given_to", str, "the leader it is given to"),
    Column("given_to_post", str, "the post of that leader"),
    Column("illustrative", bool, "whether it is not from the source"),
    Column("amended", bool, "whether it has been changed since it was set"),
    Column("known_on", date, "day since which it stands so"),
    Column("target", int, "number of the target"),
)

SQL = """
SELECT unit.code, (SELECT named.name FROM tree_unitname named WHERE named.unit_id = unit.id
                   ORDER BY named.span @> %s::date DESC, lower(named.span) DESC LIMIT 1),
       latest.indicator, latest.period_code, latest.comparison, latest.amount, latest.basis_id,
       latest.given_to, latest.given_to_post, latest.illustrative, latest.deed = 'amend', latest.known_on, latest.id
FROM (SELECT DISTINCT ON (unit_id, period_code, indicator) *
      FROM targets_target target
      WHERE target.unit_id IN ({reached}) AND (%s::date IS NULL OR target.known_on <= %s::date) {chosen}
      ORDER BY unit_id, period_code, indicator, id DESC) latest
JOIN tree_unit unit ON unit.id = latest.unit_id
WHERE latest.deed <> 'withdraw'
ORDER BY unit.code, latest.period_code, latest.indicator
"""

BELOW = """AND EXISTS (SELECT FROM tree_ancestry line WHERE line.descendant_id = target.unit_id
                       AND line.ancestor_id = %s AND line.span @> %s::date)"""


def targets_stream(
    actor: Actor, on: date, *, as_of: date, known_on: date | None = None, unit_id: int | None = None
) -> Stream:
    """The targets that stand, or stood when the day `known_on` ended; with `unit_id` of that unit and those below."""
    reached, parameters = subquery(reachable(actor, READ, on).values("pk"))
    below = () if unit_id is None else (unit_id, as_of)
    view = {"as_of": as_of.isoformat()}
    if known_on is not None:
        view["known_on"] = known_on.isoformat()
    sql = SQL.format(reached=reached, chosen=BELOW if below else "")
    return Stream("targets", COLUMNS, sql, (as_of, *parameters, known_on, known_on, *below), view)
