"""What is estimated after a unit was divided says so with the reason: on the command line and to programs."""

import json
from datetime import date

import click
from click.testing import CliRunner

from plenum.access.command_line import CommandLine
from plenum.figures.cli import league_command
from plenum.figures.tests.factories import report
from plenum.figures.tests.test_divided import divide
from plenum.figures.tests.test_figures import Tree, tree
from plenum.journal.actor import Actor
from plenum.reports.cli import board_command
from plenum.targets.cli import figures as figures_command
from plenum.targets.tests.factories import target

__all__ = ["tree"]


def test_a_comparison_that_is_estimated_says_so_and_why(tree: Tree) -> None:
    """On the board, among the figures and in the league: after a unit was divided, as programs and people read it."""
    report(tree.one, "2023-03", {"members_admitted": 12})
    report(tree.two, "2023-03", {"members_admitted": 1})
    report(tree.two, "2024-03", {"members_admitted": 10})
    target(tree.two, "members.admitted", "12", "2024")
    divide(tree.one, date(2024, 1, 1), two="1/4", three="3/4")
    asked = CommandLine(Actor.system("test"), date(2024, 12, 31))

    def told(command: click.Command, *arguments: str) -> str:
        done = CliRunner().invoke(command, arguments, obj=asked)
        assert done.exit_code == 0, (done.output, done.exception)
        return done.output

    why = (
        "one was divided on 1\xa0Jan\xa02024 (three, two): of what it reported before, 25.00% is counted here"
        " (by area)."
    )
    shown = told(board_command, "two", "2024")
    assert "(on last year: +6 ≈)" in shown
    for text in (shown, told(figures_command, "two", "2024")):
        assert f"⚑ What it is compared with is estimated. {why}" in text
        assert "over the same units, those that count here on 31\xa0Dec\xa02024" in text
    answer = json.loads(told(board_command, "two", "2024", "--json"))
    [row] = [each for each in answer["rows"] if each["indicator"] == "members.admitted"]
    assert (answer["compared_on"], row["change"]["estimated"]) == ("2024-12-31", ["same_period_last_year"])
    assert why in next(flag["text"] for flag in row["flags"] if flag["code"] == "compared_estimated")
    league = told(league_command, "d-north", "members.admitted", "2023", "--tree", "now")
    assert "4 ≈  two" in league
    assert f"⚑ {why}" in league
