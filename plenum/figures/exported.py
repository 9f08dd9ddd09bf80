"""Accepted figures and returns as streams for analysts: narrow rows, one for each figure of each return."""

from dataclasses import dataclass
from datetime import date

from plenum.access.reach import reachable
from plenum.access.streams import Column, Stream, subquery
from plenum.figures.powers import READ
from plenum.journal.actor import Actor
from plenum.packs import pack
from plenum.periods import Period

UNIT = (
    Column("unit", str, "code of the unit that reports"),
    Column("unit_name", str, "its name on the day of the view, or the nearest it had"),
)
TIME = (
    Column("period", str, "code of the period, such as 2024-07 or 2024-Q3"),
    Column("first_month", date, "first day of its first month"),
    Column("last_month", date, "first day of its last month"),
)
FIGURES = (
    *UNIT,
    Column("form", str, "code of the form"),
    Column("slot", str, "code of the figure in the form"),
    Column("indicator", str, "code of the indicator that this figure is, if it is one by itself"),
    Column("behaviour", str, "flow: adds up over months; stock: the last one counts"),
    *TIME,
    Column("value", int, "the accepted figure"),
    Column("illustrative", bool, "whether it is not from the source"),
    Column("state", str, "state of the return now; accepted unless it is being corrected"),
    Column("known_on", date, "day on which this figure was known last"),
    Column("return", int, "number of the return"),
)
RETURNS = (
    *UNIT,
    Column("form", str, "code of the form"),
    *TIME,
    Column("state", str, "draft, submitted, sent_back or accepted"),
    Column("version", int, "the version submitted last; 0 before the first"),
    Column("accepted_version", int, "the version whose figures stand"),
    Column("first_submitted_on", date, "day of the first submission"),
    Column("submitted_on", date, "day of the last submission"),
    Column("accepted_on", date, "day of the last acceptance"),
    Column("changed_on", date, "day of the last change"),
    Column("return", int, "number of the return"),
)

NAME = """(SELECT named.name FROM tree_unitname named WHERE named.unit_id = {unit}
           ORDER BY named.span @> %s::date DESC, lower(named.span) DESC LIMIT 1)"""
PERIOD = """to_char({first}, 'YYYY') || CASE (extract(month FROM {last}) - extract(month FROM {first}))::int
           WHEN 0 THEN to_char({first}, '-MM') WHEN 2 THEN to_char({first}, '-"Q"Q')
           WHEN 5 THEN CASE WHEN extract(month FROM {first}) = 1 THEN '-H1' ELSE '-H2' END
           WHEN 8 THEN '-9M' ELSE '' END"""

# `OFFSET 0` keeps the planner from asking for name, state and day once for each figure instead of once for each return.
FIGURES_SQL = """
SELECT told.unit_code, told.unit_name, told.form, meant.code, meant.indicator, meant.behaviour,
       told.period, told.first_month, told.month, told.value, told.illustrative, told.state, told.known_on,
       told.return_id
FROM (SELECT line.unit_code, line.unit_name, line.form, line.period, line.first_month, line.month, line.state,
             line.return_id, figure.*
      FROM (SELECT standing.*, unit.code AS unit_code, {name} AS unit_name, {period} AS period,
                   coalesce((SELECT filed.state FROM figures_return filed WHERE filed.id = standing.return_id),
                            'accepted') AS state,
                   {known_last} AS known_last
            FROM figures_standing standing
            JOIN tree_unit unit ON unit.id = standing.unit_id
            WHERE standing.unit_id IN ({reached}) {chosen}
            OFFSET 0) line
      CROSS JOIN LATERAL ({told}) figure
      OFFSET 0) told
JOIN unnest(%s::text[], %s::int[], %s::text[], %s::text[], %s::text[])
     AS meant(form, number, code, indicator, behaviour)
     ON meant.form = told.form AND meant.number = told.number
"""

# Where nothing is asked of the past, what stands is read as it stands.
KNOWN_LAST = (
    "(SELECT max(entry.known_on) FROM figures_entry entry WHERE entry.return_id = standing.return_id)"
)
AS_IT_STANDS = """
SELECT slot.number, slot.value, slot.illustrative > 0 AS illustrative, line.known_last AS known_on
FROM unnest(line.sums, line.counts, line.illustrative) WITH ORDINALITY
     AS slot(value, count, illustrative, number)
WHERE slot.count > 0"""
AS_KNOWN = """
SELECT slot.number, sum(slot.value)::bigint AS value, sum(slot.illustrative) > 0 AS illustrative,
       max(entry.known_on) AS known_on
FROM figures_entry entry,
     unnest(entry.delta, entry.delta_counts, entry.delta_illustrative) WITH ORDINALITY
     AS slot(value, count, illustrative, number)
WHERE entry.return_id = line.return_id AND entry.known_on <= %s
GROUP BY slot.number HAVING sum(slot.count) > 0"""

RETURNS_SQL = """
SELECT unit.code, {name}, filed.form, filed.period_code, filed.first_month, filed.month, filed.state,
       filed.version, filed.accepted_version, filed.first_submitted_on, filed.submitted_on, filed.accepted_on,
       filed.changed_on, filed.id
FROM figures_return filed
JOIN tree_unit unit ON unit.id = filed.unit_id
WHERE filed.unit_id IN ({reached}) {chosen}
"""


@dataclass(frozen=True)
class Chosen:
    """Which months and whose: from the first month of a period to the last of another; a unit and all below it then."""

    since: Period | None = None
    until: Period | None = None
    unit_id: int | None = None

    def months(self, table: str) -> tuple[str, tuple[date, ...]]:
        """The condition on the months of a table, with its parameters."""
        sql, parameters = "", []
        if self.since is not None:
            sql += f" AND {table}.first_month >= %s"
            parameters.append(self.since.start)
        if self.until is not None:
            sql += f" AND {table}.month <= %s"
            parameters.append(self.until.last_day)
        return sql, tuple(parameters)

    def view(self) -> dict[str, str]:
        """What was chosen, for the file itself."""
        named = {"from": self.since, "to": self.until}
        return {name: period.code for name, period in named.items() if period is not None}


def figures_stream(
    actor: Actor, on: date, *, as_of: date, known_on: date | None = None, chosen: Chosen = Chosen()
) -> Stream:
    """Every accepted figure that the actor reaches, as it stands or as it was known when a day ended.

    Names are those of `as_of`. A unit is chosen with everything that stood below it in the months of the figures.
    """
    reached, parameters = subquery(reachable(actor, READ, on).values("pk"))
    months, bounds = chosen.months("standing")
    below: tuple[int, ...] = () if chosen.unit_id is None else (chosen.unit_id,)
    sql = FIGURES_SQL.format(
        name=NAME.format(unit="standing.unit_id"),
        period=PERIOD.format(first="standing.first_month", last="standing.month"),
        known_last=KNOWN_LAST if known_on is None else "NULL::date",
        told=AS_IT_STANDS if known_on is None else AS_KNOWN,
        reached=reached,
        chosen=months + (" AND standing.ancestors @> ARRAY[%s]::bigint[]" if below else ""),
    )
    known = () if known_on is None else (known_on,)
    view = {"as_of": as_of.isoformat(), **chosen.view()}
    if known_on is not None:
        view["known_on"] = known_on.isoformat()
    return Stream("figures", FIGURES, sql, (as_of, *parameters, *bounds, *below, *known, *_meanings()), view)


def returns_stream(actor: Actor, on: date, *, as_of: date, chosen: Chosen = Chosen()) -> Stream:
    """Every return that has been begun and that the actor reaches, with how far it has come."""
    reached, parameters = subquery(reachable(actor, READ, on).values("pk"))
    months, bounds = chosen.months("filed")
    below: tuple[object, ...] = ()
    if chosen.unit_id is not None:
        months += """ AND EXISTS (SELECT FROM tree_ancestry line WHERE line.descendant_id = filed.unit_id
                      AND line.ancestor_id = %s AND line.span @> filed.month)"""
        below = (chosen.unit_id,)
    sql = RETURNS_SQL.format(name=NAME.format(unit="filed.unit_id"), reached=reached, chosen=months)
    view = {"as_of": as_of.isoformat(), **chosen.view()}
    return Stream("returns", RETURNS, sql, (as_of, *parameters, *bounds, *below), view)


def _meanings() -> tuple[list[object], ...]:
    """What each slot of each form means, column by column."""
    by_slot = {each.value: each.code for each in pack().indicators.values() if each.value is not None}
    rows = [
        (form.code, slot.number, slot.code, by_slot.get(slot.code), slot.behaviour.value)
        for form in pack().forms.values()
        for slot in form.slots
    ]
    return tuple(list(column) for column in zip(*rows, strict=True))
