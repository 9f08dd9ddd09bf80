"""Many changes at once are what the same changes are one by one; and what is taken back leaves no trace."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plenum.tree import ledger
from plenum.tree.models import Ancestry, Lineage, Reshaped, Reshaping, Unit
from plenum.tree.reshaping import reshape, strands, undo_reshape
from plenum.tree.rules import Founded, Linked, Moved, Problem, Refused, Rekinded, Renamed, TreeChanges
from plenum.tree.tests.factories import small_tree, unit
from plenum.tree.tests.oracle import assert_tree_at_every_date, check_constraints_now, constraint_of, facts
from plenum.tree.tests.random_reforms import any_changes, one_by_one, random_act, some_day

pytestmark = pytest.mark.django_db

DAY = date(2021, 1, 1)
EARLIER = date(2020, 12, 31)
random_runs = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@contextmanager
def forgotten() -> Iterator[None]:
    """Whatever is written inside is not there afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def grown_tree(chance: Random) -> None:
    """A small tree on which random acts of many days have been done."""
    small_tree()
    for number in range(60):
        with suppress(Refused):
            random_act(chance, number)


@given(seed=st.integers(0, 2**32))
@random_runs
def test_many_changes_at_once_are_the_same_changes_one_by_one(db: None, seed: int) -> None:
    chance = Random(seed)
    with forgotten():
        grown_tree(chance)
        on = some_day(chance)
        with forgotten():
            changes = one_by_one(chance, on, 40)
            check_constraints_now()
            expected = facts()
        reshape(changes, on=on)
        check_constraints_now()
        assert facts() == expected


@given(seed=st.integers(0, 2**32))
@random_runs
def test_what_is_let_through_is_a_tree_and_is_taken_back_without_a_trace(db: None, seed: int) -> None:
    chance = Random(seed)
    with forgotten():
        grown_tree(chance)
        former, on = facts(), some_day(chance)
        done: list[int] = []
        for number in range(30):
            with suppress(Refused):
                done.append(reshape(any_changes(chance, f"n-{number}"), on=on).reshaping_id)
                check_constraints_now()
        assert_tree_at_every_date()
        for number in reversed(done):
            undo_reshape(number, on=date(2019, 1, 1))
        assert facts() == former
        assert not Reshaped.objects.exists()


def test_everything_at_once() -> None:
    tree = small_tree()
    changes = TreeChanges(
        founded=(Founded("hill", "Hill", "district", "north", "H"),),
        renamed=(Renamed("alone", "Not alone", illustrative=True),),
        rekinded=(Rekinded("alone", "agency_committee"),),
        moved=(Moved("commune", "hill"), Moved("alone", "hill")),
        ended=("east", "west"),
        linked=(
            Linked("east", "hill", "merged"),
            Linked("west", "hill", "split", Fraction(1, 3), "area"),
            Linked("west", "north", "split", Fraction(2, 3), "area"),
        ),
    )
    written = reshape(changes, on=DAY)
    check_constraints_now()
    assert_tree_at_every_date()
    hill = written.units["hill"]
    below = Ancestry.objects.filter(ancestor_id=hill, depth__gt=0, span__contains=DAY)
    assert set(below.values_list("descendant__code", flat=True)) == {"commune", "alone", "cell-1", "cell-2"}
    shares = {link.successor.code: link.share for link in Lineage.objects.filter(predecessor=tree["west"])}
    assert shares == {"hill": Fraction(1, 3), "north": Fraction(2, 3)}
    assert Unit.objects.get(code="west").lifetime.end == DAY


def test_after_very_many_changes_the_database_counts_its_rows_again(monkeypatch: pytest.MonkeyPatch) -> None:
    small_tree()

    def is_counted() -> bool:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stats WHERE tablename = 'tree_reshaped' AND attname = 'unit_id'"
            )
            [(columns,)] = cursor.fetchall()
        return bool(columns)

    reshape(TreeChanges(renamed=(Renamed("east", "Far east"),)), on=DAY)
    assert not is_counted()
    monkeypatch.setattr(strands, "VERY_MANY", 1)
    written = reshape(TreeChanges(renamed=(Renamed("north", "Far north"),)), on=DAY)
    assert is_counted()
    undo_reshape(written.reshaping_id, on=date(2019, 1, 1))
    assert_tree_at_every_date()


def problems(changes: TreeChanges, on: date = DAY) -> set[tuple[Problem, Any]]:
    before = facts()
    with pytest.raises(Refused) as refused:
        reshape(changes, on=on)
    assert facts() == before
    assert not Reshaping.objects.exists()
    return {(finding.problem, finding.values["unit"]) for finding in refused.value.findings}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (TreeChanges(renamed=(Renamed("nobody", "N"),)), (Problem.UNIT_UNKNOWN, "nobody")),
        (TreeChanges(founded=(Founded("east", "E", "district", "north"),)), (Problem.CODE_TAKEN, "east")),
        (TreeChanges(renamed=(Renamed("east", "East"),)), (Problem.UNCHANGED, "east")),
        (TreeChanges(moved=(Moved("east", "north"),)), (Problem.UNCHANGED, "east")),
        (TreeChanges(rekinded=(Rekinded("east", "district"),)), (Problem.UNCHANGED, "east")),
        (TreeChanges(renamed=(Renamed("gone", "N"),)), (Problem.AFTER_END, "gone")),
        (TreeChanges(renamed=(Renamed("late", "N"),)), (Problem.BEFORE_FOUNDING, "late")),
        (TreeChanges(renamed=(Renamed("young", "N"),)), (Problem.CHANGED_THAT_DAY, "young")),
        (TreeChanges(ended=("gone",)), (Problem.ALREADY_ENDED, "gone")),
        (TreeChanges(ended=("young",)), (Problem.BEFORE_FOUNDING, "young")),
        (TreeChanges(ended=("changing",)), (Problem.CHANGED_LATER, "changing")),
        (TreeChanges(ended=("commune",)), (Problem.CHILDREN_ALIVE, "commune")),
        (TreeChanges(moved=(Moved("commune", "gone"),)), (Problem.PARENT_NOT_ALIVE, "commune")),
        (TreeChanges(moved=(Moved("commune", "short-lived"),)), (Problem.PARENT_NOT_ALIVE, "commune")),
        (TreeChanges(moved=(Moved("cell-1", "north"),)), (Problem.KIND_NOT_UNDER, "cell-1")),
        (TreeChanges(rekinded=(Rekinded("commune", "district"),)), (Problem.KIND_NOT_UNDER, "commune")),
        (TreeChanges(rekinded=(Rekinded("centre", "province"),)), (Problem.KIND_NEEDS_PARENT, "centre")),
        (TreeChanges(founded=(Founded("top", "T", "centre", None),)), (Problem.ROOT_EXISTS, "top")),
        (TreeChanges(linked=(Linked("young", "east"),)), (Problem.PREDECESSOR_TOO_YOUNG, "east")),
        (TreeChanges(linked=(Linked("east", "gone"),)), (Problem.AFTER_END, "gone")),
        (TreeChanges(linked=(Linked("gone", "east"),)), (Problem.LINEAGE_KNOWN, "east")),
    ],
)
def test_what_the_tree_does_not_allow_is_refused(changes: TreeChanges, expected: tuple[Problem, str]) -> None:
    tree = small_tree()
    unit("young", "district", tree["north"], DAY)
    unit("late", "district", tree["north"], date(2022, 1, 1))
    unit("short-lived", "district", tree["north"], until=date(2023, 1, 1))
    gone = unit("gone", "district", tree["north"], until=date(2020, 6, 1))
    changing = unit("changing", "district", tree["north"])
    ledger.rename(changing, "Changed", on=date(2022, 1, 1))
    ledger.link(gone, tree["east"], on=date(2020, 6, 1))
    assert expected in problems(changes)


def test_two_units_under_each_other_are_a_circle() -> None:
    small_tree()
    changes = TreeChanges(
        rekinded=(Rekinded("alone", "agency_committee"), Rekinded("cell-1", "agency_committee")),
        moved=(Moved("alone", "commune"), Moved("commune", "alone")),
    )
    assert {problem for problem, _unit in problems(changes, date(2026, 1, 1))} == {Problem.BELOW_ITSELF}


def test_a_new_root_takes_the_place_of_the_old_one() -> None:
    small_tree()
    changes = TreeChanges(
        founded=(Founded("congress", "Congress", "centre", None),),
        moved=(Moved("north", "congress"), Moved("south", "congress")),
        ended=("centre",),
        linked=(Linked("centre", "congress"),),
    )
    reshape(changes, on=DAY)
    check_constraints_now()
    assert_tree_at_every_date()


def test_what_goes_on_later_is_not_ended_before() -> None:
    tree = small_tree()
    reshape(TreeChanges(ended=("west",), linked=(Linked("west", "south", "merged"),)), on=DAY)
    for code in ("west", "south"):
        with pytest.raises(Refused) as refused:
            reshape(TreeChanges(ended=(code,)), on=EARLIER)
        assert Problem.CHANGED_LATER in {each.problem for each in refused.value.findings}
        with pytest.raises(Refused) as refused:
            ledger.dissolve(tree[code], on=EARLIER)
        assert Problem.CHANGED_LATER in {each.problem for each in refused.value.findings}
    with pytest.raises(Refused) as refused:
        ledger.reopen(tree["west"])
    assert refused.value.findings[0].problem is Problem.ENDED_BY_REFORM


def test_two_reforms_of_a_day_do_not_give_away_more_than_the_whole() -> None:
    small_tree()
    reshape(TreeChanges(linked=(Linked("west", "south", "split", Fraction(2, 3), "area"),)), on=DAY)
    with pytest.raises(Refused) as refused:
        reshape(TreeChanges(linked=(Linked("west", "east", "split", Fraction(1, 2), "area"),)), on=DAY)
    (found,) = refused.value.findings
    assert (found.problem, found.values["unit"]) == (Problem.SHARES_NOT_WHOLE, "west")
    assert Fraction(str(found.values["share"])) == Fraction(7, 6)
    reshape(TreeChanges(linked=(Linked("west", "east", "split", Fraction(1, 3), "area"),)), on=DAY)


class TestUndo:
    def test_not_once_it_holds(self) -> None:
        small_tree()
        written = reshape(TreeChanges(renamed=(Renamed("east", "E"),)), on=DAY)
        with pytest.raises(Refused) as refused:
            undo_reshape(written.reshaping_id, on=DAY)
        assert refused.value.findings[0].problem is Problem.IN_EFFECT
        undo_reshape(written.reshaping_id, on=EARLIER)
        with pytest.raises(Refused) as refused:
            undo_reshape(written.reshaping_id, on=EARLIER)
        assert refused.value.findings[0].problem is Problem.NOTHING_TO_TAKE_BACK

    def test_a_later_value_that_was_joined_comes_back(self) -> None:
        tree = small_tree()
        ledger.rename(tree["east"], "Later", on=date(2022, 1, 1))
        ledger.move(tree["commune"], tree["west"], on=date(2022, 1, 1))
        before = facts()
        changes = TreeChanges(renamed=(Renamed("east", "Later"),), moved=(Moved("commune", "west"),))
        written = reshape(changes, on=DAY)
        assert len([row for row in facts()["names"] if row[0] == "east"]) == 2
        undo_reshape(written.reshaping_id, on=EARLIER)
        assert facts() == before

    @pytest.mark.parametrize("what", ["rename", "move", "found", "link", "dissolve", "reopen"])
    def test_not_under_what_others_have_done_since(self, what: str) -> None:
        tree = small_tree()
        changes = TreeChanges(
            founded=(Founded("hill", "Hill", "district", "north"),),
            renamed=(Renamed("south", "S"),),
            moved=(Moved("commune", "hill"),),
            ended=("alone",),
        )
        written = reshape(changes, on=DAY)
        hill, later = Unit.objects.get(code="hill"), date(2021, 3, 1)
        match what:
            case "rename":
                ledger.rename(tree["south"], "Otherwise", on=later)
            case "move":
                ledger.move(tree["commune"], tree["west"], on=later)
            case "found":
                unit("school", "grassroots_cell", hill, later)
            case "link":
                ledger.link(tree["east"], hill, on=later)
            case "dissolve":
                ledger.move(tree["commune"], tree["west"], on=later)
                ledger.dissolve(hill, on=later)
            case "reopen":
                ledger.reopen(Unit.objects.get(code="alone"))
        before = facts()
        with pytest.raises(Refused) as refused:
            undo_reshape(written.reshaping_id, on=EARLIER)
        problem = Problem.STILL_NAMED if what in ("found", "link") else Problem.CHANGED_SINCE
        assert problem in {finding.problem for finding in refused.value.findings}
        assert facts() == before

    def test_what_others_have_done_elsewhere_stays(self) -> None:
        tree = small_tree()
        written = reshape(TreeChanges(moved=(Moved("commune", "west"),)), on=DAY)
        ledger.rename(tree["commune"], "Renamed", on=date(2021, 5, 1))
        with_others = facts()["names"]
        undo_reshape(written.reshaping_id, on=EARLIER)
        assert facts()["names"] == with_others
        assert_tree_at_every_date()


class TestShares:
    def test_are_no_more_than_the_whole_in_the_database(self) -> None:
        tree = small_tree()
        by_hand = {"on_date": DAY, "how": "split", "by": "area"}
        Lineage.objects.create(
            predecessor=tree["east"], successor=tree["west"], numerator=1, denominator=3, **by_hand
        )
        check_constraints_now()
        Lineage.objects.create(
            predecessor=tree["east"], successor=tree["north"], numerator=2, denominator=3, **by_hand
        )
        check_constraints_now()
        with forgotten():
            Lineage.objects.create(
                predecessor=tree["east"], successor=tree["south"], numerator=1, denominator=10**9, **by_hand
            )
            with pytest.raises(IntegrityError) as error, transaction.atomic():
                check_constraints_now()
        assert constraint_of(error.value) == "tree_lineage_shares_are_a_whole"

    def test_leave_nothing_of_who_ended(self) -> None:
        small_tree()
        changes = TreeChanges(
            ended=("alone",), linked=(Linked("alone", "commune", "split", Fraction(1), "members"),)
        )
        reshape(changes, on=DAY)
        check_constraints_now()
        with forgotten():
            Lineage.objects.update(numerator=1, denominator=2)
            with pytest.raises(IntegrityError), transaction.atomic():
                check_constraints_now()

    @pytest.mark.parametrize(
        "values", ["numerator = 0", "numerator = 2", "denominator = 2", "by = 'chance'", "numerator = -1"]
    )
    def test_of_what_is_not_divided_are_whole(self, values: str) -> None:
        tree = small_tree()
        ledger.link(tree["east"], tree["west"], on=DAY)
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE tree_lineage SET {values}")
