"""Flows of many units in single months, as league tables and series ask for them: tens of thousands of figures at once.

What a month comes to below a unit stands in one row of the roll-ups, so nothing has to be added up first.
`plenum.figures.queries.rollups` answers all other questions.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from itertools import repeat
from operator import add, itemgetter
from typing import Any, NamedTuple

from django.db import connection

from plenum.figures.queries import rollup_sql
from plenum.figures.queries.listing import listed
from plenum.packs import pack
from plenum.periods import Period, PeriodKind

MONTHS = """
    WITH reporting AS MATERIALIZED (
        SELECT unit_id, place FROM unnest(%(units)s::bigint[]) WITH ORDINALITY AS each(unit_id, place)
        WHERE EXISTS (SELECT FROM figures_standing standing WHERE standing.unit_id = each.unit_id)
    )
    SELECT told.form, {several}, array_agg(told.place), {arrays}
    FROM (
        SELECT kept.form COLLATE "C" AS form, {columns}
        FROM unnest(%(units)s::bigint[]) WITH ORDINALITY AS asked(unit_id, place) CROSS JOIN LATERAL (
            SELECT * FROM figures_rollup each
            WHERE each.unit_id = asked.unit_id AND each.kind = 'flow' AND each.month = ANY (%(months)s::date[])
              AND each.first_month = each.month OFFSET 0
        ) kept OFFSET 0
    ) told
    GROUP BY told.form
    UNION ALL
    SELECT told.form, {several}, array_agg(told.place), {arrays}
    FROM (
        SELECT kept.form COLLATE "C" AS form, {columns}
        FROM reporting asked CROSS JOIN LATERAL (
            SELECT * FROM figures_standing each
            WHERE each.unit_id = asked.unit_id AND each.month = ANY (%(months)s::date[])
              AND each.first_month = each.month OFFSET 0
        ) kept OFFSET 0
    ) told
    GROUP BY told.form
"""
"""A few long arrays for each form: a row for each figure would take several times as long to carry over. Forms are
compared as bytes, which sorts thousands of rows faster than the rules of a language."""
PLACE = "asked.place * 100000 + (kept.month - date '2000-01-01') AS place"
COLUMNS = (
    "kept.sums[{at}] AS sum_{n}, kept.counts[{at}] AS count_{n}, kept.illustrative[{at}] > 0 AS marked_{n}"
)
ARRAYS = "array_agg(told.sum_{n}), array_agg(told.count_{n}), array_agg(told.marked_{n})"
FIRST_DAY = date(2000, 1, 1)
"""A unit and a month are told by one number: a hundred thousand times the place of the unit among those asked for (from
one on), and the days since then."""


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
    keys_asked, units_asked, periods = (list(map(itemgetter(place), asks)) for place in range(3))
    distinct = dict(zip(map(id, periods), periods, strict=True))  # a few are asked for again and again
    if any(period.kind is not PeriodKind.MONTH for period in distinct.values()):
        return None
    days = {each: (period.start - FIRST_DAY).days for each, period in distinct.items()}
    units = {unit: place * 100_000 for place, unit in enumerate(dict.fromkeys(units_asked), start=1)}
    places_asked = map(add, map(units.__getitem__, units_asked), map(days.__getitem__, map(id, periods)))
    keys = dict(zip(places_asked, keys_asked, strict=True))
    if len(keys) < len(asks):
        return None
    codes = sorted(slots)
    of_forms = {form.code: {slot.code for slot in form.slots} for form in pack().forms.values()}
    found: dict[tuple[int, str], Sum] = {}
    for form, several, places, *told in _rows(list(units), {each.start for each in distinct.values()}, codes):
        if several:
            return None
        of_places = list(map(keys.get, places))
        before = dict(found)
        for at, code in enumerate(codes):
            if code in of_forms.get(form, ()):
                found.update(_sums(code, of_places, *told[3 * at : 3 * at + 3]))
        for key, standing in before.items():
            if found[key] is not standing:
                found[key] = _together(standing, found[key])
    return found


def _sums(
    code: str,
    keys: Sequence[int | None],
    values: Sequence[int | None],
    counts: Sequence[int | None],
    marked: Sequence[bool | None],
) -> Iterable[tuple[tuple[int, str], Sum]]:
    """The sums of one slot by key, where anybody has reported it; nothing of what was not asked for (without a key)."""
    if all(counts) and None not in keys:
        # As almost always: tens of thousands of sums are made without a loop of our own, and not by `Sum` itself, which
        # takes twice as long.
        told = map(tuple.__new__, repeat(Sum), zip(values, counts, marked, repeat(0), strict=False))
        return zip(zip(keys, repeat(code), strict=False), told, strict=True)  # type: ignore[arg-type]
    return (
        ((key, code), Sum(value or 0, count, bool(illustrative)))
        for key, value, count, illustrative in zip(keys, values, counts, marked, strict=True)
        if count and key is not None
    )


def _together(one: Sum, other: Sum) -> Sum:
    """What a unit has reported itself, or in another form, with what has been reported below it."""
    return Sum(one.value + other.value, one.units + other.units, one.illustrative or other.illustrative)


def _rows(units: Sequence[int], months: Collection[date], codes: Sequence[str]) -> list[tuple[Any, ...]]:
    """By form: itself, whether there are several, units and months; of each slot values, units, whether marked."""
    parameters: dict[str, Any] = {
        "units": listed(units),
        "months": sorted(months),
        "years": sorted({month.replace(month=1) for month in months}),
    }
    columns = [COLUMNS.format(n=n, at=_number(code, n, parameters)) for n, code in enumerate(codes)]
    query = MONTHS.format(
        columns=", ".join((PLACE, *columns)),
        arrays=", ".join(ARRAYS.format(n=n) for n in range(len(codes))),
        several=rollup_sql.SEVERAL,
    )
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _number(code: str, n: int, parameters: dict[str, Any]) -> str:
    """The number of a slot in the form of a row, in SQL, forms among `parameters`: most often the same in all."""
    numbers = {form.code: form.slot(code).number for form in pack().forms_with(code)}
    (usual, _times), *others = Counter(numbers.values()).most_common()
    if not others:
        return str(usual)
    unusual = {form: number for form, number in numbers.items() if number != usual}
    parameters |= {f"form_{n}_{place}": form for place, form in enumerate(unusual)}
    whens = (f"WHEN %(form_{n}_{place})s THEN {number}" for place, number in enumerate(unusual.values()))
    return f"CASE kept.form {' '.join(whens)} ELSE {usual} END"
