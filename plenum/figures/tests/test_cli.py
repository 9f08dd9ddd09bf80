"""The commands on returns."""

import csv
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner
from django.utils import translation

from plenum.access.command_line import CommandLine
from plenum.figures import cli
from plenum.figures.models import Return
from plenum.figures.tests.factories import MONTHLY, SYSTEM, oblige, plant, report
from plenum.journal.actor import Actor
from plenum.tree.models import Unit
from plenum.tree.queries import UnitUnknown

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def one(db: None) -> Unit:
    province = plant("province", "province", plant("root", "centre", None))
    unit = plant("one", "commune_committee", plant("district", "district", province))
    oblige(unit)
    return unit


def run(command: str, *words: str, actor: Actor = SYSTEM) -> str:
    group = click.Group(commands={each.name or "": each for each in cli.commands})
    line = CommandLine(actor=actor, today=date(2023, 3, 10))
    result = CliRunner().invoke(group, [command, *words], obj=line, catch_exceptions=True)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def read(*words: str) -> Any:
    return json.loads(run(*words, "--json"))


def test_returns_of_a_unit_and_one_return(one: Unit) -> None:
    returned = report(one, "2023-01", {"members_admitted": 4}, illustrative=("members_admitted",))
    (row,) = read("returns", "district", "2023-Q1")
    assert (row["id"], row["unit"], row["state"], row["figures"]["members_admitted"]) == (
        returned.pk, "one", "accepted", 4
    )  # fmt: skip
    assert read("returns", "district", "2023-Q2") == []
    shown = read("returns", "show", str(returned.pk))
    assert shown["illustrative"] == ["members_admitted"]
    assert [step["what"] for step in shown["steps"]] == ["submit", "accept"]
    assert shown["versions"][0]["accepted_on"] == "2023-01-31"
    assert "one" in run("returns", "district", "2023-Q1")
    assert "4 *" in run("returns", "show", str(returned.pk))
    assert "confirmed" in run("returns", "check")


def test_nobody_reads_what_is_out_of_reach(one: Unit) -> None:
    returned = report(one, "2023-01", {"members_admitted": 4})
    for words in (("returns", "one", "2023"), ("due", "one"), ("obligations", "one")):
        with pytest.raises(UnitUnknown):
            run(*words, actor=Actor.nobody())
    with pytest.raises(AssertionError, match="no return with this number"):
        run("returns", "show", str(returned.pk), actor=Actor.nobody())


def test_who_owes_what(one: Unit) -> None:
    report(one, "2023-01", {"members_admitted": 4})
    assert [
        (row["period"], row["state"], row["days_late"]) for row in read("due", "district", "--period", "2023")
    ] == [
        ("2023-01", "accepted", 0),
        ("2023-02", "missing", 5),
    ]
    assert [row["period"] for row in read("due", "one", "--period", "2023", "--late")] == ["2023-02"]
    (row,) = read("obligations", "district")
    assert (row["unit"], row["form"], row["schedule"], row["until"]) == ("one", MONTHLY, "month", None)
    assert "days late: 5" in run("due", "one")


def test_loading_files(one: Unit, tmp_path: Path) -> None:
    plant("two", "commune_committee", Unit.objects.get(code="district"))
    owed = {"unit": "two", "form": MONTHLY, "schedule": "month", "from": "2023-01-01", "until": ""}
    figure = {
        "unit": "two", "form": MONTHLY, "period": "2023-01", "on": "2023-02-01", "entered_by": "", "accepted_by": "",
        "accepted_on": "2023-02-02", "slot": "members_admitted", "value": "7", "illustrative": "0", "state": "accepted",
    }  # fmt: skip
    for name, row in (("owed.csv", owed), ("returns.csv", figure)):
        with (tmp_path / name).open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(row))
            writer.writeheader()
            writer.writerow(row)
    assert run("obligations", "load", str(tmp_path / "owed.csv")) == "Obligation loaded: 1\n"
    assert run("returns", "load", str(tmp_path / "returns.csv")) == "Return loaded: 1\n"
    assert Return.objects.get().state == "accepted"
