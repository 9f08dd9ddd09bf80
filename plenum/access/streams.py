"""Streams: long answers for analysts, as Parquet or CSV, row by row from the database and never whole in memory.

A stream is one query with its columns described. It is read with a cursor of the server in one snapshot, under the
rules of the database for whoever speaks, and every chunk goes out before the next is read.
"""

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.models import QuerySet

from plenum.access.csv_cells import MARK, csv_lines
from plenum.access.csv_cells import MEDIA_TYPE as CSV
from plenum.access.guard import reading_from, speaking
from plenum.journal.actor import Actor

PARQUET: Final = "application/vnd.apache.parquet"
MEDIA_TYPES: Final = {"parquet": PARQUET, "csv": CSV}
ROWS_AT_ONCE: Final = 20_000
"""Rows between two looks at the database; a row group of Parquet has as many."""


@dataclass(frozen=True)
class Column:
    """A column: its name, the type of its values (any may be missing) and what it means."""

    name: str
    type: type
    meaning: str


@dataclass(frozen=True)
class Stream:
    """A query that gives one row after the other; ``view`` says how it looked at things, for the file itself."""

    name: str
    columns: tuple[Column, ...]
    sql: str
    parameters: tuple[Any, ...]
    view: Mapping[str, str]


def subquery(units: QuerySet[Any]) -> tuple[str, tuple[Any, ...]]:
    """A queryset as SQL that can stand inside the query of a stream, with its parameters."""
    try:
        sql, parameters = units.query.sql_with_params()
    except EmptyResultSet:
        return "SELECT NULL::bigint WHERE false", ()
    return sql, parameters


def streamed(stream: Stream, kind: str, *, actor: Actor, on: date) -> Iterator[bytes]:
    """The bytes of a stream as `parquet` or `csv`, shown to the actor as on a day."""
    return after_the_request(_bytes(stream, kind), actor=actor, on=on)


def after_the_request(source: Generator[bytes], *, actor: Actor, on: date) -> Iterator[bytes]:
    """The pieces of an answer that is read from the database while it goes out.

    The next one is asked for after the request is over: each time it is said anew for whom, and of whom.
    """
    return _speaking_each_time(source, connections[DEFAULT_DB_ALIAS], actor, on)


def _speaking_each_time(source: Generator[bytes], reads: Any, actor: Actor, on: date) -> Iterator[bytes]:
    try:
        while True:
            with speaking(actor, on), reading_from(reads):
                piece = next(source, None)
            if piece is None:
                return
            yield piece
    finally:
        with reading_from(reads):
            source.close()


def _bytes(stream: Stream, kind: str) -> Generator[bytes]:
    written = _csv if kind == "csv" else _parquet
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(stream.sql, stream.parameters)
        chunks = iter(lambda: cursor.fetchmany(ROWS_AT_ONCE), [])
        yield from written(stream, chunks)


def _csv(stream: Stream, chunks: Iterator[Sequence[tuple[Any, ...]]]) -> Iterator[bytes]:
    yield (MARK + csv_lines([[each.name for each in stream.columns]])).encode()
    for rows in chunks:
        yield csv_lines(rows).encode()


def _parquet(stream: Stream, chunks: Iterator[Sequence[tuple[Any, ...]]]) -> Iterator[bytes]:
    # Every command would wait half a second for this library, which hardly any of them needs.
    from plenum.access.parquet_files import pieces

    return pieces(stream, chunks)
