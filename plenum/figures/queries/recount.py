"""Whether the sums that the database keeps are what a recount gives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from secrets import randbelow
from typing import Any

from django.db import connection, transaction


@dataclass(frozen=True)
class Discrepancy:
    """A kept sum that a recount does not confirm: ``table`` is ``standing``, ``rollup`` or ``handed``.

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


_ARRAYS = ("sums", "counts", "illustrative", "quarter", "half", "year")


def _totals(slots: int, arrays: Sequence[str] = _ARRAYS, over: str = "", sign: str = "") -> str:
    """Arrays added up slot by slot, by the numbers of the slots: much faster than to take them apart."""
    return ", ".join(
        "(ARRAY[{}])[1:{}] AS {}".format(
            ", ".join(f"coalesce(sum({sign}{name}[{slot}]) {over}, 0)" for slot in range(1, slots + 1)),
            f"max(slots) {over}",
            name,
        )
        for name in arrays
    )


def _standing_differs(slots: int) -> str:
    """Whether what stands of each return is what its entries add up to, on the line of its month."""
    return f"""
        WITH recounted AS (
            SELECT return_id, {_totals(slots, ("sums", "counts", "illustrative"))}
            FROM (
                SELECT return_id, delta AS sums, delta_counts AS counts, delta_illustrative AS illustrative,
                       cardinality(delta) AS slots
                FROM figures_entry
            ) entries
            GROUP BY return_id
        ),
        right_rows AS (
            SELECT filed.id AS return_id, filed.unit_id, filed.form, filed.first_month, filed.month,
                   recounted.sums::bigint[], recounted.counts::int[], recounted.illustrative::int[],
                   figures_line(filed.unit_id, filed.month) AS ancestors
            FROM recounted JOIN figures_return filed ON filed.id = recounted.return_id
        )
        SELECT 'standing', coalesce(kept.unit_id, r.unit_id), coalesce(kept.form, r.form),
               coalesce(kept.month, r.month),
               coalesce((kept.sums, kept.counts, kept.illustrative, kept.ancestors)::text, ''),
               coalesce((r.sums, r.counts, r.illustrative, r.ancestors)::text, '')
        FROM figures_standing kept FULL JOIN right_rows r USING (return_id)
        WHERE (kept.unit_id, kept.form, kept.first_month, kept.month, kept.sums, kept.counts, kept.illustrative,
               kept.ancestors)
            IS DISTINCT FROM (r.unit_id, r.form, r.first_month, r.month, r.sums, r.counts, r.illustrative, r.ancestors)
        ORDER BY 2, 3, 4
    """  # noqa: S608


_LARGEST = 2**31 - 19
"""A prime: below it two numbers can be multiplied without leaving what the database counts with."""


def _marked(row: str, weights: Mapping[str, Sequence[int]]) -> str:
    """The arrays of a row as one number: what rows add up to has the marks of the rows added up as its own."""
    return " + ".join(
        f"coalesce({row}.{name}[{slot}], 0) % {_LARGEST} * {weight}::bigint % {_LARGEST}"
        for name, of_slots in weights.items()
        for slot, weight in enumerate(of_slots, 1)
    )


def _rollup_doubted(slots: int) -> str:
    """The units of which a row of the roll-ups is not what a recount gives on every day.

    Forty figures and how many units know them, six numbers for each, are compared as one: their sum with weights
    that are drawn anew for each examination, so that nobody can tamper with a row and keep its mark. One in two
    thousand millions of wrong rows is missed. Whatever is found is counted again in full by `_rollup_differs`.
    """
    weights = {name: [1 + randbelow(_LARGEST - 1) for _slot in range(slots)] for name in _ARRAYS}
    key = "unit_id, branch_id, kind, form, first_month, month"
    same = " AND ".join(f"kept.{column} = r.{column}" for column in key.split(", "))
    return f"""
        WITH told AS (
            SELECT told.above, told.top, told.through, told.kind, told.form, told.first_month, told.month,
                   told.known_on, told.sign * ({_marked("told", weights)}) AS mark
            FROM figures_standing first_of_year
            CROSS JOIN LATERAL figures_course(
                first_of_year.unit_id, first_of_year.form, date_part('year', first_of_year.month)::int, 1) AS told
            WHERE cardinality(told.above) > 0 AND NOT EXISTS (
                SELECT FROM figures_standing earlier
                WHERE earlier.unit_id = first_of_year.unit_id AND earlier.form = first_of_year.form
                  AND earlier.month < first_of_year.month
                  AND earlier.month >= date_trunc('year', first_of_year.month)::date)
        ),
        shared AS MATERIALIZED (
            SELECT above, top, through, kind, form, first_month, month, known_on, sum(mark) % {_LARGEST} AS mark
            FROM told GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
        ),
        placed AS MATERIALIZED (
            SELECT unit_id, CASE WHEN unit_id = top THEN through ELSE unit_id END AS branch_id, kind, form, first_month,
                   month, known_on, sum(mark) % {_LARGEST} AS mark
            FROM shared CROSS JOIN LATERAL unnest(above) AS unit_id GROUP BY 1, 2, 3, 4, 5, 6, 7
        ),
        recounted AS MATERIALIZED (
            SELECT {key}, known_on AS since, coalesce(lead(known_on) OVER days, 'infinity') AS until,
                   sum(mark) OVER days AS mark
            FROM placed WINDOW days AS (PARTITION BY {key} ORDER BY known_on)
        ),
        kept AS MATERIALIZED (
            SELECT {key}, since, 'infinity'::date AS until, {_marked("rollup", weights)} AS mark
            FROM figures_rollup rollup
            UNION ALL
            SELECT {key}, since, until, {_marked("rollup", weights)} FROM figures_pastrollup rollup
        )
        SELECT kept.unit_id FROM kept LEFT JOIN recounted r ON {same} AND r.since <= kept.since AND r.until > kept.since
        WHERE (kept.mark - coalesce(r.mark, 0)) % {_LARGEST} <> 0
        UNION
        SELECT r.unit_id FROM recounted r LEFT JOIN kept ON {same} AND kept.since <= r.since AND kept.until > r.since
        WHERE (r.mark - coalesce(kept.mark, 0)) % {_LARGEST} <> 0
    """  # noqa: S608


def _rollup_differs(slots: int) -> str:
    """How every row of the roll-ups of some units differs from a recount, on each day on which either changes."""
    key = "unit_id, branch_id, kind, form, first_month, month"
    same = " AND ".join(f"kept.{column} = r.{column}" for column in key.split(", "))
    plain = ", ".join(f"CASE WHEN 0 <> ANY ({name}) THEN {name}::bigint[] END AS {name}" for name in _ARRAYS)
    row = "({})".format(", ".join(f"{{0}}.{name}" for name in _ARRAYS))
    differs = f"{row.format('kept')} IS DISTINCT FROM {row.format('r')}"
    own = ", ".join(f"{{0}}.{column}" for column in key.split(", "))
    return f"""
        WITH told AS (
            SELECT told.*, greatest(cardinality(told.sums), cardinality(told.quarter)) AS slots
            FROM (
                SELECT DISTINCT unit_id, form, date_part('year', month)::int AS year FROM figures_standing
                WHERE unit_id IN (SELECT unit_id FROM figures_standing WHERE ancestors && %(doubted)s::bigint[])
            ) reported
            CROSS JOIN LATERAL figures_course(reported.unit_id, reported.form, reported.year, 1) AS told
        ),
        shared AS MATERIALIZED (
            SELECT above, top, through, kind, form, first_month, month, known_on, max(slots) AS slots,
                   {_totals(slots, sign="sign * ")}
            FROM told WHERE cardinality(above) > 0 GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
        ),
        placed AS MATERIALIZED (
            SELECT unit_id, CASE WHEN unit_id = top THEN through ELSE unit_id END AS branch_id, kind, form, first_month,
                   month, known_on, max(slots) AS slots, {_totals(slots)}
            FROM shared CROSS JOIN LATERAL unnest(above) AS unit_id
            WHERE unit_id = ANY (%(doubted)s) GROUP BY 1, 2, 3, 4, 5, 6, 7
        ),
        recounted AS MATERIALIZED (
            SELECT {key}, since, until, {plain}
            FROM (
                SELECT {key}, known_on AS since, coalesce(lead(known_on) OVER days, 'infinity') AS until,
                       {_totals(slots, over="OVER days")}
                FROM placed WINDOW days AS (PARTITION BY {key} ORDER BY known_on)
            ) grown
        ),
        kept AS MATERIALIZED (
            SELECT {key}, since, 'infinity'::date AS until, {plain} FROM figures_rollup
            WHERE unit_id = ANY (%(doubted)s)
            UNION ALL
            SELECT {key}, since, until, {plain} FROM figures_pastrollup WHERE unit_id = ANY (%(doubted)s)
        ),
        wrong AS (
            SELECT {own.format("kept")}, kept.since, {row.format("kept")}::text AS kept_row,
                   {row.format("r")}::text AS right_row
            FROM kept LEFT JOIN recounted r ON {same} AND r.since <= kept.since AND r.until > kept.since
            WHERE {differs}
            UNION
            SELECT {own.format("r")}, r.since, {row.format("kept")}::text, {row.format("r")}::text
            FROM recounted r LEFT JOIN kept ON {same} AND kept.since <= r.since AND kept.until > r.since
            WHERE {differs}
        )
        SELECT 'rollup', unit_id, form, month, kind || ' ' || since || ' ' || kept_row, right_row FROM wrong
        ORDER BY 2, 3, 4
    """  # noqa: S608


_LINES_DIFFER = """
    WITH right_rows AS (
        SELECT reported.unit_id, reported.year, run.first, run.last, run.line
        FROM (
            SELECT DISTINCT unit_id, date_part('year', month)::int AS year FROM figures_standing
        ) reported
        CROSS JOIN LATERAL figures_runs(reported.unit_id, reported.year) AS run
    )
    SELECT 'yearline', coalesce(kept.unit_id, r.unit_id), '', make_date(coalesce(kept.year, r.year), 1, 1),
           coalesce((kept.first, kept.last, kept.line)::text, ''), coalesce((r.first, r.last, r.line)::text, '')
    FROM figures_yearline kept FULL JOIN right_rows r USING (unit_id, year, first)
    WHERE (kept.last, kept.line) IS DISTINCT FROM (r.last, r.line)
    UNION ALL
    SELECT 'mixedyear', unit_id, '', make_date(year, 1, 1), '', forms::text
    FROM (
        SELECT unit_id, date_part('year', month)::int AS year, count(DISTINCT form) AS forms
        FROM figures_standing GROUP BY 1, 2
    ) mixed
    WHERE forms > 1 AND NOT EXISTS (
        SELECT FROM figures_mixedyear kept WHERE kept.unit_id = mixed.unit_id AND kept.year = mixed.year)
    ORDER BY 2, 4
"""
_HANDED_DIFFERS = """
    SELECT 'handed', coalesce(kept.unit_id, r.unit_id), coalesce(kept.form, r.form),
           make_date(coalesce(kept.year, r.year), 1, 1),
           CASE WHEN kept.id IS NULL THEN ''
                ELSE concat_ws(' ', kept.length, kept.handed::bit(12), kept.accepted::bit(12), kept.submitted_until,
                                    kept.accepted_until) END,
           CASE WHEN r.unit_id IS NULL THEN ''
                ELSE concat_ws(' ', r.length, r.handed::bit(12), r.accepted::bit(12), r.submitted_until,
                                    r.accepted_until) END
    FROM figures_handed kept FULL JOIN figures_handed_recounted() r USING (unit_id, form, year, length)
    WHERE (coalesce(kept.handed, 0), coalesce(kept.accepted, 0))
       <> (coalesce(r.handed, 0), coalesce(r.accepted, 0))
       OR kept.submitted_until < r.submitted_until OR kept.accepted_until < r.accepted_until
    ORDER BY 2, 3, 4
"""
_WITH_ALL_CORES = (
    "parallel_setup_cost",
    "parallel_tuple_cost",
    "min_parallel_table_scan_size",
    "min_parallel_index_scan_size",
)
"""What keeps the database from taking several cores for a query, because for one page that would be too much."""
_MOST_SLOTS = """
    SELECT greatest(
        1, (SELECT max(cardinality(delta)) FROM figures_entry),
        (SELECT max(greatest(cardinality(sums), cardinality(counts), cardinality(illustrative), cardinality(quarter),
                             cardinality(half), cardinality(year))) FROM figures_rollup))
"""
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
    queries: list[tuple[str, Mapping[str, Any] | None]] = [(_LINES_DIFFER, None), (_HANDED_DIFFERS, None)]
    found: list[Discrepancy] = []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '256MB'")
        cursor.execute(_MOST_SLOTS)
        slots = cursor.fetchone()[0]
        queries.insert(0, (_standing_differs(slots), None))
        cursor.execute("".join(f"SET LOCAL {name} = 0; " for name in _WITH_ALL_CORES))
        cursor.execute(_rollup_doubted(slots))
        doubted = [unit_id for (unit_id,) in cursor.fetchall()]
        cursor.execute("".join(f"SET LOCAL {name} TO DEFAULT; " for name in _WITH_ALL_CORES))
        if doubted:
            queries.insert(1, (_rollup_differs(slots), {"doubted": doubted}))
        for query, values in queries:
            cursor.execute(query, values)
            found += [Discrepancy(*row) for row in cursor.fetchall()]
    return found
