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
from plenum.access.models import Account, Grant
from plenum.figures import cli, powers
from plenum.figures.models import Return
from plenum.figures.tests.factories import MONTHLY, SYSTEM, dissolve, move, oblige, plant, report
from plenum.journal.actor import Actor
from plenum.periods import Span
from plenum.tree.models import Unit

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


def refusal(command: str, *words: str, actor: Actor) -> str:
    with pytest.raises(AssertionError) as refused:
        run(command, *words, actor=actor)
    return str(refused.value).split("\n")[0]


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
        said = refusal(*words, actor=Actor.nobody())
        unknown = (word.replace("one", "nowhere") for word in words)
        assert said.replace("one", "nowhere") == refusal(*unknown, actor=Actor.nobody())
    said = refusal("returns", "show", str(returned.pk), actor=Actor.nobody())
    assert said == refusal("returns", "show", "0", actor=Actor.nobody())
    assert "--as" in refusal("returns", "check", actor=Actor.nobody())


def test_what_a_unit_reported_before_it_ended_is_still_listed(one: Unit) -> None:
    report(one, "2023-01", {"members_admitted": 4})
    dissolve(one, date(2023, 3, 1))
    assert [row["unit"] for row in read("returns", "district", "2023")] == ["one"]
    assert [row["period"] for row in read("due", "district", "--period", "2023-02")] == ["2023-02"]


def test_what_has_left_the_reach_is_not_listed(one: Unit) -> None:
    district = Unit.objects.get(code="district")
    other = plant("other", "district", Unit.objects.get(code="province"))
    report(one, "2023-01", {"members_admitted": 4})
    move(one, other, date(2023, 3, 1))
    account = Account.objects.create(login="officer", name="Officer")
    Grant.objects.create(
        account=account, unit=district, role="test", powers=[powers.READ.code], span=Span(date(2020, 1, 1))
    )
    officer = Actor(account.pk, account.name)
    assert json.loads(run("returns", "district", "2023-01", "--json", actor=officer)) == []
    assert [row["unit"] for row in read("returns", "district", "2023-01")] == ["one"]


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
