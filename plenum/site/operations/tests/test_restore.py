"""Restoring happens whole or not at all, and brings older backups up to date."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from plenum.site.database import opening
from plenum.site.operations import archive, restore, tables
from plenum.site.operations.archive import DamagedBackup, Part, Reader
from plenum.site.operations.backup import back_up
from plenum.site.operations.health import ready
from plenum.site.operations.terminal import Progress
from tests.cast import make_cast


@pytest.fixture
def filled(fresh_database: str) -> str:
    """A database of its own with the cast."""
    make_cast()
    connections.close_all()
    return fresh_database


def digests() -> dict[str, str]:
    with psycopg.connect(opening.owner_conninfo()) as connection:
        return tables.digests(connection)


def test_a_restore_that_breaks_changes_nothing(
    filled: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever goes wrong after the tables were emptied: a table that does not fit, an interruption."""
    back_up(tmp_path / "b.zip", Progress())
    make_more_units()
    before = digests()
    usual = Reader.blocks

    def interrupted(reader: Reader, part: Part) -> Iterator[bytes]:
        if part.table == "tree_unit":
            raise KeyboardInterrupt
        yield from usual(reader, part)

    with archive.reading(tmp_path / "b.zip") as reader:
        with monkeypatch.context() as patch:
            patch.setattr(Reader, "blocks", interrupted)
            with pytest.raises(KeyboardInterrupt):
                restore.restore(reader, Progress())
        connections.close_all()
        assert digests() == before

        with monkeypatch.context() as patch:
            patch.setattr(tables, "tables", tables_without_units)
            with pytest.raises(DamagedBackup, match="tree_unit"):
                restore.restore(reader, Progress())
        connections.close_all()
        assert digests() == before
        restore.restore(reader, Progress())
    assert digests()["tree_unit"] != before["tree_unit"]
    assert ready()


def tables_without_units(connection: "psycopg.Connection[Any]") -> list[tables.Table]:
    """A database whose migrations have made another table than the backup holds."""
    connection.execute("ALTER TABLE tree_unit RENAME TO unit_of_tree")
    return ALL_TABLES(connection)


ALL_TABLES = tables.tables


def make_more_units() -> None:
    """Something that the backup does not hold."""
    with psycopg.connect(opening.owner_conninfo()) as owner:
        owner.execute("UPDATE access_account SET name = 'Changed' WHERE login = 'insider'")
        owner.execute("ALTER TABLE tree_unit DISABLE TRIGGER USER")
        owner.execute("UPDATE tree_unit SET code = 'harbour' WHERE code = 'coast-port'")
        owner.execute("ALTER TABLE tree_unit ENABLE TRIGGER USER")


def test_an_older_backup_is_brought_up_to_date(filled: str, tmp_path: Path) -> None:
    """Made before the last migration of the figures and whatever stands on it."""
    whole = digests()
    executor = MigrationExecutor(connections["owner"])
    executor.migrate([("figures", "0002_sums")])
    connections.close_all()
    assert not ready()
    connections.close_all()
    manifest = back_up(tmp_path / "old.zip", Progress())
    assert ("figures", "0003_rows") not in manifest.migrations
    restore.refuse_newer(manifest)
    with archive.reading(tmp_path / "old.zip") as reader:
        restore.restore(reader, Progress())
    assert ready()
    connections.close_all()
    now = digests()
    assert {name for name in whole if now[name] != whole[name]} <= {
        "django_migrations",
        "django_content_type",
    }
    with psycopg.connect(opening.owner_conninfo()) as owner:
        guarded = owner.execute(
            "SELECT relrowsecurity FROM pg_class WHERE relname = 'figures_return'"
        ).fetchone()
    assert guarded == (True,)


def test_a_backup_of_a_newer_program_is_refused(filled: str, tmp_path: Path) -> None:
    with psycopg.connect(opening.owner_conninfo()) as owner:
        owner.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('tree', '0099_later', now())"
        )
    manifest = back_up(tmp_path / "new.zip", Progress())
    with pytest.raises(DamagedBackup, match="0099_later"):
        restore.refuse_newer(manifest)


def test_guards_and_numbers_are_as_before(filled: str, tmp_path: Path) -> None:
    """Triggers keep their state, foreign keys their definitions, sequences their places."""
    with psycopg.connect(opening.owner_conninfo()) as owner:
        owner.execute("ALTER TABLE journal_entry ENABLE ALWAYS TRIGGER journal_refuse")
        before = (restore.triggers_of(owner), restore.foreign_keys(owner), tables.sequences(owner))
        owner.rollback()
    back_up(tmp_path / "b.zip", Progress())
    with archive.reading(tmp_path / "b.zip") as reader:
        restore.restore(reader, Progress())
    with psycopg.connect(opening.owner_conninfo()) as owner:
        after = (restore.triggers_of(owner), restore.foreign_keys(owner), tables.sequences(owner))
    assert after[1:] == before[1:]
    assert [each[:2] for each in after[0]] == [each[:2] for each in before[0]]
    assert {state for _table, _trigger, state in after[0]} <= {"O", "A"}
