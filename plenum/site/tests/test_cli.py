"""The command line as people run it: another process, a home of its own, clean output."""

import json
import socket
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from psycopg import sql

from plenum.periods import PeriodError
from plenum.site import cli
from plenum.site.database import embedded
from plenum.site.tests.installations import Installation


def test_setting_up_is_safe_to_repeat_and_says_nothing_on_stdout(installation: Installation) -> None:
    again = installation.run("setup")
    assert (again.returncode, again.stdout) == (0, "")
    assert "is set up in" in again.stderr


def test_the_server_stops_with_its_last_client(installation: Installation) -> None:
    installation.run("journal", "verify")
    assert not (installation.home / "postgres" / "data" / "postmaster.pid").exists()


def test_json_is_alone_on_stdout(installation: Installation) -> None:
    done = installation.run("units", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == []


def test_an_unknown_unit_is_an_error_in_one_line(installation: Installation) -> None:
    done = installation.run("unit", "nowhere", "--json")
    assert (done.returncode, done.stdout) == (1, "")
    assert "nowhere" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_account_is_named(installation: Installation) -> None:
    done = installation.run("--as", "nobody", "units")
    assert done.returncode == 1
    assert done.stderr == "Error: There is no account with this login. Check it, or create the account.\n"


def test_a_day_that_is_none_is_a_wrong_option(installation: Installation) -> None:
    done = installation.run("--as-of", "31.12.2023", "units")
    assert done.returncode == 2
    assert "2023-12-31" in done.stderr


def test_help_needs_no_installation(homes: Path) -> None:
    nowhere = Installation(homes / "nowhere", {})
    done = nowhere.run("units", "--help")
    assert done.returncode == 0
    assert "Usage: plenum units" in done.stdout
    assert not nowhere.home.exists()


def test_without_an_installation_the_way_to_one_is_named(homes: Path) -> None:
    done = Installation(homes / "nowhere", {}).run("units")
    assert done.returncode == 1
    assert "./dev demo" in done.stderr
    assert not (homes / "nowhere").exists()


def test_serving_a_taken_port_names_a_free_one(installation: Installation) -> None:
    with socket.socket() as squatter:
        squatter.bind(("127.0.0.1", 0))
        squatter.listen()
        done = installation.run("serve", "--port", str(squatter.getsockname()[1]))
    assert done.returncode == 1
    assert "Try: --port" in done.stderr


def test_a_demonstration_leaves_an_installation_of_others_alone(
    installation: Installation, tmp_path: Path
) -> None:
    units = tmp_path / "units.csv"
    units.write_text(
        "code,kind,name,short,parent,from,until,predecessors,illustrative\n"
        "top,centre,The Top,Top,,2000-01-01,,,1\n",
        encoding="utf-8",
    )
    done = installation.run("units", "load", str(units))
    assert done.returncode == 0, done.stderr
    done = installation.run("demo", "--no-serve", "--reset", "--yes")
    assert done.returncode == 1
    assert "PLENUM_HOME" in done.stderr
    assert [unit["code"] for unit in json.loads(installation.run("units", "--json").stdout)] == ["top"]


def test_a_server_of_ones_own_with_an_owner_who_is_no_superuser(databases: Any, homes: Path) -> None:
    """DATABASE_URL: the owner migrates, the web role is made beside it and owns nothing."""
    with databases.server() as server:
        server.execute("CREATE ROLE boss LOGIN CREATEROLE PASSWORD 'secret'")
        server.execute("CREATE DATABASE federation OWNER boss")
    port = databases.access["port"]
    theirs = Installation(
        homes / "theirs", {"DATABASE_URL": f"postgresql://boss:secret@127.0.0.1:{port}/federation"}
    )
    done = theirs.run("setup")
    assert done.returncode == 0, done.stderr
    assert json.loads(theirs.run("units", "--json").stdout) == []
    assert not (theirs.home / "postgres").exists()
    with psycopg.connect(embedded.connection_string(databases.access, "federation")) as connection:
        owned = connection.execute("SELECT count(*) FROM pg_class WHERE relowner = 'federation_web'::regrole")
        assert owned.fetchone() == (0,)
        may = connection.execute(
            "SELECT has_table_privilege('federation_web', 'journal_entry', 'UPDATE, DELETE')"
        )
        assert may.fetchone() == (False,)
    with databases.server() as server:
        server.execute("DROP DATABASE federation WITH (FORCE)")
        for role in ("federation_web", "boss"):
            server.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


def test_an_owner_who_may_not_make_roles_is_told_what_to_do(databases: Any, homes: Path) -> None:
    with databases.server() as server:
        server.execute("CREATE ROLE clerk LOGIN PASSWORD 'secret'")
        server.execute("CREATE DATABASE office OWNER clerk")
    url = f"postgresql://clerk:secret@127.0.0.1:{databases.access['port']}/office"
    done = Installation(homes / "office", {"DATABASE_URL": url}).run("setup")
    assert done.returncode == 1
    assert "CREATEROLE" in done.stderr
    done = Installation(homes / "office", {"DATABASE_URL": url, "DATABASE_WEB_URL": url}).run("setup")
    assert done.returncode == 1
    assert "must own nothing" in done.stderr
    with databases.server() as server:
        server.execute("DROP DATABASE office")
        server.execute("DROP ROLE clerk")


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (ValidationError({"name": ["Give the unit a name."]}), "name: Give the unit a name."),
        (ValidationError("The tree is closed."), "The tree is closed."),
        (PermissionDenied("Not here."), "Not here."),
        (PeriodError("2024-Q5 is no period"), "2024-Q5 is no period"),
    ],
)
def test_what_a_person_can_mend_is_told(error: Exception, message: str) -> None:
    assert cli.refusal(error) == message


@pytest.mark.parametrize("error", [KeyError("x"), ValueError("x"), LookupError("x"), ZeroDivisionError()])
def test_a_fault_of_the_program_is_not_dressed_up(error: Exception) -> None:
    assert cli.refusal(error) is None


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({}, "en"),
        ({"LANG": "cs_CZ.UTF-8"}, "cs"),
        ({"LANG": "cs_CZ.UTF-8", "LC_ALL": "C"}, "cs"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "cs_CZ.UTF-8", "PLENUM_LANGUAGE": "ru"}, "ru"),
    ],
)
def test_the_command_line_speaks_the_language_of_the_terminal(
    variables: dict[str, str], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PLENUM_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert cli.language_of_terminal() == language


def test_a_day_is_read_once() -> None:
    assert cli.Day().convert(date(2024, 1, 1), None, None) == date(2024, 1, 1)
