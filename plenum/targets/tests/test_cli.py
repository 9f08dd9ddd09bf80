"""Figures and targets on the command line."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.utils.translation import override

from plenum.access.command_line import CommandLine
from plenum.figures.tests.factories import SYSTEM
from plenum.targets.cli import figures, set_target_command, statements, targets
from plenum.targets.models import Target
from plenum.targets.tests.factories import TODAY, province, state, summary, target
from tests.cast import Cast

OPERATOR = CommandLine(SYSTEM, TODAY)


def run(command: Any, *words: str, line: CommandLine = OPERATOR) -> Any:
    """What a command prints in English."""
    with override("en"):
        outcome = CliRunner().invoke(command, list(words), obj=line)
    assert outcome.exit_code == 0, outcome.output
    return json.loads(outcome.output) if "--json" in words else outcome.output


@pytest.mark.django_db
def test_figures_as_json() -> None:
    unit = province("quang-nam", "year")
    summary(unit, "2022", members_admitted=1855)
    summary(
        unit,
        "2023",
        members_admitted=2041,
        key_tasks=18,
        key_tasks_done=18,
        training_theory_intermediate=390,
        training_theory_intermediate_own=360,
        training_theory_intermediate_guests=30,
    )
    target(unit, "members.admitted", "1800")
    target(unit, "leaders.village_heads_share", "92.5", comparison="at_least", illustrative=True)
    state(unit, "members.admitted", "percent_of_target", "113.34", "percent")
    answer = run(figures, "quang-nam", "2023", "--json")
    assert (answer["unit"], answer["period"]) == ("quang-nam", "2023")
    rows = {row["indicator"]: row for row in answer["rows"]}
    assert list(rows) == [
        "members.admitted", "leaders.village_heads_share", "tasks.key_share", "training.theory_intermediate",
    ]  # fmt: skip
    admitted = rows["members.admitted"]
    assert {
        name: admitted[name] for name in ("value", "numerator", "denominator", "target", "comparison")
    } == {
        "value": 2041,
        "numerator": None,
        "denominator": None,
        "target": 1800,
        "comparison": "value",
    }
    assert (admitted["percent"], admitted["verdict"], admitted["illustrative"]) == (
        "113.39",
        "exceeded",
        False,
    )
    assert admitted["change"] == {
        "since_start_of_year": None, "same_period_last_year": 186, "estimated": [], "unit": "count"
    }  # fmt: skip
    (flag,) = admitted["flags"]
    assert (flag["code"], flag["stated"], flag["exact"]) == (
        "stated_percent_contradicted",
        "113.34",
        "113.39",
    )
    assert [reason["code"] for reason in admitted["reasons"]] == ["value_above", "period_over"]
    assert admitted["rules"][0]["code"] == "targets.exceeded"
    tasks = rows["tasks.key_share"]
    assert (tasks["value"], tasks["numerator"], tasks["denominator"], tasks["verdict"]) == (
        "100.00",
        18,
        18,
        None,
    )
    assert [part["value"] for part in rows["training.theory_intermediate"]["parts"]] == [360, 30]
    heads = rows["leaders.village_heads_share"]
    assert (heads["value"], heads["target"], heads["verdict"]) == (None, 92.5, "not_yet_known")
    assert (heads["target_illustrative"], heads["value_illustrative"], heads["illustrative"]) == (
        True,
        False,
        True,
    )


@pytest.mark.django_db
def test_nine_months_as_json_and_as_known_on_a_day() -> None:
    unit = province("dak-nong", "nine_months_and_quarter")
    summary(unit, "2024-9M", members_admitted=596)
    target(unit, "members.admitted", "1140", "2024")
    (row,) = run(figures, "dak-nong", "2024-9M", "--json")["rows"]
    assert (row["percent"], row["verdict"]) == ("52.28", "at_risk")
    assert row["projection"] == {"low": "695.33", "mid": "794.67", "high": "894.00"}
    (before,) = run(figures, "dak-nong", "2024-9M", "--known-on", "2024-09-29", "--json")["rows"]
    assert (before["value"], before["verdict"]) == (None, "not_yet_known")
    assert "52.28" in run(figures, "dak-nong", "2024-9M")


def test_targets_are_set_loaded_and_shown(cast: Cast, tmp_path: Path) -> None:
    line = CommandLine(cast.superior.actor, cast.day)
    run(
        set_target_command,
        "hill-school",
        "members.admitted",
        "2024",
        "value",
        "12",
        "--given-to",
        "A",
        line=line,
    )
    file = tmp_path / "targets.csv"
    head = "unit,indicator,period,comparison,amount,basis,given_to,given_to_post,on,illustrative"
    file.write_text(
        f"{head}\nhill-school,leaders.village_heads_share,2024,more_than,90,,,,,1\n",
        encoding="utf-8",
    )
    assert run(targets, "load", str(file), line=line) == "Targets set: 1\n"
    shown = run(targets, "hill-school", "2024", "--json", line=line)
    assert [(each["indicator"], each["amount"]) for each in shown["targets"]] == [
        ("members.admitted", 12),
        ("leaders.village_heads_share", 90),
    ]
    assert "more than 90%" in run(targets, "hill-school", "2024", line=line).replace("\u00a0", " ")
    assert Target.objects.get(indicator="members.admitted").known_on == cast.day


def test_statements_are_loaded(cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "statements.csv"
    file.write_text(
        "unit,indicator,period,what,stated,said_unit,source,on\n"
        "north-hill,members.admitted,2023,value,185,count,Report,2023-12-31\n",
        encoding="utf-8",
    )
    assert run(statements, "load", str(file)) == "Statements recorded: 1\n"


def test_a_stranger_learns_nothing(cast: Cast) -> None:
    line = CommandLine(cast.stranger.actor, date(2024, 10, 8))
    for words in (["north-hill", "2024"], ["nowhere", "2024"]):
        outcome = CliRunner().invoke(figures, words, obj=line)
        assert (outcome.exit_code, outcome.output.count(words[0])) == (1, 1)
