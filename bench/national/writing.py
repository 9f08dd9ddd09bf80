"""What writing costs with roll-ups and without: a whole month at once, and eight writers at the same time."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import psycopg

from bench.national.measuring import seconds
from plenum.site.sample.figures import FORM

Connection = psycopg.Connection[Any]
WRITERS = 8
BARE = ("return", "version", "entry")
"""Tables that are written without roll-ups as well, in copies with the same constraints but no triggers."""

TOUCHED = ("version", "entry", "pastrollup", "return", "standing", "yearline", "rollup")
"""Tables that a correction touches, as far as they are there; those that it reads most come last and stay in memory."""

ROOM_FOR_CHANGES = 80
"""How full pages of returns are made, in per cent: the copy has as much room for changes as the table itself."""

_RETURNS = """
    INSERT INTO figures_return (unit_id, form, period_code, first_month, month, state, edition, sitting, version,
        accepted_version, draft_values, draft_illustrative, remark, reason, sent_back_reason, entered_by, changed_by,
        changed_on, first_submitted_on, submitted_on, accepted_on, last_step_on, steps_taken)
    SELECT unit_id, form, to_char(%(new)s::date, 'YYYY-MM'), %(new)s, %(new)s, 'accepted', 1, '', 1, 1, draft_values,
        draft_illustrative, '', '', '', 'bench', 'bench', %(new)s, %(new)s, %(new)s, %(new)s, %(new)s, 0
    FROM figures_return WHERE form = %(form)s AND month = %(old)s
"""
_VERSIONS = """
    INSERT INTO figures_version (return_id, number, values, illustrative, remark, reason, entered_by,
        submitted_by, on_date)
    SELECT id, 1, draft_values, draft_illustrative, '', '', 'bench', 'bench', %(new)s
    FROM figures_return WHERE form = %(form)s AND month = %(new)s
"""
_ENTRIES = """
    INSERT INTO {table} (return_id, version_id, known_on, delta, delta_counts, delta_illustrative)
    SELECT filed.id, version.id, %(new)s,
           ARRAY(SELECT coalesce(v, 0) FROM unnest(version.values) WITH ORDINALITY AS s(v, n) ORDER BY n),
           ARRAY(SELECT (v IS NOT NULL)::int FROM unnest(version.values) WITH ORDINALITY AS s(v, n) ORDER BY n),
           ARRAY(SELECT (v IS NOT NULL)::int FROM unnest(version.values) WITH ORDINALITY AS s(v, n) ORDER BY n)
    FROM figures_return filed JOIN figures_version version ON version.return_id = filed.id
    WHERE filed.form = %(form)s AND filed.month = %(new)s
"""


@dataclass(frozen=True)
class Month:
    """Seconds to write one month of all grassroots organisations: returns and versions, then entries twice."""

    returns: int
    filed: float
    bare: float
    with_sums: float

    @property
    def ratio(self) -> float:
        """The whole month with roll-ups against the whole month without."""
        return (self.filed + self.with_sums) / (self.filed + self.bare)


def month_at_once(owner: Connection, year: int) -> Month:
    """Write the month after the year for everybody who reported in November, and take it back."""
    values = {"form": FORM, "old": date(year, 11, 1), "new": date(year + 1, 1, 1)}
    try:
        owner.execute("CREATE TABLE bench_entry (LIKE figures_entry INCLUDING ALL)")
        filed = seconds(lambda: [owner.execute(_RETURNS, values), owner.execute(_VERSIONS, values)])
        bare = seconds(lambda: owner.execute(_ENTRIES.format(table="bench_entry"), values))
        with_sums = seconds(lambda: owner.execute(_ENTRIES.format(table="figures_entry"), values))
        (count,) = owner.execute("SELECT count(*) FROM bench_entry").fetchone() or (0,)
    finally:
        owner.rollback()
    return Month(int(count), filed, bare, with_sums)


@dataclass(frozen=True)
class Correction:
    """One return that a writer corrects: the version it is at, and the values it will have."""

    returned: int
    version: int
    values: list[int | None]
    illustrative: list[bool]


def writers_at_once(
    connect: Callable[[], Connection], year: int, today: date, each: int
) -> tuple[float, float]:
    """Corrections written per second by eight writers: appended only, and with roll-ups.

    Each correction is a transaction of its own: a version, the entry that accepts it, the return brought up to date.
    The returns are drawn from the whole tree and differ, so that the writers meet at the units above only.
    """
    with connect() as owner:
        for table in BARE:
            owner.execute(f"DROP TABLE IF EXISTS bench_{table}")
            owner.execute(f"CREATE TABLE bench_{table} (LIKE figures_{table} INCLUDING ALL)")
        owner.execute(f"ALTER TABLE bench_return SET (fillfactor = {ROOM_FOR_CHANGES})")
        owner.execute("INSERT INTO bench_return OVERRIDING SYSTEM VALUE SELECT * FROM figures_return")
        owner.execute("ANALYZE bench_return")
        owner.commit()
        rows = owner.execute(
            "SELECT id, version, draft_values, draft_illustrative FROM figures_return"
            " WHERE form = %s AND month BETWEEN %s AND %s AND state = 'accepted' ORDER BY md5(id::text) LIMIT %s",
            [FORM, date(year, 1, 1), date(year, 10, 1), 2 * WRITERS * each],
        ).fetchall()
    drawn = [Correction(*row) for row in rows]
    half = len(drawn) // 2
    bare = _rate(connect, "bench", drawn[:half], today)
    with_sums = _rate(connect, "figures", drawn[half:], today)
    with connect() as owner:
        for table in BARE:
            owner.execute(f"DROP TABLE bench_{table}")
    return bare, with_sums


def _fetch_into_memory(connect: Callable[[], Connection], tables: str) -> None:
    """Whose pages were used last must not decide: tables are read, with their indexes, before they are written."""
    with connect() as owner:
        owner.execute("CREATE EXTENSION pg_prewarm")
        owner.execute(
            "SELECT pg_prewarm(part) FROM unnest(%s::text[]) WITH ORDINALITY AS listed(name, place)"
            " CROSS JOIN LATERAL (SELECT to_regclass(name) AS part UNION ALL"
            " SELECT indexrelid FROM pg_index WHERE indrelid = to_regclass(name)) parts"
            " WHERE part IS NOT NULL ORDER BY place",
            [[f"{tables}_{each}" for each in TOUCHED]],
        )
        owner.rollback()


def _rate(connect: Callable[[], Connection], tables: str, work: Sequence[Correction], today: date) -> float:
    faults: list[BaseException] = []
    _fetch_into_memory(connect, tables)

    def write(share: Sequence[Correction]) -> None:
        try:
            with connect() as connection:
                for correction in share:
                    _correct(connection, tables, correction, today)
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=write, args=(work[number::WRITERS],)) for number in range(WRITERS)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return len(work) / (time.perf_counter() - begun)


def _correct(connection: Connection, tables: str, correction: Correction, today: date) -> None:
    """One more has come, and one more has gone: sums change, the balance does not."""
    delta = [0] * len(correction.values)
    delta[2] = delta[4] = 1
    values = [
        None if value is None else value + by for value, by in zip(correction.values, delta, strict=True)
    ]
    number, on = correction.version + 1, today
    none = [0] * len(values)
    with connection.transaction():
        row = connection.execute(
            f"INSERT INTO {tables}_version (return_id, number, values, illustrative, remark, reason, entered_by,"
            " submitted_by, on_date) VALUES (%s, %s, %s::bigint[], %s, '', 'bench', 'bench', 'bench', %s) RETURNING id",
            [correction.returned, number, values, correction.illustrative, on],
        ).fetchone()
        assert row is not None
        connection.execute(
            f"INSERT INTO {tables}_entry (return_id, version_id, known_on, delta, delta_counts, delta_illustrative)"
            " VALUES (%s, %s, %s, %s::bigint[], %s::int[], %s::int[])",
            [correction.returned, row[0], on, delta, none, none],
        )
        connection.execute(
            f"UPDATE {tables}_return SET version = %s, accepted_version = %s, draft_values = %s::bigint[]"
            " WHERE id = %s",
            [number, number, values, correction.returned],
        )
