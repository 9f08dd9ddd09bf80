"""Verdicts on targets, as pure arithmetic on values and months.

Every function that follows a rule of the pack takes that rule's values (`VerdictRule`), so the thresholds are data and
the verdict can cite where they come from. Amounts and values are exact `Fraction`s: counts as they are, ratios in
percent (121 of 130 is 12100/130). Rounding happens only at the edge.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any

from plenum.packs.wording import half_up


class Comparison(StrEnum):
    """How a value is held against the amount of its target."""

    VALUE = "value"
    AT_LEAST = "at_least"
    MORE_THAN = "more_than"
    AT_MOST = "at_most"
    LESS_THAN = "less_than"


class Code(StrEnum):
    """What a verdict says, from what is not known to what is settled."""

    NOT_YET_KNOWN = "not_yet_known"
    ON_COURSE = "on_course"
    AT_RISK = "at_risk"
    MET = "met"
    EXCEEDED = "exceeded"
    MISSED = "missed"


@dataclass(frozen=True)
class Reason:
    """One step of the explanation of a verdict: a code and the numbers it speaks of (counts, or percent for ratios)."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Projection:
    """Where the value will stand at the end of the period: slow, middle and fast pace."""

    low: Fraction
    middle: Fraction
    high: Fraction


@dataclass(frozen=True)
class VerdictRule:
    """The values of the pack's rule `targets.verdict`, and where that rule comes from.

    threshold_percent: share of the target that the middle projection must reach to be on course.
    least_observations: with fewer months than this, the range is `blind_range_percent` of what is still to come.
    extreme_share: the part of the observed months that counts as slowest and as fastest (one third).
    """

    code: str = "targets.verdict"
    source: str = ""
    threshold_percent: Fraction = Fraction(100)
    least_observations: int = 3
    blind_range_percent: Fraction = Fraction(50)
    extreme_share: Fraction = Fraction(1, 3)


@dataclass(frozen=True)
class Verdict:
    """How a figure stands against its target and why; `rule` and `source` cite the pack."""

    code: Code
    reasons: tuple[Reason, ...] = ()
    projection: Projection | None = None
    rule: str = ""
    source: str = ""

    @property
    def is_final(self) -> bool:
        """Nothing that is still to be reported for the period can change it for the worse or the better."""
        return self.code in (Code.MET, Code.EXCEEDED, Code.MISSED)


@dataclass(frozen=True)
class Observation:
    """What one return or one month added: a value over so many months."""

    value: Fraction
    months: int = 1

    @property
    def pace(self) -> Fraction:
        """Value per month."""
        return self.value / self.months


@dataclass(frozen=True)
class Case:
    """All that a verdict rests on.

    accumulates: a count that adds up over the period (a flow); stocks and ratios do not.
    elapsed, months: how many of the period's months are behind us, and how many it has.
    at_start: value of a stock or ratio at the start of the year, if known.
    begun, over: whether the period has begun, and is over, on the day of judgement.
    """

    comparison: Comparison
    better: str
    amount: Fraction
    value: Fraction | None
    accumulates: bool
    elapsed: int
    months: int
    observations: tuple[Observation, ...] = ()
    at_start: Fraction | None = None
    begun: bool = True
    over: bool = False


def is_ceiling(comparison: Comparison, better: str) -> bool:
    """Whether the target is a limit from above: at most, less than, or a plain value where lower is better."""
    if comparison is Comparison.VALUE:
        return better == "lower"
    return comparison in (Comparison.AT_MOST, Comparison.LESS_THAN)


def reaches(comparison: Comparison, better: str, value: Fraction, amount: Fraction) -> bool:
    """Whether `value` satisfies the target."""
    if comparison is Comparison.MORE_THAN:
        return value > amount
    if comparison is Comparison.LESS_THAN:
        return value < amount
    return value <= amount if is_ceiling(comparison, better) else value >= amount


def outcome(comparison: Comparison, better: str, value: Fraction, amount: Fraction) -> Code:
    """The verdict when nothing more will come: met, exceeded or missed (pack rule `targets.verdict`)."""
    if not reaches(comparison, better, value, amount):
        return Code.MISSED
    if comparison in (Comparison.AT_MOST, Comparison.LESS_THAN) or value == amount:
        return Code.MET
    return Code.EXCEEDED


def verdict(case: Case, rule: VerdictRule) -> Verdict:
    """Judge a figure against its target by the pack rule `targets.verdict`.

    Not yet known without a figure or before the period begins; met, exceeded or missed once it is over or the result can
    no longer turn; before that on course if the middle projection reaches the target, else at risk.
    """
    if not case.begun:
        return _say(rule, Code.NOT_YET_KNOWN, [Reason("not_begun")])
    if case.value is None:
        return _say(rule, Code.NOT_YET_KNOWN, [Reason("no_figure")])
    standing = _comparison_reason(case, case.value)
    settled = outcome(case.comparison, case.better, case.value, case.amount)
    if case.over:
        return _say(rule, settled, [standing, Reason("period_over")])
    if case.accumulates and is_ceiling(case.comparison, case.better) and settled is Code.MISSED:
        return _say(rule, settled, [standing, Reason("limit_passed_early", _months(case))])
    if case.accumulates and not is_ceiling(case.comparison, case.better) and settled is not Code.MISSED:
        return _say(rule, settled, [standing, Reason("reached_early", _months(case))], project(case, rule))
    return _judge_open(case, case.value, rule, standing)


def _judge_open(case: Case, value: Fraction, rule: VerdictRule, standing: Reason) -> Verdict:
    reasons = [standing, Reason("months_elapsed", _months(case))]
    if not case.accumulates and reaches(case.comparison, case.better, value, case.amount):
        return _say(rule, Code.ON_COURSE, [*reasons, Reason("already_satisfied")])
    projection = project(case, rule)
    if projection is None:
        code = Code.NOT_YET_KNOWN if case.elapsed == 0 else Code.AT_RISK
        return _say(rule, code, [*reasons, Reason("no_projection")])
    if case.accumulates and len(case.observations) < rule.least_observations:
        reasons.append(Reason("few_observations", {"count": len(case.observations), "range": rule.blind_range_percent}))
    enough = case.amount * rule.threshold_percent / 100
    if is_ceiling(case.comparison, case.better):
        enough = case.amount * 100 / rule.threshold_percent
    on_course = reaches(case.comparison, case.better, projection.middle, enough)
    numbers = {"low": projection.low, "middle": projection.middle, "high": projection.high, "amount": case.amount}
    reasons.append(Reason("projection_reaches" if on_course else "projection_falls_short", numbers))
    if case.accumulates and not on_course and case.months > case.elapsed and case.amount > value:
        reasons.append(Reason("needed_pace", {"needed": (case.amount - value) / (case.months - case.elapsed),
                                              "pace": _mean_pace(case)}))
    return _say(rule, Code.ON_COURSE if on_course else Code.AT_RISK, reasons, projection)


def project(case: Case, rule: VerdictRule) -> Projection | None:
    """Where the value will stand at the end of the period (pack rule `targets.verdict`); None if nothing supports it.

    Counts that add up: value + remaining months × the mean of the observed months (the slowest and the fastest third
    give the range; with too few months a fixed share of what is still to come). Others: a straight line from the
    start of the year, without a range.
    """
    if case.value is None:
        return None
    remaining = max(case.months - case.elapsed, 0)
    if not case.accumulates:
        if case.at_start is None or case.elapsed == 0:
            return None
        end = case.value + (case.value - case.at_start) / case.elapsed * remaining
        return Projection(end, end, end)
    if case.elapsed == 0:
        return None
    paces = sorted(observation.pace for observation in case.observations)
    to_come = _mean_pace(case) * remaining
    if len(paces) < rule.least_observations:
        spread = abs(to_come) * rule.blind_range_percent / 100
        return Projection(case.value + to_come - spread, case.value + to_come, case.value + to_come + spread)
    extreme = max(1, int(len(paces) * rule.extreme_share))
    low, high = _mean(paces[:extreme]) * remaining, _mean(paces[-extreme:]) * remaining
    return Projection(case.value + min(low, to_come), case.value + to_come, case.value + max(high, to_come))


def _mean_pace(case: Case) -> Fraction:
    months = sum(observation.months for observation in case.observations)
    if months:
        return sum((observation.value for observation in case.observations), Fraction(0)) / months
    return (case.value or Fraction(0)) / max(case.elapsed, 1)


def _mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)


def _comparison_reason(case: Case, value: Fraction) -> Reason:
    side = "equal" if value == case.amount else "above" if value > case.amount else "below"
    return Reason(f"value_{side}", {"value": value, "amount": case.amount, "comparison": case.comparison.value})


def _months(case: Case) -> dict[str, int]:
    return {"elapsed": case.elapsed, "months": case.months}


def _say(
    rule: VerdictRule, code: Code, reasons: Sequence[Reason], projection: Projection | None = None
) -> Verdict:
    return Verdict(code, tuple(reasons), projection, rule.code, rule.source)


# ── Percent, points and statements ───────────────────────────────────────────


def percent_of(value: Fraction, amount: Fraction) -> Fraction | None:
    """`value` in percent of `amount`, exact; None if the amount is zero."""
    return value * 100 / amount if amount else None


def agrees(stated: Fraction, decimals: int, exact: Fraction) -> bool:
    """Whether a stated number is what rounding the exact one to the same number of decimals gives."""
    return Fraction(half_up(exact, decimals)) == stated


def is_near(stated: Fraction, decimals: int, exact: Fraction) -> bool:
    """Whether a stated number is the exact one rounded or cut off: then it speaks of the same thing."""
    return abs(stated - exact) < Fraction(1, 10**decimals)


@dataclass(frozen=True)
class ChangeReading:
    """What a stated change turns out to be: agrees, points_called_percent, percent_called_points or contradicted."""

    code: str
    points: Fraction | None
    percent: Fraction | None


def read_change(
    stated: Fraction, decimals: int, said_unit: str, before: Fraction, after: Fraction, *, is_ratio: bool
) -> ChangeReading:
    """Tell percent from percentage points in a stated change.

    `before` and `after` in percent for ratios, as counts otherwise; `said_unit` is percent, points or count.
    """
    difference = after - before
    relative = percent_of(difference, before)
    meant = {"percent": relative, "points": difference if is_ratio else None, "count": None if is_ratio else difference}
    exact = meant[said_unit]
    if exact is not None and is_near(stated, decimals, exact):
        same = agrees(stated, decimals, exact)
        return ChangeReading("agrees" if same else "contradicted", difference if is_ratio else None, relative)
    if is_ratio and said_unit == "percent" and is_near(stated, decimals, difference):
        return ChangeReading("points_called_percent", difference, relative)
    if is_ratio and said_unit == "points" and relative is not None and is_near(stated, decimals, relative):
        return ChangeReading("percent_called_points", difference, relative)
    return ChangeReading("contradicted", difference if is_ratio else None, relative)


# ── What may be set as a target ──────────────────────────────────────────────

TARGET_PERIODS = ("year", "half", "quarter", "nine_months")


def amount_problem(indicator_type: str, comparison: Comparison, amount: Fraction) -> str | None:
    """Why an amount cannot be the target of such an indicator, as a code; None if it can.

    negative, over_hundred (a ratio lies between 0 and 100 percent), not_whole (a count), unreachable (more than 100 %,
    less than 0).
    """
    if amount < 0:
        return "negative"
    if indicator_type == "ratio" and amount > 100:
        return "over_hundred"
    if indicator_type == "count" and amount.denominator != 1:
        return "not_whole"
    if indicator_type == "ratio" and comparison is Comparison.MORE_THAN and amount == 100:
        return "unreachable"
    if comparison is Comparison.LESS_THAN and amount == 0:
        return "unreachable"
    return None
