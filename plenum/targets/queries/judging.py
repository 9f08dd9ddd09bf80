"""From figures and targets to the cases that the rules judge."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from plenum.figures.queries import Figure
from plenum.packs import Behaviour, Indicator, pack
from plenum.periods import Period
from plenum.targets.queries.courses import Stretch
from plenum.targets.queries.rows import Sum, TargetView
from plenum.targets.rules import Case, Citation, Observation, VerdictRules


def verdict_rules(on: date) -> VerdictRules:
    """The pack's rules on targets that hold on a day, with where they come from."""
    on_course = pack().rule("targets.on_course", on)
    projection = pack().rule("targets.projection", on)
    exceeded = pack().rule("targets.exceeded", on)
    return VerdictRules(
        threshold_percent=on_course.number("threshold_percent"),
        minimum_observations=projection.number("minimum_observations"),
        slow_share_divisor=projection.number("slow_share_divisor"),
        fast_share_divisor=projection.number("fast_share_divisor"),
        spread_percent=projection.number("spread_percent"),
        exceeded_above_percent=exceeded.number("more_than_percent"),
        on_course=Citation(on_course.code, str(on_course.source)),
        projection=Citation(projection.code, str(projection.source)),
        exceeded=Citation(exceeded.code, str(exceeded.source)),
    )


def accumulates(indicator: Indicator) -> bool:
    """Whether the figure adds up over the year: a count of what happened, not a ratio and not a stock."""
    return indicator.behaviour is Behaviour.FLOW and not indicator.is_ratio


def year_so_far(year: int, months: int) -> tuple[Period, ...]:
    """Periods that together are the first `months` months of a year, as few as possible; none for 0."""
    if months == 12:
        return (Period.of_year(year),)
    start, found = 0, []
    for length, code in ((9, "9M"), (6, "H1"), (3, "Q1")):
        if months >= length:
            start, found = length, [Period.parse(f"{year}-{code}")]
            break
    return (*found, *(Period.month(year, month) for month in range(start + 1, months + 1)))


def first_months(period: Period, months: int) -> tuple[Period, ...]:
    """Periods that together are the first `months` months of a period."""
    if months == period.length:
        return (period,)
    if period.first_month_number == 1:
        return year_so_far(period.year, months)
    return period.months[:months]


def added(figures: Iterable[Mapping[str, Figure]], indicator: Indicator) -> Sum:
    """An indicator over periods that follow each other: flows add up, of a stock the last known counts.

    Nothing is known of the whole when a part of it is withheld.
    """
    known = [each[indicator.code] for each in figures if indicator.code in each]
    if any(figure.withheld for figure in known):
        return Sum()
    known = [figure for figure in known if figure.is_known]
    if indicator.behaviour is Behaviour.STOCK:
        known = known[-1:]
    if not known:
        return Sum()
    illustrative = any(figure.illustrative for figure in known)
    estimated = tuple(dict.fromkeys(each for figure in known for each in figure.estimated))
    if indicator.is_ratio:
        part, whole = (
            sum(getattr(figure, side) or 0 for figure in known) for side in ("numerator", "denominator")
        )
        return Sum(None, part, whole, illustrative, estimated)
    total = sum(figure.value or 0 for figure in known)
    return Sum(total, illustrative=illustrative, estimated=estimated)


@dataclass(frozen=True)
class Clock:
    """How far the year of a period has gone: on the day asked, or at the end of the period shown if that is
    earlier.
    """

    shown: Period
    today: date

    @property
    def day(self) -> date:
        return min(self.today, self.shown.last_day)

    def elapsed(self, period: Period) -> int:
        """Whole months of a period that are behind us."""
        return period.months_complete_on(self.day)

    def has_begun(self, period: Period) -> bool:
        return period.start <= self.day

    def is_over(self, period: Period) -> bool:
        return self.elapsed(period) == period.length


def observations(course: Iterable[Stretch], period: Period, clock: Clock) -> tuple[Observation, ...]:
    """What each reported stretch of a target's period has added, oldest first."""
    return tuple(
        Observation(stretch.value, stretch.period.length)
        for stretch in course
        if period.covers(stretch.period) and stretch.period.last_day <= clock.day
    )


def months_reported(course: Iterable[Stretch], period: Period) -> int:
    """How many months of a period lie up to the end of the last stretch for which something is reported."""
    ends = [each.period.last_month_number for each in course if period.covers(each.period)]
    return max(ends) - period.first_month_number + 1 if ends else 0


def case(
    indicator: Indicator,
    target: TargetView,
    value: Fraction | None,
    clock: Clock,
    *,
    course: Sequence[Stretch] = (),
    at_start: Fraction | None = None,
) -> Case:
    """The case of a target on its figure; `course` is needed only for counts that add up."""
    elapsed = clock.elapsed(target.period)
    reported = months_reported(course, target.period)
    if reported:
        elapsed = min(elapsed, reported) if elapsed else reported
    return Case(
        comparison=target.comparison,
        better=indicator.better.value,
        amount=Fraction(target.amount),
        value=value,
        accumulates=accumulates(indicator),
        elapsed=elapsed,
        months=target.period.length,
        observations=observations(course, target.period, clock),
        at_start=at_start,
        begun=clock.has_begun(target.period),
        over=clock.is_over(target.period),
    )
