"""Adding up slots: for several units and periods at once, now or as it was known on a day."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Literal, NamedTuple

from django.db import connection

from plenum.figures.queries.months import Sum, flows_of_months
from plenum.figures.queries.portions import Portions, portions
from plenum.figures.queries.rollups import Kept, can_be_bridged, kept_sums
from plenum.packs import Behaviour, pack
from plenum.periods import Period
from plenum.tree.queries import Divided, divided, only_root


class Ask(NamedTuple):
    """A unit and a period to add up; ``key`` tells the answers apart."""

    key: int
    unit_id: int
    period: Period


Sums = dict[tuple[int, str], Sum]
"""By the key of the ask and the code of the slot; absent when nobody has reported it."""

SOMETHING_STANDS = "0 < ANY(counts)"
"""The rows of a kept sum in which anybody has reported anything."""

ASKED = """
    ask AS (
        SELECT * FROM unnest(%(keys)s::int[], %(units)s::bigint[], %(firsts)s::date[], %(months)s::date[],
                             %(lasts)s::date[], %(years)s::date[])
            AS ask(key, unit_id, first_month, month, last_day, year)
    ),
    slot AS (
        SELECT * FROM unnest(%(forms)s::text[], %(numbers)s::int[], %(codes)s::text[]) AS slot(form, number, code)
    )
"""
"""What is asked, and the slots of forms: the head of queries whose values are those of `parameters`."""
_FLOWS = """
    filed AS (
        SELECT ask.key, standing.return_id, standing.unit_id, standing.form, standing.month, false AS carried,
               standing.ancestors[greatest(above.place - 1, 1)] AS branch_id,
               standing.sums, standing.counts, standing.illustrative
        FROM figures_standing standing
        CROSS JOIN LATERAL unnest(standing.ancestors) WITH ORDINALITY AS above(unit_id, place)
        JOIN ask ON ask.unit_id = above.unit_id
            AND standing.month <= ask.month AND standing.first_month >= ask.first_month
        WHERE standing.unit_id IN (SELECT descendant_id FROM tree_ancestry WHERE ancestor_id = ANY(%(units)s))
    )
"""
_STOCKS = """
    filed AS (
        SELECT ask.key, standing.return_id, standing.unit_id, standing.form, standing.month,
               standing.month < ask.month AS carried, branch.ancestor_id AS branch_id,
               standing.sums, standing.counts, standing.illustrative
        FROM ask
        JOIN tree_ancestry below ON below.ancestor_id = ask.unit_id AND below.span @> ask.last_day
        JOIN tree_ancestry branch ON branch.descendant_id = below.descendant_id
            AND branch.depth = greatest(below.depth - 1, 0) AND branch.span @> ask.last_day
        JOIN figures_standing standing ON standing.unit_id = below.descendant_id
            AND standing.month BETWEEN ask.year AND ask.month
    )
"""
_FLOWS_RESTATED = """
    below AS MATERIALIZED (SELECT * FROM tree_restated_below(%(units)s, %(tree)s)),
    filed AS (
        SELECT ask.key, standing.return_id, standing.unit_id, standing.form, standing.month, false AS carried,
               below.branch_id, standing.sums, standing.counts, standing.illustrative
        FROM ask
        JOIN below ON below.ancestor_id = ask.unit_id
        JOIN figures_standing standing ON standing.unit_id = below.unit_id
            AND standing.month <= ask.month AND standing.first_month >= ask.first_month
    )
"""
_STOCKS_RESTATED = """
    below AS MATERIALIZED (SELECT * FROM tree_restated_below(%(units)s, %(tree)s)),
    filed AS (
        SELECT ask.key, standing.return_id, standing.unit_id, standing.form, standing.month,
               standing.month < ask.month AS carried, below.branch_id,
               standing.sums, standing.counts, standing.illustrative
        FROM ask
        JOIN below ON below.ancestor_id = ask.unit_id
        JOIN tree_unit lives ON lives.id = below.unit_id AND lives.lifetime @> ask.last_day
        JOIN figures_standing standing ON standing.unit_id = below.unit_id
            AND standing.month BETWEEN ask.year AND ask.month
    )
"""
_AS_IT_STANDS = """
    known AS (
        SELECT filed.key, slot.code, filed.return_id, filed.unit_id, filed.month, filed.carried, filed.branch_id,
               filed.sums[slot.number] AS value, filed.counts[slot.number] AS known,
               filed.illustrative[slot.number] AS marked
        FROM filed JOIN slot ON slot.form = filed.form
        WHERE filed.counts[slot.number] > 0
    )
"""
_AS_IT_WAS_KNOWN = """
    known AS (
        SELECT filed.key, slot.code, filed.return_id, filed.unit_id, filed.month, filed.carried, filed.branch_id,
               sum(entry.delta[slot.number]) AS value, sum(entry.delta_counts[slot.number]) AS known,
               sum(entry.delta_illustrative[slot.number]) AS marked
        FROM filed
        JOIN slot ON slot.form = filed.form
        JOIN figures_entry entry ON entry.return_id = filed.return_id AND entry.known_on <= %(known_on)s
        GROUP BY 1, 2, 3, 4, 5, 6, 7
        HAVING sum(entry.delta_counts[slot.number]) > 0
    )
"""
_LATEST = """
    held AS (
        SELECT DISTINCT ON (key, code, unit_id) * FROM known ORDER BY key, code, unit_id, month DESC
    )
"""
_REPORTED = f"""
    SELECT unit_id, form, first_month, month FROM figures_rollup
    WHERE unit_id = ANY(%(units)s) AND month BETWEEN %(first)s AND %(last)s AND form = ANY(%(forms)s)
      AND kind = 'flow' AND {SOMETHING_STANDS}
    UNION
    SELECT unit_id, form, first_month, month FROM figures_standing
    WHERE unit_id = ANY(%(units)s) AND month BETWEEN %(first)s AND %(last)s AND form = ANY(%(forms)s)
      AND {SOMETHING_STANDS}
    ORDER BY unit_id, month, first_month, form
"""  # noqa: S608
_REPORTED_RESTATED = f"""
    SELECT DISTINCT below.ancestor_id, form, first_month, month
    FROM (
        SELECT ancestor_id, unit_id FROM tree_restated_below(%(units)s, %(tree)s)
        UNION ALL
        SELECT * FROM unnest(%(wholes)s::bigint[], %(parts)s::bigint[])
    ) AS below (ancestor_id, unit_id) JOIN figures_standing USING (unit_id)
    WHERE month BETWEEN %(first)s AND %(last)s AND form = ANY(%(forms)s) AND {SOMETHING_STANDS}
    ORDER BY below.ancestor_id, month, first_month, form
"""  # noqa: S608


def held_query(behaviour: Behaviour, *, known_on: date | None, tree: date | None = None) -> str:
    """The head of a query over ``held``: what counts of each return for each ask and slot of one behaviour.

    For flows: every return that lies whole in the period, for each unit above it on the tree of its month. For
    stocks: of every unit below on the last day of the period, its latest return of the year that knows the slot.
    With ``tree``: the same returns, but each unit wherever it counts on the tree of that day.
    ``branch_id`` is the unit directly below the one asked for through which it comes, or that unit itself.
    """
    known = _AS_IT_STANDS if known_on is None else _AS_IT_WAS_KNOWN
    if behaviour is Behaviour.STOCK:
        return f"WITH {ASKED}, {_STOCKS if tree is None else _STOCKS_RESTATED}, {known}, {_LATEST}"
    flows = _FLOWS if tree is None else _FLOWS_RESTATED
    return f"WITH {ASKED}, {flows}, {known}, held AS (SELECT * FROM known)"  # noqa: S608


def parameters(
    asks: Sequence[Ask], slots: Collection[str], known_on: date | None, tree: date | None = None
) -> dict[str, Any]:
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
        "years": [ask.period.year_period().start for ask in asks],
        "forms": [place[0] for place in places],
        "numbers": [place[1] for place in places],
        "codes": [place[2] for place in places],
        "known_on": known_on,
        "tree": tree,
    }


def sums(
    asks: Sequence[Ask],
    slots: Iterable[str],
    *,
    known_on: date | None = None,
    tree: date | None = None,
    by_unit: Collection[str] | None = None,
    parted: Portions | None = None,
) -> Sums:
    """What the slots add up to for every ask. At most four queries, whatever the number of asks and units.

    ``tree``: every unit counts where it stands on the tree of that day (`tree_restated_below` in the database says
    where that is, also for units that do not live then); None: on the tree of the time of the figures, which for the
    unit that has always been at the top is the same.

    ``by_unit``: for which slots the number of units is wanted (all when None); of other flows, what is given is the
    number of returns.

    ``parted``: what of divided units counts in these asks on that tree, if it is known already.
    """
    of_pack = pack().slots()
    wanted = set(slots)
    flows = {code for code in wanted if of_pack[code].behaviour is Behaviour.FLOW}
    if not asks or not wanted:
        return {}
    if tree is not None and {ask.unit_id for ask in asks} == {only_root()}:
        tree, parted = None, None  # where everything counts on the tree of any day
    if parted is None:
        parted = portions(asks, wanted, known_on=known_on, tree=tree)
    if tree is None or can_be_bridged([ask.period for ask in asks]):
        by = flows if by_unit is None else flows & set(by_unit)
        if flows == wanted and known_on is None and tree is None:
            months = flows_of_months(asks, wanted)
            if months is not None:
                return months
        kept = kept_sums(asks, wanted, by_unit=by, known_on=known_on, tree=tree)
        return _told(parted.into(kept), by | (wanted - flows))
    found: dict[tuple[int, str], Kept] = {}
    if flows:
        found |= _held(Behaviour.FLOW, asks, flows, known_on, tree)
    if wanted - flows:
        found |= _held(Behaviour.STOCK, asks, wanted - flows, known_on, tree)
    return _told(parted.into(found), wanted)


def sums_by_branch(
    ask: Ask,
    slots: Collection[str],
    *,
    known_on: date | None = None,
    tree: date | None = None,
    parted: Portions | None = None,
) -> Sums:
    """What `sums` gives for one unit, taken apart by the units directly below it: their numbers are the keys.

    What comes through a unit counts for it also when it has left since; what the unit asked for has reported itself
    stands under its own number. On the tree of a day (``tree``) a unit that does not live then and counts directly
    below stands under its own number, too. At most two queries.
    """
    if tree is None and slots and ask.unit_id == only_root():
        kept = kept_sums(
            [(ask.unit_id, ask.unit_id, ask.period)], slots, by_unit=slots, known_on=known_on, by_branch=True
        )
        return _told(kept, set(slots))
    of_pack = pack().slots()
    found: dict[tuple[int, str], Kept] = {}
    for behaviour in Behaviour:
        same = {code for code in slots if of_pack[code].behaviour is behaviour}
        if same:
            found |= _held(behaviour, [ask], same, known_on, tree, by="branch_id")
    if parted is None:
        parted = portions([ask], slots, known_on=known_on, tree=tree, by_branch=True)
    return _told(parted.into(found, by_branch=True), set(slots))


def reported_periods(
    unit_ids: Collection[int],
    slots: Collection[str],
    year: int,
    *,
    tree: date | None = None,
    parted: Divided | None = None,
) -> dict[int, dict[str, list[Period]]]:
    """By unit and slot: the periods of the year for which anything with this slot stands in its roll-up. Two queries.

    A roll-up from which a move has taken everything again counts as nothing.
    """
    if tree is not None and set(unit_ids) == {only_root()}:
        tree = None  # where everything counts on the tree of any day
    forms = {slot: {form.code for form in pack().forms_with(slot)} for slot in slots}
    of_tree = divided(tree) if parted is None else parted
    pairs = [(unit_id, part) for unit_id in unit_ids for part in of_tree.touching(unit_id)]
    rows = _rows(
        _REPORTED if tree is None else _REPORTED_RESTATED,
        {
            "units": list(unit_ids),
            "tree": tree,
            "wholes": [pair[0] for pair in pairs],
            "parts": [pair[1] for pair in pairs],
            "first": date(year, 1, 1),
            "last": date(year, 12, 1),
            "forms": sorted(set().union(*forms.values())),
        },
    )
    found: dict[int, dict[str, list[Period]]] = {}
    for unit_id, form, first_month, month in rows:
        period = Period.ending(month, month.month - first_month.month + 1)
        for slot in slots:
            if form in forms[slot]:
                found.setdefault(unit_id, {}).setdefault(slot, []).append(period)
    return found


def last_month_reported(unit_id: int, on: date) -> date | None:
    """The last month up to a day for which anything stands in the roll-up of a unit. One query."""
    query = f"""SELECT max(month) FROM (
                    SELECT month FROM figures_rollup
                    WHERE unit_id = %(unit)s AND kind = 'flow' AND month <= %(on)s AND {SOMETHING_STANDS}
                    UNION ALL
                    SELECT month FROM figures_standing
                    WHERE unit_id = %(unit)s AND month <= %(on)s AND {SOMETHING_STANDS}) AS reported"""  # noqa: S608
    month: date | None = _rows(query, {"unit": unit_id, "on": on})[0][0]
    return month


def _told(kept: Mapping[tuple[int, str], Kept], by_unit: Collection[str]) -> Sums:
    """What is kept, where anybody has reported it; of some slots the number of units, of others that of returns."""
    return {
        told: Sum(int(value), int(units if told[1] in by_unit else returns), illustrative > 0, int(carried))
        for told, (value, returns, illustrative, units, carried) in kept.items()
        if returns > 0
    }


def _held(
    behaviour: Behaviour,
    asks: Sequence[Ask],
    slots: Collection[str],
    known_on: date | None,
    tree: date | None = None,
    by: Literal["key", "branch_id"] = "key",
) -> dict[tuple[int, str], Kept]:
    query = (
        f"{held_query(behaviour, known_on=known_on, tree=tree)} "  # noqa: S608
        f"SELECT {by}, code, sum(value), count(*), sum(marked), count(DISTINCT unit_id), "
        "count(*) FILTER (WHERE carried) "
        "FROM held GROUP BY 1, 2"
    )
    return {
        (key, code): (int(value), returns, int(marked), units, carried)
        for key, code, value, returns, marked, units, carried in _rows(
            query, parameters(asks, slots, known_on, tree)
        )
    }


def _rows(query: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
