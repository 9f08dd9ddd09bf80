"""What tables there are in the database, and their rows as text: for backups, and to compare two databases."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

Connection = psycopg.Connection[Any]

STARTED_ANEW = frozenset({"django_session", "usersessions_usersession"})
"""Tables whose rows are not kept: a stolen backup must not let anybody in, so everybody signs in again."""

FORMATS = (
    "SET LOCAL datestyle = 'ISO, YMD'",
    "SET LOCAL intervalstyle = 'postgres'",
    "SET LOCAL timezone = 'UTC'",
    "SET LOCAL extra_float_digits = 1",
    "SET LOCAL bytea_output = 'hex'",
    "SET LOCAL xmloption = 'content'",
    "SET LOCAL row_security = off",
    "SET LOCAL statement_timeout = 0",
)
"""Settings under which the same rows are the same bytes everywhere, and none is left out in silence."""


@dataclass(frozen=True)
class Table:
    """A table, the columns that are stored as they are given, and those of its primary key."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]

    @property
    def identifier(self) -> sql.Identifier:
        """The table's name as it is written in a statement."""
        return sql.Identifier("public", self.name)

    def copy_out(self) -> sql.Composed:
        """The statement that sends all rows, in the order of the key."""
        return sql.SQL("COPY (SELECT {} FROM ONLY {} ORDER BY {}) TO STDOUT").format(
            _listed(self.columns), self.identifier, _listed(self.key or self.columns)
        )

    def copy_in(self) -> sql.Composed:
        """The statement that takes rows as they were sent."""
        return sql.SQL("COPY {} ({}) FROM STDIN").format(self.identifier, _listed(self.columns))


def _listed(names: tuple[str, ...]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, names))


def tables(connection: Connection) -> list[Table]:
    """Return the tables in the schema `public`, by name."""
    rows = connection.execute(
        """
        SELECT relation.relname,
               array_agg(attribute.attname::text ORDER BY attribute.attnum)
                   FILTER (WHERE attribute.attgenerated = ''),
               coalesce((SELECT array_agg(key.attname::text ORDER BY place.number)
                FROM pg_index index
                CROSS JOIN LATERAL unnest(index.indkey::smallint[]) WITH ORDINALITY AS place(attnum, number)
                JOIN pg_attribute key ON key.attrelid = index.indrelid AND key.attnum = place.attnum
                WHERE index.indrelid = relation.oid AND index.indisprimary), '{}')
        FROM pg_class relation
        JOIN pg_attribute attribute
          ON attribute.attrelid = relation.oid AND attribute.attnum > 0 AND NOT attribute.attisdropped
        WHERE relation.relkind = 'r' AND relation.relnamespace = 'public'::regnamespace
        GROUP BY relation.oid, relation.relname
        ORDER BY relation.relname
        """
    ).fetchall()
    return [Table(name, tuple(columns), tuple(key)) for name, columns, key in rows]


def same_bytes_everywhere(connection: Connection) -> None:
    """Let the rest of this transaction write values the one way that all servers share."""
    for statement in FORMATS:
        connection.execute(statement)


def rows_of(connection: Connection, table: Table) -> Iterator[bytes | bytearray | memoryview]:
    """Yield the rows of a table as text, as they come."""
    with connection.cursor() as cursor, cursor.copy(table.copy_out()) as copy:
        yield from copy


def digests(connection: Connection) -> dict[str, str]:
    """Return the SHA-256 of the rows of every table: equal for two databases that hold the same."""
    found = {}
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        same_bytes_everywhere(connection)
        for table in tables(connection):
            digest = hashlib.sha256()
            for row in rows_of(connection, table):
                digest.update(row)
            found[table.name] = digest.hexdigest()
    return found


def sequences(connection: Connection) -> dict[str, tuple[int, bool]]:
    """Return where each sequence stands: its last value, and whether that was given out."""
    names = connection.execute(
        "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' ORDER BY sequencename"
    ).fetchall()
    found = {}
    for (name,) in names:
        row = connection.execute(
            sql.SQL("SELECT last_value, is_called FROM {}").format(sql.Identifier("public", name))
        ).fetchone()
        if row:
            found[name] = (int(row[0]), bool(row[1]))
    return found


def migrations(connection: Connection) -> tuple[tuple[str, str], ...]:
    """Return the migrations that were applied, as (room, name)."""
    rows = connection.execute("SELECT app, name FROM django_migrations ORDER BY app, name").fetchall()
    return tuple((room, name) for room, name in rows)


BOOKKEEPING = STARTED_ANEW | {
    "django_migrations",
    "django_content_type",
    "auth_permission",
    "procrastinate_workers",
}
"""Tables that have rows also in an installation into which nobody has entered anything."""


def holding(connection: Connection) -> dict[str, int]:
    """Return how many rows the tables have into which somebody has entered something; empty tables are left out."""
    found = {}
    for table in tables(connection):
        if table.name not in BOOKKEEPING:
            row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(table.identifier)).fetchone()
            if row and row[0]:
                found[table.name] = int(row[0])
    return found
