"""Flows of many units in single months, as league tables and series ask for them: tens of thousands of figures at once.

What a month comes to below a unit stands in one row of the roll-ups, so nothing has to be added up first.
`plenum.figures.queries.rollups` answers all other questions.
"""

from collections.abc import Collection, Sequence
from datetime import date
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
    SELECT kept.form, kept.unit_id * 100000 + (kept.month - date '2000-01-01'), {several}, {slots}
    FROM unnest(%(units)s::bigint[]) AS asked(unit_id) CROSS JOIN LATERAL (
        SELECT * FROM figures_rollup each
        WHERE each.unit_id = asked.unit_id AND each.kind = 'flow' AND each.month = ANY (%(months)s::date[])
          AND each.first_month = each.month OFFSET 0
    ) kept
    UNION ALL
    SELECT kept.form, kept.unit_id * 100000 + (kept.month - date '2000-01-01'), {several}, {slots}
    FROM reporting CROSS JOIN LATERAL (
        SELECT * FROM figures_standing each
        WHERE each.unit_id = reporting.unit_id AND each.month = ANY (%(months)s::date[])
          AND each.first_month = each.month OFFSET 0
    ) kept
"""
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
    for form, rows in _rows_by_form(units, list(days), numbers).items():
        _form, places, several, *told = zip(*rows, strict=True)
        if several[0]:
            return None
        of_rows = [keys.get(place) for place in places]
        for code, number in of_forms.get(form, ()):
            at = 3 * numbers.index(number)
            of_slot = {
                (key, code): Sum(value or 0, count, bool(marked))
                for key, value, count, marked in zip(of_rows, *told[at : at + 3], strict=True)
                if count and key is not None
            }
            if not found.keys().isdisjoint(of_slot):
                for both in found.keys() & of_slot.keys():
                    of_slot[both] = _together(found[both], of_slot[both])
            found |= of_slot
    return found


def _together(one: Sum, other: Sum) -> Sum:
    """What a unit has reported itself, or in another form, with what has been reported below it."""
    return Sum(one.value + other.value, one.units + other.units, one.illustrative or other.illustrative)


def _rows_by_form(
    units: Sequence[int], months: Sequence[tuple[int, int]], numbers: Sequence[int]
) -> dict[str, list[tuple[Any, ...]]]:
    """Form, unit and month, whether there are several forms; value, units and how many illustrative of each slot."""
    slots = ", ".join(f"kept.sums[{n}], kept.counts[{n}], kept.illustrative[{n}]" for n in numbers)
    with connection.cursor() as cursor:
        cursor.execute(
            MONTHS.format(slots=slots, several=rollup_sql.SEVERAL),
            {
                "units": list(units),
                "months": [date(year, month, 1) for year, month in months],
                "years": [date(year, 1, 1) for year in {year for year, _month in months}],
            },
        )
        rows = cursor.fetchall()
    found: dict[str, list[tuple[Any, ...]]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(row)
    return found
