"""Figures, posts and sizes after a plan: worked out from pieces, and held against adding everything up one by one."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings

from plenum.reorganisations.rules import (
    Amount,
    Dissolve,
    Limits,
    Merge,
    Move,
    NewUnit,
    Outcome,
    Part,
    Payroll,
    Plan,
    Problem,
    Snapshot,
    Split,
    Step,
    Unreadable,
    amounts_after,
    check_payroll,
    from_data,
    judge_sizes,
    left,
    named_in,
    not_conserved,
    outcome,
    payroll_result,
    pieces_of,
    prospects,
    read_sheets,
    read_toml,
    write_sheets,
    write_toml,
)
from plenum.reorganisations.rules.prospects import Amounts, Prospect
from plenum.reorganisations.tests.test_outcome import AnyKinds, plan, reforms, tree

DAY = date(2025, 7, 1)


def line(units: Snapshot, code: str | None) -> list[str]:
    found = []
    while code is not None:
        found.append(code)
        code = units.units[code].parent
    return found


def rollups(units: Snapshot, own: dict[str, Fraction]) -> dict[str, Fraction]:
    """What counts at each unit: its own and that of everything below it, one by one."""
    found: dict[str, Fraction] = {}
    for code, value in own.items():
        for above in line(units, code):
            found[above] = found.get(above, Fraction(0)) + value
    return found


def brute(came: Outcome, own: dict[str, int]) -> dict[str, Fraction]:
    """Where what each unit has reported itself counts afterwards."""
    after = came.after.units
    ended = {each.code: each for each in left(came)}
    parts: dict[str, list[tuple[str, Fraction]]] = {}
    for phase in came.phases:
        for link in phase.changes.linked:
            if link.by and link.predecessor in after and link.predecessor in came.before.units:
                heirs = (
                    [(link.successor, Fraction(1))]
                    if link.successor in after
                    else [(heir.code, heir.share) for heir in came.heirs.get(link.successor, ())]
                )
                parts.setdefault(link.predecessor, []).extend((to, link.share * share) for to, share in heirs)
    at: dict[str, Fraction] = {}

    def give(code: str, value: Fraction) -> None:
        at[code] = at.get(code, Fraction(0)) + value

    for code, value in own.items():
        if code in ended:
            heirs = [(heir.code, heir.share) for heir in came.heirs[code] if heir.code in after]
            above = ended[code].above
            rest = 1 - sum((share for _to, share in heirs), Fraction(0))
            for to, share in [*heirs, *([(str(above), rest)] if above in after else [])]:
                give(to, value * share)
        else:
            gone = parts.get(code, [])
            for to, share in gone:
                give(to, value * share)
            give(code, value * (1 - sum((share for _to, share in gone), Fraction(0))))
    return rollups(came.after, at)


def worked_out(came: Outcome, own: dict[str, int]) -> dict[str, Fraction]:
    before = rollups(came.before, {code: Fraction(value) for code, value in own.items()})
    units = rollups(came.before, dict.fromkeys(own, Fraction(1)))
    known: dict[str, Amounts] = {
        code: {"s": (int(value), int(units[code]))} for code, value in before.items()
    }
    changed = prospects(came, pieces_of(came))
    found = {}
    for code in came.after.units:
        amounts = amounts_after(known.get(code, {}), changed.get(code, Prospect(())), known)
        if "s" in amounts:
            found[code] = amounts["s"].value
    return found


@settings(max_examples=200, deadline=None)
@given(reforms())
def test_pieces_come_to_what_adding_up_every_unit_comes_to(reform: tuple[Snapshot, list[Step]]) -> None:
    snapshot, steps = reform
    came = outcome(plan(*steps), snapshot, AnyKinds())
    if came.blocks:
        return
    own = {code: 10 ** (number % 7) + number for number, code in enumerate(snapshot.units)}
    found, right = worked_out(came, own), brute(came, own)
    assert {code: value for code, value in found.items() if value} == {
        code: value for code, value in right.items() if value
    }


COUNTRY = tree(
    {"top": None, "east": "top", "west": "top", "a": "east", "b": "east", "c": "west", "a1": "a", "b1": "b"}
)
KNOWN: dict[str, Amounts] = {
    "top": {"s": (100, 4)},
    "east": {"s": (70, 3)},
    "west": {"s": (30, 1)},
    "a": {"s": (40, 2)},
    "b": {"s": (30, 1)},
    "c": {"s": (30, 1)},
    "a1": {"s": (15, 1)},
}


def after(*steps: Step) -> dict[str, Any]:
    came = outcome(plan(*steps), COUNTRY, AnyKinds())
    assert not came.blocks, came.findings
    pieces = pieces_of(came)
    changed = prospects(came, pieces)
    assert named_in(pieces) <= COUNTRY.units.keys()
    found = {}
    for code in came.after.units:
        amounts = amounts_after(KNOWN.get(code, {}), changed.get(code, Prospect(())), KNOWN)
        if "s" in amounts:
            found[code] = (amounts["s"].value, amounts["s"].estimated)
    top = amounts_after(KNOWN["top"], changed.get("top", Prospect(())), KNOWN)
    assert not_conserved(KNOWN["top"], top) == []
    return found


def test_a_merged_unit_has_the_sum_of_its_predecessors() -> None:
    found = after(Merge(from_=("a", "c"), into=NewUnit("n", "N", "cell", "west")))
    assert found["n"] == (70, False)
    assert (found["east"], found["west"]) == ((30, False), (70, False))


def test_of_a_divided_unit_only_what_it_reported_itself_is_estimated() -> None:
    parts = (Part(unit="b", share=Fraction(1, 4), children=("a1",)), Part(unit="c", share=Fraction(3, 4)))
    found = after(Split(from_="a", into=parts))
    assert found["b"] == (30 + 15 + Fraction(25, 4), True)
    assert found["c"] == (30 + Fraction(75, 4), True)
    assert found["a1"] == (15, False)
    assert found["east"] == (70 - Fraction(75, 4), True)
    assert found["top"] == (100, False), "what stands above all of it is exact"


def test_a_unit_that_moves_takes_all_of_its_figures_and_a_dissolved_one_leaves_them_above() -> None:
    found = after(Move(unit="a", to="west"))
    assert (found["east"], found["west"]) == ((30, False), (70, False))
    found = after(Dissolve(unit="b", children_to="c"))
    assert found["east"] == (70, False)
    assert found["c"] == (30, False), "nobody below the dissolved one has reported anything"


def test_a_total_that_changes_is_named() -> None:
    assert not_conserved({"s": (3, 1), "t": (1, 1)}, {"s": Amount(Fraction(3), False)}) == ["t"]
    assert not_conserved({}, {"u": Amount(Fraction(1), False)}) == ["u"]


# --- posts --------------------------------------------------------------------------------------------------------

PAYROLL = Payroll("members.total", Fraction(-5), 2026, (("east", 60), ("c", 30)))


def heads(**of: int) -> dict[str, tuple[Fraction, bool]]:
    return {code: (Fraction(value), False) for code, value in of.items()}


def test_a_target_is_met_or_missed_by_percentage_points() -> None:
    met: Any = payroll_result(PAYROLL, heads(east=70, c=30), [], COUNTRY)
    assert (met.heads, met.posts, met.change, met.met) == (100, 90, -10, True)
    assert met.points_from_target == -5
    missed: Any = payroll_result(PAYROLL, heads(east=60, c=32), [], COUNTRY)
    assert missed.change == Fraction(-200, 92)
    assert missed.met is False
    assert missed.points_from_target == 5 - Fraction(200, 92)
    exact: Any = payroll_result(Payroll("m", Fraction(-10), 2026, (("c", 27),)), heads(c=30), [], COUNTRY)
    assert (exact.met, exact.points_from_target) == (True, 0)


def test_units_without_a_figure_are_in_no_sum_and_nothing_is_claimed() -> None:
    result: Any = payroll_result(PAYROLL, heads(c=40), [], COUNTRY)
    assert (result.without_figure, result.heads, result.posts, result.met) == (("east",), 40, 30, None)
    nothing: Any = payroll_result(PAYROLL, {}, [], COUNTRY)
    assert (nothing.change, nothing.met) == (None, None)


def test_changed_units_without_posts_are_named_unless_they_are_counted_above_or_below() -> None:
    result: Any = payroll_result(PAYROLL, {}, ["a", "west", "top", "c", "b1"], COUNTRY)
    assert result.without_posts == ()
    alone: Any = payroll_result(Payroll("m", Fraction(0), 2026, (("a", 1),)), {}, ["b", "a", "top"], COUNTRY)
    assert alone.without_posts == ("b",)


def test_what_speaks_against_the_payroll_part() -> None:
    came = outcome(plan(Dissolve(unit="c")), COUNTRY, AnyKinds())
    wrong = Payroll(
        "members.admitted", Fraction(-5), 2026, (("c", 1), ("east", 1), ("a", 1), ("b", 2), ("b", 3))
    )
    found = check_payroll(wrong, came, {"members.total"}, "top")
    assert [(each.problem, each.unit, each.values.get("of")) for each in found] == [
        (Problem.PAYROLL_INDICATOR, "", None),
        (Problem.PAYROLL_UNIT, "c", None),
        (Problem.PAYROLL_TWICE, "a", "east"),
        (Problem.PAYROLL_TWICE, "b", "b"),
    ]
    assert all(each.blocks for each in found)
    came = outcome(plan(Move(unit="a", to="west")), COUNTRY, AnyKinds())
    assert check_payroll(PAYROLL, came, {"members.total"}, "top") == []
    beside = check_payroll(PAYROLL, came, {"members.total"}, "west")
    assert {(each.problem, each.unit) for each in beside} == {(Problem.OUTSIDE, "east")}


def test_the_payroll_part_is_the_same_in_both_files() -> None:
    whole = Plan("r", "Reform", DAY, "top", steps=(Dissolve(unit="c"),), payroll=PAYROLL)
    assert read_toml(write_toml(whole)) == whole
    assert read_sheets(write_sheets(whole)) == whole
    half = Payroll("members.total", Fraction("-2.5"), 2026, (("east", 0),))
    again = Plan("r", "Reform", DAY, "top", steps=(Dissolve(unit="c"),), payroll=half)
    assert read_toml(write_toml(again)).payroll == half
    assert read_sheets(write_sheets(again)).payroll == half


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        ({"change": "five"}, [("no_percent", "payroll.change")]),
        ({"change": "-101"}, [("no_percent", "payroll.change")]),
        ({"year": "soon"}, [("no_year", "payroll.year")]),
        ({"posts": []}, [("missing", "payroll.posts")]),
        ({"posts": [{"unit": "a", "posts": -1}]}, [("no_count", "payroll.posts[1].posts")]),
        (
            {"posts": [{"posts": True}]},
            [("missing", "payroll.posts[1].unit"), ("no_count", "payroll.posts[1].posts")],
        ),
        ({"target": 1}, [("unknown_field", "payroll.target")]),
        ({"indicator": ""}, [("missing", "payroll.indicator")]),
    ],
)
def test_what_cannot_be_read_is_named_by_field(
    change: dict[str, object], faults: list[tuple[str, str]]
) -> None:
    payroll = {"indicator": "m", "change": -5, "year": 2026, "posts": [{"unit": "a", "posts": 1}]} | change
    with pytest.raises(Unreadable) as raised:
        from_data({"code": "r", "title": "R", "on": "2025-07-01", "owner": "top", "payroll": payroll})
    assert [(fault.flaw.value, fault.field) for fault in raised.value.faults] == faults


# --- sizes --------------------------------------------------------------------------------------------------------


def test_units_are_judged_by_the_limits_of_their_kind() -> None:
    units = tree(
        {"top": None, "few": "top", "right": "top", "many": "top", "silent": "top", "other": "top"},
        {"top": "centre", "other": "commune"},
    )
    found = judge_sizes(
        units.units.keys() - {"top"},
        units,
        {"cell": Limits(7, 30)},
        {"few": (Fraction(6), False), "right": (Fraction(7), False), "many": (Fraction(61, 2), True)},
    )
    assert [(each.unit, each.few, each.estimated) for each in found.out] == [
        ("few", True, False),
        ("many", False, True),
    ]
    assert found.judged == 3
    assert dict(found.unknown) == {"cell": 1}
    assert dict(found.without_limits) == {"commune": 1}
    open_ended = judge_sizes(["few"], units, {"cell": Limits(None, 30)}, {"few": (Fraction(0), False)})
    assert open_ended.out == ()
