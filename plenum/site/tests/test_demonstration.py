"""A demonstration: loaded whole or started over, and never at the cost of somebody's installation."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from plenum.journal.actor import Actor
from plenum.organisation.actions.load_units import load_units
from plenum.site import clock, demonstration
from plenum.site.database import opening
from plenum.site.database.trouble import DatabaseTrouble
from plenum.site.demo.load import demo_accounts
from plenum.site.home import configuration
from plenum.tree.models import Unit

Say = Callable[[str], None]
TOP = {
    "code": "top",
    "kind": "centre",
    "name": "The Top",
    "short": "Top",
    "parent": "",
    "from": "2000-01-01",
    "until": "",
    "predecessors": "",
    "illustrative": "1",
}


def load_top(progress: Say) -> None:
    progress("Loading the top")
    load_units([TOP], on=date(2022, 1, 1), by=Actor.system("a test"))


@pytest.fixture
def home(fresh_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty installation, and a reference year of one unit."""
    monkeypatch.setenv("PLENUM_HOME", str(tmp_path))
    monkeypatch.setattr(demonstration, "load_reference_year", load_top)
    return tmp_path


def codes() -> list[str]:
    return list(Unit.objects.order_by("code").values_list("code", flat=True))


def test_a_demonstration_is_loaded_and_its_clock_stands_still(home: Path) -> None:
    said: list[str] = []
    demonstration.refuse_other_installation()
    demonstration.start_over(said.append)
    assert codes() == ["top"]
    assert said == ["Loading the top"]
    assert demonstration.state() == demonstration.LOADED
    assert clock.today() == date(2024, 10, 8)
    assert configuration()["second_factor"] == "optional"


def test_what_others_entered_is_never_taken_for_a_demonstration(home: Path) -> None:
    load_top(lambda _step: None)
    with pytest.raises(DatabaseTrouble, match="PLENUM_HOME"):
        demonstration.refuse_other_installation()
    assert codes() == ["top"]


def test_a_load_that_fails_is_remembered_as_unfinished(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(progress: Say) -> None:
        load_top(progress)
        raise RuntimeError("the lights went out")

    monkeypatch.setattr(demonstration, "load_reference_year", fail)
    with pytest.raises(RuntimeError):
        demonstration.start_over(lambda _step: None)
    assert demonstration.state() == demonstration.LOADING
    monkeypatch.setattr(demonstration, "load_reference_year", load_top)
    demonstration.refuse_other_installation()
    demonstration.start_over(lambda _step: None)
    assert demonstration.state() == demonstration.LOADED
    assert codes() == ["top"]


def test_starting_over_leaves_the_rights_of_the_web_role_as_they_were(home: Path) -> None:
    demonstration.start_over(lambda _step: None)
    demonstration.start_over(lambda _step: None)
    assert codes() == ["top"]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, has_table_privilege('journal_entry', 'INSERT'),"
            " has_table_privilege('journal_entry', 'UPDATE'), has_schema_privilege('public', 'CREATE')"
        )
        assert cursor.fetchone() == ("plenum_web", True, False, False)


def test_nothing_is_emptied_under_a_running_plenum(home: Path) -> None:
    demonstration.start_over(lambda _step: None)
    with (
        psycopg.connect(opening.owner_conninfo()),
        pytest.raises(DatabaseTrouble, match="another process"),
    ):
        demonstration.start_over(lambda _step: None)
    assert codes() == ["top"]
    assert demonstration.state() == demonstration.LOADED


def test_the_welcome_names_every_account_and_the_way_in(home: Path) -> None:
    said = demonstration.welcome("http://127.0.0.1:8000/")
    assert "http://127.0.0.1:8000/" in said
    assert "2024-10-08" in said
    for account in demo_accounts():
        assert account.login in said
        assert account.password in said
