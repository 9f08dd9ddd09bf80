"""Flows of many units in single months, as league tables and series ask for them: tens of thousands of figures at once.

What a month comes to below a unit stands in one row of the roll-ups, so nothing has to be added up first.
`plenum.figures.queries.rollups` answers all other questions.
"""

from collections.abc import Collection, Sequence
from datetime import date
from itertools import repeat
from typing import Any, NamedTuple

from django.db import connection

from plenum.figures.queries import rollup_sql
from plenum.packs import pack
from plenum.periods import Period, PeriodKind

MONTHS = """
    WITH reporting AS MATERIALIZED (
        SELECT unit_id FROM unnest(%(units)s::bigint[]) AS each(unit_id)
        WHERE EXISTS (SELECT FROM figures_standing standing WHERE standing.unit_id = each.unit_id)
    )
    SELECT told.form, {several}, array_agg(told.place), {arrays}
    FROM (
        SELECT kept.form, {columns}
        FROM unnest(%(units)s::bigint[]) AS asked(unit_id) CROSS JOIN LATERAL (
            SELECT * FROM figures_rollup each
            WHERE each.unit_id = asked.unit_id AND each.kind = 'flow' AND each.month = ANY (%(months)s::date[])
              AND each.first_month = each.month OFFSET 0
        ) kept OFFSET 0
    ) told
    GROUP BY told.form
    UNION ALL
    SELECT told.form, {several}, array_agg(told.place), {arrays}
    FROM (
        SELECT kept.form, {columns}
        FROM reporting CROSS JOIN LATERAL (
            SELECT * FROM figures_standing each
            WHERE each.unit_id = reporting.unit_id AND each.month = ANY (%(months)s::date[])
              AND each.first_month = each.month OFFSET 0
        ) kept OFFSET 0
    ) told
    GROUP BY told.form
"""
"""A few long arrays for each form: a row for each figure would take several times as long to carry over."""
PLACE = "kept.unit_id * 100000 + (kept.month - date '2000-01-01') AS place"
COLUMNS = "kept.sums[{n}] AS sum_{n}, kept.counts[{n}] AS count_{n}, kept.illustrative[{n}] > 0 AS marked_{n}"
ARRAYS = "array_agg(told.sum_{n}), array_agg(told.count_{n}), array_agg(told.marked_{n})"
FIRST_DAY = date(2000, 1, 1)
"""A unit and a month are told by one number: the unit times a hundred thousand, and the days since then."""


class Sum(NamedTuple):
    """What one slot adds up to, over how many units, whether any of it is illustrative or carried forward."""

    value: int
    units: int
    illustrative: bool
    carried: int = 0


def flows_of_months(
    asks: Sequence[tuple[int, int, Period]], slots: Collection[str]
) -> dict[tuple[int, str], Sum] | None:
    """By key of the ask (key, unit, month) and slot of a flow: what has been reported below the unit and by itself.

    One query. None when it cannot be told like this: something else than single months is asked for, or a unit twice in
    the same month, or units have reported in several forms.
    """
    days: dict[tuple[int, int], int] = {}
    keys: dict[int, int] = {}
    for key, unit, period in asks:
        if period.kind is not PeriodKind.MONTH:
            return None
        month = period.year, period.index
        if month not in days:
            days[month] = (date(*month, 1) - FIRST_DAY).days
        keys[unit * 100000 + days[month]] = key
    if len(keys) < len(asks):
        return None
    of_forms = {
        form.code: [(slot.code, slot.number) for slot in form.slots if slot.code in slots]
        for form in pack().forms.values()
    }
    numbers = sorted({number for of_form in of_forms.values() for _code, number in of_form})
    found: dict[tuple[int, str], Sum] = {}
    units = list({unit for _key, unit, _period in asks})
    for form, several, places, *told in _rows(units, list(days), numbers):
        if several:
            return None
        of_places = [keys.get(place) for place in places]
        for code, number in of_forms.get(form, ()):
            at = 3 * numbers.index(number)
            of_slot = _sums(code, of_places, *told[at : at + 3])
            if not found.keys().isdisjoint(of_slot):
                for both in found.keys() & of_slot.keys():
                    of_slot[both] = _together(found[both], of_slot[both])
            found |= of_slot
    return found


def _sums(
    code: str,
    keys: Sequence[int | None],
    values: Sequence[int | None],
    counts: Sequence[int | None],
    marked: Sequence[bool | None],
) -> dict[tuple[int, str], Sum]:
    """The sums of one slot by key, where anybody has reported it; nothing of what was not asked for (without a key)."""
    if all(counts) and None not in keys:
        # As almost always: tens of thousands of sums are made without a loop of our own.
        return dict(zip(zip(keys, repeat(code)), map(Sum, values, counts, marked), strict=False))  # type: ignore[arg-type]
    return {
        (key, code): Sum(value or 0, count, bool(illustrative))
        for key, value, count, illustrative in zip(keys, values, counts, marked, strict=True)
        if count and key is not None
    }


def _together(one: Sum, other: Sum) -> Sum:
    """What a unit has reported itself, or in another form, with what has been reported below it."""
    return Sum(one.value + other.value, one.units + other.units, one.illustrative or other.illustrative)


def _rows(
    units: Sequence[int], months: Sequence[tuple[int, int]], numbers: Sequence[int]
) -> list[tuple[Any, ...]]:
    """By form: itself, whether there are several, units and months; of each slot values, units, whether marked."""
    query = MONTHS.format(
        columns=", ".join((PLACE, *(COLUMNS.format(n=n) for n in numbers))),
        arrays=", ".join(ARRAYS.format(n=n) for n in numbers),
        several=rollup_sql.SEVERAL,
    )
    with connection.cursor() as cursor:
        cursor.execute(
            query,
            {
                "units": list(units),
                "months": [date(year, month, 1) for year, month in months],
                "years": [date(year, 1, 1) for year in {year for year, _month in months}],
            },
        )
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
