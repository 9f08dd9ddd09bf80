"""What became of Tam Dương in 2025, on the reference year: its 2023 answers under old and new names, in every view."""

import json
from datetime import date
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from click.testing import CliRunner
from django.test import Client

from plenum.access.command_line import CommandLine
from plenum.access.models import Account
from plenum.figures.cli import league_command
from plenum.figures.queries import figures
from plenum.journal.actor import Actor
from plenum.organisation.cli import commands
from plenum.periods import Period
from plenum.reorganisations.cli import reform
from plenum.reorganisations.rules import Merge, NewUnit, read_toml
from plenum.tree.models import Unit
from plenum.tree.queries import unit_view

EXAMPLES = Path(__file__).parent.parent / "docs" / "examples"
PLANS = ("tam-duong-january-2025.toml", "tam-duong-july-2025.toml")
TODAY, SPRING, NOW = date(2024, 10, 8), date(2025, 3, 1), date(2025, 8, 1)
YEAR = Period.of_year(2023)
SYSTEM = Actor.system("test")


def run(command: Any, *arguments: str, today: date = TODAY) -> str:
    result = CliRunner().invoke(command, arguments, obj=CommandLine(SYSTEM, today))
    assert result.exit_code == 0, (result.output, result.exception)
    return result.output


def command(name: str) -> Any:
    return next(each for each in commands if each.name == name)


def admitted(code: str, tree: date | None = None) -> int | None:
    return figures(Unit.objects.get(code=code).pk, YEAR, tree=tree)["members.admitted"].value


def total(codes: tuple[str, ...]) -> int:
    return sum(admitted(f"tam-duong-{code}") or 0 for code in codes)


@pytest.fixture
def reformed(reference_database: str) -> None:
    """The reference year after both plans, executed on the command line as an operator would."""
    for plan in PLANS:
        told = json.loads(run(reform, "execute", str(EXAMPLES / plan), "--accept-proposals", "--json"))
        assert told["state"] == "executed"


def test_the_figures_of_2023_answer_under_old_and_new_names(reformed: None) -> None:
    assert not unit_view("tam-duong", NOW).alive
    assert unit_view("phu-tho-hoi-thinh", NOW).parent_code == "phu-tho"
    then = {code: admitted(code) for code in ("tam-duong", "vinh-phuc", "phu-tho", "tam-duong-hoi-thinh")}
    assert then == {"tam-duong": 185, "vinh-phuc": 185, "phu-tho": None, "tam-duong-hoi-thinh": None}
    both = total(("hop-thinh", "van-hoi"))
    assert both > 0
    assert admitted("tam-duong-hop-thinh") == admitted("tam-duong-hop-thinh", NOW)
    assert [admitted("tam-duong-hoi-thinh", day) for day in (SPRING, NOW)] == [both, both]
    assert [admitted(code, SPRING) for code in ("tam-duong", "vinh-phuc", "phu-tho")] == [185, 185, None]
    assert [admitted(code, NOW) for code in ("phu-tho", "trung-uong")] == [185, admitted("trung-uong")]
    regrouped = {
        "phu-tho-hoi-thinh": ("thanh-van", "duy-phien", "hop-thinh", "van-hoi"),
        "phu-tho-tam-duong": ("hop-hoa", "kim-long", "huong-dao", "dao-tu"),
        "phu-tho-tam-duong-bac": ("hoang-hoa", "dong-tinh"),
        "phu-tho-hoang-an": ("an-hoa", "hoang-dan", "hoang-lau"),
    }
    for code, communes in regrouped.items():
        assert admitted(code, NOW) == total(communes)
        assert admitted(code) is None
    for code in ("phu-tho", *regrouped):
        unit = Unit.objects.get(code=code)
        assert figures(unit.pk, YEAR, tree=NOW)["members.admitted"].estimated == (), "nothing was divided"


def test_on_the_command_line_in_the_api_and_on_pages(reformed: None, client: Client) -> None:
    told = json.loads(
        run(league_command, "phu-tho", "members.admitted", "2023", "--tree", NOW.isoformat(), "--json")
    )
    values = {place["unit"]: place["figure"]["value"] for place in told["places"]}
    assert values["phu-tho-hoi-thinh"] == admitted("phu-tho-hoi-thinh", NOW)
    others = [*told["places"], *told["others"]]
    assert sum(each["figure"]["value"] or 0 for each in others) == 185
    found = run(command("units"), "--search", "Hợp Thịnh", today=NOW)
    assert "tam-duong-hop-thinh" in found
    assert "phu-tho-hoi-thinh" in found, "and what became of it"
    lineage = run(command("unit"), "tam-duong-hop-thinh", "--lineage", today=NOW)
    assert all(code in lineage for code in ("tam-duong-hoi-thinh", "phu-tho-hoi-thinh"))
    client.force_login(Account.objects.get(login="trung-uong"))
    view = {"period": "2023", "tree": NOW.isoformat()}
    page = client.get(
        f"/units/phu-tho-hoi-thinh/indicators/members.admitted/?{urlencode(view)}"
    ).content.decode()
    assert "Đảng bộ xã Hợp Thịnh" in page, "the returns behind are those of the old communes"
    asked = client.get(f"/api/units/phu-tho/indicators/members.admitted?{urlencode(view)}")
    assert asked.json()["figure"]["value"] == 185
    picture = client.get(f"/units/tam-duong-hop-thinh/?as_of={NOW}").content.decode()
    assert "<svg" in picture
    assert picture.count("Hội Thịnh") > 1


@pytest.mark.skipif(
    find_spec("vietnamadminunits") is None, reason="the correspondence is an optional package"
)
def test_the_plans_say_what_the_official_correspondence_says() -> None:
    folder = Path(str(import_module("vietnamadminunits").__file__)).parent
    told = json.loads((folder / "data" / "converter_2025.json").read_text(encoding="utf-8"))
    official = {
        new: {
            old.rpartition("_")[2].removeprefix("xa").removeprefix("thitran")
            for old in olds
            if "tamduong" in old
        }
        for new, olds in told["DICT_PROVINCE_WARD_NO_DIVIDED"]["tinhphutho"].items()
        if any("tamduong" in old for old in olds)
    }
    plan = read_toml((EXAMPLES / PLANS[1]).read_text(encoding="utf-8"))
    planned = {
        "xa" + step.into.code.removeprefix("phu-tho-").replace("-", ""): {
            code.removeprefix("tam-duong-").replace("-", "") for code in step.from_
        }
        for step in plan.steps
        if isinstance(step, Merge) and isinstance(step.into, NewUnit)
    }
    assert planned == official
