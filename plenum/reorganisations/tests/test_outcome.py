"""What plans come to: every unit has one fate, nothing is orphaned, the order of steps says nothing."""

import random
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plenum.reorganisations.rules import (
    ChangeKind,
    Dissolve,
    EndLevel,
    Fate,
    Found,
    Heir,
    Merge,
    Move,
    NewUnit,
    Outcome,
    Part,
    Plan,
    Problem,
    Rename,
    Snapshot,
    Split,
    SplitBy,
    Standing,
    Step,
    Successor,
    outcome,
)

DAY = date(2025, 7, 1)
LATER = date(2025, 10, 1)
LEVELS = ("centre", "province", "district", "commune", "cell")


class Kinds:
    """Each kind stands under any higher one; the district may not be chosen any more from the day."""

    def knows(self, kind: str) -> bool:
        return kind in LEVELS

    def holds(self, kind: str, on: date) -> bool:
        return kind != "district" or on < DAY

    def may_stand_under(self, kind: str, parent_kind: str | None, on: date) -> bool:
        if parent_kind is None:
            return kind == "centre"
        return LEVELS.index(parent_kind) < LEVELS.index(kind)


class AnyKinds(Kinds):
    """Every kind may stand everywhere, so that only the shape of the tree is judged."""

    def holds(self, kind: str, on: date) -> bool:
        return True

    def may_stand_under(self, kind: str, parent_kind: str | None, on: date) -> bool:
        return True


def tree(places: Mapping[str, str | None], kinds: Mapping[str, str] | None = None) -> Snapshot:
    """A tree of units that are called as their codes."""
    return Snapshot(
        DAY,
        {
            code: Standing(number, code, code.upper(), "", (kinds or {}).get(code, "cell"), parent)
            for number, (code, parent) in enumerate(places.items(), start=1)
        },
        frozenset({"gone"}),
    )


def _part_of(unit: str, other: str) -> Split:
    """A unit that lives on and gives half of itself to another."""
    half = Fraction(1, 2)
    return Split(from_=unit, into=(Part(unit=unit, share=half), Part(unit=other, share=half)))


def plan(*steps: Step) -> Plan:
    return Plan("r", "Reform", DAY, "top", steps=steps)


COUNTRY = tree(
    {
        "top": None,
        "p1": "top",
        "p2": "top",
        "d1": "p1",
        "d2": "p2",
        "c1": "d1",
        "c2": "d1",
        "c3": "d2",
        "x1": "c1",
        "x2": "c2",
        "x3": "c3",
    },
    {
        "top": "centre",
        "p1": "province",
        "p2": "province",
        "d1": "district",
        "d2": "district",
        "c1": "commune",
        "c2": "commune",
        "c3": "commune",
    },
)


def new(code: str, parent: str, kind: str = "commune") -> NewUnit:
    return NewUnit(code, code.upper(), kind, parent)


def test_a_merger_ends_units_and_brings_what_is_below_them_along() -> None:
    came = outcome(
        plan(Merge(from_=("c1", "c2"), into=new("c9", "p1")), EndLevel(kind="district")), COUNTRY, Kinds()
    )
    assert [finding for finding in came.findings if finding.blocks] == []
    parents = {code: unit.parent for code, unit in came.after.units.items()}
    assert parents == {
        "top": None,
        "p1": "top",
        "p2": "top",
        "c9": "p1",
        "c3": "p2",
        "x1": "c9",
        "x2": "c9",
        "x3": "c3",
    }
    assert came.fate_of("c1") is Fate.MERGED
    assert came.fate_of("d1") is Fate.DISSOLVED
    assert came.fate_of("x1") is Fate.CHANGES
    assert came.fate_of("p1") is Fate.STAYS
    assert came.heirs["c1"] == (Heir("c9", Fraction(1), "merged"),)


def test_what_stood_under_a_merged_superior_goes_with_it_when_its_level_ends() -> None:
    came = outcome(plan(Merge(from_=("p1", "p2"), into="p2"), EndLevel(kind="district")), COUNTRY, Kinds())
    assert not came.blocks
    assert came.after.units["c1"].parent == "p2"
    assert "p1" not in came.after.units


def test_a_unit_that_becomes_its_own_superior_stands_where_that_stood() -> None:
    came = outcome(plan(Merge(from_=("d1",), into="c1")), COUNTRY, AnyKinds())
    assert came.after.units["c1"].parent == "p1"
    assert came.after.units["c2"].parent == "c1"


def test_a_divided_unit_gives_shares_and_lists_what_goes_where() -> None:
    parts = (
        Part(unit=new("c8", "p1"), share=Fraction(1, 3), children=("x1",)),
        Part(unit="c2", share=Fraction(2, 3)),
    )
    came = outcome(plan(Split(from_="c1", into=parts, by=SplitBy.AREA)), COUNTRY, Kinds())
    assert not came.blocks
    assert came.after.units["x1"].parent == "c8"
    assert [(link.successor, link.share, link.by) for link in came.phases[0].changes.linked] == [
        ("c2", Fraction(2, 3), "area"),
        ("c8", Fraction(1, 3), "area"),
    ]
    lost = outcome(
        plan(Split(from_="c1", into=(parts[1], Part(unit="c3", share=Fraction(1, 3))))), COUNTRY, Kinds()
    )
    assert [(f.problem, f.unit) for f in lost.findings if f.blocks] == [(Problem.LEFT_WITHOUT_PARENT, "x1")]


def test_heirs_are_followed_over_several_days() -> None:
    came = outcome(
        plan(
            Split(
                from_="x1",
                into=(
                    Part(unit="x2", share=Fraction(1, 4)),
                    Part(unit=new("x9", "c1", "cell"), share=Fraction(3, 4)),
                ),
            ),
            Merge(from_=("x9", "x2"), into=new("x10", "c1", "cell"), on=LATER),
        ),
        COUNTRY,
        Kinds(),
    )
    assert [finding.problem for finding in came.findings] == [Problem.SEVERAL_DAYS]
    assert [(heir.code, heir.share) for heir in came.heirs["x1"]] == [("x10", Fraction(1))]
    assert [phase.on for phase in came.phases] == [DAY, LATER]


@pytest.mark.parametrize(
    ("steps", "problem", "unit"),
    [
        ([Dissolve(unit="nobody")], Problem.UNIT_UNKNOWN, "nobody"),
        ([Dissolve(unit="gone")], Problem.UNIT_ENDED, "gone"),
        ([Move(unit="x1", to="nobody")], Problem.UNIT_UNKNOWN, "nobody"),
        (
            [Merge(from_=("c1",), into="c9"), Found(unit=new("c9", "p1"), on=LATER)],
            Problem.NEEDS_EARLIER_STEP,
            "c9",
        ),
        ([Dissolve(unit="x1"), Rename(unit="x1", name="N", on=LATER)], Problem.ENDED_BY_EARLIER_STEP, "x1"),
        ([Found(unit=new("c1", "p1"))], Problem.CODE_TAKEN, "c1"),
        ([Found(unit=new("gone", "p1"))], Problem.CODE_TAKEN, "gone"),
        ([Found(unit=new("c9", "p1")), Found(unit=new("c9", "p2"))], Problem.SAID_TWICE, "c9"),
        ([Move(unit="x1", to="c2"), Move(unit="x1", to="c3")], Problem.SAID_TWICE, "x1"),
        ([Dissolve(unit="x1"), Merge(from_=("x1",), into="x2")], Problem.TWO_FATES, "x1"),
        ([Dissolve(unit="x1"), Rename(unit="x1", name="N")], Problem.ENDS_AND_CHANGES, "x1"),
        ([Dissolve(unit="x2"), Merge(from_=("x1",), into="x2")], Problem.TARGET_ENDS, "x2"),
        ([_part_of("x1", "x2"), Dissolve(unit="x2")], Problem.TARGET_ENDS, "x2"),
        ([_part_of("x1", "x2"), Merge(from_=("x1",), into="x3")], Problem.TWO_FATES, "x1"),
        ([Found(unit=new("c9", "p1")), Rename(unit="c9", name="N")], Problem.FOUNDED_AND_CHANGES, "c9"),
        (
            [Split(from_="c1", into=(Part(unit="c2", share=Fraction(1), children=("x3",)),))],
            Problem.NOT_BELOW,
            "x3",
        ),
        ([Merge(from_=("c1",), into="c1")], Problem.LINEAGE_OF_ONE, "c1"),
        ([Split(from_="x1", into=(Part(unit="x2", share=Fraction(1, 2)),))], Problem.SHARES_NOT_WHOLE, "x1"),
        ([Dissolve(unit="c1")], Problem.LEFT_WITHOUT_PARENT, "x1"),
        ([Move(unit="d1", to="x1")], Problem.BELOW_ITSELF, "d1"),
        ([ChangeKind(unit="x1", kind="band")], Problem.KIND_UNKNOWN, "x1"),
        ([ChangeKind(unit="c1", kind="district")], Problem.KIND_NOT_IN_FORCE, "c1"),
        ([Move(unit="c1", to="x3")], Problem.KIND_NOT_UNDER, "c1"),
        ([ChangeKind(unit="c1", kind="cell")], Problem.KIND_NOT_UNDER, "x1"),
        ([ChangeKind(unit="top", kind="province")], Problem.KIND_NEEDS_PARENT, "top"),
        ([Found(unit=new("t2", "", "centre"))], Problem.ROOT_EXISTS, "t2"),
        ([], Problem.NO_STEP, ""),
    ],
)
def test_what_cannot_be_is_found(steps: list[Step], problem: Problem, unit: str) -> None:
    came = outcome(plan(*steps), COUNTRY, Kinds())
    assert (problem, unit) in {(finding.problem, finding.unit) for finding in came.findings}
    assert came.blocks


def test_what_is_only_odd_does_not_block() -> None:
    came = outcome(
        plan(
            Rename(unit="x1", name="X1"),
            Move(unit="x2", to="c1"),
            Rename(unit="x2", name="x1"),
            EndLevel(kind="centre", under="p1"),
        ),
        COUNTRY,
        Kinds(),
    )
    assert {finding.problem for finding in came.findings} == {
        Problem.UNCHANGED,
        Problem.NAMES_CLASH,
        Problem.NO_UNIT_OF_KIND,
    }
    assert not came.blocks


@st.composite
def trees(draw: st.DrawFn) -> Snapshot:
    size = draw(st.integers(2, 14))
    places: dict[str, str | None] = {"u0": None}
    for number in range(1, size):
        places[f"u{number}"] = f"u{draw(st.integers(0, number - 1))}"
    kinds = {code: draw(st.sampled_from(("district", "commune", "cell"))) for code in places if code != "u0"}
    return tree(places, kinds | {"u0": "centre"})


@st.composite
def reforms(draw: st.DrawFn) -> tuple[Snapshot, list[Step]]:
    """A tree and steps on it, of every sort, on two days, many of which can stand and some of which cannot."""
    snapshot = draw(trees())
    codes = sorted(snapshot.units)
    some = st.sampled_from(codes)
    steps: list[Step] = []
    for number in range(draw(st.integers(1, 5))):
        on = draw(st.sampled_from((None, None, LATER)))
        into: Successor = draw(some) if draw(st.booleans()) else new(f"n{number}", draw(some))
        match draw(
            st.sampled_from(("found", "merge", "split", "move", "rename", "kind", "dissolve", "level"))
        ):
            case "found":
                steps.append(Found(unit=new(f"n{number}", draw(some)), on=on))
            case "merge":
                steps.append(
                    Merge(
                        from_=tuple(draw(st.lists(some, min_size=1, max_size=3, unique=True))),
                        into=into,
                        on=on,
                    )
                )
            case "split":
                code = draw(some)
                below = [each for each, unit in snapshot.units.items() if unit.parent == code]
                cut = draw(st.integers(0, len(below)))
                share = Fraction(draw(st.integers(1, 6)), 7)
                other = draw(some)
                parts = (
                    Part(unit=into, share=share, children=tuple(below[:cut])),
                    Part(unit=other, share=1 - share, children=tuple(below[cut:])),
                )
                steps.append(Split(from_=code, into=parts, on=on))
            case "move":
                steps.append(Move(unit=draw(some), to=draw(some), on=on))
            case "rename":
                steps.append(Rename(unit=draw(some), name=f"Name {number}", on=on))
            case "kind":
                steps.append(ChangeKind(unit=draw(some), kind="province", on=on))
            case "dissolve":
                steps.append(Dissolve(unit=draw(some), children_to=draw(st.none() | some), on=on))
            case _:
                steps.append(EndLevel(kind="district", under=draw(st.none() | some), on=on))
    return snapshot, steps


def is_tree(units: Mapping[str, Standing]) -> bool:
    """Whether every unit comes to the one root by its superiors."""
    roots = [unit for unit in units.values() if unit.parent is None]
    for unit in units.values():
        seen: set[str] = set()
        at: str | None = unit.code
        while at is not None:
            if at in seen or at not in units:
                return False
            seen.add(at)
            at = units[at].parent
    return len(roots) == 1


def replayed(came: Outcome) -> dict[str, Standing]:
    """The tree that the listed changes alone give, applied one by one."""
    units = dict(came.before.units)
    for phase in came.phases:
        changes = phase.changes
        for founded in changes.founded:
            units[founded.code] = Standing(
                None, founded.code, founded.name, founded.short, founded.kind, founded.parent
            )
        for renamed in changes.renamed:
            units[renamed.code] = units[renamed.code]._replace(name=renamed.name, short=renamed.short)
        for rekinded in changes.rekinded:
            units[rekinded.code] = units[rekinded.code]._replace(kind=rekinded.kind)
        for moved in changes.moved:
            units[moved.code] = units[moved.code]._replace(parent=moved.parent)
        for code in changes.ended:
            del units[code]
    return units


@settings(max_examples=1000, deadline=None)
@given(reforms(), st.randoms(use_true_random=False))
def test_whatever_is_planned_every_unit_has_one_fate_and_nothing_is_orphaned(
    reform: tuple[Snapshot, list[Step]], chance: random.Random
) -> None:
    snapshot, steps = reform
    came = outcome(plan(*steps), snapshot, AnyKinds())
    shuffled: Sequence[Step] = chance.sample(steps, len(steps))
    again = outcome(plan(*shuffled), snapshot, AnyKinds())
    assert again.blocks == came.blocks
    if came.blocks:
        return
    assert again.digest() == came.digest()
    assert again.phases == came.phases
    assert is_tree(came.after.units)
    assert all(is_tree(phase.after.units) for phase in came.phases)
    assert replayed(came) == dict(came.after.units)
    for code in snapshot.units:
        lives = code in came.after.units
        assert lives == (came.fate_of(code) in (Fate.STAYS, Fate.CHANGES))
        assert lives == (code not in came.heirs)
        if came.fate_of(code) is Fate.STAYS:
            assert came.after.units[code] == snapshot.units[code]
        if came.fate_of(code) is Fate.DISSOLVED:
            assert came.heirs[code] == ()
        if came.fate_of(code) in (Fate.MERGED, Fate.SPLIT) and all(
            heir.code in came.after.units for heir in came.heirs[code]
        ):
            total = sum(heir.share for heir in came.heirs[code])
            assert total == 1 or (total < 1 and later_dissolved(came)), (
                "a part may be dissolved on a later day"
            )


def later_dissolved(came: Outcome) -> bool:
    """Whether a unit ends without successor on a day after the first."""
    return any(
        code not in {link.predecessor for link in phase.changes.linked}
        for phase in came.phases[1:]
        for code in phase.changes.ended
    )


def test_random_reforms_are_often_possible_and_often_not() -> None:
    """So that the property above is asked of both."""
    found: list[bool] = []

    @settings(max_examples=200, database=None, derandomize=True)
    @given(reforms())
    def look(reform: tuple[Snapshot, list[Step]]) -> None:
        found.append(outcome(plan(*reform[1]), reform[0], AnyKinds()).blocks)

    look()
    assert found.count(False) > 25
    assert found.count(True) > 25
