"""Whether the sums that the database keeps are what a recount gives."""

from dataclasses import dataclass
from datetime import date

from django.db import connection


@dataclass(frozen=True)
class Discrepancy:
    """A kept sum that a recount does not confirm: ``table`` is ``standing`` or ``rollup``.

    ``kept`` and ``recounted``: sums, counts and illustrative counts as the database writes them; empty when there is
    no such row.
    """

    table: str
    unit_id: int
    form: str
    month: date
    kept: str
    recounted: str


@dataclass(frozen=True)
class Unaccounted:
    """A return whose accepted version is not what its entries add up to, or that has none of what it says it has."""

    return_id: int
    unit: str
    form: str
    period: str


_STANDING = """
    WITH recounted AS (
        SELECT return_id, array_agg(value ORDER BY number) AS sums, array_agg(known ORDER BY number) AS counts,
               array_agg(marked ORDER BY number) AS illustrative
        FROM (
            SELECT entry.return_id, place.number, sum(place.value)::bigint AS value, sum(place.known)::int AS known,
                   sum(place.marked)::int AS marked
            FROM figures_entry entry
            CROSS JOIN LATERAL unnest(entry.delta, entry.delta_counts, entry.delta_illustrative)
                WITH ORDINALITY AS place(value, known, marked, number)
            GROUP BY 1, 2
        ) by_slot GROUP BY return_id
    ),
    right_rows AS MATERIALIZED (
        SELECT filed.id AS return_id, filed.unit_id, filed.form, filed.first_month, filed.month, recounted.sums,
               recounted.counts, recounted.illustrative, figures_line(filed.unit_id, filed.month) AS ancestors
        FROM recounted JOIN figures_return filed ON filed.id = recounted.return_id
    )
"""
_STANDING_DIFFERS = f"""
    {_STANDING}
    SELECT 'standing', coalesce(kept.unit_id, r.unit_id), coalesce(kept.form, r.form), coalesce(kept.month, r.month),
           coalesce((kept.sums, kept.counts, kept.illustrative, kept.ancestors)::text, ''),
           coalesce((r.sums, r.counts, r.illustrative, r.ancestors)::text, '')
    FROM figures_standing kept FULL JOIN right_rows r USING (return_id)
    WHERE (kept.unit_id, kept.form, kept.first_month, kept.month, kept.sums, kept.counts, kept.illustrative,
           kept.ancestors)
        IS DISTINCT FROM (r.unit_id, r.form, r.first_month, r.month, r.sums, r.counts, r.illustrative, r.ancestors)
    ORDER BY 2, 3, 4
"""  # noqa: S608
_ROLLUP_DIFFERS = f"""
    {_STANDING},
    sums AS (
        SELECT place.unit_id, place.branch_id, r.form, r.first_month, r.month, slot.number,
               sum(slot.value)::bigint AS value, sum(slot.known)::int AS known, sum(slot.marked)::int AS marked
        FROM right_rows r
        CROSS JOIN LATERAL (
            SELECT r.ancestors[at] AS unit_id,
                   r.ancestors[CASE WHEN at = cardinality(r.ancestors) AND at > 1 THEN at - 1 ELSE at END]
                       AS branch_id
            FROM generate_subscripts(r.ancestors, 1) AS at
        ) place
        CROSS JOIN LATERAL unnest(r.sums, r.counts, r.illustrative)
            WITH ORDINALITY AS slot(value, known, marked, number)
        GROUP BY 1, 2, 3, 4, 5, 6
    ),
    kept AS (
        SELECT rollup.unit_id, rollup.branch_id, rollup.form, rollup.first_month, rollup.month, slot.number,
               slot.value, slot.known, slot.marked
        FROM figures_rollup rollup
        CROSS JOIN LATERAL unnest(rollup.sums, rollup.counts, rollup.illustrative)
            WITH ORDINALITY AS slot(value, known, marked, number)
    )
    SELECT 'rollup', unit_id, form, month,
           coalesce(string_agg((number, kept.value, kept.known, kept.marked)::text, ' ' ORDER BY number), ''),
           coalesce(string_agg((number, sums.value, sums.known, sums.marked)::text, ' ' ORDER BY number), '')
    FROM kept FULL JOIN sums USING (unit_id, branch_id, form, first_month, month, number)
    WHERE (coalesce(kept.value, 0), coalesce(kept.known, 0), coalesce(kept.marked, 0))
       <> (coalesce(sums.value, 0), coalesce(sums.known, 0), coalesce(sums.marked, 0))
    GROUP BY unit_id, branch_id, form, first_month, month
    ORDER BY 2, 3, 4
"""  # noqa: S608


_UNACCOUNTED = """
    WITH added AS (
        SELECT entry.return_id, place.number, sum(place.value) AS value, sum(place.known) AS known,
               sum(place.marked) AS marked
        FROM figures_entry entry
        CROSS JOIN LATERAL unnest(entry.delta, entry.delta_counts, entry.delta_illustrative)
            WITH ORDINALITY AS place(value, known, marked, number)
        GROUP BY 1, 2
    ),
    said AS (
        SELECT filed.id AS return_id, place.number, coalesce(place.value, 0) AS value,
               (place.value IS NOT NULL)::int AS known, coalesce(place.marked, false)::int AS marked
        FROM figures_return filed
        JOIN figures_version version ON version.return_id = filed.id AND version.number = filed.accepted_version
        CROSS JOIN LATERAL unnest(version.values, version.illustrative)
            WITH ORDINALITY AS place(value, marked, number)
    ),
    wrong AS (
        SELECT return_id FROM added FULL JOIN said USING (return_id, number)
        WHERE (coalesce(added.value, 0), coalesce(added.known, 0), coalesce(added.marked, 0))
           <> (coalesce(said.value, 0), coalesce(said.known, 0), coalesce(said.marked, 0))
        UNION
        SELECT filed.id FROM figures_return filed
        WHERE filed.version <> (SELECT count(*) FROM figures_version version WHERE version.return_id = filed.id)
           OR filed.steps_taken <> (SELECT count(*) FROM figures_step step WHERE step.return_id = filed.id)
           OR (filed.accepted_version IS NOT NULL) <> EXISTS (
                SELECT FROM figures_entry entry JOIN figures_version version ON version.id = entry.version_id
                WHERE entry.return_id = filed.id AND version.number = filed.accepted_version)
    )
    SELECT filed.id, unit.code, filed.form, filed.period_code
    FROM wrong JOIN figures_return filed ON filed.id = wrong.return_id JOIN tree_unit unit ON unit.id = filed.unit_id
    ORDER BY 2, 3, 4
"""


def returns_unaccounted() -> list[Unaccounted]:
    """Returns whose versions, steps and entries do not agree with the return itself; nothing when all is well."""
    with connection.cursor() as cursor:
        cursor.execute(_UNACCOUNTED)
        return [Unaccounted(*row) for row in cursor.fetchall()]


def rollups_recounted() -> list[Discrepancy]:
    """Every kept sum that differs from a recount from accepted entries and the tree; nothing when all is well."""
    found: list[Discrepancy] = []
    with connection.cursor() as cursor:
        for query in (_STANDING_DIFFERS, _ROLLUP_DIFFERS):
            cursor.execute(query)
            found += [Discrepancy(*row) for row in cursor.fetchall()]
    return found
