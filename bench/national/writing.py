"""What writing costs with roll-ups and without: a whole month at once, and eight writers at the same time."""

import statistics
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from typing import Any

import psycopg

from bench.national.measuring import seconds
from plenum.site.sample.figures import FORM

Connection = psycopg.Connection[Any]
WRITERS = 8
TURNS = 5
"""So often each side is written: whatever else the machine does meets both."""
BARE = ("return", "version", "entry")
"""Tables that are written without roll-ups, too: copies with the same rows, indexes and constraints but no triggers."""

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
    """Corrections written per second by eight writers: appended only, and with roll-ups; in turns, the median of each.

    Each correction is a transaction of its own: a version, the entry that accepts it, the return brought up to date.
    The returns are drawn from the whole tree and differ, so that the writers meet at the units above only.
    """
    sides = ("bench", "figures")
    with connect() as owner:
        owner.autocommit = True
        _copy_bare(owner)
        rows = owner.execute(
            "SELECT id, version, draft_values, draft_illustrative FROM figures_return"
            " WHERE form = %s AND month BETWEEN %s AND %s AND state = 'accepted' ORDER BY md5(id::text) LIMIT %s",
            [FORM, date(year, 1, 1), date(year, 10, 1), len(sides) * WRITERS * each],
        ).fetchall()
        _begin_alike(owner, [f"{side}_{table}" for table in TOUCHED for side in sides])
    drawn = [Correction(*row) for row in rows]
    warm = len(sides) * WRITERS
    per_turn = (len(drawn) - warm) // (len(sides) * TURNS)
    rates: dict[str, list[float]] = {side: [] for side in sides}
    with ExitStack() as sessions:
        writers = [sessions.enter_context(connect()) for _number in range(WRITERS)]
        for side in sides:
            _rate(writers, side, [drawn.pop() for _number in writers], today)
        for _turn in range(TURNS):
            for side in sides:
                rates[side].append(_rate(writers, side, [drawn.pop() for _n in range(per_turn)], today))
    with connect() as owner:
        for table in reversed(BARE):
            owner.execute(f"DROP TABLE bench_{table}")
    bare, with_sums = (statistics.median(rates[side]) for side in sides)
    return bare, with_sums


def _copy_bare(owner: Connection) -> None:
    """Make the copies. What is written is to differ by the roll-ups alone, not by how large a table is already."""
    with owner.transaction():
        for table in reversed(BARE):
            owner.execute(f"DROP TABLE IF EXISTS bench_{table}")
        for table in BARE:
            owner.execute(f"CREATE TABLE bench_{table} (LIKE figures_{table} INCLUDING ALL)")
            if table == "return":
                owner.execute(f"ALTER TABLE bench_return SET (fillfactor = {ROOM_FOR_CHANGES})")
            owner.execute(f"INSERT INTO bench_{table} OVERRIDING SYSTEM VALUE SELECT * FROM figures_{table}")
            (last,) = owner.execute(f"SELECT max(id) FROM bench_{table}").fetchone() or (0,)
            owner.execute(f"ALTER TABLE bench_{table} ALTER id RESTART WITH {last + 1}")
        references = owner.execute(
            "SELECT substr(conrelid::regclass::text, 9), pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE contype = 'f' AND conrelid = ANY (%s::regclass[])",
            [[f"figures_{each}" for each in BARE]],
        ).fetchall()
        for table, reference in references:
            for each in BARE:
                reference = reference.replace(f"REFERENCES figures_{each}(", f"REFERENCES bench_{each}(")
            owner.execute(f"ALTER TABLE bench_{table} ADD {reference}")
    owner.execute("VACUUM (ANALYZE) " + ", ".join(f"bench_{each}" for each in BARE))


def _begin_alike(owner: Connection, tables: Sequence[str]) -> None:
    """Whose pages were used or written last must not decide.

    Tables are read, with their indexes, before they are written; and as each page that is changed after a checkpoint
    goes whole into the log once, one is made.
    """
    owner.execute("CREATE EXTENSION IF NOT EXISTS pg_prewarm")
    owner.execute(
        "SELECT pg_prewarm(part) FROM unnest(%s::text[]) WITH ORDINALITY AS listed(name, place)"
        " CROSS JOIN LATERAL (SELECT to_regclass(name) AS part UNION ALL"
        " SELECT indexrelid FROM pg_index WHERE indrelid = to_regclass(name)) parts"
        " WHERE part IS NOT NULL ORDER BY place",
        [list(tables)],
    )
    owner.execute("DROP EXTENSION pg_prewarm")
    owner.execute("CHECKPOINT")


def _rate(writers: Sequence[Connection], tables: str, work: Sequence[Correction], today: date) -> float:
    faults: list[BaseException] = []

    def write(connection: Connection, share: Sequence[Correction]) -> None:
        try:
            for correction in share:
                _correct(connection, tables, correction, today)
        except BaseException as error:
            faults.append(error)

    threads = [
        threading.Thread(target=write, args=(writer, work[number :: len(writers)]))
        for number, writer in enumerate(writers)
    ]
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
