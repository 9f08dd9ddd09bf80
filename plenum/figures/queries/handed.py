"""What units owe and whether it has come in, by the month: counted in the database, for a country as for one unit.

Periods of one length that end in the same year are bits of a number, the first for January. What is owed is such a
number for every obligation, what has come in another, and who is late are the bits that remain.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db import connection

from plenum.figures.queries.below import Shown
from plenum.figures.queries.holding import WHO_OWES, may_owe, owing_apart
from plenum.figures.rules import due_on
from plenum.packs import Form, pack
from plenum.periods import Period, Span
from plenum.tree.sorting import search_key

MONTHS = range(1, 13)
ALL_MONTHS = (1 << 12) - 1

_OWED = """
    WITH {head} part AS (
        SELECT *, daterange(make_date(year, 1, 1), make_date(year + 1, 1, 1)) AS span
        FROM unnest(%(forms)s::text[], %(schedules)s::text[], %(years)s::int[], %(lengths)s::int[], %(months)s::int[],
                    %(past)s::int[]) WITH ORDINALITY AS part(form, schedule, year, length, months, past, number)
    ),
    bounded AS MATERIALIZED (
        SELECT id, lifetime FROM tree_unit WHERE NOT upper_inf(lifetime)
        UNION
        SELECT id, lifetime FROM tree_unit WHERE lower(lifetime) > %(since)s
    ),
    {barred},
    owed AS {kept} (
        SELECT * FROM (
            SELECT owing.unit_id, owing.form, part.number AS part, part.year, part.length, part.past,
                   NULL::daterange AS lifetime,
                   part.months & {decided} AS owed, {handed} AS handed, coalesce(known.accepted, 0) AS accepted
            FROM {owing} {known}
            WHERE {not_apart} AND {condition}
            UNION ALL
            SELECT owing.unit_id, owing.form, part.number, part.year, part.length, part.past, bounded.lifetime,
                   part.months & {held_apart}, {handed}, coalesce(known.accepted, 0)
            FROM {owing_apart}
            LEFT JOIN LATERAL (
                SELECT * FROM figures_handed each
                WHERE (each.unit_id, each.form, each.year, each.length)
                    = (owing.unit_id, owing.form, part.year, part.length) OFFSET 0
            ) known ON true
        ) owed WHERE {chosen} <> 0
    )
"""
_KNOWN = """
    LEFT JOIN figures_handed known ON known.unit_id = owing.unit_id AND known.form = owing.form
        AND known.year = part.year AND known.length = part.length"""
_HANDED = """
    CASE WHEN known.submitted_until > %(on)s THEN (
             SELECT coalesce(bit_or(1 << (date_part('month', filed.month)::int - 1)), 0)
             FROM figures_return filed
             WHERE filed.unit_id = owing.unit_id AND filed.form = owing.form
               AND filed.month <@ part.span AND figures_length(filed.first_month, filed.month) = part.length
               AND filed.first_submitted_on <= %(on)s
               AND (filed.accepted_version IS NOT NULL OR filed.state IN ('submitted', 'accepted')))
         ELSE coalesce(known.handed, 0) END"""
_TALLY = """
    SELECT (part << 36) + (owed::bigint << 24) + ((handed & owed) << 12) + (handed & accepted & owed), count(*)
    FROM owed GROUP BY 1
"""
"""All in one number, the part in front of three times twelve months: so rows need not be sorted to be gathered."""
_LISTED = """
    SELECT owed.unit_id, wanted.form, wanted.code
    FROM unnest(%(wanted_forms)s::text[], %(wanted_years)s::int[], %(wanted_lengths)s::int[],
                %(wanted_bits)s::int[], %(wanted_days)s::date[], %(wanted_codes)s::text[])
        AS wanted(form, year, length, bit, due_on, code)
    JOIN owed ON owed.form = wanted.form AND owed.year = wanted.year AND owed.length = wanted.length
        AND {chosen} & wanted.bit <> 0
    CROSS JOIN LATERAL (
        SELECT sort_key FROM tree_unitname
        WHERE unit_id = owed.unit_id AND span @> CASE
            WHEN owed.lifetime IS NULL THEN %(on)s::date
            ELSE greatest(lower(owed.lifetime), least(%(on)s::date, upper(owed.lifetime) - 1)) END
        OFFSET 0
    ) name
    ORDER BY wanted.due_on, name.sort_key, owed.unit_id, wanted.form
    LIMIT %(limit)s OFFSET %(offset)s
"""
_NAMED = """
    SELECT named.unit_id FROM tree_unitname named JOIN tree_unit lives ON lives.id = named.unit_id
    WHERE named.search_key LIKE %(like)s
      AND named.span @> greatest(lower(lives.lifetime), least(%(on)s::date, upper(lives.lifetime) - 1))
"""
CHOICES: Mapping[str, str] = {
    "": "owed.owed",
    "late": "(owed.owed & owed.past & ~owed.handed)",
    "outstanding": "(owed.owed & ~owed.handed)",
    "submitted": "(owed.owed & owed.handed & ~owed.accepted)",
    "accepted": "(owed.owed & owed.handed & owed.accepted)",
}
"""What can be chosen of what is owed, as bits."""

Place = tuple[str, Period]
"""A form and a period."""


@dataclass(frozen=True)
class Owing:
    """Some units, the periods that are asked about, and the day on which it is asked.

    Periods that lie whole in ``window`` and are over on ``until``. ``text``: only units with it in their name.
    """

    shown: Shown
    window: Span
    until: date
    on: date
    text: str = ""

    def tally(self) -> dict[str, dict[Place, int]]:
        """How many returns there are of each choice, by form and period. One query."""
        found: dict[str, dict[Place, int]] = {choice: defaultdict(int) for choice in CHOICES}
        places, parts = self._places(), self._parts()
        for told, units in self._rows(_TALLY, {}, kept="", chosen="owed.owed"):
            form, _schedule, year, length, _months, past = parts[(told >> 36) - 1]
            owed, handed, accepted = (told >> shift & ALL_MONTHS for shift in (24, 12, 0))
            of_choice = {
                "": owed,
                "late": owed & past & ~handed,
                "outstanding": owed & ~handed,
                "submitted": handed & ~accepted,
                "accepted": accepted,
            }
            for choice, bits in of_choice.items():
                for month in MONTHS:
                    if bits >> (month - 1) & 1:
                        found[choice][form, places[form, year, length, month]] += units
        return found

    def listed(
        self, choice: str, places: Iterable[Place], limit: int, offset: int
    ) -> list[tuple[int, str, str]]:
        """Some of the returns of a choice for these forms and periods, the earliest due first, then by name.

        Each as unit, form and code of the period. One query.
        """
        wanted = list(places)
        forms = pack().forms
        return self._rows(
            _LISTED.format(chosen=CHOICES[choice]),
            {
                "wanted_any": reduce(or_, map(_bit, {period for _form, period in wanted}), 0),
                "wanted_forms": [form for form, _period in wanted],
                "wanted_years": [period.year for _form, period in wanted],
                "wanted_lengths": [period.length for _form, period in wanted],
                "wanted_bits": [_bit(period) for _form, period in wanted],
                "wanted_days": [due_on(forms[form], period) for form, period in wanted],
                "wanted_codes": [period.code for _form, period in wanted],
                "limit": limit,
                "offset": offset,
            },
            kept="MATERIALIZED",
            chosen=f"({CHOICES[choice]} & %(wanted_any)s)",
        )

    def _condition(self, column: str) -> tuple[str, str, Mapping[str, Any]]:
        """That a column names one of the units, as `Shown.sql` says it."""
        head, condition, parameters = self.shown.sql(column)
        if sought := search_key(self.text):
            condition = f"{condition} AND {column} IN ({_NAMED})"
            parameters = {**parameters, "like": f"%{sought}%"}
        return head, condition, parameters

    def _rows(
        self, query: str, values: Mapping[str, Any], *, kept: str, chosen: str
    ) -> list[tuple[Any, ...]]:
        parts = self._parts()
        if not parts:
            return []
        head, condition, parameters = self._condition("owing.unit_id")
        _head, condition_apart, _parameters = self._condition("apart.unit_id")
        apart = f"(SELECT unit_id FROM apart WHERE {condition_apart}) AS apart"  # noqa: S608
        columns = ("forms", "schedules", "years", "lengths", "months", "past")
        with connection.cursor() as cursor:
            cursor.execute(
                _OWED.format(
                    **{**WHO_OWES, "owing_apart": owing_apart(apart)},
                    head=head,
                    kept=kept,
                    handed=_HANDED,
                    known=_KNOWN,
                    condition=condition,
                    chosen=chosen,
                )
                + query,
                {
                    **{name: [part[at] for part in parts] for at, name in enumerate(columns)},
                    **parameters,
                    **values,
                    **may_owe(),
                    "since": self.window.start,
                    "on": self.on,
                },
            )
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows

    def _parts(self) -> list[tuple[str, str, int, int, int, int]]:
        """By form, schedule, year and length the months in which periods end, and those whose day is past."""
        return owed_parts(pack().forms.values(), self.window, self.until, self.on)

    def _places(self) -> dict[tuple[str, int, int, int], Period]:
        return {
            (form.code, period.year, period.length, period.last_month_number): period
            for form in pack().forms.values()
            for _schedule, period in _periods(self.window, self.until)
        }


def owed_parts(
    forms: Collection[Form] | Iterable[Form], window: Span, until: date, on: date
) -> list[tuple[str, str, int, int, int, int]]:
    """By form, schedule, year and length the months in which periods end, and those whose day was before ``on``."""
    months: dict[tuple[str, str, int, int], int] = defaultdict(int)
    past: dict[tuple[str, str, int, int], int] = defaultdict(int)
    for form in forms:
        for schedule, period in _periods(window, until):
            key = (form.code, schedule, period.year, period.length)
            months[key] |= _bit(period)
            past[key] |= _bit(period) if due_on(form, period) < on else 0
    return [(*key, bits, past[key]) for key, bits in months.items()]


def _periods(window: Span, until: date) -> list[tuple[str, Period]]:
    """The periods of every schedule that lie whole in the window and are over."""
    return [
        (schedule.code, period)
        for schedule in pack().schedules.values()
        for year in range(window.start.year, until.year + 1)
        for period in schedule.periods(year)
        if period.last_day <= until and window.covers(period.span)
    ]


def _bit(period: Period) -> int:
    return 1 << (period.last_month_number - 1)
