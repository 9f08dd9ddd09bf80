"""From how many units accepted figures are missing in a period, and who they are."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from plenum.figures.queries.handed import owed_parts
from plenum.figures.queries.holding import WHO_OWES, may_owe, owing_apart
from plenum.packs import pack
from plenum.periods import Period
from plenum.tree.queries import only_root

MOST_NAMED = 5
"""So many units are named, the first by name."""


@dataclass(frozen=True)
class Missing:
    """How many units have not all of one form accepted, and the first of them by name."""

    units: int
    first: tuple[tuple[str, str], ...]
    """The key by which a name sorts, and the name."""


@dataclass(frozen=True)
class MissingReturns:
    """The units at or below one that owe returns in a period for which nothing is accepted, by form."""

    by_form: Mapping[str, Missing]

    def count(self, forms: Collection[str]) -> int:
        """How many units miss returns of some forms; one that misses two forms counts for each."""
        return sum(self.by_form[form].units for form in forms if form in self.by_form)

    def names(self, forms: Collection[str]) -> tuple[str, ...]:
        """The names of the first units that miss returns of some forms."""
        found = sorted(
            (key, name, form)
            for form in forms
            if form in self.by_form
            for key, name in self.by_form[form].first
        )
        return tuple(name for _key, name, _form in found[:MOST_NAMED])


_MISSING = """
    WITH part AS (
        SELECT *, daterange(make_date(year, 1, 1), make_date(year + 1, 1, 1)) AS span
        FROM unnest(%(forms)s::text[], %(schedules)s::text[], %(years)s::int[], %(lengths)s::int[], %(months)s::int[],
                    %(past)s::int[]) AS part(form, schedule, year, length, months, past)
    ),
    bounded AS MATERIALIZED (
        SELECT id, lifetime FROM tree_unit WHERE NOT upper_inf(lifetime)
        UNION
        SELECT id, lifetime FROM tree_unit WHERE lower(lifetime) > %(first)s
    ),
    {barred},
    {places}
    known AS MATERIALIZED (
        SELECT unit_id, form, bit_or(accepted) AS accepted, max(accepted_until) AS accepted_until
        FROM figures_handed known WHERE year = %(year)s {known_of} GROUP BY 1, 2
    ),
    missed AS MATERIALIZED (
        SELECT * FROM (
            SELECT owing.unit_id, owing.form, NULL::daterange AS lifetime,
                   part.months {stood} & {decided} & {unknown} AS months, part.span, {doubtful} AS doubtful
            FROM {owing} {placed} LEFT JOIN known ON known.unit_id = owing.unit_id AND known.form = owing.form
            WHERE {not_apart} {owing_of}
            UNION ALL
            SELECT owing.unit_id, owing.form, bounded.lifetime,
                   part.months {stood_apart} & {held_apart} & {unknown}, part.span, {doubtful}
            FROM {owing_apart} LEFT JOIN known ON known.unit_id = owing.unit_id AND known.form = owing.form
        ) each WHERE months <> 0
    ),
    units AS MATERIALIZED (
        SELECT DISTINCT unit_id, form, lifetime FROM missed
        WHERE NOT doubtful OR months & ~(
            SELECT coalesce(bit_or(1 << (date_part('month', standing.month)::int - 1)), 0)
            FROM figures_standing standing
            WHERE standing.unit_id = missed.unit_id AND standing.form = missed.form AND standing.month <@ missed.span
              AND (%(known_on)s::date IS NULL OR EXISTS (
                    SELECT FROM figures_entry entry
                    WHERE entry.return_id = standing.return_id AND entry.known_on <= %(known_on)s))
        ) <> 0
    )
    SELECT form, of_form, sort_key, name
    FROM (
        SELECT units.form, name.sort_key, name.name, count(*) OVER (PARTITION BY units.form) AS of_form,
               row_number() OVER (PARTITION BY units.form ORDER BY name.sort_key, units.unit_id) AS place
        FROM units
        CROSS JOIN LATERAL (
            SELECT sort_key, name FROM tree_unitname
            WHERE unit_id = units.unit_id AND span @> CASE
                WHEN units.lifetime IS NULL THEN %(day)s::date
                ELSE greatest(lower(units.lifetime), least(%(day)s::date, upper(units.lifetime) - 1)) END
            OFFSET 0
        ) name
    ) named
    WHERE place <= %(most)s
    ORDER BY form, place
"""
_UNKNOWN = "~CASE WHEN known.accepted_until > %(known_on)s THEN 0 ELSE coalesce(known.accepted, 0) END"
_DOUBTFUL = "(known.unit_id IS NULL OR coalesce(known.accepted_until > %(known_on)s, false))"
_PLACED_APART = "(SELECT unit_id, place.months FROM apart JOIN place USING (unit_id)) AS apart"
_STOOD = """
    place AS MATERIALIZED (
        SELECT descendant_id AS unit_id, bit_or(figures_months(span, %(year)s)) AS months
        FROM tree_ancestry WHERE ancestor_id = %(unit)s AND span && daterange(%(first)s, %(last)s, '[]')
        GROUP BY 1
    ),
"""
_COUNTED = """
    place AS MATERIALIZED (
        SELECT counted.unit_id, 4095 AS months
        FROM tree_restated_below(ARRAY[%(unit)s::bigint], %(tree)s) counted
        WHERE EXISTS (SELECT FROM tree_ancestry line
                      WHERE line.descendant_id = counted.unit_id AND line.ancestor_id = %(unit)s
                        AND line.span && daterange(%(first)s, NULL))
    ),
"""


def missing_returns(
    unit_id: int,
    period: Period,
    *,
    on: date | None = None,
    known_on: date | None = None,
    tree: date | None = None,
) -> MissingReturns:
    """Units at or below one that owe returns in the period for which nothing is accepted. Two queries.

    Only periods that are over on ``on`` (when given) and on whose last day the unit stood there. ``known_on``: what
    had been accepted by the end of that day. ``tree``: those that count there on the tree of that day instead, if they
    have stood there since the period began: what others have not reported is not told.
    """
    until = min(day for day in (period.last_day, on, known_on) if day is not None)
    parts = owed_parts(pack().forms.values(), period.span, until, until)
    everywhere = unit_id == only_root()  # there every unit has stood, and counts on the tree of any day
    if not parts:
        return MissingReturns({})
    query = _MISSING.format(
        **{**WHO_OWES, "owing_apart": owing_apart("apart" if everywhere else _PLACED_APART)},
        places="" if everywhere else _STOOD if tree is None else _COUNTED,
        placed="" if everywhere else "JOIN place ON place.unit_id = owing.unit_id",
        owing_of="" if everywhere else "AND owing.unit_id = ANY (ARRAY(SELECT unit_id FROM place))",
        known_of="" if everywhere else "AND known.unit_id = ANY (ARRAY(SELECT unit_id FROM place))",
        stood="" if everywhere else "& place.months",
        stood_apart="" if everywhere else "& apart.months",
        unknown=_UNKNOWN,
        doubtful=_DOUBTFUL,
    )
    columns = ("forms", "schedules", "years", "lengths", "months", "past")
    values: dict[str, Any] = {
        **{name: [part[at] for part in parts] for at, name in enumerate(columns)},
        **may_owe(),
        "unit": unit_id,
        "year": period.year,
        "first": period.start,
        "last": period.last_day,
        "day": period.last_day,
        "known_on": known_on,
        "tree": tree,
        "most": MOST_NAMED,
    }
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        rows = cursor.fetchall()
    counts = {form: units for form, units, _key, _name in rows}
    return MissingReturns(
        {
            form: Missing(units, tuple((key, name) for of, _units, key, name in rows if of == form))
            for form, units in counts.items()
        }
    )
