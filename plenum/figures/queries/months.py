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
    SELECT kept.form, kept.unit_id, kept.month, {slots}, {several}
    FROM unnest(%(units)s::bigint[]) AS asked(unit_id) CROSS JOIN LATERAL (
        SELECT * FROM figures_rollup each
        WHERE each.unit_id = asked.unit_id AND each.kind = 'flow' AND each.month = ANY (%(months)s::date[])
          AND each.first_month = each.month OFFSET 0
    ) kept
    UNION ALL
    SELECT kept.form, kept.unit_id, kept.month, {slots}, {several}
    FROM reporting CROSS JOIN LATERAL (
        SELECT * FROM figures_standing each
        WHERE each.unit_id = reporting.unit_id AND each.month = ANY (%(months)s::date[])
          AND each.first_month = each.month OFFSET 0
    ) kept
"""
BEFORE_SLOTS = 3


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
    if any(period.kind is not PeriodKind.MONTH for _key, _unit, period in asks):
        return None
    keys = {(unit, period.year, period.index): key for key, unit, period in asks}
    if len(keys) < len(asks):
        return None
    of_forms = {
        form.code: [(slot.code, slot.number) for slot in form.slots if slot.code in slots]
        for form in pack().forms.values()
    }
    numbers = sorted({number for of_form in of_forms.values() for _code, number in of_form})
    found: dict[tuple[int, str], Sum] = {}
    for form, rows in _rows_by_form(keys, numbers).items():
        if rows[0][-1]:
            return None
        of_rows = [keys.get((row[1], row[2].year, row[2].month)) for row in rows]
        for code, number in of_forms.get(form, ()):
            at = BEFORE_SLOTS + 3 * numbers.index(number)
            told = {
                (key, code): Sum(row[at] or 0, row[at + 1], bool(row[at + 2]))
                for key, row in zip(of_rows, rows, strict=True)
                if key is not None and row[at + 1]
            }
            for both in found.keys() & told.keys():
                one, other = found[both], told[both]
                told[both] = Sum(
                    one.value + other.value, one.units + other.units, one.illustrative or other.illustrative
                )
            found |= told
    return found


def _rows_by_form(
    keys: Collection[tuple[int, int, int]], numbers: Sequence[int]
) -> dict[str, list[tuple[Any, ...]]]:
    """Form, unit, month; value, units and how many illustrative of each slot; and whether there are several forms."""
    slots = ", ".join(f"kept.sums[{n}], kept.counts[{n}], kept.illustrative[{n}]" for n in numbers)
    months = {(year, month) for _unit, year, month in keys}
    with connection.cursor() as cursor:
        cursor.execute(
            MONTHS.format(slots=slots, several=rollup_sql.SEVERAL),
            {
                "units": list({unit for unit, _year, _month in keys}),
                "months": [date(year, month, 1) for year, month in months],
                "years": [date(year, 1, 1) for year in {year for year, _month in months}],
            },
        )
        rows = cursor.fetchall()
    found: dict[str, list[tuple[Any, ...]]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(row)
    return found
