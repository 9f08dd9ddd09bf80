"""Making a backup: everything that was entered, as it stood at one moment, in one file, while people go on working."""

import json
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg

import plenum
from plenum.site.database import opening
from plenum.site.home import home, write_secret
from plenum.site.operations import archive, tables
from plenum.site.operations.archive import Manifest
from plenum.site.operations.terminal import Progress

LAST = "last_backup.json"


def back_up(path: Path, progress: Progress) -> Manifest:
    """Write a backup of the open database to `path` and return what is in it.

    Raises FileExistsError or OSError; then there is no file, nor a part of one.
    """
    with psycopg.connect(opening.owner_conninfo()) as connection, archive.writing(path) as writer:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        tables.same_bytes_everywhere(connection)
        migrations = tables.migrations(connection)
        parts = []
        for table in tables.tables(connection):
            if table.name in tables.STARTED_ANEW:
                continue
            progress.small(f"Copying {table.name}")
            parts.append(writer.add(table.name, table.columns, tables.rows_of(connection, table)))
        manifest = Manifest(
            format=archive.FORMAT,
            plenum=plenum.__version__,
            made=int(time.time()),
            postgres=connection.execute("SHOW server_version").fetchone()[0],  # type: ignore[index]
            migrations=migrations,
            parts=tuple(parts),
            sequences=tables.sequences(connection),
        )
        writer.finish(manifest)
    remember(path, manifest.made)
    return manifest


@dataclass(frozen=True)
class Last:
    """The last backup of this installation that was made, or from which it was restored."""

    path: Path
    made: int


def remember(path: Path, made: int) -> None:
    """Write down which backup was the last one, for the examination of the installation."""
    write_secret(home() / LAST, json.dumps({"path": str(path.absolute()), "made": made}) + "\n")


def last() -> Last | None:
    """Return the last backup, if there was one."""
    try:
        found = json.loads((home() / LAST).read_text(encoding="utf-8"))
        return Last(Path(found["path"]), int(found["made"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
