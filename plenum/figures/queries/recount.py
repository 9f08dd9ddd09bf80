"""Whether the sums that the database keeps are what a recount gives."""

from dataclasses import dataclass
from datetime import date

from django.db import connection

from plenum.figures.rules import shared_slots
from plenum.packs import pack


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
class CountedTwice:
    """Two obligations on one line of the tree with common slots at the same time; a move can bring this about."""

    upper_id: int
    lower_id: int
    form: str
    other_form: str
    slots: tuple[str, ...]


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


def rollups_recounted() -> list[Discrepancy]:
    """Every kept sum that differs from a recount from accepted entries and the tree; nothing when all is well."""
    found: list[Discrepancy] = []
    with connection.cursor() as cursor:
        for query in (_STANDING_DIFFERS, _ROLLUP_DIFFERS):
            cursor.execute(query)
            found += [Discrepancy(*row) for row in cursor.fetchall()]
    return found


def counted_twice(on: date) -> list[CountedTwice]:
    """Units that owe the same slots as a unit above them on a day."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT line.ancestor_id, line.descendant_id, upper.form, lower.form
               FROM figures_obligation upper
               JOIN tree_ancestry line ON line.ancestor_id = upper.unit_id AND line.depth > 0 AND line.span @> %(on)s
               JOIN figures_obligation lower ON lower.unit_id = line.descendant_id AND lower.span @> %(on)s
               WHERE upper.span @> %(on)s
               ORDER BY 1, 2, 3, 4""",
            {"on": on},
        )
        rows = cursor.fetchall()
    forms = pack().forms
    return [
        CountedTwice(upper, lower, form, other, slots)
        for upper, lower, form, other in rows
        if (slots := shared_slots(forms[form], forms[other]))
    ]
