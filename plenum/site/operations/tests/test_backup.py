"""Backup and restore between an embedded database and one of somebody else's, as an operator does it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from plenum.site.database import embedded
from plenum.site.database.embedded import Cluster
from plenum.site.database.turns import Use
from plenum.site.operations import tables
from plenum.site.tests.installations import Installation, ReadyHomes
from tests.faults.installation import fill_copy

QUIET = {"PLENUM_BACKUP_DAYS": "0"}
OUTSIDE = "outside_of_us"


@pytest.fixture(scope="module")
def filled(homes: Path, ready_homes: ReadyHomes) -> Installation:
    """An installation with an embedded database and a little of everything."""
    fill_copy(ready_homes, homes / "filled")
    return Installation(homes / "filled", QUIET)


@pytest.fixture(scope="module")
def backup(filled: Installation, homes: Path) -> Path:
    """A backup of it."""
    file = homes / "first.zip"
    done = filled.run("backup", str(file))
    assert done.returncode == 0, done.stderr
    assert file.stat().st_mode & 0o777 == 0o600
    return file


@pytest.fixture(scope="module")
def outside(homes: Path) -> Iterator[str]:
    """The address of an empty database on a server of its own, of an owner who is no superuser."""
    server = Cluster(homes / "server")
    server.create()
    server.start()
    with psycopg.connect(embedded.connection_string(server.access(), "postgres"), autocommit=True) as boss:
        boss.execute(f"CREATE ROLE {OUTSIDE} LOGIN CREATEROLE PASSWORD 'word'")
        boss.execute(f"CREATE DATABASE {OUTSIDE} OWNER {OUTSIDE}")
    yield f"postgresql://{OUTSIDE}:word@127.0.0.1:{server.access()['port']}/{OUTSIDE}"
    server.stop(at_once=True)


def what_is_in(installation: Installation) -> dict[str, str]:
    """The digest of every table of an embedded installation, whose server is started for this."""
    cluster = Cluster(installation.home / "postgres")
    cluster.start()
    try:
        with psycopg.connect(embedded.connection_string(cluster.access(), embedded.NAME)) as connection:
            return kept(connection)
    finally:
        cluster.stop()


def kept(connection: "psycopg.Connection[Any]") -> dict[str, str]:
    """Digests of what a backup keeps. When a migration was applied is kept too."""
    found = tables.digests(connection)
    return {name: digest for name, digest in found.items() if name not in tables.STARTED_ANEW}


def sequences_of(connection: "psycopg.Connection[Any]") -> dict[str, tuple[int, bool]]:
    found = tables.sequences(connection)
    return {name: place for name, place in found.items() if "session" not in name}


def test_embedded_to_outside_and_back_everything_is_the_same(
    filled: Installation, backup: Path, outside: str, homes: Path
) -> None:
    before = what_is_in(filled)
    assert len({*before.values()}) > 15, "most tables have rows of their own"

    there = Installation(homes / "there", QUIET | {"DATABASE_URL": outside})
    done = there.run("restore", str(backup))
    assert done.returncode == 0, done.stderr + done.stdout
    assert "FOUND" not in done.stdout
    with psycopg.connect(outside) as connection:
        assert kept(connection) == before
        moved = sequences_of(connection)
        row = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
        assert row == (False,)
    assert moved["figures_return_id_seq"] == (4, True)

    again = homes / "again.zip"
    done = there.run("backup", str(again))
    assert done.returncode == 0, done.stderr
    back = Installation(homes / "back", QUIET)
    done = back.run("restore", str(again))
    assert done.returncode == 0, done.stderr + done.stdout
    assert what_is_in(back) == before
    examined = back.run("doctor")
    assert examined.returncode == 0, examined.stdout
    assert back.run("journal", "verify").returncode == 0
    assert not (homes / "back" / "postgres" / "data" / "postmaster.pid").exists()


def test_a_restored_installation_goes_on(filled: Installation, backup: Path, homes: Path) -> None:
    """Triggers are on again and numbers go on: the next act joins the chain of the journal."""
    next_one = Installation(homes / "next", QUIET)
    assert next_one.run("restore", str(backup)).returncode == 0
    done = next_one.run(
        "--as-of", "2024-10-09", "account", "create", "newcomer", "--name", "New", "--language", "en"
    )
    assert done.returncode == 0, done.stderr
    assert next_one.run("doctor").returncode == 0
    assert what_is_in(next_one)["journal_entry"] != what_is_in(filled)["journal_entry"]


def test_a_database_with_data_is_not_replaced_without_asking(filled: Installation, backup: Path) -> None:
    before = what_is_in(filled)
    done = filled.run("restore", str(backup))
    assert done.returncode == 1
    assert "--yes" in done.stderr
    assert "journal_entry" in done.stderr
    assert what_is_in(filled) == before
    done = filled.run("restore", str(backup), "--yes")
    assert done.returncode == 0, done.stderr
    assert what_is_in(filled) == before


def test_a_damaged_file_is_refused_before_anything_is_touched(backup: Path, homes: Path) -> None:
    damaged = homes / "damaged.zip"
    whole = bytearray(backup.read_bytes())
    whole[len(whole) // 2] ^= 1
    damaged.write_bytes(bytes(whole))
    nowhere = Installation(homes / "nowhere", QUIET)
    done = nowhere.run("restore", str(damaged), "--yes")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("Error: ")
    assert "damaged" in done.stderr
    assert not (homes / "nowhere").exists()
    done = nowhere.run("restore", str(backup), "--check")
    assert done.returncode == 0
    assert not (homes / "nowhere").exists()


def test_nothing_is_restored_while_somebody_uses_the_database(filled: Installation, backup: Path) -> None:
    use = Use(Cluster(filled.home / "postgres"))
    with psycopg.connect(embedded.connection_string(use.cluster.access(), embedded.NAME)) as connection:
        done = filled.run("restore", str(backup), "--yes")
        upgraded = filled.run("upgrade")
        connection.execute("SELECT 1")
    use.close()
    assert done.returncode == upgraded.returncode == 1
    for each in (done, upgraded):
        assert "another process" in each.stderr


def test_an_upgrade_makes_a_backup_and_says_how_to_go_back(filled: Installation) -> None:
    done = filled.run("upgrade")
    assert done.returncode == 0, done.stderr + done.stdout
    (made,) = (filled.home / "backups").glob("before-*.zip")
    assert f"restore {made}" in done.stderr
    checked = filled.run("restore", str(made), "--check")
    assert checked.returncode == 0


def test_a_backup_is_not_overwritten_and_a_missing_folder_is_named(
    filled: Installation, backup: Path
) -> None:
    done = filled.run("backup", str(backup))
    assert (done.returncode, "Name another file" in done.stderr) == (1, True)
    done = filled.run("backup", "/no/such/folder/b.zip")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
