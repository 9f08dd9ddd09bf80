"""What is owed and has not come, found by the database: nearly everything has, and is not read for this."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from plenum.packs import pack
from plenum.periods import Period, Span


@dataclass(frozen=True)
class Outstanding:
    """One owed return that is not in; ``return_id`` if it has been begun."""

    unit_id: int
    form: str
    period: Period
    return_id: int | None


@dataclass(frozen=True)
class Unreported:
    """Periods of one form of one unit for which nothing is accepted; ``owed`` is how many it owes in all."""

    unit_id: int
    form: str
    periods: tuple[Period, ...]
    owed: int


_OWED = """
    WITH period AS (
        SELECT * FROM unnest(%(schedules)s::text[], %(codes)s::text[], %(months)s::date[], %(lasts)s::date[])
            AS period(schedule, code, month, last_day)
    ),
    form AS (SELECT * FROM unnest(%(forms)s::text[], %(days)s::int[]) AS form(code, due_days))
"""
# What is accepted stands: that is known without asking for every return in a country whether it may be shown.
_LATE = f"""
    {_OWED}
    SELECT obligation.unit_id, obligation.form, period.code, filed.id
    FROM figures_obligation obligation
    JOIN tree_unit unit ON unit.id = obligation.unit_id
    JOIN period ON period.schedule = obligation.schedule
        AND obligation.span @> period.last_day AND unit.lifetime @> period.last_day
    JOIN form ON form.code = obligation.form
    LEFT JOIN figures_return filed ON filed.unit_id = obligation.unit_id AND filed.form = obligation.form
        AND filed.period_code = period.code
        AND (filed.accepted_version IS NULL OR filed.first_submitted_on > %(on)s)
    WHERE obligation.unit_id = ANY (%(units)s) AND period.last_day + form.due_days < %(on)s
      AND CASE WHEN filed.id IS NULL THEN NOT EXISTS (
                   SELECT FROM figures_standing standing
                   WHERE standing.unit_id = obligation.unit_id AND standing.form = obligation.form
                     AND standing.month = period.month)
               ELSE filed.first_submitted_on > %(on)s OR filed.state IN ('draft', 'sent_back') END
"""  # noqa: S608
_UNREPORTED = f"""
    {_OWED},
    place AS (
        SELECT descendant_id AS unit_id, span FROM tree_ancestry
        WHERE ancestor_id = %(unit)s AND span && %(window)s::daterange
          AND (%(counted)s::bigint[] IS NULL OR descendant_id = ANY (%(counted)s))
    ),
    owed AS (
        SELECT obligation.unit_id, obligation.form, period.code, period.last_day,
               EXISTS (
                   SELECT FROM figures_standing standing
                   WHERE standing.unit_id = obligation.unit_id AND standing.form = obligation.form
                     AND standing.month = period.month
                     AND (%(known_on)s::date IS NULL OR EXISTS (
                         SELECT FROM figures_entry entry
                         WHERE entry.return_id = standing.return_id AND entry.known_on <= %(known_on)s))
               ) AS reported
        FROM figures_obligation obligation
        JOIN tree_unit unit ON unit.id = obligation.unit_id
        JOIN period ON period.schedule = obligation.schedule
            AND obligation.span @> period.last_day AND unit.lifetime @> period.last_day
        WHERE EXISTS (
            SELECT FROM place WHERE place.unit_id = obligation.unit_id
                AND (%(counted)s::bigint[] IS NOT NULL OR place.span @> period.last_day))
    )
    SELECT unit_id, form, array_agg(code ORDER BY last_day) FILTER (WHERE NOT reported), count(*)
    FROM owed GROUP BY 1, 2 HAVING NOT bool_and(reported)
"""  # noqa: S608


def outstanding_past_due(unit_ids: Iterable[int], window: Span, until: date, on: date) -> list[Outstanding]:
    """The returns for periods in a window, over on a day, that should be in and are not. One query."""
    values = _owed(window, until) | {"units": list(unit_ids), "on": on}
    return [
        Outstanding(unit_id, form, Period.parse(code), filed)
        for unit_id, form, code, filed in _rows(_LATE, values)
    ]


def unreported(
    unit_id: int, window: Span, until: date, *, known_on: date | None, counted: Iterable[int] | None
) -> list[Unreported]:
    """What units at or below one have nothing accepted for, of periods in a window that are over on a day. One query.

    They stood there on the last day of the period; with ``counted``, these units if they have stood there since the
    window began.
    """
    since = Span(window.start) if counted is not None else window
    values = _owed(window, until) | {
        "unit": unit_id,
        "known_on": known_on,
        "counted": None if counted is None else list(counted),
        "window": f"[{since.start},{since.end or ''})",
    }
    return [
        Unreported(unit, form, tuple(map(Period.parse, missing)), owed)
        for unit, form, missing, owed in _rows(_UNREPORTED, values)
    ]


def _owed(window: Span, until: date) -> dict[str, Any]:
    """The periods of all schedules that lie whole in a window and are over on a day, and when each form is due."""
    rules = pack()
    periods = [
        (schedule.code, period)
        for schedule in rules.schedules.values()
        for year in range(window.start.year, until.year + 1)
        for period in schedule.periods(year)
        if period.last_day <= until and window.covers(period.span)
    ]
    return {
        "schedules": [schedule for schedule, _period in periods],
        "codes": [period.code for _schedule, period in periods],
        "months": [period.last_month for _schedule, period in periods],
        "lasts": [period.last_day for _schedule, period in periods],
        "forms": list(rules.forms),
        "days": [form.due_days for form in rules.forms.values()],
    }


def _rows(query: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
