"""What became of units over several reforms: on the page, for programs, on the command line, and by a search."""

import json
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.urls import reverse

from plenum.access.command_line import CommandLine
from plenum.organisation.cli import commands
from plenum.tree import ledger
from plenum.tree.models import Unit
from plenum.tree.queries import descent, living_heirs
from plenum.tree.reshaping import reshape
from plenum.tree.rules import Linked, TreeChanges
from tests.cast import SYSTEM, Cast, cast

__all__ = ["cast"]

FOUNDED, FIRST, SECOND, AFTER = date(2022, 1, 1), date(2023, 3, 1), date(2023, 9, 1), date(2024, 1, 1)
THIRD = Fraction(1, 3)


@pytest.fixture
def reformed(cast: Cast) -> Cast:
    """Two cells that merge into one, which is divided later; and one that was dissolved."""
    commune = cast.unit("hill-river")
    until = commune.lifetime.end
    for code, name in (("oak", "Chi bộ Sồi"), ("pine", "Chi bộ Thông"), ("gone", "Chi bộ Xa")):
        ledger.found(code=code, name=name, kind="cell", parent=commune, on=FOUNDED, until=until)
    ledger.dissolve(Unit.objects.get(code="gone"), on=SECOND)
    ledger.found(code="wood", name="Chi bộ Rừng", kind="cell", parent=commune, on=FIRST, until=until)
    reshape(
        TreeChanges(
            ended=("oak", "pine"), linked=(Linked("oak", "wood", "merged"), Linked("pine", "wood", "merged"))
        ),
        on=FIRST,
    )
    for code, name in (("upper", "Chi bộ Trên"), ("lower", "Chi bộ Dưới")):
        ledger.found(code=code, name=name, kind="cell", parent=commune, on=SECOND, until=until)
    reshape(
        TreeChanges(
            ended=("wood",),
            linked=(
                Linked("wood", "upper", "split", THIRD, "members"),
                Linked("wood", "lower", "split", 1 - THIRD, "members"),
            ),
        ),
        on=SECOND,
    )
    return cast


def run(cast: Cast, *arguments: str) -> Result:
    name, *rest = arguments
    command = next(each for each in commands if each.name == name)
    result = CliRunner().invoke(command, rest, obj=CommandLine(actor=SYSTEM, today=cast.day))
    assert result.exit_code == 0, result.output
    return result


def said(cast: Cast, *arguments: str) -> Any:
    return json.loads(run(cast, *arguments, "--json").output)


def test_descent_goes_over_all_reforms_both_ways(reformed: Cast) -> None:
    ids = dict(Unit.objects.values_list("code", "pk"))
    codes = {
        code: {unit.code for unit in descent(ids[code], AFTER).units}
        for code in ("oak", "wood", "upper", "gone")
    }
    assert codes == {
        "oak": {"oak", "wood", "upper", "lower"},
        "wood": {"oak", "pine", "wood", "upper", "lower"},
        "upper": {"oak", "pine", "wood", "upper"},
        "gone": {"gone"},
    }
    shares = {bond.successor_id: bond.share for bond in descent(ids["wood"], AFTER).bonds if bond.by}
    assert shares == {ids["upper"]: THIRD, ids["lower"]: 1 - THIRD}


def test_living_heirs_are_those_of_the_day(reformed: Cast) -> None:
    ids = dict(Unit.objects.values_list("code", "pk"))

    def heirs(day: date) -> dict[str, list[str]]:
        found = living_heirs(ids.values(), day)
        return {code: [unit.code for unit in found[pk]] for code, pk in ids.items() if pk in found}

    assert heirs(FOUNDED) == {}
    assert heirs(FIRST) == {"oak": ["wood"], "pine": ["wood"]}
    assert heirs(AFTER) == {code: ["lower", "upper"] for code in ("oak", "pine", "wood")}


def test_units_that_came_of_each_other_are_told_once(cast: Cast) -> None:
    mill, school = cast.unit("river-mill"), cast.unit("hill-school")
    ledger.link(mill, school, on=FIRST)
    ledger.link(school, mill, on=SECOND)
    kin = descent(mill.pk, AFTER)
    assert {unit.code for unit in kin.units} == {"river-mill", "hill-school"}
    assert len(kin.bonds) == 2


def test_the_page_draws_it_and_says_it_as_a_table(reformed: Cast) -> None:
    address = reverse("organisation:unit", args=["wood"])
    page = reformed.superior.client.get(address, {"as_of": AFTER.isoformat()}).content.decode()
    drawing = page[page.index('class="lineage-lines"') :]
    drawing = drawing[: drawing.index("</svg>")]
    assert (drawing.count("<circle"), drawing.count("<path"), drawing.count("asked")) == (5, 4, 1)
    assert '<li aria-current="true"><span title="Chi bộ Rừng">' in page
    assert reverse("organisation:unit", args=["oak"]) in page
    assert ">1/3 <small>by members</small>" in page
    plain = reformed.superior.client.get(reverse("organisation:unit", args=["river-mill"])).content.decode()
    assert 'class="lineage"' not in plain


def test_who_may_not_open_a_unit_reads_its_name_only(cast: Cast) -> None:
    ledger.link(cast.unit("north-hill"), cast.unit("south-coast"), on=cast.day, how="merged")
    page = cast.neighbour.client.get(reverse("organisation:unit", args=["south-coast"])).content.decode()
    assert cast.name("north-hill") in page
    assert reverse("organisation:unit", args=["north-hill"]) not in page
    told = cast.neighbour.client.get("/api/units/south-coast/lineage").json()
    assert {unit["name"]: unit["code"] for unit in told["units"]} == {
        cast.name("north-hill"): None,
        cast.name("south-coast"): "south-coast",
    }


def test_programs_and_the_command_line_are_told_the_same(reformed: Cast) -> None:
    row = said(reformed, "unit", "wood", "--lineage")
    numbers = {unit["number"]: unit["code"] for unit in row["units"]}
    assert sorted(numbers) == [1, 2, 3, 4, 5]
    bonds = {
        (numbers[bond["predecessor"]], numbers[bond["successor"]]): (bond["how"], bond["share"], bond["by"])
        for bond in row["bonds"]
    }
    assert bonds == {
        ("oak", "wood"): ("merged", "1", None),
        ("pine", "wood"): ("merged", "1", None),
        ("wood", "upper"): ("split", "1/3", "members"),
        ("wood", "lower"): ("split", "2/3", "members"),
    }
    assert reformed.superior.client.get("/api/units/wood/lineage").json() == row
    lines = run(reformed, "unit", "wood", "--lineage").output
    assert "2023-09-01  split     Chi bộ Rừng (wood) → Chi bộ Trên (upper) 1/3 (members)" in lines
    assert "no other unit" in run(reformed, "unit", "river-mill", "--lineage").output


@pytest.mark.parametrize("text", ["sồi", "oak"])
def test_a_search_says_what_became_of_what_has_ended(reformed: Cast, text: str) -> None:
    address = reverse("organisation:tree")
    page = reformed.superior.client.get(address, {"q": text}).content.decode()
    assert "What became of it:" in page
    assert reverse("organisation:unit", args=["lower"]) in page
    [found] = said(reformed, "units", "--search", text)
    assert [heir["code"] for heir in found["became"]] == ["lower", "upper"]
    [told] = reformed.superior.client.get("/api/units", {"q": text}).json()["items"]
    assert told == found
    assert "→ lower, upper" in run(reformed, "units", "--search", text).output


def test_a_search_says_that_nothing_followed(reformed: Cast) -> None:
    page = reformed.superior.client.get(reverse("organisation:tree"), {"q": "gone"}).content.decode()
    assert "Dissolved from" in page
    assert "without a successor" in page
    [found] = said(reformed, "units", "--search", "gone")
    assert found["became"] == []
    assert run(reformed, "units", "--search", "nobody").output == "No units.\n"
