"""What would be otherwise after a reform: in the rehearsal, on its page, in the API and on the command line."""

import json
from dataclasses import replace
from datetime import date
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client
from python_calamine import CalamineWorkbook

from plenum.access.command_line import CommandLine
from plenum.figures.queries import figures as figures_read
from plenum.figures.tests.factories import oblige, report
from plenum.packs import pack
from plenum.periods import Period
from plenum.reorganisations.actions import (
    accept_proposals,
    decide,
    draft_reform,
    execute_reform,
    rehearse_reform,
    submit_reform,
)
from plenum.reorganisations.cli import reform as commands
from plenum.reorganisations.difference_rows import ReformDifferenceRow, difference_row
from plenum.reorganisations.models import Reform
from plenum.reorganisations.queries import decisions_of, plan_of
from plenum.reorganisations.queries.seen import Seen, seen
from plenum.reorganisations.rules import Merge, Payroll, Rename, read_toml
from plenum.reorganisations.tests.factories import (
    EFFECT,
    PLAN,
    SYSTEM,
    Bloc,
    account,
    bloc_plan,
    make_bloc,
    prepared,
)
from plenum.tree import ledger
from plenum.tree.models import Unit
from tests.cast import DAY, FOUNDED, Cast

pytestmark = pytest.mark.django_db

PAYROLL = """
[payroll]
indicator = "members.total"
change = -5
year = 2026
posts = [{ unit = "north-party", posts = 60 }, { unit = "north-state", posts = 20 }]
"""
WITH_PAYROLL = PLAN.replace("[[steps]]", f"{PAYROLL}\n[[steps]]", 1)


@pytest.fixture
def bloc(cast: Cast) -> Bloc:
    """The bloc with figures of its agencies; of the bloc itself, and of the tax cell, nothing is known."""
    made = make_bloc(cast)
    for code, admitted, members in (("bloc-board", 4, 40), ("bloc-court", 3, 30), ("bloc-tax", 2, 20)):
        oblige(made.units[code])
        report(made.units[code], "2024-03", {"members_admitted": admitted, "members_total": members})
    return made


def rehearsed(text: str = WITH_PAYROLL) -> Reform:
    reform = draft_reform(read_toml(text), on=DAY, by=SYSTEM)
    rehearse_reform(reform.pk, on=DAY, by=SYSTEM)
    return Reform.objects.get(pk=reform.pk)


def told(reform: Reform) -> ReformDifferenceRow:
    found = seen(reform.rehearsal.difference, "north", SYSTEM, DAY)
    return difference_row(found, decisions_of(reform))


def figures(row: ReformDifferenceRow, indicator: str) -> dict[str, tuple[Any, Any, bool]]:
    return {
        each["unit"]: (each["before"], each["after"], each["estimated"])
        for each in row["figures"]
        if each["indicator"] == indicator
    }


def test_figures_go_where_the_units_go_and_totals_stay(bloc: Bloc) -> None:
    row = told(rehearsed())
    admitted = figures(row, "members.admitted")
    assert admitted["north"][0] == admitted["north"][1]
    assert admitted["north-bloc"] == (9, None, False)
    assert admitted["north-party"] == (None, 7, False)
    assert admitted["north-state"] == (None, 2, False)
    assert row["not_conserved"] == []
    assert any("Every total of Đảng bộ tỉnh Bắc Sơn stays the same" in text for text in row["said"])
    assert any("cannot be known from figures" in text for text in row["said"])


DIVIDED = """
code = "board-2025"
title = "Divide the board"
on = 2025-02-01
owner = "north"

[[steps]]
do = "split"
from = "bloc-board"
into = [{ unit = "bloc-court", share = "1/4" }, { unit = "bloc-tax", share = "3/4" }]
"""


def test_what_a_divided_unit_has_reported_itself_is_estimated(bloc: Bloc) -> None:
    row = told(rehearsed(DIVIDED))
    members = figures(row, "members.total")
    assert members["bloc-board"] == (40, None, False)
    assert members["bloc-court"] == (30, 40, True)
    assert members["bloc-tax"] == (20, 50, True)
    assert "north-bloc" not in members, "what stands above all of it stays the same"
    assert any("≈ is estimated" in text for text in row["said"])


def test_a_ratio_is_worked_out_again(bloc: Bloc) -> None:
    for code, done, tasks in (("bloc-board", 1, 1), ("bloc-court", 1, 3), ("bloc-tax", 3, 4)):
        report(bloc.units[code], "2024-04", {"village_heads_members": done, "village_heads": tasks})
    shares = figures(told(rehearsed()), "leaders.village_heads_share")
    assert shares["north-bloc"][0] == "62.50"
    assert shares["north-party"][1] == "50.00", "2 of 4, not the mean of 100 and 33.33 per cent"
    assert shares["north-state"][1] == "75.00"


def test_units_of_the_register_are_counted_in_both_trees(bloc: Bloc) -> None:
    text = WITH_PAYROLL + '\n[[steps]]\ndo = "merge"\nfrom = ["bloc-court"]\ninto = "bloc-board"\n'
    counts = figures(told(rehearsed(text)), "organisations.grassroots")["north"]
    assert counts[0] - counts[1] == 1


def test_accounts_say_what_they_reach_before_and_after(bloc: Bloc) -> None:
    account("tax-officer", bloc.units["bloc-tax"], "officer")
    reform = rehearsed()
    rows = {each["account"]: each for each in told(reform)["accounts"]}
    assert (rows["Bloc-Officer"]["reaches"], rows["Bloc-Officer"]["will_reach"]) == (5, 3)
    assert rows["Bloc-Officer"]["text"].startswith(
        "Goes on at Đảng bộ các cơ quan Đảng tỉnh and keeps the past"
    )
    assert not rows["Bloc-Officer"]["decided"]
    moved = rows["Tax-Officer"]
    assert (moved["reaches"], moved["will_reach"], moved["decided"]) == (2, 2, True)
    assert "from Đảng bộ Khối các cơ quan tỉnh to Đảng bộ Ủy ban nhân dân tỉnh" in moved["text"]
    accept_proposals(reform.pk, on=DAY, by=SYSTEM)
    subject = rows["Bloc-Officer"]["subject"]
    decide(reform.pk, {subject: "leave"}, on=DAY, by=SYSTEM)
    left = next(each for each in told(reform)["accounts"] if each["subject"] == subject)
    assert (left["will_reach"], left["decided"]) == (0, True)
    assert left["text"] == "Keeps the past of Đảng bộ Khối các cơ quan tỉnh and will see nothing new."


def test_posts_are_held_against_the_target(bloc: Bloc) -> None:
    row = told(rehearsed())
    payroll = row["payroll"]
    assert payroll is not None
    assert (payroll["heads"], payroll["posts"], payroll["change_percent"]) == (90, 80, "-11.11")
    assert (payroll["target_percent"], payroll["points_from_target"], payroll["met"]) == (
        "-5.00",
        "-6.11",
        True,
    )
    assert [(each["unit"], each["heads"]) for each in payroll["rows"]] == [
        ("north-party", 70),
        ("north-state", 20),
    ]
    assert "The target is met." in row["said"]
    missed = told(rehearsed(WITH_PAYROLL.replace("posts = 60", "posts = 69").replace("bloc-2025", "other")))
    assert "The target is missed: +3.89\u00a0percentage points." in missed["said"]


def test_a_payroll_part_that_names_what_is_not_there_blocks(bloc: Bloc) -> None:
    text = WITH_PAYROLL.replace('unit = "north-state", posts', 'unit = "north-bloc", posts')
    reform = rehearsed(text.replace("members.total", "members.admitted"))
    problems = {each["problem"] for each in reform.rehearsal.report["findings"] if each["blocks"]}
    assert problems == {"payroll_indicator", "payroll_unit"}
    assert told(reform)["payroll"] is None


def test_units_too_small_for_their_kind_are_listed_with_the_rule(bloc: Bloc) -> None:
    small = ledger.found(
        code="bloc-bank", name="Chi bộ", kind="grassroots_cell", parent=bloc.units["north-bloc"], on=FOUNDED
    )
    oblige(small)
    report(small, "2024-03", {"members_total": 5})
    text = WITH_PAYROLL.replace('"bloc-court"]', '"bloc-court", "bloc-bank"]')
    text += '\n[[steps]]\ndo = "rename"\nunit = "bloc-bank"\nname = "Chi bộ Ngân hàng"\n'
    row = told(rehearsed(text))
    assert [(each["unit"], each["size"], each["fewest"], each["most"]) for each in row["sizes"]] == [
        ("bloc-bank", 5, 7, 30)
    ]
    assert row["sizes"][0]["source"].startswith("Plenum, vietnam/verdicts.toml")
    rule = pack().rule("sizes.grassroots_cell", date(2025, 2, 1))
    assert rule.explanation.en in row["said"]
    assert any("The rules say nothing about the size of these" in text for text in row["said"])


# --- who is shown what --------------------------------------------------------------------------------------------


def shown_to(reform: Reform, bloc: Bloc, index: int) -> Seen:
    return seen(reform.rehearsal.difference, "north", bloc.at(index), DAY)


def test_a_unit_that_is_only_asked_sees_its_own_figures_and_accounts(bloc: Bloc) -> None:
    reform = rehearsed()
    officer = seen(reform.rehearsal.difference, "north", bloc.by, DAY)
    assert officer.figures is not None
    assert not officer.withheld
    assert {each["code"] for each in officer.figures["units"]} >= {"north", "north-bloc", "north-party"}
    asked = shown_to(reform, bloc, 0)
    assert asked.figures is not None
    assert "north" not in {each["code"] for each in asked.figures["units"]}
    assert (asked.payroll, asked.sizes, asked.withheld) == (None, None, True)
    assert asked.figures_hidden > 0
    assert {each["code"] for each in asked.accounts} <= {"north-bloc", "bloc-board", "bloc-court", "bloc-tax"}
    assert difference_row(asked, {})["said"], "it says what is not shown"


def test_a_unit_that_is_only_asked_is_told_its_own_objects(bloc: Bloc) -> None:
    """Not who works at its neighbours; the officer who plans is told everything."""
    account("court-secretary", bloc.units["bloc-court"], "secretary")
    north = ledger.found(code="beside", name="Beside", kind="bloc", parent=bloc.units["north"], on=FOUNDED)
    beside = account("beside-secretary", north, "secretary")
    steps = (Merge(from_=("bloc-court",), into="bloc-tax"), Rename(unit="beside", name="Besides"))
    reform = draft_reform(replace(bloc_plan(), steps=steps), on=DAY, by=bloc.by)
    rehearse_reform(reform.pk, on=DAY, by=bloc.by)
    submit_reform(reform.pk, on=DAY, by=bloc.by)
    told = {}
    for who in (bloc.officer, bloc.people[1], beside):
        client = Client()
        client.force_login(who)
        page = client.get(f"/reforms/{reform.pk}/").content.decode()
        told[who.login] = ("Court-Secretary" in page, "objects of units that you do not reach" in page)
    assert told == {
        "north-officer": (True, False),
        "bloc-secretary": (True, False),
        "beside-secretary": (False, True),
    }


# --- page, API, command line --------------------------------------------------------------------------------------


@pytest.fixture
def officer(bloc: Bloc) -> Client:
    client = Client()
    client.force_login(bloc.officer)
    return client


def sides(page: str) -> str:
    return page.split('data-table="sides"')[1].split("</table>")[0]


def test_the_page_shows_and_filters_both_sides(officer: Client) -> None:
    reform = rehearsed()
    page = officer.get(f"/reforms/{reform.pk}/difference/").content.decode()
    for text in (
        "2/3 Đảng bộ các cơ quan Đảng tỉnh",
        "Đảng bộ Cục Thuế",
        "Figures before and after",
        "Posts against",
    ):
        assert text in page
    founded = officer.get(f"/reforms/{reform.pk}/difference/?fate=founded").content.decode()
    assert "Đảng bộ Ủy ban nhân dân tỉnh" in founded
    assert sides(founded).count('<th scope="row"') == 2
    below = officer.get(f"/reforms/{reform.pk}/difference/?superior=north-state").content.decode()
    table = sides(below)
    assert table.count('<th scope="row"') == 1
    assert "Đảng bộ Cục Thuế" in table
    assert (
        "No unit is like that" in officer.get(f"/reforms/{reform.pk}/difference/?q=nowhere").content.decode()
    )
    file = officer.get(f"/reforms/{reform.pk}/difference/?table=sides&as=xlsx")
    rows = CalamineWorkbook.from_filelike(BytesIO(b"".join(file))).get_sheet_by_index(0).to_python()
    assert sum("bloc-tax" in row for row in rows) == 1


def test_posts_are_given_in_the_browser_and_taken_away_again(officer: Client) -> None:
    reform = draft_reform(read_toml(PLAN), on=DAY, by=SYSTEM)
    address = f"/reforms/{reform.pk}/payroll/"
    given = {"edition": "1", "indicator": "members.total", "change": "-2.5", "year": "2026"}
    wrong = officer.post(address, {**given, "posts": "north-party many"})
    assert wrong.status_code == 422
    assert "“many” is no number of posts" in wrong.content.decode()
    assert "“five” is no change in percent" in officer.post(
        address, {**given, "change": "five", "posts": "north-party 60"}
    ).content.decode().replace("&quot;", '"')
    assert officer.post(address, {**given, "posts": "north-party 60\nnorth-state; 20"}).status_code == 302
    payroll = plan_of(Reform.objects.get(pk=reform.pk)).payroll
    assert payroll == Payroll(
        "members.total", Fraction("-2.5"), 2026, (("north-party", 60), ("north-state", 20))
    )
    page = officer.get(address).content.decode()
    assert "north-party 60" in page
    assert "-2.5" in page
    stale = officer.post(address, {**given, "posts": ""})
    assert "Somebody else has changed this reform meanwhile" in stale.content.decode()
    officer.post(address, {**given, "edition": "2", "posts": ""})
    assert plan_of(Reform.objects.get(pk=reform.pk)).payroll is None


def test_before_a_rehearsal_there_is_no_page(officer: Client) -> None:
    reform = draft_reform(read_toml(PLAN), on=DAY, by=SYSTEM)
    assert officer.get(f"/reforms/{reform.pk}/difference/").status_code == 404


def test_a_file_is_rehearsed_with_everything_and_nothing_is_kept(bloc: Bloc, tmp_path: Path) -> None:
    file = tmp_path / "plan.toml"
    file.write_text(WITH_PAYROLL, encoding="utf-8")
    line = CommandLine(SYSTEM, DAY)
    done = CliRunner().invoke(commands, ["rehearse", str(file), "--json"], obj=line)
    found = json.loads(done.stdout)["difference"]
    assert figures(found, "members.admitted")["north-party"] == (None, 7, False)
    assert found["payroll"]["met"] is True
    assert {each["code"]: each["fate"] for each in found["units"]}["bloc-tax"] == "moved"
    text = CliRunner().invoke(commands, ["rehearse", str(file)], obj=line).stdout
    assert "The target is met." in text
    assert "→  divided  →  2/3 Đảng bộ các cơ quan Đảng tỉnh; 1/3 Đảng bộ Ủy ban nhân dân tỉnh" in text
    assert not Reform.objects.exists()


# --- what was rehearsed is what comes ---------------------------------------------------------------------------


@pytest.mark.parametrize("text", [PLAN, DIVIDED], ids=["children go elsewhere", "own figures are divided"])
def test_the_figures_that_were_rehearsed_are_those_that_are_read_afterwards(bloc: Bloc, text: str) -> None:
    plan = read_toml(text)
    reform = prepared(plan)
    rows = told(reform)["figures"]
    execute_reform(reform.pk, on=DAY, by=SYSTEM)
    year = Period.of_year(2024)
    numbers = dict(Unit.objects.values_list("code", "pk"))
    compared = 0
    for row in rows:
        if row["after"] is None or pack().indicators[row["indicator"]].from_register:
            continue
        found = figures_read(numbers[row["unit"]], year, tree=EFFECT)[row["indicator"]]
        assert (row["unit"], row["indicator"], found.value) == (row["unit"], row["indicator"], row["after"])
        assert bool(found.estimated) or not row["estimated"], "what was estimated before is so afterwards"
        compared += 1
    assert compared >= 4
