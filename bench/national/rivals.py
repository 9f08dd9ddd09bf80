"""The same questions asked of others: level columns as DHIS2 keeps them, in the same database, and DuckDB over Parquet.

DHIS2 writes a narrow fact table with a column for every level of the tree of today and an index on each, anew in every
batch. DuckDB scans the same facts, with the same columns, from a file; asked once more with all figures of a return in
one row, as Plenum keeps them, which suits it best.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import psycopg
import pyarrow as pa
import pyarrow.parquet as pq

from bench.national.questions import LEAGUE
from bench.national.recount import CODES, STOCKS, WIDTH, Array, Recount

LEVELS = 5
FLOW_SLOTS = [int(at) + 1 for at in np.flatnonzero(~STOCKS)]
STOCK_SLOTS = [int(at) + 1 for at in np.flatnonzero(STOCKS)]
Answer = dict[tuple[int, str], int]

_FILL = """
    INSERT INTO bench_level (idlevel1, idlevel2, idlevel3, idlevel4, idlevel5, unit_id, month, slot, value)
    SELECT line[1], line[2], line[3], line[4], line[5], filed.unit_id, extract(month FROM filed.month),
           place.number, place.value
    FROM figures_return filed
    JOIN figures_version version ON version.return_id = filed.id AND version.number = filed.accepted_version
    JOIN LATERAL (
        SELECT array_agg(ancestor_id ORDER BY depth DESC) AS line FROM tree_ancestry
        WHERE descendant_id = filed.unit_id AND span @> %(day)s::date
    ) above ON true
    CROSS JOIN LATERAL unnest(version.values) WITH ORDINALITY AS place(value, number)
    WHERE filed.form = %(form)s AND place.value IS NOT NULL
      AND filed.month BETWEEN %(day)s::date - 365 AND %(day)s::date
"""
_FLOWS = """
    SELECT coalesce(idlevel{below}, 0), slot, sum(value) FROM {facts}
    WHERE idlevel{level} = {unit} AND month BETWEEN 1 AND 12 AND slot IN ({flows})
    GROUP BY GROUPING SETS ((slot), (idlevel{below}, slot)) HAVING GROUPING(idlevel{below}) = 1 OR idlevel{below} > 0
"""
_STOCKS = """
    WITH latest AS (
        SELECT DISTINCT ON (unit_id, slot) idlevel{below}, slot, value FROM {facts}
        WHERE idlevel{level} = {unit} AND month BETWEEN 1 AND 12 AND slot IN ({stocks})
        ORDER BY unit_id, slot, month DESC
    )
    SELECT coalesce(idlevel{below}, 0), slot, sum(value) FROM latest
    GROUP BY GROUPING SETS ((slot), (idlevel{below}, slot)) HAVING GROUPING(idlevel{below}) = 1 OR idlevel{below} > 0
"""
_STOCKS_DUCK = """
    WITH latest AS (
        SELECT idlevel{below}, slot, arg_max(value, month) AS value FROM {facts}
        WHERE idlevel{level} = {unit} AND month BETWEEN 1 AND 12 AND slot IN ({stocks})
        GROUP BY unit_id, slot, idlevel{below}
    )
    SELECT coalesce(idlevel{below}, 0), slot, sum(value) FROM latest
    GROUP BY GROUPING SETS ((slot), (idlevel{below}, slot)) HAVING GROUPING(idlevel{below}) = 1 OR idlevel{below} > 0
"""
_LEAGUE = """
    SELECT idlevel3, month, slot, sum(value) FROM bench_level
    WHERE idlevel3 = ANY(%(districts)s) AND slot = ANY(%(slots)s) GROUP BY 1, 2, 3
"""


class LevelColumns:
    """A narrow fact table with a column for every level, in the same database, without row-level security."""

    def __init__(self, owner: "psycopg.Connection[Any]") -> None:
        self.owner = owner

    def build(self, day: Any, form: str) -> None:
        """Write the table anew, as a batch does, with an index on every level."""
        levels = ", ".join(f"idlevel{level} bigint" for level in range(1, LEVELS + 1))
        self.owner.execute("DROP TABLE IF EXISTS bench_level")
        self.owner.execute(
            f"CREATE UNLOGGED TABLE bench_level ({levels}, unit_id bigint, month smallint, slot smallint, value bigint)"
        )
        self.owner.execute(_FILL, {"day": day, "form": form})
        for level in range(1, LEVELS + 1):
            self.owner.execute(f"CREATE INDEX ON bench_level (idlevel{level}, slot)")
        self.owner.execute("ANALYZE bench_level")
        self.owner.commit()

    def megabytes(self) -> float:
        """How much room the table takes with its indexes."""
        (size,) = self.owner.execute("SELECT pg_total_relation_size('bench_level')").fetchone() or (0,)
        return float(size) / 2**20

    def board(self, unit_id: int, level: int) -> Answer:
        """The board of a unit that stands at a level, the top being 1."""
        rows = [
            row
            for query in (_FLOWS, _STOCKS)
            for row in self.owner.execute(_filled(query, "bench_level", unit_id, level)).fetchall()
        ]
        self.owner.commit()
        return _answer(rows, unit_id)

    def league(self, districts: Sequence[int]) -> Answer:
        """The members admitted in all districts in every month."""
        slots = [CODES.index(code) + 1 for code in LEAGUE]
        rows = self.owner.execute(_LEAGUE, {"districts": list(districts), "slots": slots}).fetchall()
        self.owner.commit()
        return {(unit_id * 100 + month, CODES[slot - 1]): int(value) for unit_id, month, slot, value in rows}

    def drop(self) -> None:
        """Give the room back."""
        self.owner.execute("DROP TABLE bench_level")
        self.owner.commit()


class Duck:
    """DuckDB scanning Parquet files, narrow and wide."""

    def __init__(self, folder: Path, recount: Recount, parents: Array) -> None:
        self.narrow, self.wide = folder / "narrow.parquet", folder / "wide.parquet"
        self.duck = duckdb.connect()
        unit, month, values, known = recount.latest()
        lines = _lines(unit, parents)
        _write(self.narrow, _narrow(unit, month, values, known, lines))
        _write(self.wide, _wide(unit, month, values, known, lines))

    def board(self, unit_id: int, level: int) -> Answer:
        """The board over the narrow file."""
        facts = f"'{self.narrow}'"
        rows = [
            row
            for query in (_FLOWS, _STOCKS_DUCK)
            for row in self.duck.execute(_filled(query, facts, unit_id, level)).fetchall()
        ]
        return _answer(rows, unit_id)

    def wide_board(self, unit_id: int, level: int) -> Answer:
        """The board over the file with all figures of a return in one row."""
        flows = ", ".join(f"sum(s{slot})" for slot in FLOW_SLOTS)
        latest = ", ".join(
            f"arg_max(s{slot}, month) FILTER (s{slot} IS NOT NULL) AS s{slot}" for slot in STOCK_SLOTS
        )
        stocks = ", ".join(f"sum(s{slot})" for slot in STOCK_SLOTS)
        below, where = f"idlevel{level + 1}", f"FROM '{self.wide}' WHERE idlevel{level} = {unit_id}"
        sets = f"GROUP BY GROUPING SETS ((), ({below}))"
        found: Answer = {}
        for slots, query in (
            (FLOW_SLOTS, f"SELECT GROUPING({below}), {below}, {flows} {where} {sets}"),
            (
                STOCK_SLOTS,
                f"WITH latest AS (SELECT {below}, {latest} {where} GROUP BY unit_id, {below}) "
                f"SELECT GROUPING({below}), {below}, {stocks} FROM latest {sets}",
            ),
        ):
            for whole, branch, *sums in self.duck.execute(query).fetchall():
                key = unit_id if whole else branch
                if key:
                    found |= {
                        (key, CODES[slot - 1]): int(value)
                        for slot, value in zip(slots, sums, strict=True)
                        if value is not None
                    }
        return found

    def megabytes(self) -> tuple[float, float]:
        """How much room the two files take."""
        return self.narrow.stat().st_size / 2**20, self.wide.stat().st_size / 2**20


def _filled(query: str, facts: str, unit_id: int, level: int) -> str:
    return query.format(
        facts=facts,
        unit=unit_id,
        level=level,
        below=level + 1,
        flows=", ".join(map(str, FLOW_SLOTS)),
        stocks=", ".join(map(str, STOCK_SLOTS)),
    )


def _answer(rows: Sequence[Sequence[Any]], unit_id: int) -> Answer:
    return {(branch or unit_id, CODES[slot - 1]): int(value) for branch, slot, value in rows}


def _lines(unit: Array, parents: Array) -> Array:
    """The units above and the unit itself, from the top down, 0 where the line is shorter."""
    up = [unit]
    while up[-1].any():
        up.append(np.where(up[-1] > 0, parents[up[-1]], 0))
    climb = np.stack(up[:-1], axis=1)
    depth = (climb > 0).sum(axis=1)
    found = np.zeros((len(unit), LEVELS + 1), dtype=np.int64)
    for level in range(LEVELS):
        at = depth - 1 - level
        held = at >= 0
        found[held, level] = climb[held, at[held]]
    return found


def _head(unit: Array, month: Array, lines: Array) -> dict[str, Array]:
    found = {f"idlevel{level + 1}": lines[:, level].astype(np.int32) for level in range(LEVELS + 1)}
    return found | {"unit_id": unit.astype(np.int32), "month": month.astype(np.int8)}


def _narrow(unit: Array, month: Array, values: Array, known: Array, lines: Array) -> Any:
    for each in range(1, 13):
        rows, slots = np.nonzero((known > 0) & (month == each)[:, None])
        yield pa.table(
            _head(unit[rows], month[rows], lines[rows])
            | {"slot": (slots + 1).astype(np.int8), "value": values[rows, slots]}
        )


def _wide(unit: Array, month: Array, values: Array, known: Array, lines: Array) -> Any:
    slots = {f"s{at + 1}": pa.array(values[:, at], mask=known[:, at] == 0) for at in range(WIDTH)}
    yield pa.table(_head(unit, month, lines) | slots)


def _write(file: Path, tables: Any) -> None:
    writer = None
    for table in tables:
        writer = writer or pq.ParquetWriter(file, table.schema)
        writer.write_table(table)
    if writer:
        writer.close()
