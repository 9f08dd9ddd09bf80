"""What speaks against many changes by themselves, without a database."""

from datetime import date
from fractions import Fraction

import pytest

from plenum.tree.kinds import KINDS
from plenum.tree.models import Became, DividedBy
from plenum.tree.rules import (
    DIVIDED_BY,
    WAYS,
    Founded,
    Linked,
    Moved,
    Problem,
    Rekinded,
    Renamed,
    TreeChanges,
    check_changes,
    check_shares,
)

DAY = date(2025, 7, 1)


def problems(changes: TreeChanges) -> list[tuple[Problem, object]]:
    return [(finding.problem, finding.values["unit"]) for finding in check_changes(KINDS, changes, DAY)]


def divided(share: str, *, by: str = "area", into: str = "new") -> Linked:
    return Linked("old", into, "split", Fraction(share), by)


def test_the_ways_of_the_rules_are_those_of_the_tables() -> None:
    assert set(WAYS) == set(Became.values)
    assert set(DIVIDED_BY) == set(DividedBy.values)


def test_a_whole_reform_has_nothing_against_it() -> None:
    changes = TreeChanges(
        founded=(Founded("new", "New", "province", "centre"),),
        renamed=(Renamed("kept", "Kept on", "K"),),
        rekinded=(Rekinded("kept", "province"),),
        moved=(Moved("kept", "new"),),
        ended=("old", "older"),
        linked=(divided("1/3"), divided("2/3", into="kept"), Linked("older", "new", "merged")),
    )
    assert problems(changes) == []
    assert changes
    assert not TreeChanges()


@pytest.mark.parametrize(
    ("changes", "problem", "unit"),
    [
        (
            TreeChanges(founded=(Founded("No code", "N", "province", "c"),)),
            Problem.CODE_NOT_PLAIN,
            "No code",
        ),
        (TreeChanges(founded=(Founded("a", " ", "province", "c"),)), Problem.NAME_MISSING, "a"),
        (TreeChanges(founded=(Founded("a", "A", "district", "c"),)), Problem.KIND_NOT_IN_FORCE, "a"),
        (TreeChanges(founded=(Founded("a", "A", "province", None),)), Problem.KIND_NEEDS_PARENT, "a"),
        (TreeChanges(renamed=(Renamed("a", "x" * 301),)), Problem.NAME_TOO_LONG, "a"),
        (TreeChanges(rekinded=(Rekinded("a", "kingdom"),)), Problem.KIND_UNKNOWN, "a"),
        (TreeChanges(moved=(Moved("a", "b"), Moved("a", "c"))), Problem.SAID_TWICE, "a"),
        (
            TreeChanges(founded=(Founded("a", "A", "province", "c"),), moved=(Moved("a", "b"),)),
            Problem.SAID_TWICE,
            "a",
        ),
        (TreeChanges(ended=("a",), renamed=(Renamed("a", "B"),)), Problem.ENDS_AND_CHANGES, "a"),
        (TreeChanges(ended=("b",), moved=(Moved("a", "b"),)), Problem.ENDS_AND_IS_NAMED, "a"),
        (
            TreeChanges(ended=("b",), founded=(Founded("a", "A", "province", "b"),)),
            Problem.ENDS_AND_IS_NAMED,
            "a",
        ),
        (TreeChanges(moved=(Moved("a", "a"),)), Problem.BELOW_ITSELF, "a"),
        (TreeChanges(ended=("a", "b"), linked=(Linked("a", "b"),)), Problem.ENDS_AND_IS_NAMED, "a"),
        (TreeChanges(linked=(Linked("a", "a"),)), Problem.LINEAGE_OF_ONE, "a"),
        (TreeChanges(linked=(Linked("a", "b"), Linked("a", "b"))), Problem.LINEAGE_KNOWN, "b"),
        (TreeChanges(linked=(Linked("a", "b", "vanished"),)), Problem.SHARE_NOT_POSSIBLE, "a"),
        (TreeChanges(linked=(divided("1/2", by=""),)), Problem.SHARE_NOT_POSSIBLE, "old"),
        (TreeChanges(linked=(divided("1/2", by="chance"),)), Problem.SHARE_NOT_POSSIBLE, "old"),
        (TreeChanges(linked=(divided("0"),)), Problem.SHARE_NOT_POSSIBLE, "old"),
        (TreeChanges(linked=(divided("1/1000000007"),)), Problem.SHARE_NOT_POSSIBLE, "old"),
        (TreeChanges(ended=("old",), linked=(divided("1/2"),)), Problem.SHARES_NOT_WHOLE, "old"),
        (
            TreeChanges(linked=(divided("2/3"), divided("1/2", into="other"))),
            Problem.SHARES_NOT_WHOLE,
            "old",
        ),
    ],
)
def test_what_cannot_be_is_found(changes: TreeChanges, problem: Problem, unit: str) -> None:
    assert problems(changes) == [(problem, unit)]


def test_shares_of_who_lives_on_may_leave_a_rest() -> None:
    thirds = [Fraction(1, 3)] * 3
    assert check_shares(thirds, ended=True)
    assert check_shares(thirds[:2], ended=False)
    assert not check_shares(thirds[:2], ended=True)
    assert not check_shares([*thirds, Fraction(1, 10**9)], ended=False)
