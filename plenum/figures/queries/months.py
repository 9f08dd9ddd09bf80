"""Flows of many units in single months, as league tables and series ask for them: tens of thousands of figures at once.

What a month comes to below a unit stands in one row of the roll-ups, so nothing has to be added up first.
`plenum.figures.queries.rollups` answers all other questions.
"""

from collections.abc import Collection, Mapping, Sequence
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
    SELECT kept.form, {several}, {slots}
    FROM unnest(%(units)s::bigint[]) AS asked(unit_id) CROSS JOIN LATERAL (
        SELECT * FROM figures_rollup each
        WHERE each.unit_id = asked.unit_id AND each.kind = 'flow' AND each.month = ANY (%(months)s::date[])
          AND each.first_month = each.month OFFSET 0
    ) kept
    GROUP BY kept.form
    UNION ALL
    SELECT kept.form, {several}, {slots}
    FROM reporting CROSS JOIN LATERAL (
        SELECT * FROM figures_standing each
        WHERE each.unit_id = reporting.unit_id AND each.month = ANY (%(months)s::date[])
          AND each.first_month = each.month OFFSET 0
    ) kept
    GROUP BY kept.form
"""
SLOT = ", ".join(
    f"array_agg({told}) FILTER (WHERE kept.form = ANY (%(forms_{{n}})s) AND kept.counts[{{n}}] > 0)"
    for told in (
        "kept.unit_id * 100000 + (kept.month - date '2000-01-01')",
        "coalesce(kept.sums[{n}], 0)",
        "kept.counts[{n}]",
        "kept.illustrative[{n}] > 0",
    )
)
"""A row for each figure would take several times as long to carry over as four long arrays."""
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
    forms: dict[int, list[str]] = {}
    codes: dict[tuple[str, int], str] = {}
    for form in pack().forms.values():
        for slot in form.slots:
            if slot.code in slots:
                forms.setdefault(slot.number, []).append(form.code)
                codes[form.code, slot.number] = slot.code
    found: dict[tuple[int, str], Sum] = {}
    units = list({unit for _key, unit, _period in asks})
    for of_form, several, *told in _rows(units, list(days), forms):
        if several:
            return None
        for at, number in enumerate(forms):
            places, *amounts = told[4 * at : 4 * at + 4]
            if places is None:
                continue
            code = codes[of_form, number]
            of_slot: dict[Any, Sum] = dict(
                zip(zip(map(keys.get, places), repeat(code)), map(Sum, *amounts), strict=False)
            )
            of_slot.pop((None, code), None)
            if not found.keys().isdisjoint(of_slot):
                for both in found.keys() & of_slot.keys():
                    of_slot[both] = _together(found[both], of_slot[both])
            found |= of_slot
    return found


def _together(one: Sum, other: Sum) -> Sum:
    """What a unit has reported itself, or in another form, with what has been reported below it."""
    return Sum(one.value + other.value, one.units + other.units, one.illustrative or other.illustrative)


def _rows(
    units: Sequence[int], months: Sequence[tuple[int, int]], forms: Mapping[int, Sequence[str]]
) -> list[tuple[Any, ...]]:
    """By form: itself, whether there are several forms; of each slot units and months, values, units, whether marked.

    ``forms``: those that have the slot of a number. Marked is what is illustrative.
    """
    query = MONTHS.format(slots=", ".join(SLOT.format(n=n) for n in forms), several=rollup_sql.SEVERAL)
    values: dict[str, Any] = {
        "units": list(units),
        "months": [date(year, month, 1) for year, month in months],
        "years": [date(year, 1, 1) for year in {year for year, _month in months}],
        **{f"forms_{number}": list(having) for number, having in forms.items()},
    }
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
