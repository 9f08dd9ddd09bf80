"""Figures over the division of a unit: its past counts for the successors by their shares, and says so."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from django.utils import translation

from plenum.access.actions import create_account, grant_powers
from plenum.access.guard import speaking
from plenum.access.queries import actor_of
from plenum.figures.queries import (
    Figure,
    Reason,
    Stands,
    by_child,
    figures,
    figures_of,
    league,
    returns_behind,
    series,
)
from plenum.figures.tests.factories import FOUNDED, SYSTEM, dissolve, oblige, plant, report
from plenum.figures.tests.test_figures import Tree, tree
from plenum.figures.wording import estimate_sentences
from plenum.periods import Period
from plenum.tree.models import Lineage, Unit

__all__ = ["tree"]
pytestmark = pytest.mark.django_db

DAY, NOW = date(2024, 1, 1), date(2024, 2, 1)
YEAR = Period.of_year(2023)


def divide(unit: Unit, on: date, by: str = "area", **shares: str) -> None:
    """End a unit and divide its past among others by their codes, or give off a part when the shares leave a rest."""
    parts = {code: Fraction(share) for code, share in shares.items()}
    if sum(parts.values()) == 1:
        dissolve(unit, on)
    for code, share in parts.items():
        Lineage.objects.create(
            predecessor=unit,
            successor=Unit.objects.get(code=code.replace("_", "-")),
            on_date=on,
            how="split",
            numerator=share.numerator,
            denominator=share.denominator,
            by=by,
        )


def admitted(unit: Unit, tree: date | None = NOW, period: Period = YEAR) -> Figure:
    return figures(unit.pk, period, tree=tree)["members.admitted"]


def monthly(unit: Unit, admitted: int = 1) -> None:
    for month in range(1, 13):
        report(unit, f"2023-{month:02}", {"members_admitted": admitted, "members_total": 100 + month})


class TestAnEndedUnit:
    def test_counts_for_its_successors_by_their_shares(self, tree: Tree) -> None:
        monthly(tree.one)
        divide(tree.one, DAY, two="2/3", three="1/3")
        assert [admitted(unit).value for unit in (tree.two, tree.three, tree.north, tree.south)] == [
            8,
            4,
            8,
            4,
        ]
        assert [admitted(unit).value for unit in (tree.root, tree.one)] == [12, 12]
        assert [admitted(unit, tree=None).value for unit in (tree.two, tree.three, tree.north)] == [
            None,
            None,
            12,
        ]
        stock = {
            unit.code: figures(unit.pk, YEAR, tree=NOW)["members.total"] for unit in (tree.two, tree.three)
        }
        assert {code: figure.value for code, figure in stock.items()} == {"two": 75, "three": 37}
        assert [figure.reported_by for figure in stock.values()] == [1, 1]

    def test_months_add_up_to_their_year(self, tree: Tree) -> None:
        monthly(tree.one)
        divide(tree.one, DAY, two="2/3", three="1/3")
        for unit, whole in ((tree.two, 8), (tree.three, 4)):
            months = [point.figure.value for point in series(unit.pk, "members.admitted", 2023, tree=NOW)]
            assert sum(value or 0 for value in months) == whole
            quarters = [
                admitted(unit, period=Period.parse(f"2023-Q{number}")).value for number in range(1, 5)
            ]
            assert sum(value or 0 for value in quarters) == whole

    def test_says_which_part_and_by_what(self, tree: Tree) -> None:
        monthly(tree.one)
        divide(tree.one, DAY, "members", two="2/3", three="1/3")
        [doubt] = admitted(tree.two).estimated
        assert (doubt.reason, doubt.unit.code, doubt.share, doubt.by, doubt.returns) == (
            Reason.DIVIDED, "one", Fraction(2, 3), "members", 12
        )  # fmt: skip
        assert [unit.code for unit in doubt.others] == ["three", "two"]
        with translation.override("en"):
            [said] = estimate_sentences([doubt])
        assert said == (
            "one was divided on 1\u00a0Jan\u00a02024 (three, two): of what it reported before, 66.67% is counted here "
            "(by members)."
        )
        assert admitted(tree.root).estimated == admitted(tree.one).estimated == ()

    def test_its_successors_below_one_superior_leave_that_one_exact(self, tree: Tree) -> None:
        monthly(tree.one, 3)
        four = plant("four", "commune_committee", tree.d_north, DAY)
        divide(tree.one, DAY, two="1/2", four="1/2")
        assert [admitted(unit).value for unit in (tree.two, four, tree.d_north, tree.north)] == [
            18,
            18,
            36,
            36,
        ]
        assert admitted(tree.d_north).estimated == ()
        found = league(tree.d_north.pk, "members.admitted", YEAR, tree=NOW)
        assert {place.of.unit.code: place.of.figure.value for place in found.places} == {
            "two": 18,
            "four": 18,
        }
        assert all(place.of.figure.estimated for place in found.places)
        assert found.others == []

    def test_the_returns_behind_are_the_parts_with_their_whole(self, tree: Tree) -> None:
        monthly(tree.one)
        monthly(tree.two)
        divide(tree.one, DAY, two="2/3", three="1/3")
        behind = returns_behind(tree.two.pk, "members.admitted", YEAR, tree=NOW)
        assert sum(each.values["members_admitted"] for each in behind) == 20
        of_one = [each for each in behind if each.unit.code == "one"]
        assert {each.share for each in of_one} == {Fraction(2, 3)}
        assert [each.whole for each in of_one] == [{"members_admitted": 1}] * 12
        assert {each.share for each in behind if each.unit.code == "two"} == {None}
        shares = by_child(tree.two.pk, "members.admitted", YEAR, tree=NOW)
        assert [(share.unit.code, share.stands, share.figure.value) for share in shares] == [
            ("one", Stands.LEFT, 8), ("two", Stands.ITSELF, 12)
        ]  # fmt: skip
        assert [bool(share.figure.estimated) for share in shares] == [True, False]

    def test_ratios_are_made_of_the_parts(self, tree: Tree) -> None:
        report(tree.one, "2023-12", {"village_heads": 10, "village_heads_members": 7})
        divide(tree.one, DAY, two="2/3", three="1/3")
        found = {
            unit.code: figures(unit.pk, YEAR, tree=NOW)["leaders.village_heads_share"]
            for unit in (tree.two, tree.three)
        }
        assert {code: (each.numerator, each.denominator) for code, each in found.items()} == {
            "two": (5, 7), "three": (2, 3)
        }  # fmt: skip
        assert all(each.estimated for each in found.values())

    def test_in_the_register_it_is_one_unit(self, tree: Tree) -> None:
        divide(tree.one, DAY, two="1/3", three="2/3")
        found = {
            unit.code: figures(unit.pk, YEAR, tree=NOW)["organisations.grassroots"]
            for unit in Unit.objects.all()
        }
        assert {code: found[code].value for code in ("root", "north", "south", "three", "two")} == {
            "root": 3, "north": 1, "south": 2, "three": 1, "two": None
        }  # fmt: skip
        assert [bool(found[code].estimated) for code in ("root", "north", "south")] == [False, True, True]
        shares = by_child(tree.root.pk, "organisations.grassroots", YEAR, tree=NOW)
        assert {share.unit.code: share.figure.value for share in shares} == {"north": 1, "south": 2}


class TestOverSeveralReforms:
    def test_shares_multiply(self, tree: Tree) -> None:
        """One merges into two, two is divided, and one of the parts is merged and divided again."""
        report(tree.one, "2023-03", {"members_admitted": 120})
        first, second, third = date(2023, 5, 1), date(2023, 7, 1), date(2023, 9, 1)
        dissolve(tree.one, first)
        Lineage.objects.create(predecessor=tree.one, successor=tree.two, on_date=first, how="merged")
        four = plant("four", "commune_committee", tree.d_north, second)
        five = plant("five", "commune_committee", tree.d_north, third)
        divide(tree.two, second, three="1/4", four="3/4")
        divide(four, third, three="1/3", five="2/3")
        asked = (tree.one, tree.two, four, five, tree.three, tree.root)
        assert [admitted(unit).value for unit in asked] == [120, 120, 90, 60, 60, 120]
        assert [admitted(unit, tree=date(2023, 8, 1)).value for unit in asked] == [
            120,
            120,
            90,
            None,
            30,
            120,
        ]
        assert [admitted(unit, tree=date(2023, 6, 1)).value for unit in asked] == [
            120,
            120,
            None,
            None,
            None,
            120,
        ]
        assert {each.share for each in admitted(tree.three).estimated} == {Fraction(1, 2), Fraction(1, 3)}


class TestAUnitThatLivesOn:
    def test_gives_off_a_part_of_what_it_reported_before(self, tree: Tree) -> None:
        report(tree.one, "2023-03", {"members_admitted": 8})
        report(tree.one, "2023-09", {"members_admitted": 5})
        divide(tree.one, date(2023, 7, 1), "list", three="1/4")
        assert [admitted(unit).value for unit in (tree.one, tree.three, tree.root)] == [11, 2, 13]
        assert [admitted(unit).estimated[0].share for unit in (tree.one, tree.three)] == [
            Fraction(3, 4),
            Fraction(1, 4),
        ]
        assert admitted(tree.one, tree=date(2023, 6, 30)).value == 13

    def test_a_return_for_days_before_and_after_stays_whole_and_is_marked(self, tree: Tree) -> None:
        report(tree.one, "2023-07", {"members_admitted": 8})
        divide(tree.one, date(2023, 7, 15), "list", three="1/4")
        assert [admitted(unit).value for unit in (tree.one, tree.three)] == [8, None]
        assert [each.reason for each in admitted(tree.one).estimated] == [Reason.SPLIT]


def test_who_does_not_reach_the_divided_unit_is_not_told_its_part(tree: Tree) -> None:
    report(tree.one, "2023-03", {"members_admitted": 8})
    report(tree.three, "2023-03", {"members_admitted": 5})
    oblige(plant("six", "commune_committee", tree.d_south))
    divide(tree.one, DAY, two="1/2", three="1/2")
    account = create_account("south", name="South", language="en", unit=tree.south, on=FOUNDED, by=SYSTEM)
    grant_powers(account, tree.south, "officer", start=FOUNDED, on=FOUNDED, by=SYSTEM)
    with speaking(actor_of(account, acting_for=tree.south.pk), NOW):
        assert admitted(tree.south).withheld
        assert admitted(tree.south, tree=None).value == 5
    assert (admitted(tree.south).value, admitted(tree.south).withheld) == (9, False)


@pytest.mark.parametrize("how_many", [1, 3])
def test_queries_do_not_grow(
    tree: Tree, how_many: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    units = [tree.one, tree.two, tree.three][:how_many]
    for unit in units:
        monthly(unit)
        divide(unit, DAY, d_north="1/2", d_south="1/2")
    asked = [tree.north.pk, tree.south.pk, tree.d_north.pk][:how_many]
    with django_assert_num_queries(5):
        figures_of(asked, YEAR)
    with django_assert_num_queries(15):
        figures_of(asked, YEAR, tree=NOW)
