"""The rules of the tree, without a database and with a pack of three kinds."""

from datetime import date

import pytest

from plenum.periods import Span
from plenum.tree import rules
from plenum.tree.rules import Child, Held, Life, Name, Problem

Y20, Y21, Y22, Y23, Y24 = (date(year, 1, 1) for year in range(2020, 2025))


class ThreeKinds:
    """`top` stands alone; `mid` under top; `low` under mid, and under top from 2022. `mid` ends with 2023."""

    def knows(self, kind: str) -> bool:
        return kind in ("top", "mid", "low")

    def holds(self, kind: str, on: date) -> bool:
        return kind != "mid" or on < Y24

    def may_stand_under(self, kind: str, parent_kind: str | None, on: date) -> bool:
        pairs: set[tuple[str, str | None]] = {("top", None), ("mid", "top"), ("low", "mid")}
        if on >= Y22:
            pairs.add(("low", "top"))
        return (kind, parent_kind) in pairs and self.holds(kind, on)


KINDS = ThreeKinds()


def life(
    code: str = "u", kind: str = "mid", start: date = Y20, end: date | None = None, parent: int | None = 1
) -> Life:
    span = Span(start, end)
    return Life(code, span, (Held(Name(code), span),), (Held(kind, span),), (Held(parent, span),))


def problems(findings: list[rules.Finding]) -> list[tuple[Problem, str]]:
    return [(finding.problem, finding.field) for finding in findings]


class TestStrands:
    def test_a_change_holds_to_the_end(self) -> None:
        assert rules.change_strand([Held("a", Span(Y20))], "b", Y21) == (
            Held("a", Span(Y20, Y21)),
            Held("b", Span(Y21)),
        )

    def test_a_change_dated_back_holds_until_the_next_later_one(self) -> None:
        strand = [Held("a", Span(Y20, Y23)), Held("c", Span(Y23))]
        assert rules.change_strand(strand, "b", Y21) == (
            Held("a", Span(Y20, Y21)), Held("b", Span(Y21, Y23)), Held("c", Span(Y23)),
        )  # fmt: skip

    def test_a_change_dated_back_to_what_follows_makes_one_of_both(self) -> None:
        strand = [Held("a", Span(Y20, Y23)), Held("b", Span(Y23))]
        assert rules.change_strand(strand, "b", Y21) == (Held("a", Span(Y20, Y21)), Held("b", Span(Y21)))

    def test_ending_reopening_and_taking_back(self) -> None:
        strand = (Held("a", Span(Y20, Y21)), Held("b", Span(Y21)))
        ended = rules.end_strand(strand, Y22)
        assert ended == (Held("a", Span(Y20, Y21)), Held("b", Span(Y21, Y22)))
        assert rules.reopen_strand(ended, None) == strand
        assert rules.without_last(ended) == (Held("a", Span(Y20, Y22)),)


class TestChanging:
    @pytest.mark.parametrize(
        ("value", "on", "problem"),
        [
            ("b", date(2019, 5, 5), Problem.BEFORE_FOUNDING),
            ("b", Y23, Problem.AFTER_END),
            ("mid", Y21, Problem.UNCHANGED),
            ("b", Y20, Problem.CHANGED_THAT_DAY),
        ],
    )
    def test_a_day_outside_the_life_or_nothing_to_change(
        self, value: str, on: date, problem: Problem
    ) -> None:
        unit = life(end=Y23)
        assert [f.problem for f in rules.check_change(unit.kinds, unit, value, on, "kind")] == [problem]

    def test_a_change_inside_the_life_is_free(self) -> None:
        unit = life(end=Y23)
        assert rules.check_change(unit.kinds, unit, "low", Y22, "kind") == []


class TestFounding:
    def check(
        self,
        *,
        code: str = "n",
        name: str = "N",
        kind: str = "low",
        parent: Life | None = None,
        span: Span,
        roots: tuple[Life, ...] = (),
    ) -> list[tuple[Problem, str]]:
        found = rules.check_founding(
            KINDS, code=code, name=Name(name), kind=kind, parent=parent, span=span, roots=roots
        )
        return problems(found)

    def test_what_fits(self) -> None:
        assert self.check(parent=life(), span=Span(Y21)) == []
        assert self.check(kind="top", span=Span(Y21)) == []

    def test_codes_and_names(self) -> None:
        for code in ("", "A", "a b", "-a", "a-", "a--b", "đ", "a_b", "a" * 81):
            assert self.check(code=code, parent=life(), span=Span(Y21)) == [
                (Problem.CODE_NOT_PLAIN, "code")
            ], code
        assert self.check(name=" ", parent=life(), span=Span(Y21)) == [(Problem.NAME_MISSING, "name")]
        assert self.check(name="x" * 301, parent=life(), span=Span(Y21)) == [(Problem.NAME_TOO_LONG, "name")]

    def test_kinds(self) -> None:
        assert self.check(kind="moon", parent=life(), span=Span(Y21)) == [(Problem.KIND_UNKNOWN, "kind")]
        top = life("t", "top", parent=None)
        assert self.check(kind="mid", parent=top, span=Span(Y24)) == [(Problem.KIND_NOT_IN_FORCE, "kind")]
        assert self.check(parent=top, span=Span(Y21)) == [(Problem.KIND_NOT_UNDER, "parent")]
        assert self.check(parent=top, span=Span(Y22)) == []

    def test_a_child_does_not_outlive_its_parent(self) -> None:
        ends = life(end=Y23)
        assert self.check(parent=ends, span=Span(Y21)) == [(Problem.PARENT_NOT_ALIVE, "parent")]
        assert self.check(parent=ends, span=Span(Y21, Y23)) == []
        assert self.check(parent=life(start=Y22), span=Span(Y21)) == [(Problem.PARENT_NOT_ALIVE, "parent")]

    def test_one_root(self) -> None:
        root = life("t", "top", parent=None)
        assert self.check(kind="top", span=Span(Y21), roots=(root,)) == [(Problem.ROOT_EXISTS, "parent")]
        assert self.check(kind="low", span=Span(Y21)) == [(Problem.KIND_NEEDS_PARENT, "parent")]


class TestMoving:
    def test_below_itself(self) -> None:
        found = rules.check_move(KINDS, life(), 9, life("n", "top", parent=None), Y21, [Span(Y20)])
        assert problems(found) == [(Problem.BELOW_ITSELF, "parent")]

    def test_below_itself_only_after_a_later_move_of_its_own_is_no_cycle(self) -> None:
        span = Span(Y20)
        unit = Life(
            "u",
            span,
            (Held(Name("u"), span),),
            (Held("mid", span),),
            (Held(1, Span(Y20, Y22)), Held(2, Span(Y22))),
        )
        assert rules.check_move(KINDS, unit, 9, life("n", "top", parent=None), Y21, [Span(Y23)]) == []

    def test_a_later_kind_that_does_not_fit_refuses_a_move_dated_back(self) -> None:
        span = Span(Y20)
        parent = Life(
            "n",
            span,
            (Held(Name("n"), span),),
            (Held("top", Span(Y20, Y22)), Held("low", Span(Y22))),
            (Held(None, span),),
        )
        found = rules.check_move(KINDS, life(), 9, parent, Y21, [])
        assert problems(found) == [(Problem.KIND_NOT_UNDER, "parent")]
        assert found[0].values["on"] == Y22


class TestChangingKind:
    def test_parents_and_children_must_fit(self) -> None:
        top = life("t", "top", parent=None)
        child = Child(life("c", "low"), Span(Y20))
        assert rules.check_kind_change(KINDS, life(), "low", Y22, {1: top}, []) == []
        assert problems(rules.check_kind_change(KINDS, life(), "low", Y21, {1: top}, [])) == [
            (Problem.KIND_NOT_UNDER, "kind")
        ]
        assert problems(rules.check_kind_change(KINDS, life(), "low", Y22, {1: top}, [child])) == [
            (Problem.CHILD_KIND_NOT_UNDER, "kind")
        ]
        gone = Child(life("c", "low", end=Y22), Span(Y20, Y22))
        assert rules.check_kind_change(KINDS, life(), "low", Y22, {1: top}, [gone]) == []


class TestDissolving:
    def test_children_later_changes_and_days(self) -> None:
        unit = life()
        assert rules.check_dissolution(unit, Y21, []) == []
        assert problems(rules.check_dissolution(unit, Y20, [])) == [(Problem.BEFORE_FOUNDING, "since")]
        assert problems(rules.check_dissolution(life(end=Y22), Y23, [])) == [(Problem.ALREADY_ENDED, "since")]
        assert rules.check_dissolution(life(end=Y22), Y21, []) == []
        alive, gone = Child(life("a"), Span(Y20)), Child(life("b", end=Y21), Span(Y20, Y21))
        [found] = rules.check_dissolution(unit, Y21, [alive, gone])
        assert (found.problem, found.values["count"], found.values["codes"]) == (
            Problem.CHILDREN_ALIVE,
            1,
            "a",
        )
        renamed = Life(
            "u",
            Span(Y20),
            (Held(Name("u"), Span(Y20, Y22)), Held(Name("v"), Span(Y22))),
            unit.kinds,
            unit.places,
        )
        [later] = rules.check_dissolution(renamed, Y21, [])
        assert (later.problem, later.values["on"]) == (Problem.CHANGED_LATER, Y22)

    def test_reopening(self) -> None:
        ended, parent = life(end=Y22), life("t", "top", parent=None)
        assert rules.check_reopening(KINDS, ended, parent, []) == []
        assert problems(rules.check_reopening(KINDS, life(), parent, [])) == [
            (Problem.NOTHING_TO_TAKE_BACK, "what")
        ]
        gone = life("t", "top", end=Y22, parent=None)
        assert problems(rules.check_reopening(KINDS, ended, gone, [])) == [(Problem.PARENT_NOT_ALIVE, "what")]
        root = life("r", "top", start=Y23, parent=None)
        assert problems(rules.check_reopening(KINDS, ended, None, [root])) == [(Problem.ROOT_EXISTS, "what")]


def test_lineage() -> None:
    old, new = life("o", end=Y22), life("n", start=Y22)
    assert rules.check_lineage(old, new, Y22, known=False) == []
    assert problems(rules.check_lineage(old, old, Y22, known=False)) == [
        (Problem.LINEAGE_OF_ONE, "predecessors")
    ]
    assert problems(rules.check_lineage(old, new, Y22, known=True)) == [
        (Problem.LINEAGE_KNOWN, "predecessors")
    ]
    assert problems(rules.check_lineage(new, old, Y21, known=False)) == [
        (Problem.PREDECESSOR_TOO_YOUNG, "predecessors")
    ]
