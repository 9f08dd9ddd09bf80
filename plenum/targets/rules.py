"""Verdicts on targets, as pure arithmetic on values and months.

Every function that follows a rule of the pack takes the rules' values (`VerdictRules`), so the thresholds
are data and the verdict can cite where they come from. Amounts and values are exact `Fraction`s: counts as
they are, ratios in percent (121 of 130 is 12100/130). Rounding happens only at the edge.
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
    """One step of the explanation of a verdict: a code and the numbers it speaks of (counts, or percent for
    ratios).
    """

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Projection:
    """Where the value will stand at the end of the period: slow, middle and fast pace."""

    low: Fraction
    middle: Fraction
    high: Fraction


@dataclass(frozen=True)
class Citation:
    """A rule of the pack that a verdict follows, and the document and article it comes from."""

    code: str
    source: str = ""


@dataclass(frozen=True)
class VerdictRules:
    """The values of the pack's three rules on targets, and where each comes from.

    threshold_percent: share of the target that the middle projection must reach to be on course.
    minimum_observations: with fewer observed months, the range is `spread_percent` of what is still to come.
    slow_share_divisor, fast_share_divisor: which part of the observed months counts as slowest, as fastest
    (3: a third).
    exceeded_above_percent: share of the target above which it is exceeded rather than met.
    """

    threshold_percent: int = 100
    minimum_observations: int = 3
    slow_share_divisor: int = 3
    fast_share_divisor: int = 3
    spread_percent: int = 50
    exceeded_above_percent: int = 100
    on_course: Citation = Citation("targets.on_course")
    projection: Citation = Citation("targets.projection")
    exceeded: Citation = Citation("targets.exceeded")


@dataclass(frozen=True)
class Verdict:
    """How a figure stands against its target and why; `citations` name the rules followed, the deciding one
    first.
    """

    code: Code
    reasons: tuple[Reason, ...] = ()
    projection: Projection | None = None
    citations: tuple[Citation, ...] = ()

    @property
    def rule(self) -> str:
        """The code of the deciding rule, or empty."""
        return self.citations[0].code if self.citations else ""

    @property
    def source(self) -> str:
        """The document and article of the deciding rule, or empty."""
        return self.citations[0].source if self.citations else ""


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
    """Whether the target is a limit from above: at most, less than, or a plain value where lower is
    better.
    """
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


def outcome(
    comparison: Comparison,
    better: str,
    value: Fraction,
    amount: Fraction,
    *,
    exceeded_above_percent: int = 100,
) -> Code:
    """The verdict when nothing more will come (pack rule `targets.exceeded`).

    A limit (at most, less than) is met or missed; "more than" is exceeded or missed; a value or a floor is
    exceeded beyond the pack's share of the target, met up to it, missed short of it.
    """
    if not reaches(comparison, better, value, amount):
        return Code.MISSED
    if comparison in (Comparison.AT_MOST, Comparison.LESS_THAN):
        return Code.MET
    if comparison is Comparison.MORE_THAN:
        return Code.EXCEEDED
    better_by, worse_by = (amount, value) if is_ceiling(comparison, better) else (value, amount)
    return Code.EXCEEDED if better_by * 100 > worse_by * exceeded_above_percent else Code.MET


def verdict(case: Case, rules: VerdictRules) -> Verdict:
    """Judge a figure against its target (pack rules `targets.exceeded`, `targets.on_course`,
    `targets.projection`).

    Not yet known without a figure or before the period begins; met, exceeded or missed once it is over or
    the result can no longer turn; before that on course if the middle projection reaches the target, else at
    risk.
    """
    if not case.begun:
        return Verdict(Code.NOT_YET_KNOWN, (Reason("not_begun"),))
    if case.value is None:
        return Verdict(Code.NOT_YET_KNOWN, (Reason("no_figure"),))
    standing = _comparison_reason(case, case.value)
    settled = outcome(
        case.comparison,
        case.better,
        case.value,
        case.amount,
        exceeded_above_percent=rules.exceeded_above_percent,
    )
    if case.over:
        return Verdict(settled, (standing, Reason("period_over")), citations=(rules.exceeded,))
    ceiling = is_ceiling(case.comparison, case.better)
    if case.accumulates and ceiling and settled is Code.MISSED:
        early = Reason("limit_passed_early", _months(case))
        return Verdict(settled, (standing, early), citations=(rules.exceeded,))
    if case.accumulates and not ceiling and settled is not Code.MISSED:
        early = Reason("reached_early", _months(case))
        projection = project(case, rules)
        return Verdict(settled, (standing, early), projection, (rules.exceeded, rules.projection))
    return _judge_open(case, case.value, rules, standing)


def _judge_open(case: Case, value: Fraction, rules: VerdictRules, standing: Reason) -> Verdict:
    """The verdict while the period runs and the result can still turn (pack rule `targets.on_course`)."""
    reasons = [standing, Reason("months_elapsed", _months(case))]
    if not case.accumulates and reaches(case.comparison, case.better, value, case.amount):
        return Verdict(Code.ON_COURSE, (*reasons, Reason("already_satisfied")), citations=(rules.on_course,))
    projection = project(case, rules)
    if projection is None:
        code = Code.NOT_YET_KNOWN if case.elapsed == 0 else Code.AT_RISK
        return Verdict(code, (*reasons, Reason("no_projection")), citations=(rules.on_course,))
    on_course = reaches(case.comparison, case.better, projection.middle, _enough(case, rules))
    reasons.append(
        Reason(
            "projection_reaches" if on_course else "projection_falls_short",
            {"projected": projection.middle, "amount": case.amount},
        )
    )
    if case.accumulates:
        reasons.append(_range_reason(case, rules, projection))
        remaining = case.months - case.elapsed
        if not on_course and remaining > 0 and case.amount > value:
            paces = {"needed": (case.amount - value) / remaining, "pace": _mean_pace(case)}
            reasons.append(Reason("needed_pace", paces))
    code = Code.ON_COURSE if on_course else Code.AT_RISK
    return Verdict(code, tuple(reasons), projection, (rules.on_course, rules.projection))


def _enough(case: Case, rules: VerdictRules) -> Fraction:
    if is_ceiling(case.comparison, case.better):
        return case.amount * 100 / rules.threshold_percent
    return case.amount * rules.threshold_percent / 100


def _range_reason(case: Case, rules: VerdictRules, projection: Projection) -> Reason:
    numbers: dict[str, Any] = {"low": projection.low, "high": projection.high}
    if len(case.observations) < rules.minimum_observations:
        return Reason("range_from_share", {**numbers, "spread": rules.spread_percent})
    parts = {"slow": rules.slow_share_divisor, "fast": rules.fast_share_divisor}
    return Reason("range_from_months", {**numbers, **parts, "observations": len(case.observations)})


def project(case: Case, rules: VerdictRules) -> Projection | None:
    """Where the value will stand at the end of the period (pack rule `targets.projection`); None if nothing
    supports it.

    Counts that add up: value + remaining months × the mean of the observed months; the slowest and the
    fastest part of them give the range, with too few of them a fixed share of what is still to come.
    Others: a straight line from the start of the year, without a range.
    """
    if case.value is None or case.elapsed == 0:
        return None
    remaining = max(case.months - case.elapsed, 0)
    if not case.accumulates:
        if case.at_start is None:
            return None
        end = case.value + (case.value - case.at_start) / case.elapsed * remaining
        return Projection(end, end, end)
    paces = sorted(observation.pace for observation in case.observations)
    to_come = _mean_pace(case) * remaining
    if len(paces) < rules.minimum_observations:
        spread = abs(to_come) * rules.spread_percent / 100
        return Projection(case.value + to_come - spread, case.value + to_come, case.value + to_come + spread)
    slowest = paces[: max(1, len(paces) // rules.slow_share_divisor)]
    fastest = paces[-max(1, len(paces) // rules.fast_share_divisor) :]
    low, high = _mean(slowest) * remaining, _mean(fastest) * remaining
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
    return Reason(
        f"value_{side}", {"value": value, "amount": case.amount, "comparison": case.comparison.value}
    )


def _months(case: Case) -> dict[str, int]:
    return {"elapsed": case.elapsed, "months": case.months}


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
    """What a stated change turns out to be: agrees, points_called_percent, percent_called_points or
    contradicted.
    """

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
    meant = {
        "percent": relative,
        "points": difference if is_ratio else None,
        "count": None if is_ratio else difference,
    }
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

    negative, over_hundred (a ratio lies between 0 and 100 percent), not_whole (a count), unreachable (more
    than 100 %, less than 0).
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
