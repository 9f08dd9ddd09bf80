"""Flows of many units in single months, as league tables and series ask for them: tens of thousands of figures at once.

What a month comes to below a unit stands in one row of the roll-ups, so nothing has to be added up first.
`plenum.figures.queries.rollups` answers all other questions.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from itertools import repeat
from operator import add
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
    SELECT {several}, CASE WHEN min(told.nature) = max(told.nature) THEN ARRAY[min(told.nature)]
                           ELSE array_agg(told.nature) END, array_agg(told.place), {arrays}
    FROM (
        SELECT {columns}
        FROM unnest(%(units)s::bigint[]) WITH ORDINALITY AS asked(unit_id, place) CROSS JOIN LATERAL (
            SELECT * FROM figures_rollup each
            WHERE each.unit_id = asked.unit_id AND each.kind = 'flow' AND each.month = ANY (%(months)s::date[])
              AND each.first_month = each.month OFFSET 0
        ) kept
        UNION ALL
        SELECT {columns}
        FROM reporting asked CROSS JOIN LATERAL (
            SELECT * FROM figures_standing each
            WHERE each.unit_id = asked.unit_id AND each.month = ANY (%(months)s::date[])
              AND each.first_month = each.month OFFSET 0
        ) kept
    ) told
"""
"""One row of a few long arrays: a row for each figure would take several times as long to carry over. What is the same
in all rows is told once: forms and marks most often are, so one number tells both (see `NATURE`)."""
PLACE = "asked.place * 100000 + (kept.month - date '2000-01-01') AS place"
NATURE = "CASE kept.form {forms} ELSE 0 END + {marks} AS nature"
"""A bit for each slot, set where any of it is illustrative; above these the place of the form in the pack, from one."""
MARK = "CASE WHEN kept.illustrative[{at}] > 0 THEN {bit} ELSE 0 END"
COLUMNS = "kept.sums[{at}] AS sum_{n}, kept.counts[{at}] AS count_{n}"
ARRAYS = "array_agg(told.sum_{n}), array_agg(told.count_{n})"
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
    if not asks:
        return {}
    keys_asked, units_asked, periods = zip(*asks, strict=True)
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
    several, natures, places, *told = _row(list(units), {each.start for each in distinct.values()}, codes)
    if several:
        return None
    if places is None:
        return {}
    return _added(codes, natures, list(map(keys.get, places)), list(zip(told[::2], told[1::2], strict=True)))


def _added(
    codes: Sequence[str],
    natures: Sequence[int],
    keys: Sequence[int | None],
    columns: Sequence[tuple[Sequence[int | None], Sequence[int | None]]],
) -> dict[tuple[int, str], Sum]:
    """What rows come to by key and slot, where anybody has reported it; nothing of rows not asked for (without a key).

    Several rows of a key are added up: what a unit has reported itself and what has been reported below it, what came
    in different forms, and what came to the root through each unit below it. ``natures``: of every row, or the one
    that all have; ``columns``: of every slot values, and by how many units.
    """
    found: dict[tuple[int, str], Sum] = {}
    forms = [None, *pack().forms.values()]
    distinct = set(keys)
    alike = len(natures) == 1 and None not in distinct and len(distinct) == len(keys)
    for n, (code, (values, counts)) in enumerate(zip(codes, columns, strict=True)):
        has = [form is not None and form.has(code) for form in forms]
        if alike and all(counts):
            # As almost always: tens of thousands of sums are made without a loop of our own, and not by `Sum` itself,
            # which takes twice as long.
            if has[natures[0] >> len(codes)]:
                marks = repeat(bool(natures[0] >> n & 1))
                told = map(tuple.__new__, repeat(Sum), zip(values, counts, marks, repeat(0), strict=False))
                found.update(zip(zip(keys, repeat(code), strict=False), told, strict=True))  # type: ignore[arg-type]
            continue
        every = repeat(natures[0]) if len(natures) == 1 else natures
        for key, value, count, nature in zip(keys, values, counts, every, strict=False):
            if count and key is not None and has[nature >> len(codes)]:
                one, other = Sum(value or 0, count, bool(nature >> n & 1)), found.get((key, code))
                found[key, code] = one if other is None else _together(one, other)
    return found


def _together(one: Sum, other: Sum) -> Sum:
    return Sum(one.value + other.value, one.units + other.units, one.illustrative or other.illustrative)


def _row(units: Sequence[int], months: Collection[date], codes: Sequence[str]) -> tuple[Any, ...]:
    """Whether units have reported in several forms, then the columns: natures, places, and two of each slot."""
    parameters: dict[str, Any] = {
        "units": listed(units),
        "months": sorted(months),
        "years": sorted({month.replace(month=1) for month in months}),
    }
    places = {form: place for place, form in enumerate(pack().forms, start=1)}
    parameters |= {f"form_{place}": form for form, place in places.items()}
    at = [_number(code, places) for code in codes]
    nature = NATURE.format(
        forms=" ".join(f"WHEN %(form_{place})s THEN {place << len(codes)}" for place in places.values()),
        marks=" + ".join(MARK.format(at=number, bit=1 << n) for n, number in enumerate(at)),
    )
    query = MONTHS.format(
        columns=", ".join((PLACE, nature, *(COLUMNS.format(n=n, at=number) for n, number in enumerate(at)))),
        arrays=", ".join(ARRAYS.format(n=n) for n in range(len(codes))),
        several=rollup_sql.SEVERAL,
    )
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        row: tuple[Any, ...] = cursor.fetchone()
    return row


def _number(code: str, places: Mapping[str, int]) -> str:
    """The number of a slot in the form of a row, in SQL: most often the same in all."""
    numbers = {form.code: form.slot(code).number for form in pack().forms_with(code)}
    (usual, _times), *others = Counter(numbers.values()).most_common()
    if not others:
        return str(usual)
    whens = (
        f"WHEN %(form_{places[form]})s THEN {number}" for form, number in numbers.items() if number != usual
    )
    return f"CASE kept.form {' '.join(whens)} ELSE {usual} END"
