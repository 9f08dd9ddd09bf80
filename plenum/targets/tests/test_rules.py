"""Verdicts, projections and readings of stated numbers, without a database."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plenum.packs import pack
from plenum.packs.wording import two_decimals
from plenum.targets.rules import (
    Case,
    Code,
    Comparison,
    Observation,
    VerdictRules,
    agrees,
    amount_problem,
    is_ceiling,
    outcome,
    percent_of,
    project,
    reaches,
    read_change,
    verdict,
)
from plenum.targets.wording import verdict_reasons

RULES = VerdictRules()
F = Fraction


def count(comparison: str, amount: int, value: int | None, **more: object) -> Case:
    """A count that adds up over a year which is over unless said otherwise."""
    case = Case(
        comparison=Comparison(comparison),
        better="higher",
        amount=F(amount),
        value=None if value is None else F(value),
        accumulates=True,
        elapsed=12,
        months=12,
        over=True,
    )
    return replace(case, **more)  # type: ignore[arg-type]


def share(comparison: str, amount: int, value: Fraction, **more: object) -> Case:
    """A ratio in percent."""
    return replace(count(comparison, amount, 0), value=value, accumulates=False, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("comparison", "better", "value", "amount", "expected"),
    [
        ("value", "higher", 2041, 1800, "exceeded"),
        ("value", "higher", 185, 185, "met"),
        ("value", "higher", 184, 185, "missed"),
        ("at_least", "higher", 186, 185, "exceeded"),
        ("at_least", "higher", 185, 185, "met"),
        ("at_least", "higher", 0, 185, "missed"),
        ("more_than", "higher", 90, 90, "missed"),
        ("more_than", "higher", 91, 90, "exceeded"),
        ("at_most", "lower", 40, 40, "met"),
        ("at_most", "lower", 12, 40, "met"),
        ("at_most", "lower", 63, 40, "missed"),
        ("less_than", "lower", 40, 40, "missed"),
        ("less_than", "lower", 39, 40, "met"),
        ("value", "lower", 39, 40, "exceeded"),
        ("value", "lower", 40, 40, "met"),
        ("value", "lower", 41, 40, "missed"),
    ],
)
def test_outcome(comparison: str, better: str, value: int, amount: int, expected: str) -> None:
    assert outcome(Comparison(comparison), better, F(value), F(amount)) == Code(expected)


def test_exceeded_follows_the_share_of_the_pack() -> None:
    assert outcome(Comparison.VALUE, "higher", F(109), F(100), exceeded_above_percent=110) is Code.MET
    assert outcome(Comparison.VALUE, "higher", F(111), F(100), exceeded_above_percent=110) is Code.EXCEEDED


def test_the_stated_results_of_the_reference_year() -> None:
    assert verdict(count("value", 1800, 2041), RULES).code is Code.EXCEEDED
    assert two_decimals(percent_of(F(2041), F(1800)) or F(0)) == "113.39"
    assert verdict(count("value", 185, 185), RULES).code is Code.MET
    heads = share("more_than", 90, F(12100, 130))
    assert verdict(heads, RULES).code is Code.EXCEEDED
    assert two_decimals(F(12100, 130)) == "93.08"


def test_nine_months_of_dak_nong_are_at_risk_with_a_range() -> None:
    case = count("value", 1140, 596, elapsed=9, over=False, observations=(Observation(F(596), 9),))
    found = verdict(case, RULES)
    assert two_decimals(percent_of(F(596), F(1140)) or F(0)) == "52.28"
    assert found.code is Code.AT_RISK
    assert found.projection is not None
    assert found.projection.middle == F(596) + F(596, 9) * 3
    assert found.projection.low == F(596) + F(596, 9) * 3 / 2
    assert found.projection.high == F(596) + F(596, 9) * 3 * 3 / 2
    assert (found.rule, [each.code for each in found.reasons]) == (
        "targets.on_course",
        ["value_below", "months_elapsed", "projection_falls_short", "range_from_share", "needed_pace"],
    )
    needed = found.reasons[-1].params["needed"]
    assert needed == F(1140 - 596, 3)


def test_range_comes_from_the_slowest_and_fastest_third() -> None:
    paces = (10, 2, 4, 8, 6, 12)
    case = count(
        "value", 100, sum(paces), elapsed=6, over=False, observations=tuple(Observation(F(n)) for n in paces)
    )
    projection = project(case, RULES)
    assert projection is not None
    assert (projection.low, projection.middle, projection.high) == (
        F(42 + 6 * 3),
        F(42 + 6 * 7),
        F(42 + 6 * 11),
    )


def test_the_range_says_by_which_part_of_the_months() -> None:
    paces = (10, 2, 4, 8, 6, 12)
    seen = tuple(Observation(F(n)) for n in paces)
    rules = replace(RULES, slow_share_divisor=2, fast_share_divisor=6)
    found = verdict(count("value", 100, sum(paces), elapsed=6, over=False, observations=seen), rules)
    reason = next(each for each in found.reasons if each.code == "range_from_months")
    assert (reason.params["slow"], reason.params["fast"]) == (2, 6)
    said = verdict_reasons(pack().indicators["members.admitted"], found)
    assert "Range: 66 to 114, by the slowest 1/2 and the fastest 1/6 of the months." in said


def test_a_quarter_is_three_months_of_pace() -> None:
    quarterly = (Observation(F(30), 3), Observation(F(60), 3))
    projection = project(count("value", 200, 90, elapsed=6, over=False, observations=quarterly), RULES)
    assert projection is not None
    assert projection.middle == 90 + 15 * 6


def test_not_yet_known() -> None:
    assert verdict(count("value", 10, None), RULES).code is Code.NOT_YET_KNOWN
    assert verdict(count("value", 10, 5, begun=False, over=False), RULES).reasons[0].code == "not_begun"
    fresh = count("value", 10, 1, elapsed=0, over=False)
    assert verdict(fresh, RULES).code is Code.NOT_YET_KNOWN


@pytest.mark.parametrize(
    ("comparison", "expected"), [("value", "met"), ("at_least", "met"), ("more_than", "exceeded")]
)
def test_a_count_that_has_reached_its_target_is_settled_early(comparison: str, expected: str) -> None:
    value = 11 if comparison == "more_than" else 10
    case = count(comparison, 10, value, elapsed=4, over=False)
    found = verdict(case, RULES)
    assert found.code == Code(expected)
    assert found.reasons[1].code == "reached_early"


def test_a_limit_that_is_passed_is_missed_early_and_not_met_early() -> None:
    passed = count("at_most", 10, 11, better="lower", elapsed=4, over=False)
    assert verdict(passed, RULES).code is Code.MISSED
    within = count("at_most", 10, 3, better="lower", elapsed=4, over=False)
    assert verdict(within, RULES).code is Code.ON_COURSE
    fast = count("at_most", 10, 9, better="lower", elapsed=4, over=False)
    assert verdict(fast, RULES).code is Code.AT_RISK


def test_shares_run_on_from_the_start_of_the_year() -> None:
    reached = share("more_than", 90, F(95), elapsed=3, over=False)
    assert verdict(reached, RULES).code is Code.ON_COURSE
    rising = share("at_least", 90, F(80), elapsed=6, over=False, at_start=F(60))
    assert verdict(rising, RULES).code is Code.ON_COURSE
    slow = share("at_least", 90, F(80), elapsed=6, over=False, at_start=F(79))
    assert verdict(slow, RULES).code is Code.AT_RISK
    blind = verdict(share("at_least", 90, F(80), elapsed=6, over=False), RULES)
    assert (blind.code, blind.reasons[-1].code) == (Code.AT_RISK, "no_projection")


def test_the_threshold_of_the_pack_decides_what_is_on_course() -> None:
    case = count("value", 100, 45, elapsed=6, over=False)
    assert verdict(case, RULES).code is Code.AT_RISK
    assert verdict(case, VerdictRules(threshold_percent=90)).code is Code.ON_COURSE


counts = st.integers(min_value=0, max_value=10_000)
comparisons = st.sampled_from(list(Comparison))
betters = st.sampled_from(["higher", "lower"])


@given(comparisons, betters, counts, counts)
def test_missed_is_exactly_not_reached(comparison: Comparison, better: str, value: int, amount: int) -> None:
    code = outcome(comparison, better, F(value), F(amount))
    assert (code is Code.MISSED) != reaches(comparison, better, F(value), F(amount))


@given(st.lists(counts, min_size=1, max_size=11))
def test_the_range_holds_the_middle(months: list[int]) -> None:
    seen = tuple(Observation(F(n)) for n in months)
    case = count("value", 1, sum(months), elapsed=len(months), over=False, observations=seen)
    projection = project(case, RULES)
    assert projection is not None
    assert sum(months) <= projection.low <= projection.middle <= projection.high


@given(comparisons, betters, st.lists(counts, min_size=1, max_size=11), st.integers(0, 100_000))
def test_what_is_settled_early_stays_so(
    comparison: Comparison, better: str, months: list[int], amount: int
) -> None:
    seen = tuple(Observation(F(n)) for n in months)
    case = Case(
        comparison, better, F(amount), F(sum(months)), True, len(months), 12, observations=seen, over=False
    )
    early = verdict(case, RULES)
    if early.code in (Code.MET, Code.EXCEEDED, Code.MISSED):
        at_end = replace(case, elapsed=12, over=True, value=F(sum(months)) + 1)
        final = verdict(at_end, RULES).code
        assert (final is Code.MISSED) == (early.code is Code.MISSED)
        assert is_ceiling(comparison, better) == (early.code is Code.MISSED)


@given(comparisons, betters, counts, st.integers(1, 10_000))
def test_every_verdict_cites_a_rule_and_gives_reasons(
    comparison: Comparison, better: str, value: int, amount: int
) -> None:
    for over in (True, False):
        found = verdict(Case(comparison, better, F(amount), F(value), True, 6, 12, over=over), RULES)
        assert found.rule.startswith("targets.")
        assert found.reasons[0].code.startswith("value_")


def test_stated_numbers_agree_as_exactly_as_they_are_stated() -> None:
    exact = F(204100, 1800)
    assert not agrees(F("113.34"), 2, exact)
    assert agrees(F("113.39"), 2, exact)
    assert agrees(F("113.4"), 1, exact)
    assert agrees(F(113), 0, exact)
    assert agrees(F("0.13"), 2, F(1, 8))


def test_percent_and_points_are_told_apart() -> None:
    before, after = F(11000, 130), F(12100, 130)
    said = read_change(F("8.4"), 1, "percent", before, after, is_ratio=True)
    assert (said.code, two_decimals(said.points or F(0)), said.percent) == (
        "points_called_percent",
        "8.46",
        F(10),
    )
    assert read_change(F("8.46"), 2, "points", before, after, is_ratio=True).code == "agrees"
    assert read_change(F("8.4"), 1, "points", before, after, is_ratio=True).code == "contradicted"
    assert read_change(F(10), 0, "percent", before, after, is_ratio=True).code == "agrees"
    assert read_change(F(10), 0, "points", before, after, is_ratio=True).code == "percent_called_points"
    assert read_change(F(50), 0, "percent", before, after, is_ratio=True).code == "contradicted"
    assert read_change(F(186), 0, "count", F(1855), F(2041), is_ratio=False).code == "agrees"
    assert read_change(F(186), 0, "points", F(1855), F(2041), is_ratio=False).code == "contradicted"


@pytest.mark.parametrize(
    ("kind", "comparison", "amount", "problem"),
    [
        ("count", "value", "1800", None),
        ("count", "value", "1800.5", "not_whole"),
        ("count", "value", "-1", "negative"),
        ("ratio", "more_than", "90", None),
        ("ratio", "at_least", "92.5", None),
        ("ratio", "at_least", "100", None),
        ("ratio", "at_least", "100.5", "over_hundred"),
        ("ratio", "more_than", "100", "unreachable"),
        ("count", "less_than", "0", "unreachable"),
        ("count", "at_most", "0", None),
    ],
)
def test_amounts(kind: str, comparison: str, amount: str, problem: str | None) -> None:
    assert amount_problem(kind, Comparison(comparison), F(amount)) == problem
