"""The views of a figure: on the tree of its time, on that of another day, as known on a day; what is estimated."""

from datetime import date

import pytest
from django.utils import translation

from plenum.figures.queries import (
    Estimate,
    Reason,
    Stands,
    by_child,
    figures,
    league,
    missing_returns,
    returns_behind,
    rollups_recounted,
    series,
)
from plenum.figures.tests.factories import MONTHLY, dissolve, move, oblige, plant, report
from plenum.figures.tests.test_figures import Tree, correct, tree
from plenum.figures.wording import estimate_sentence, estimate_sentences, view_sentence
from plenum.periods import Period
from plenum.tree.models import Lineage, Unit
from plenum.tree.queries import unit_view

__all__ = ["tree"]
pytestmark = pytest.mark.django_db

YEAR = Period.of_year(2023)
BEFORE, AFTER = date(2023, 6, 30), date(2023, 7, 1)


def admitted(unit: Unit, period: Period = YEAR, tree: date | None = None) -> int | None:
    return figures(unit.pk, period, tree=tree)["members.admitted"].value


def estimated(unit: Unit, period: Period = YEAR, tree: date | None = None) -> tuple[Estimate, ...]:
    return figures(unit.pk, period, tree=tree)["members.admitted"].estimated


def went_on(predecessor: Unit, *successors: Unit, on: date) -> None:
    for successor in successors:
        Lineage.objects.create(predecessor=predecessor, successor=successor, on_date=on)


def halves(unit: Unit, first: int, second: int) -> None:
    report(unit, "2023-03", {"members_admitted": first, "members_total": first * 10})
    report(unit, "2023-09", {"members_admitted": second, "members_total": second * 10})


class TestAnotherTree:
    def test_a_unit_counts_where_it_stood_on_the_day(self, tree: Tree) -> None:
        halves(tree.one, 2, 3)
        move(tree.one, tree.d_south, AFTER)
        assert [admitted(unit) for unit in (tree.north, tree.south)] == [2, 3]
        assert [admitted(unit, tree=BEFORE) for unit in (tree.north, tree.south)] == [5, None]
        assert [admitted(unit, tree=AFTER) for unit in (tree.north, tree.south, tree.root)] == [None, 5, 5]

    def test_a_unit_that_is_not_founded_yet_counts_where_it_was_first_put(self, tree: Tree) -> None:
        young = plant("young", "commune_committee", tree.d_north, AFTER)
        oblige(young, since=AFTER)
        report(young, "2023-09", {"members_admitted": 4})
        move(young, tree.d_south, date(2023, 12, 1))
        assert [admitted(unit, tree=BEFORE) for unit in (tree.north, tree.south)] == [4, None]

    def test_a_unit_that_has_ended_counts_with_its_only_successor(self, tree: Tree) -> None:
        halves(tree.one, 2, 3)
        dissolve(tree.one, date(2023, 10, 1))
        went_on(tree.one, tree.three, on=date(2023, 10, 1))
        late = date(2023, 12, 31)
        assert [admitted(unit, tree=late) for unit in (tree.three, tree.south, tree.north)] == [5, 5, None]
        assert admitted(tree.three) is None
        assert estimated(tree.south, tree=late) == ()

    def test_a_unit_that_has_ended_without_a_successor_counts_where_it_stood_last(self, tree: Tree) -> None:
        halves(tree.one, 2, 3)
        dissolve(tree.one, date(2023, 10, 1))
        for unit in (tree.two, tree.d_north):
            dissolve(unit, date(2023, 11, 1))
        went_on(tree.d_north, tree.d_south, on=date(2023, 11, 1))
        late = date(2023, 12, 31)
        assert [admitted(unit, tree=late) for unit in (tree.d_south, tree.south, tree.north)] == [5, 5, None]

    def test_a_part_that_was_split_off_long_ago_has_not_taken_its_place(self, tree: Tree) -> None:
        halves(tree.one, 2, 3)
        Lineage.objects.create(
            predecessor=tree.one, successor=tree.three, on_date=date(2023, 2, 1), how="split"
        )
        dissolve(tree.one, date(2023, 10, 1))
        assert admitted(tree.three, tree=date(2023, 12, 31)) is None
        assert admitted(tree.north, tree=date(2023, 12, 31)) == 5

    def test_stocks_of_the_units_that_lived_are_added_up_there(self, tree: Tree) -> None:
        halves(tree.one, 2, 3)
        report(tree.three, "2023-11", {"members_total": 7})
        dissolve(tree.three, date(2023, 12, 1))
        move(tree.one, tree.d_south, AFTER)
        assert figures(tree.north.pk, YEAR, tree=BEFORE)["members.total"].value == 30
        south = figures(tree.south.pk, YEAR, tree=AFTER)["members.total"]
        assert (south.value, south.reported_by, south.carried_from) == (30, 1, 1)

    def test_units_in_the_register_are_those_that_lived_counted_there(self, tree: Tree) -> None:
        move(tree.one, tree.d_south, AFTER)
        code = "organisations.grassroots"
        then = {unit.code: figures(unit.pk, YEAR)[code].value for unit in (tree.north, tree.south)}
        restated = {
            unit.code: figures(unit.pk, YEAR, tree=BEFORE)[code].value for unit in (tree.north, tree.south)
        }
        assert (then, restated) == ({"north": 1, "south": 2}, {"north": 2, "south": 1})
        shares = by_child(tree.root.pk, code, YEAR, tree=BEFORE)
        assert {share.unit.code: share.figure.value for share in shares} == {"north": 2, "south": 1}

    def test_the_league_is_of_the_units_of_that_day_and_adds_up(self, tree: Tree) -> None:
        halves(tree.one, 2, 3)
        halves(tree.two, 1, 1)
        dissolve(tree.one, date(2023, 10, 1))
        went_on(tree.one, tree.d_south, on=date(2023, 10, 1))
        found = league(tree.south.pk, "members.admitted", YEAR, tree=date(2023, 12, 31))
        assert [(place.of.unit.code, place.of.figure.value) for place in found.places] == [("d-south", 5)]
        below = league(tree.d_south.pk, "members.admitted", YEAR, tree=date(2023, 12, 31))
        assert [(share.unit.code, share.stands, share.figure.value) for share in below.others] == [
            ("one", Stands.LEFT, 5)
        ]

    def test_the_series_and_the_returns_behind_follow(self, tree: Tree) -> None:
        halves(tree.one, 2, 3)
        move(tree.one, tree.d_south, AFTER)
        points = series(tree.south.pk, "members.admitted", 2023, tree=AFTER)
        assert [point.figure.value for point in points if point.figure.is_known] == [2, 3]
        behind = returns_behind(tree.south.pk, "members.admitted", YEAR, tree=AFTER)
        assert [(each.unit.code, each.period.code) for each in behind] == [
            ("one", "2023-03"),
            ("one", "2023-09"),
        ]

    def test_with_a_day_of_knowledge(self, tree: Tree) -> None:
        first = report(tree.one, "2023-03", {"members_admitted": 2})
        correct(first, {"members_admitted": 9}, date(2023, 8, 1))
        move(tree.one, tree.d_south, AFTER)
        known = {
            day: figures(tree.south.pk, YEAR, known_on=day, tree=AFTER)["members.admitted"].value
            for day in (date(2023, 3, 1), date(2023, 7, 31), date(2023, 8, 1))
        }
        assert list(known.values()) == [None, 2, 9]

    def test_who_has_not_reported_is_told_of_units_that_have_stood_here(self, tree: Tree) -> None:
        move(tree.one, tree.d_south, AFTER)
        march = Period.parse("2023-03")

        def missing(tree_on: date | None) -> list[str]:
            return list(missing_returns(tree.north.pk, march, tree=tree_on).names([MONTHLY]))

        assert (missing(None), missing(BEFORE), missing(AFTER)) == (["one", "two"], ["one", "two"], ["two"])


class TestTheTreeRecordedLate:
    def test_a_move_dated_back_changes_every_view_of_past_months_at_once(self, tree: Tree) -> None:
        halves(tree.one, 2, 3)
        assert admitted(tree.north) == 5
        move(tree.one, tree.d_south, date(2023, 2, 1))
        assert [admitted(unit) for unit in (tree.north, tree.south)] == [None, 5]
        assert [admitted(tree.south, tree=day) for day in (date(2023, 1, 31), BEFORE)] == [None, 5]
        assert rollups_recounted() == []

    def test_a_month_is_counted_on_the_tree_of_its_last_day(self, tree: Tree) -> None:
        report(tree.one, "2023-03", {"members_admitted": 2})
        move(tree.one, tree.d_south, date(2023, 3, 15))
        assert [admitted(unit) for unit in (tree.north, tree.south)] == [None, 2]


class TestEstimates:
    def test_a_move_on_the_first_of_a_month_leaves_months_exact(self, tree: Tree) -> None:
        halves(tree.one, 2, 3)
        move(tree.one, tree.d_south, AFTER)
        assert [estimated(unit) for unit in (tree.north, tree.south, tree.root)] == [(), (), ()]

    def test_a_move_inside_a_month_says_what_moved_when_and_where_it_is_counted(self, tree: Tree) -> None:
        report(tree.one, "2023-03", {"members_admitted": 2})
        move(tree.d_north, tree.south, date(2023, 3, 15))
        for unit in (tree.north, tree.south):
            [estimate] = estimated(unit)
            assert (estimate.reason, estimate.unit.code, estimate.on) == (
                Reason.MOVED, "d-north", date(2023, 3, 15)
            )  # fmt: skip
            assert [each.code for each in estimate.others] == ["north", "south"]
            assert (estimate.counted.code if estimate.counted else "", estimate.returns) == ("south", 1)
        assert [estimated(unit) for unit in (tree.root, tree.d_north, tree.one)] == [(), (), ()]
        assert figures(tree.south.pk, YEAR)["members.total"].estimated == ()
        assert estimated(tree.south, tree=AFTER) == ()

    def test_a_return_of_a_quarter_whose_months_span_a_move(self, tree: Tree) -> None:
        four = plant("four", "commune_committee", tree.d_north)
        oblige(four, schedule="quarter")
        report(four, "2023-Q1", {"members_admitted": 10})
        move(four, tree.d_south, date(2023, 3, 1))
        assert [admitted(unit) for unit in (tree.north, tree.south)] == [None, 10]
        assert [len(estimated(unit)) for unit in (tree.north, tree.south, tree.root)] == [1, 1, 0]
        assert estimated(tree.south, Period.parse("2023-Q2")) == ()

    def test_an_end_with_several_successors(self, tree: Tree) -> None:
        halves(tree.one, 2, 3)
        dissolve(tree.one, date(2023, 10, 1))
        went_on(tree.one, tree.two, tree.three, on=date(2023, 10, 1))
        late = date(2023, 12, 31)
        assert [admitted(unit, tree=late) for unit in (tree.north, tree.two, tree.three)] == [5, None, None]
        for unit in (tree.north, tree.d_north, tree.south, tree.three, tree.two):
            [estimate] = estimated(unit, tree=late)
            assert (estimate.reason, estimate.returns) == (Reason.SUCCESSORS, 2)
        assert estimated(tree.root, tree=late) == ()

    def test_a_part_given_off_and_a_part_taken_in(self, tree: Tree) -> None:
        halves(tree.one, 2, 3)
        halves(tree.three, 1, 1)
        went_on(tree.one, tree.three, on=AFTER)
        [off] = estimated(tree.north, tree=AFTER)
        assert (off.reason, off.unit.code, off.returns) == (Reason.SPLIT, "one", 1)
        [taken] = estimated(tree.north, tree=BEFORE)
        assert (taken.reason, taken.unit.code, taken.returns) == (Reason.JOINED, "three", 1)
        assert estimated(tree.root, tree=AFTER) == ()

    def test_each_reason_is_a_sentence(self, tree: Tree) -> None:
        one, two, three = (unit_view(unit, BEFORE) for unit in (tree.one, tree.two, tree.three))
        with translation.override("en"):
            said = [
                estimate_sentence(Estimate(reason, one, AFTER, (two, three), three, 1200))
                for reason in Reason
            ]
        assert len(set(said)) == len(Reason)
        for sentence in said:
            assert "one" in sentence
            assert "three" in sentence
            assert "1 Jul 2023" in sentence.replace("\u00a0", " ")
        many = [Estimate(Reason.SPLIT, one, date(2023, 1, day), (two,), one, 1) for day in range(1, 10)]
        with translation.override("en"):
            assert estimate_sentences(many)[-1] == "4 reasons more."

    def test_the_view_is_said_in_one_sentence(self) -> None:
        with translation.override("en"):
            assert view_sentence(None, None) == ""
            said = [view_sentence(None, AFTER), view_sentence(AFTER, None), view_sentence(BEFORE, AFTER)]
        assert len(set(said)) == 3
        assert all(sentence.count(".") == 1 for sentence in said)
