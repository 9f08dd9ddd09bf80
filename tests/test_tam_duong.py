"""What became of Tam Dương in 2025, on the reference year: its 2023 answers under old and new names, in every view."""

import json
import re
from collections.abc import Iterator
from datetime import date
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from click.testing import CliRunner
from django.test import Client
from django.utils import translation

from conftest import Databases, MakeOnce, turned_to
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
COMMUNES = ("thanh-van", "duy-phien", "hop-thinh", "van-hoi")
REGROUPED = {
    "phu-tho-hoi-thinh": COMMUNES,
    "phu-tho-tam-duong": ("hop-hoa", "kim-long", "huong-dao", "dao-tu"),
    "phu-tho-tam-duong-bac": ("hoang-hoa", "dong-tinh"),
    "phu-tho-hoang-an": ("an-hoa", "hoang-dan", "hoang-lau"),
}
SAID = re.compile(r'<strong class="num"><span class="figure">(.*?)</strong>', re.DOTALL)
NOTHING = '<span aria-hidden="true">–</span>'


def run(command: Any, *arguments: str, today: date = TODAY) -> str:
    result = CliRunner().invoke(command, arguments, obj=CommandLine(SYSTEM, today))
    assert result.exit_code == 0, (result.output, result.exception)
    return result.output


def command(name: str) -> Any:
    return next(each for each in commands if each.name == name)


def admitted(code: str, tree: date | None = None) -> int | None:
    return figures(Unit.objects.get(code=code).pk, YEAR, tree=tree)["members.admitted"].value


def shown(page: str) -> int | None:
    """The figure that the page of an indicator begins with; None where it says that nothing is reported."""
    said = SAID.search(page)
    assert said is not None, page
    if NOTHING in said[1]:
        return None
    return int(re.sub("[.,]", "", said[1].partition("<")[0]))


def total(codes: tuple[str, ...]) -> int:
    return sum(admitted(f"tam-duong-{code}") or 0 for code in codes)


def execute_plans() -> None:
    """Execute both plans, on the command line, as an operator would."""
    with translation.override("en"):
        for plan in PLANS:
            told = json.loads(run(reform, "execute", str(EXAMPLES / plan), "--accept-proposals", "--json"))
            assert told["state"] == "executed"


@pytest.fixture(scope="module")
def reformed(
    databases: Databases, make_once: MakeOnce, reference_template: str, django_db_blocker: Any
) -> Iterator[None]:
    """The reference year after both plans, made once in a run of the tests: they only read it."""
    name = make_once("template_tam_duong", reference_template, execute_plans)
    with django_db_blocker.unblock(), turned_to(databases, name):
        yield


@pytest.fixture
def officer(reformed: None, db: None, client: Client) -> Client:
    """A browser in which an officer of the centre is signed in; nothing of that is kept."""
    client.force_login(Account.objects.get(login="trung-uong"))
    return client


@pytest.mark.django_db
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
    for code, communes in REGROUPED.items():
        assert admitted(code, NOW) == total(communes)
        assert admitted(code) is None
    for code in ("phu-tho", *REGROUPED):
        unit = Unit.objects.get(code=code)
        assert figures(unit.pk, YEAR, tree=NOW)["members.admitted"].estimated == (), "nothing was divided"


def test_pages_and_the_api_answer_in_every_view_under_old_and_new_names(officer: Client) -> None:
    """Then, on the tree of now (the clock stands later than the reform), and on that of a day between both plans."""
    hop_thinh, both, four = (total(codes) for codes in (("hop-thinh",), ("hop-thinh", "van-hoi"), COMMUNES))
    expected: dict[str, tuple[int | None, int | None, int | None]] = {
        "tam-duong-hop-thinh": (hop_thinh, hop_thinh, hop_thinh),
        "tam-duong-hoi-thinh": (None, both, both),
        "phu-tho-hoi-thinh": (None, four, None),
        "tam-duong": (185, None, 185),
        "vinh-phuc": (185, None, 185),
        "phu-tho": (None, 185, None),
    }
    for code, figures_of_views in expected.items():
        for tree, figure in zip(("then", "now", SPRING.isoformat()), figures_of_views, strict=True):
            view = urlencode({"period": "2023", "tree": tree})
            asked = officer.get(f"/api/units/{code}/indicators/members.admitted?{view}")
            told = asked.json()["figure"]
            assert (told["value"], told["withheld"], told["estimated"]) == (figure, False, []), (code, tree)
            page = officer.get(f"/units/{code}/indicators/members.admitted/?{view}").content.decode()
            assert shown(page) == figure, (code, tree)


def test_on_the_command_line_in_the_api_and_on_pages(officer: Client) -> None:
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
    view = {"period": "2023", "tree": NOW.isoformat()}
    page = officer.get(
        f"/units/phu-tho-hoi-thinh/indicators/members.admitted/?{urlencode(view)}"
    ).content.decode()
    assert "Đảng bộ xã Hợp Thịnh" in page, "the returns behind are those of the old communes"
    asked = officer.get(f"/api/units/phu-tho/indicators/members.admitted?{urlencode(view)}")
    assert asked.json()["figure"]["value"] == 185
    picture = officer.get(f"/units/tam-duong-hop-thinh/?as_of={NOW}").content.decode()
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
