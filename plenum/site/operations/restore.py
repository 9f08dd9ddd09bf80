"""Restoring a backup: the file is examined whole, then everything changes in one transaction, or nothing does."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connections, transaction
from django.db.migrations.executor import MigrationExecutor
from psycopg import sql

from plenum.site.database import opening, roles
from plenum.site.operations import tables
from plenum.site.operations.archive import DamagedBackup, Manifest, Reader
from plenum.site.operations.health import needed
from plenum.site.operations.terminal import Progress

OWNER = "owner"

Connection = psycopg.Connection[Any]

STATES = {"O": "ENABLE TRIGGER", "A": "ENABLE ALWAYS TRIGGER", "R": "ENABLE REPLICA TRIGGER"}


def refuse_newer(manifest: Manifest) -> None:
    """Raise DamagedBackup if the backup has migrations that this program does not know."""
    unknown = sorted(set(manifest.migrations) - needed())
    if unknown:
        room, name = unknown[0]
        raise DamagedBackup(
            f"The backup was made by Plenum {manifest.plenum}, which knows the migration {room} {name}; this program "
            "does not. Install that version or a newer one, then restore."
        )


def restore(reader: Reader, progress: Progress) -> None:
    """Replace all that the open database holds by what is in the backup, and bring it up to date.

    Raises DatabaseTrouble if another process uses the database, DamagedBackup if the backup does not fit its own list
    of contents; then everything is as it was.
    """
    connections.close_all()
    with transaction.atomic(using=OWNER, durable=True):
        connections[OWNER].ensure_connection()
        connection: Connection = connections[OWNER].connection
        opening.refuse_company(connection)
        progress("Making the tables as they were when the backup was made")
        opening.empty_schema(connection)
        bring_to(reader.manifest.migrations)
        fill(connection, reader, progress)
        progress("Bringing the tables up to date")
        bring_to(tuple(needed()))
        roles.grant_web_role(connection, str(connections.settings["default"]["USER"]))
    connections.close_all()


def bring_to(migrations: tuple[tuple[str, str], ...]) -> None:
    """Apply exactly these migrations to an older or empty database of the owner."""
    executor = MigrationExecutor(connections[OWNER])
    executor.loader.build_graph()
    wanted = {key for key in migrations if key in executor.loader.graph.nodes}
    last = [
        key
        for key in sorted(wanted)
        if not any(child.key in wanted for child in executor.loader.graph.node_map[key].children)
    ]
    with without_savepoints():
        executor.migrate(last)


@contextmanager
def without_savepoints() -> Iterator[None]:
    """Let migrations be parts of the one transaction of a restore, without transactions of their own inside it.

    A value that a migration adds to an enumerated type (the states of the queue) may be used by the next one only if
    both stand at the outermost level of the transaction that has made the type.
    """
    features: Any = connections[OWNER].features
    features.uses_savepoints = False
    try:
        yield
    finally:
        del features.uses_savepoints


def fill(connection: Connection, reader: Reader, progress: Progress) -> None:
    """Put the rows of the backup into tables of the same shape. Triggers rest meanwhile: nothing is counted twice."""
    connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    tables.same_bytes_everywhere(connection)
    there = {table.name: table for table in tables.tables(connection)}
    references = foreign_keys(connection)
    triggers = triggers_of(connection)
    for table in there.values():
        connection.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(table.identifier))
    for name, constraint, _definition in references:
        connection.execute(
            sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(
                there[name].identifier, sql.Identifier(constraint)
            )
        )
    for table in there.values():
        connection.execute(sql.SQL("DELETE FROM {}").format(table.identifier))
    for part in reader.manifest.parts:
        if part.table not in there or there[part.table].columns != part.columns:
            raise DamagedBackup(
                f"The table {part.table} of the backup is not the one that its migrations make. Use another backup."
            )
        progress.small(f"Restoring {part.table}")
        with connection.cursor() as cursor:
            with cursor.copy(there[part.table].copy_in()) as copy:
                for block in reader.blocks(part):
                    copy.write(block)
            if cursor.rowcount != part.rows:
                raise DamagedBackup(
                    f"{cursor.rowcount} rows of {part.rows} came into the table {part.table}."
                )
    progress("Checking what belongs to what")
    for name, constraint, definition in references:
        connection.execute(
            sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} {}").format(
                there[name].identifier, sql.Identifier(constraint), sql.SQL(definition)
            )
        )
    for name, trigger, state in triggers:
        if state in STATES:
            connection.execute(
                sql.SQL("ALTER TABLE {} {} {}").format(
                    there[name].identifier, sql.SQL(STATES[state]), sql.Identifier(trigger)
                )
            )
    for sequence, (last, called) in reader.manifest.sequences.items():
        connection.execute(
            "SELECT setval(%s::regclass, %s, %s)",
            [sql.Identifier("public", sequence).as_string(connection), last, called],
        )


def foreign_keys(connection: Connection) -> list[tuple[str, str, str]]:
    """Return table, name and definition of every foreign key."""
    return connection.execute(
        "SELECT relation.relname, key.conname, pg_get_constraintdef(key.oid)"
        " FROM pg_constraint key JOIN pg_class relation ON relation.oid = key.conrelid"
        " WHERE key.contype = 'f' AND key.conparentid = 0 AND key.connamespace = 'public'::regnamespace ORDER BY 1, 2"
    ).fetchall()


def triggers_of(connection: Connection) -> list[tuple[str, str, str]]:
    """Return table, name and state of every trigger that the rooms have made."""
    return connection.execute(
        "SELECT relation.relname, trigger.tgname, trigger.tgenabled::text"
        " FROM pg_trigger trigger JOIN pg_class relation ON relation.oid = trigger.tgrelid"
        " WHERE NOT trigger.tgisinternal AND relation.relnamespace = 'public'::regnamespace ORDER BY 1, 2"
    ).fetchall()


def needs_asking(connection: Connection) -> str:
    """Return what the database holds, in words, if anything would be lost; otherwise nothing."""
    held = tables.holding(connection)
    if not held:
        return ""
    most = sorted(held.items(), key=lambda each: (-each[1], each[0]))[:4]
    return f"{sum(held.values())} rows, among them " + ", ".join(f"{count} in {name}" for name, count in most)
