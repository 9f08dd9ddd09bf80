"""Adding up slots: for several units and periods at once, now or as it was known on a day."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from plenum.packs import Behaviour, pack
from plenum.periods import Period


@dataclass(frozen=True)
class Ask:
    """A unit and a period to add up; ``key`` tells the answers apart."""

    key: int
    unit_id: int
    period: Period


@dataclass(frozen=True)
class Sum:
    """What one slot adds up to, over how many units, whether any of it is illustrative or carried forward."""

    value: int
    units: int
    illustrative: bool
    carried: int = 0


Sums = dict[tuple[int, str], Sum]
"""By the key of the ask and the code of the slot; absent when nobody has reported it."""

_ASKED = """
    WITH ask AS (
        SELECT * FROM unnest(%(keys)s::int[], %(units)s::bigint[], %(firsts)s::date[], %(months)s::date[],
                             %(lasts)s::date[]) AS ask(key, unit_id, first_month, month, last_day)
    ),
    slot AS (
        SELECT * FROM unnest(%(forms)s::text[], %(numbers)s::int[], %(codes)s::text[]) AS slot(form, number, code)
    )
"""
_STANDS = """
    source AS (
        SELECT standing.return_id, standing.unit_id, standing.form, standing.first_month, standing.month,
               standing.ancestors, standing.sums, standing.counts, standing.illustrative
        FROM figures_standing standing
        WHERE {where}
    )
"""
_WAS_KNOWN = """
    source AS (
        SELECT standing.return_id, standing.unit_id, standing.form, standing.first_month, standing.month,
               standing.ancestors, entry.delta AS sums, entry.delta_counts AS counts,
               entry.delta_illustrative AS illustrative
        FROM figures_standing standing JOIN figures_entry entry ON entry.return_id = standing.return_id
        WHERE entry.known_on <= %(known_on)s AND {where}
    )
"""
_WHERE = """
    standing.unit_id IN (SELECT descendant_id FROM tree_ancestry WHERE ancestor_id = ANY(%(units)s))
    AND standing.month BETWEEN (SELECT date_trunc('year', min(month))::date FROM ask) AND (SELECT max(month) FROM ask)
    AND standing.form IN (SELECT form FROM slot)
"""
_SLOTS_OF_SOURCE = """
    CROSS JOIN LATERAL unnest(source.sums, source.counts, source.illustrative)
        WITH ORDINALITY AS place(value, known, marked, number)
    JOIN slot ON slot.form = source.form AND slot.number = place.number
"""
HELD_FLOWS = f"""
    held AS (
        SELECT ask.key, slot.code, source.return_id, source.unit_id, source.month, sum(place.value) AS value,
               sum(place.known) AS known, sum(place.marked) AS marked
        FROM source
        CROSS JOIN LATERAL unnest(source.ancestors) AS above(unit_id)
        JOIN ask ON ask.unit_id = above.unit_id
            AND source.month <= ask.month AND source.first_month >= ask.first_month
        {_SLOTS_OF_SOURCE}
        GROUP BY 1, 2, 3, 4, 5
        HAVING sum(place.known) > 0
    )
"""  # noqa: S608
"""Of every return that lies whole in the period, what it adds to each unit above it on the tree of its month."""
HELD_STOCKS = f"""
    held AS (
        SELECT DISTINCT ON (ask.key, slot.code, source.unit_id)
               ask.key, slot.code, source.return_id, source.unit_id, source.month, sum(place.value) AS value,
               sum(place.known) AS known, sum(place.marked) AS marked, source.month < ask.month AS carried
        FROM ask
        JOIN tree_ancestry below ON below.ancestor_id = ask.unit_id AND below.span @> ask.last_day
        JOIN source ON source.unit_id = below.descendant_id
            AND source.month BETWEEN date_trunc('year', ask.month) AND ask.month
        {_SLOTS_OF_SOURCE}
        GROUP BY 1, 2, 3, 4, 5, ask.month
        HAVING sum(place.known) > 0
        ORDER BY ask.key, slot.code, source.unit_id, source.month DESC
    )
"""  # noqa: S608
"""Of every unit below on the last day of the period, its latest return of the year that knows the slot."""
_FROM_ROLLUPS = f"""
    {_ASKED}
    SELECT ask.key, slot.code, sum(place.value), sum(place.known), sum(place.marked),
           count(DISTINCT rollup.month) FILTER (WHERE place.known <> 0)
    FROM ask
    JOIN figures_rollup rollup ON rollup.unit_id = ask.unit_id
        AND rollup.month BETWEEN ask.first_month AND ask.month AND rollup.first_month >= ask.first_month
    CROSS JOIN LATERAL unnest(rollup.sums, rollup.counts, rollup.illustrative)
        WITH ORDINALITY AS place(value, known, marked, number)
    JOIN slot ON slot.form = rollup.form AND slot.number = place.number
    GROUP BY 1, 2
    HAVING sum(place.known) > 0
"""  # noqa: S608


def held_query(held: str, *, known_on: date | None) -> str:
    """The head of a query over ``held``: what counts for each ask, slot and return."""
    source = (_STANDS if known_on is None else _WAS_KNOWN).format(where=_WHERE)
    return f"{_ASKED}, {source}, {held}"


def parameters(asks: Sequence[Ask], slots: Collection[str], known_on: date | None) -> dict[str, Any]:
    """The parameters of a query over asks and slot codes."""
    places = [
        (form.code, slot.number, slot.code)
        for form in pack().forms.values()
        for slot in form.slots
        if slot.code in slots
    ]
    return {
        "keys": [ask.key for ask in asks],
        "units": [ask.unit_id for ask in asks],
        "firsts": [ask.period.start for ask in asks],
        "months": [ask.period.last_month for ask in asks],
        "lasts": [ask.period.last_day for ask in asks],
        "forms": [place[0] for place in places],
        "numbers": [place[1] for place in places],
        "codes": [place[2] for place in places],
        "known_on": known_on,
    }


def sums(asks: Sequence[Ask], slots: Iterable[str], *, known_on: date | None = None) -> Sums:
    """What the slots add up to for every ask. At most three queries, whatever the number of asks and units."""
    of_pack = pack().slots()
    wanted = set(slots)
    flows = {code for code in wanted if of_pack[code].behaviour is Behaviour.FLOW}
    found: Sums = {}
    if flows and asks:
        found |= _flows(asks, flows) if known_on is None else _held(HELD_FLOWS, asks, flows, known_on)
    if wanted - flows and asks:
        found |= _held(HELD_STOCKS, asks, wanted - flows, known_on)
    return found


def _flows(asks: Sequence[Ask], slots: Collection[str]) -> Sums:
    """Flows from the kept roll-ups.

    Over one month the number of returns is that of units; over several the units are counted one by one.
    """
    found: Sums = {}
    several: dict[int, Ask] = {}
    by_key = {ask.key: ask for ask in asks}
    for key, code, value, returns, marked, months in _rows(_FROM_ROLLUPS, parameters(asks, slots, None)):
        found[key, code] = Sum(int(value), int(returns), marked > 0)
        if months > 1:
            several[key] = by_key[key]
    if several:
        found |= _held(HELD_FLOWS, list(several.values()), slots, None)
    return found


def _held(held: str, asks: Sequence[Ask], slots: Collection[str], known_on: date | None) -> Sums:
    carried = "count(*) FILTER (WHERE carried)" if held is HELD_STOCKS else "0"
    query = (
        f"{held_query(held, known_on=known_on)} "  # noqa: S608
        f"SELECT key, code, sum(value), count(DISTINCT unit_id), sum(marked), {carried} FROM held GROUP BY 1, 2"
    )
    return {
        (key, code): Sum(int(value), units, marked > 0, carried_units)
        for key, code, value, units, marked, carried_units in _rows(query, parameters(asks, slots, known_on))
    }


def _rows(query: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
