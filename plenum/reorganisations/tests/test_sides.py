"""The trees before and after as they are drawn: what is marked, what is open, what is only counted."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from plenum.reorganisations.rules import (
    Branch,
    Dissolve,
    Merge,
    Move,
    NewUnit,
    Part,
    Plan,
    Rename,
    Sign,
    Snapshot,
    Split,
    Standing,
    Step,
    outcome,
    sides,
)
from plenum.reorganisations.rules.sides import MOST_CHILDREN

DAY, LATER = date(2025, 1, 1), date(2025, 7, 1)


class AnyKind:
    """Every kind may stand anywhere."""

    def knows(self, kind: str) -> bool:
        return True

    def holds(self, kind: str, on: date) -> bool:
        return True

    def may_stand_under(self, kind: str, parent_kind: str | None, on: date) -> bool:
        return True


def tree(**parents: str) -> Snapshot:
    units = {"top": Standing(1, "top", "Top", "", "k", None)}
    for number, (code, parent) in enumerate(parents.items(), start=2):
        units[code] = Standing(number, code, code.title(), "", "k", parent)
    return Snapshot(DAY, units)


def drawn(branch: Branch | None) -> Iterator[Branch]:
    if branch is not None:
        yield branch
        for below in branch.below or ():
            yield from drawn(below)


def signs(branch: Branch | None) -> dict[str, list[str]]:
    return {each.unit.code: [mark.sign.value for mark in each.marks] for each in drawn(branch)}


def both(
    before: Snapshot, *steps: Step, opened: tuple[str, ...] = (), day: date | None = None
) -> list[Branch | None]:
    came = outcome(Plan("p", "P", DAY, "top", steps=steps), before, AnyKind())
    assert not came.blocks
    found = sides(came, "top", opened, day)
    return [found.before, found.after]


def test_a_merge_is_marked_on_both_sides_and_what_stays_is_only_counted_after() -> None:
    new = NewUnit("ab", "Ab", "k", "top")
    before, after = both(tree(a="top", b="top", c="top", cell="a"), Merge(from_=("a", "b"), into=new))
    assert signs(before) == {"top": [], "a": ["goes_on"], "cell": ["moves"], "b": ["goes_on"], "c": []}
    assert signs(after) == {"top": [], "ab": ["new", "takes"], "cell": ["moved"]}
    assert after is not None
    assert after.hidden == 1
    whole = both(tree(a="top", b="top", c="top"), Merge(from_=("a", "b"), into=new), opened=("top",))[1]
    assert "c" in signs(whole)


def test_a_division_says_the_shares() -> None:
    parts = tuple(
        Part(unit=code, share=share) for code, share in (("b", Fraction(2, 3)), ("c", Fraction(1, 3)))
    )
    before, after = both(tree(a="top", b="top", c="top"), Split(from_="a", into=parts))
    marks = {each.unit.code: each.marks for each in drawn(before)}
    assert marks["a"][0].units == (("b", "B", Fraction(2, 3)), ("c", "C", Fraction(1, 3)))
    assert {each.unit.code: each.marks[0].units for each in drawn(after) if each.marks}["c"] == (
        ("a", "A", Fraction(1, 3)),
    )


def test_a_day_is_looked_at_by_itself() -> None:
    steps = (Dissolve(unit="a"), Rename(unit="b", name="Other", on=LATER), Move(unit="c", to="b", on=LATER))
    units = tree(a="top", b="top", c="top")
    first, _after = both(units, *steps, day=DAY)
    assert signs(first) == {"top": [], "a": ["ends"], "b": [], "c": []}
    before, after = both(units, *steps, day=LATER)
    assert signs(before) == {"top": [], "b": ["changes"], "c": ["moves"]}
    assert signs(after) == {"top": [], "b": ["renamed"], "c": ["moved"]}
    together, _after = both(units, *steps)
    assert signs(together)["a"] == [Sign.ENDS.value]
    assert signs(together)["c"] == [Sign.MOVES.value]


def test_what_changes_is_drawn_even_where_there_are_too_many() -> None:
    many = {f"u{number:03}": "top" for number in range(MOST_CHILDREN * 2)}
    before, _after = both(tree(**many), Dissolve(unit="u119"))
    assert before is not None
    assert before.hidden == MOST_CHILDREN
    assert signs(before)["u119"] == ["ends"]
