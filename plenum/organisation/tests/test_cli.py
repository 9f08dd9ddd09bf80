"""Units on the command line."""

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from plenum.access.command_line import CommandLine
from plenum.journal.actor import Actor
from plenum.organisation.cli import commands
from plenum.tree.ledger import link
from plenum.tree.queries import unit_view
from tests.cast import DAY, SYSTEM, Cast, cast

__all__ = ["cast"]


def run(*arguments: str, by: Actor = SYSTEM) -> Result:
    name, *rest = arguments
    command = next(each for each in commands if each.name == name)
    return CliRunner().invoke(command, rest, obj=CommandLine(actor=by, today=DAY))


def answer(*arguments: str, by: Actor = SYSTEM) -> Any:
    result = run(*arguments, "--json", by=by)
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def test_the_list_of_units(cast: Cast) -> None:
    assert len(answer("units")) == 9
    [mill] = answer("units", "--kind", "cell")
    assert mill == {
        "code": "river-mill", "name": "Chi bộ thôn Cối Xay", "short": "Chi bộ thôn Cối Xay", "kind": "cell",
        "parent": "hill-river", "span": {"from": "2020-01-01", "until": "2025-07-01"}, "illustrative": False,
    }  # fmt: skip
    below = answer("units", "--under", "north-hill")
    assert {each["code"] for each in below} == {"north-hill", "hill-school", "hill-river", "river-mill"}
    assert {each["code"] for each in answer("units", "--as-of", "2025-08-01")} == {"centre", "north", "south"}
    assert "river-mill" in run("units").output


def test_one_lists_what_one_reaches(cast: Cast) -> None:
    assert {each["code"] for each in answer("units", by=cast.insider.actor)} == {"hill-school"}
    assert answer("units", by=cast.stranger.actor) == []
    assert run("unit", "hill-river", by=cast.neighbour.actor).exit_code == 1


def test_what_stands_beside_ones_own_unit_is_not_named_by_its_code(cast: Cast) -> None:
    neighbour = cast.neighbour.actor
    link(cast.unit("north-hill"), cast.unit("south-coast"), on=DAY, how="merged")
    whole = answer("unit", "south-coast", by=neighbour)
    assert (whole["parent"], [each["unit"] for each in whole["history"]].count(None)) == (
        None,
        len(whole["history"]),
    )
    [came_from] = whole["lineage"]["predecessors"]
    assert (came_from["code"], came_from["name"]) == (None, cast.name("north-hill"))
    assert {each["code"]: each["parent"] for each in answer("units", by=neighbour)} == {
        "south-coast": None,
        "coast-port": "south-coast",
    }
    shown = run("unit", "south-coast", by=neighbour).output + run("units", by=neighbour).output
    assert "north" not in shown
    assert " south " not in shown
    [seen] = answer("unit", "south-coast")["lineage"]["predecessors"]
    assert seen["code"] == "north-hill"


def test_one_unit_with_names_lineage_and_history(cast: Cast) -> None:
    assert run("rename-unit", "river-mill", "Chi bộ thôn Cối Đá", "--since", "2024-02-01").exit_code == 0
    facts = answer("unit", "river-mill")
    assert [each["name"] for each in facts["names"]] == ["Chi bộ thôn Cối Xay", "Chi bộ thôn Cối Đá"]
    assert [each["what"] for each in facts["history"]] == ["founded", "renamed", "dissolved"]
    assert facts["lineage"] == {"predecessors": [], "successors": []}
    assert "Chi bộ thôn Cối Đá" in run("unit", "river-mill").output


def test_the_acts(cast: Cast) -> None:
    new = ("--name", "Chi bộ A", "--kind", "grassroots_cell", "--parent", "north", "--since", "2024-05-01")
    assert run("found-unit", "a", *new).exit_code == 0
    assert run("move-unit", "a", "south", "--since", "2024-06-01").exit_code == 0
    assert run("change-kind", "a", "agency_committee", "--since", "2024-07-01").exit_code == 0
    assert run("dissolve-unit", "a", "--since", "2024-09-01").exit_code == 0
    assert not unit_view("a", DAY).alive
    assert run("take-back", "a", "dissolution", "--reason", "Not yet").exit_code == 0
    view = unit_view("a", DAY)
    assert (view.alive, view.parent_code, view.kind) == (True, "south", "agency_committee")


def test_loading_a_file(cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "units.csv"
    header = "code,kind,name,short,parent,from,until,predecessors,illustrative\n"
    file.write_text(header + "b,grassroots_cell,Chi bộ B,,north,2024-01-01,,,1\n", encoding="utf-8")
    result = run("units", "load", str(file))
    assert result.exit_code == 0, result.output
    assert unit_view("b", DAY).illustrative
