"""The home board of a unit."""

from datetime import date

import pytest

from plenum.figures.tests.factories import oblige, plant, report, submit
from plenum.figures.tests.test_pages import queries_of
from plenum.targets.tests.factories import target
from tests.cast import Cast

BOARD = "/units/north-hill/board/"


def fill(cast: Cast, first: int, count: int) -> None:
    for number in range(first, first + count):
        unit = plant(f"cell-{number}", "grassroots_cell", cast.unit("north-hill"))
        oblige(unit, since=date(2024, 8, 1))
        report(unit, "2024-08", {"members_admitted": 1})
        submit(unit, "2024-09", {"members_admitted": 2})


def test_it_says_how_the_year_stands_and_what_waits(cast: Cast) -> None:
    fill(cast, 0, 2)
    oblige(cast.unit("hill-school"), since=date(2024, 9, 1))
    target(cast.unit("north-hill"), "members.admitted", "2", "2024")
    shown = cast.superior.client.get(BOARD, {"period": "2024"}).content.decode()
    assert "1 target; met or exceeded: 1." in shown
    assert "2 returns to accept" in shown
    assert "1 return is late." in shown
    assert "Chi bộ Trường Thông Reo" in shown
    assert "/units/north-hill/indicators/members.admitted/?period=2024" in shown


def test_it_opens_on_the_last_year_with_figures(cast: Cast) -> None:
    unit = plant("cell-0", "grassroots_cell", cast.unit("north-hill"))
    oblige(unit, since=date(2022, 1, 1))
    report(unit, "2022-01", {"members_admitted": 1})
    assert "<h1>2022</h1>" in cast.superior.client.get(BOARD).content.decode()


def test_an_empty_board_says_what_to_do(cast: Cast) -> None:
    shown = cast.superior.client.get(BOARD).content.decode()
    assert "No targets are set for this period." in shown
    assert "Nothing waits for you." in shown


@pytest.mark.parametrize(
    ("login", "status"),
    [
        ("superior", 200),
        ("insider", 404),
        ("sibling", 404),
        ("neighbour", 404),
        ("auditor", 200),
        ("stranger", 404),
    ],
)
def test_only_those_who_reach_the_unit_see_its_board(cast: Cast, login: str, status: int) -> None:
    assert cast.members[login].client.get(BOARD).status_code == status


def test_it_costs_the_same_for_one_and_for_four(cast: Cast) -> None:
    target(cast.unit("north-hill"), "members.admitted", "2", "2024")
    fill(cast, 0, 1)
    one = queries_of(cast.superior.client, f"{BOARD}?period=2024")
    fill(cast, 1, 3)
    assert queries_of(cast.superior.client, f"{BOARD}?period=2024") == one
