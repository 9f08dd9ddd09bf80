"""The views of figures with the whole cast: through pages, the API and the command line; what is withheld is said."""

from datetime import date
from typing import Any

import pytest
from click.testing import CliRunner

from plenum.access.command_line import CommandLine
from plenum.access.guard import speaking
from plenum.figures.cli import league_command
from plenum.figures.queries import Withheld, returns_behind
from plenum.figures.tests.factories import oblige, report
from plenum.journal.actor import Actor
from plenum.periods import Period
from plenum.reports.actions import issue_review
from plenum.reports.cli import board_command, review
from plenum.targets.cli import figures as figures_command
from plenum.targets.models import Target
from plenum.targets.tests.factories import target
from plenum.tree import ledger
from plenum.tree.models import Unit
from tests.cast import DAY, SYSTEM, Cast, Member

BEFORE = "2024-04-30"
"""The day before the school has moved from the hill to the coast."""


@pytest.fixture
def moved(cast: Cast) -> Unit:
    """A school that has reported for March at the hill, and for June at the coast."""
    school = cast.unit("hill-school")
    oblige(school)
    report(school, "2024-03", {"members_admitted": 3, "members_total": 10})
    ledger.move(school, cast.unit("south-coast"), on=date(2024, 5, 1))
    report(school, "2024-06", {"members_admitted": 4, "members_total": 20})
    return school


def figure(member: Member, unit: str, period: str, tree: str = "then") -> dict[str, Any]:
    address = f"/api/units/{unit}/indicators/members.admitted?period={period}&tree={tree}"
    answer = member.client.get(address)
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()["figure"]
    return found


def page(member: Member, address: str) -> str:
    answer = member.client.get(address, headers={"accept-language": "en"})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("period", ["2024-Q1", "2024-Q2", "2024"])
def test_a_superior_gains_nothing_by_another_tree(cast: Cast, moved: Unit, period: str) -> None:
    """On the tree of April the school counts at the hill: March may be read there, June may not."""
    shown = figure(cast.superior, "north-hill", period, BEFORE)
    if period == "2024-Q1":
        assert (shown["value"], shown["withheld"]) == (3, False)
    else:
        assert (shown["value"], shown["withheld"], shown["reported_by"]) == (None, True, 0)
    then = figure(cast.superior, "north-hill", period)
    assert (then["value"], then["withheld"]) == (None if period == "2024-Q2" else 3, False)
    assert figure(cast.auditor, "north-hill", period, BEFORE)["withheld"] is False


def test_whoever_reaches_all_of_it_sees_all_of_it(cast: Cast, moved: Unit) -> None:
    assert figure(cast.neighbour, "south-coast", "2024", "now")["value"] == 7
    assert figure(cast.neighbour, "south-coast", "2024")["value"] == 4
    assert figure(cast.auditor, "north-hill", "2024", BEFORE)["value"] == 7
    assert figure(cast.auditor, "south-coast", "2024", BEFORE)["value"] is None


def test_years_are_compared_over_the_units_that_count_there_now(cast: Cast, moved: Unit) -> None:
    """The coast has what the school reported since it came; compared is all that it has reported, with last year."""
    report(moved, "2023-03", {"members_admitted": 2})
    target(cast.unit("south-coast"), "members.admitted", "9", "2024")
    told = cast.auditor.client.get("/api/units/south-coast/indicators/members.admitted?period=2024").json()
    assert (told["figure"]["value"], told["compared_on"]) == (4, DAY.isoformat())
    assert (told["same_units"]["value"], told["same_period_last_year"]["value"]) == (7, 2)
    text = page(cast.auditor, "/units/south-coast/indicators/members.admitted/?period=2024")
    restated = [each["value"] for each in told["series_same_units"]]
    assert (sum(filter(None, restated)), sum(each["value"] or 0 for each in told["series"])) == (7, 4)
    assert "(of the same units, on the tree of" in text
    assert "Both years of the same units, on the tree of" in text
    assert f"period=2024&amp;tree={DAY.isoformat()}" in text
    for room in ("board/", "targets/", "review/2024-H1/"):
        assert "The years are compared over the same units" in page(
            cast.auditor, f"/units/south-coast/{room}?period=2024"
        ), room
    quiet = cast.auditor.client.get("/api/units/hill-river/indicators/members.admitted?period=2024").json()
    assert (quiet["compared_on"], quiet["same_units"], quiet["series_same_units"]) == (None, None, None)


def test_a_unit_that_is_not_reached_stays_out_of_reach_on_every_tree(cast: Cast, moved: Unit) -> None:
    for tree in ("then", "now", BEFORE):
        address = f"/api/units/hill-school/indicators/members.admitted?period=2024&tree={tree}"
        assert cast.superior.client.get(address).status_code == 404
        assert cast.stranger.client.get(address).status_code == 404
        assert cast.superior.client.get(f"/units/hill-school/?tree={tree}").status_code == 404


def test_the_page_says_what_is_withheld_and_links_to_nobody_out_of_reach(cast: Cast, moved: Unit) -> None:
    text = page(cast.superior, f"/units/north-hill/indicators/members.admitted/?period=2024&tree={BEFORE}")
    assert "restated on the tree of organisations of" in text
    assert "units that you do not reach count here" in text
    assert "whose figure is withheld" in text
    assert "/units/hill-school/" not in text
    assert "units that you do not reach" not in page(
        cast.auditor, f"/units/north-hill/indicators/members.admitted/?period=2024&tree={BEFORE}"
    )


def test_the_returns_behind_a_withheld_figure_are_refused(cast: Cast, moved: Unit) -> None:
    address = f"/api/units/north-hill/indicators/members.admitted/returns?period=2024&tree={BEFORE}"
    assert cast.superior.client.get(address).status_code == 403
    assert cast.auditor.client.get(address).json()["total"] == 2
    with speaking(cast.superior.actor, DAY), pytest.raises(Withheld):
        returns_behind(
            cast.unit("north-hill").pk, "members.admitted", Period.of_year(2024), tree=date(2024, 4, 30)
        )


def test_the_league_names_those_whose_figures_are_withheld(cast: Cast, moved: Unit) -> None:
    address = f"/api/units/north-hill/indicators/members.admitted/league?period=2024&tree={BEFORE}"
    shown = cast.superior.client.get(address).json()
    name = cast.unit("hill-school").names.get().name
    assert [(row["name"], row["unit"]) for row in shown["withheld"]] == [(name, None)]
    assert name not in {row["name"] for row in (*shown["places"], *shown["silent"], *shown["others"])}
    assert cast.auditor.client.get(address).json()["withheld"] == []


@pytest.mark.parametrize(
    "room",
    [
        "board/",
        "targets/",
        "targets/below/members.admitted/",
        "review/2024-H1/",
        "indicators/members.admitted/",
    ],
)
def test_every_page_with_figures_says_its_view_and_keeps_it_in_links(
    cast: Cast, moved: Unit, room: str
) -> None:
    target(cast.unit("south-coast"), "members.admitted", "10", "2024")
    plain = page(cast.neighbour, f"/units/south-coast/{room}?period=2024-H1")
    assert "These figures" not in plain
    shown = page(
        cast.neighbour,
        f"/units/south-coast/{room}?period=2024-H1&tree=now&known_on=2024-09-30",
    )
    assert "These figures are restated on the tree of organisations of" in shown
    assert "as known on" in shown
    assert "tree=now" in shown
    assert 'name="tree_day"' in shown


def test_a_target_is_judged_on_the_tree_asked_for(cast: Cast, moved: Unit) -> None:
    given: Target = target(cast.unit("south-coast"), "members.admitted", "7", "2024")
    assert given.pk
    standing = "/api/units/south-coast/standing?period=2024"
    rows = {
        tree: next(
            row
            for row in cast.neighbour.client.get(f"{standing}&tree={tree}").json()["rows"]
            if row["indicator"] == "members.admitted"
        )
        for tree in ("then", "now")
    }
    assert (rows["then"]["value"], rows["now"]["value"]) == (4, 7)
    assert rows["now"]["verdict"] in ("met", "exceeded")
    assert rows["then"]["verdict"] not in ("met", "exceeded")


def test_a_target_on_a_withheld_figure_is_not_judged(cast: Cast, moved: Unit) -> None:
    target(cast.unit("north-hill"), "members.admitted", "3", "2024")
    answer = cast.superior.client.get(f"/api/units/north-hill/standing?period=2024&tree={BEFORE}").json()
    [row] = [row for row in answer["rows"] if row["indicator"] == "members.admitted"]
    assert (row["value"], row["withheld"], row["verdict"], row["projection"]) == (
        None,
        True,
        "not_yet_known",
        None,
    )
    assert "withheld" in {flag["code"] for flag in row["flags"]}
    assert answer["tree"] == BEFORE


@pytest.mark.parametrize("tree", ["yesterday", "2024-13-01", "day"])
def test_a_tree_that_is_none_is_refused_with_the_remedy(cast: Cast, tree: str) -> None:
    for address in ("/units/north-hill/board/", "/api/units/north-hill/board"):
        answer = cast.superior.client.get(f"{address}?tree={tree}", headers={"accept-language": "en"})
        assert answer.status_code == 400
        assert "2024-09-30" in answer.content.decode()


def test_what_is_issued_is_in_the_plain_view(cast: Cast, moved: Unit) -> None:
    text = page(cast.neighbour, "/units/south-coast/review/2024-H1/issue/?tree=now")
    assert "always in the plain view" in text
    issued = issue_review(
        cast.unit("south-coast"), Period.parse("2024-H1"), language="en", formats=["json"], on=DAY, by=SYSTEM
    )
    assert issued.content["facts"]["view"]["restated_on"] is None
    [result] = [
        each for each in issued.content["facts"]["results"] if each["indicator"] == "members.admitted"
    ]
    assert result["value"] == 4


def run(command: Any, *words: str, actor: Actor = SYSTEM) -> str:
    with speaking(actor, DAY):
        result = CliRunner().invoke(command, words, obj=CommandLine(actor, DAY), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_commands_take_the_tree(cast: Cast, moved: Unit) -> None:
    target(cast.unit("south-coast"), "members.admitted", "7", "2024")
    assert " 7 " in run(figures_command, "south-coast", "2024", "--tree", "now")
    assert " 4 " in run(figures_command, "south-coast", "2024")
    hidden = run(figures_command, "north-hill", "2024", "--tree", BEFORE, actor=cast.superior.actor)
    assert "restated" in hidden
    league = run(league_command, "south-coast", "members.admitted", "2024", "--tree", "now")
    assert "7" in league
    withheld = run(
        league_command, "north-hill", "members.admitted", "2024", "--tree", BEFORE, actor=cast.superior.actor
    )
    assert "withheld" in withheld
    board = run(board_command, "south-coast", "2024", "--tree", "now", "--known-on", "2024-09-30")
    assert "as known on" in board
    told = run(review, "south-coast", "2024-H1", "--tree", "now", "--lang", "en")
    assert "restated on the tree of organisations" in told
    assert "units that you do not reach" in run(
        review, "north-hill", "2024-H1", "--tree", BEFORE, "--lang", "en", actor=cast.superior.actor
    )
