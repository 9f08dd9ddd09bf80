"""How a unit stands in a period, and its sub-units beside each other."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import partial

from plenum.figures.queries import (
    Estimate,
    Figure,
    MissingReturns,
    Stands,
    beside_last_year,
    by_child,
    figures,
    figures_of,
    missing_returns,
    start_of_year,
)
from plenum.packs import Behaviour, Indicator, pack
from plenum.packs.wording import two_decimals
from plenum.periods import Period
from plenum.targets.models import Statement
from plenum.targets.queries.courses import Courses, courses
from plenum.targets.queries.flags import (
    attests,
    compared_flags,
    gap_flags,
    illustrative_flags,
    statement_flags,
    view_flags,
)
from plenum.targets.queries.judging import (
    Clock,
    accumulates,
    added,
    case,
    first_months,
    verdict_rules,
    year_so_far,
)
from plenum.targets.queries.rows import (
    Change,
    Changes,
    LeagueRow,
    Row,
    Standing,
    TargetView,
    value_of,
)
from plenum.targets.queries.targets import live_targets, statements_on
from plenum.targets.rules import Code, VerdictRules, percent_of, verdict

Figures = Mapping[str, Figure]


@dataclass(frozen=True)
class Sources:
    """Everything read for a unit and a period, before it is put together row by row."""

    clock: Clock
    shown: Figures
    latest: Figures
    so_far: tuple[Figures, ...]
    at_start: Figures
    last_year: tuple[Figures, ...]
    compared_on: date | None
    """On which tree the years are compared, if that is another than the one shown."""
    same_units: Figures
    """The figures of the period on that tree."""
    courses: Courses
    targets: Mapping[str, TargetView]
    statements: Mapping[str, list[Statement]]
    missing: MissingReturns
    rules: VerdictRules


def standing(
    unit_id: int, period: Period, *, known_on: date | None = None, tree: date | None = None, today: date
) -> Standing:
    """Every indicator of the unit that has a figure or a target in the period, in the order of the pack.

    A target of the year is judged at the end of the period shown, or on `today` while the period runs. The
    number of queries does not grow with targets, statements or units. `known_on`: figures, targets and
    statements as known when that day ended, judged as on that day: a year that still ran then is not over.
    `tree`: figures restated on the tree of that day; targets stay with the unit to which they were given, and what
    reports state is not held against figures they did not speak of.
    """
    sources = _read(unit_id, period, known_on, tree, today)
    rows = (
        _row(sources, indicator)
        for indicator in pack().indicators.values()
        if _is_known(sources, indicator) or indicator.code in sources.targets
    )
    withheld = any(figure.withheld for figure in sources.shown.values())
    return Standing(
        unit_id, period, tuple(rows), sources.clock.elapsed(period), withheld, sources.compared_on
    )


def verdict_counts(rows: Iterable[Row]) -> dict[Code, int]:
    """How many targets have each verdict; all verdicts are named, those nobody has with 0."""
    counts = Counter(row.verdict.code for row in rows if row.verdict is not None)
    return {code: counts[code] for code in Code}


def league(
    unit_id: int,
    indicator: str,
    period: Period,
    *,
    known_on: date | None = None,
    tree: date | None = None,
    today: date,
) -> list[LeagueRow]:
    """The units directly below one in an indicator, sorted by name, with their targets and verdicts.

    Then whoever else something has come through, so that the figures add up to that of the unit (see `by_child`).
    The number of queries does not grow with the number of units.
    """
    watched = pack().indicators[indicator]
    clock = Clock(period, min(today, known_on or today))
    through = by_child(unit_id, indicator, period, known_on=known_on, tree=tree)
    ids = [share.unit.id for share in through if share.stands is Stands.BELOW]
    targets = live_targets(ids, {period, period.year_period()}, indicator=indicator, known_on=known_on)
    figures_in = partial(figures_of, ids, indicators=[watched], known_on=known_on, tree=tree)
    starts = figures_in(Period.month(period.year - 1, 12)) if ids else {}
    so_far = [figures_in(part) for part in _so_far_periods(period)] if ids else []
    rules = verdict_rules(period.last_day)
    through_the_year = _courses(targets.values(), clock, known_on, tree)
    rows = []
    for share in through:
        unit, figure = share.unit, share.whole
        target = targets.get((unit.id, indicator, period.code))
        target = target or targets.get((unit.id, indicator, period.year_period().code))
        judged = value_of(figure)
        if target is not None and target.period != period and so_far:
            judged = added([each.get(unit.id, {}) for each in so_far], watched).measured
        judgement = None
        if target is not None:
            stock = watched.behaviour is Behaviour.STOCK
            at_start = value_of(starts.get(unit.id, {}).get(indicator)) if stock else None
            course = through_the_year.get((unit.id, indicator), [])
            judged_case = case(watched, target, judged, clock, course=course, at_start=at_start)
            judgement = verdict(judged_case, rules)
        percent = _percent(watched, figure, target, judged)
        rows.append(
            LeagueRow(
                unit=unit,
                stands=share.stands,
                figure=share.figure,
                whole=figure,
                is_part=share.is_part,
                target=target,
                percent=percent,
                verdict=judgement,
                value_illustrative=share.figure.illustrative,
            )
        )
    return rows


def _read(unit_id: int, period: Period, known_on: date | None, tree: date | None, today: date) -> Sources:
    clock = Clock(period, min(today, known_on or today))
    year = period.year_period()
    held = live_targets([unit_id], {period, year}, known_on=known_on)
    targets = {
        code: held[key]
        for code in pack().indicators
        for key in ((unit_id, code, year.code), (unit_id, code, period.code))
        if key in held
    }
    statements: dict[str, list[Statement]] = {}
    for statement in statements_on(unit_id, period, known_on=known_on) if tree is None else ():
        statements.setdefault(statement.indicator, []).append(statement)
    earlier = Period(period.year - 1, period.kind, period.index)
    before = first_months(earlier, clock.elapsed(period))
    basis = beside_last_year(unit_id, period, clock.day, tree)
    past, compared_on = basis.tree, basis.compared_on
    shown = figures(unit_id, period, known_on=known_on, tree=tree)
    return Sources(
        clock=clock,
        shown=shown,
        latest=_at_last_month(unit_id, clock, known_on, tree) or shown,
        so_far=tuple(
            figures(unit_id, each, known_on=known_on, tree=tree) for each in _so_far_periods(period)
        ),
        at_start=start_of_year(unit_id, period, known_on=known_on, tree=past),
        last_year=tuple(figures(unit_id, each, known_on=known_on, tree=past) for each in before),
        compared_on=compared_on,
        same_units=shown if compared_on is None else figures(unit_id, period, known_on=known_on, tree=past),
        courses=_courses(targets.values(), clock, known_on, tree),
        targets=targets,
        statements=statements,
        missing=missing_returns(unit_id, period, on=clock.day, known_on=known_on, tree=tree),
        rules=verdict_rules(period.last_day),
    )


def _at_last_month(unit_id: int, clock: Clock, known_on: date | None, tree: date | None) -> Figures | None:
    """The figures of the last whole month while the period runs: whose stock is carried forward is asked there."""
    elapsed = clock.elapsed(clock.shown)
    if elapsed == clock.shown.length or elapsed == 0:
        return None
    return figures(unit_id, clock.shown.months[elapsed - 1], known_on=known_on, tree=tree)


def _so_far_periods(period: Period) -> tuple[Period, ...]:
    """The year so far at the end of a period; nothing if the period itself begins with the year."""
    return () if period.first_month_number == 1 else year_so_far(period.year, period.last_month_number)


def _courses(
    targets: Iterable[TargetView], clock: Clock, known_on: date | None, tree: date | None
) -> Courses:
    """The course through the year of the counts that add up and whose target is still open."""
    still_open = [
        target
        for target in targets
        if accumulates(pack().indicators[target.indicator]) and not clock.is_over(target.period)
    ]
    return courses(
        {target.unit_id for target in still_open},
        [pack().indicators[code] for code in sorted({target.indicator for target in still_open})],
        clock.shown.year,
        known_on=known_on,
        tree=tree,
    )


def _is_known(sources: Sources, indicator: Indicator) -> bool:
    figure = sources.shown.get(indicator.code)
    return figure is not None and figure.is_known


def _row(sources: Sources, indicator: Indicator) -> Row:
    code = indicator.code
    figure = sources.shown[code]
    target = sources.targets.get(code)
    judged = value_of(figure)
    so_far = None
    if target is not None and target.period != sources.clock.shown and sources.so_far:
        so_far = added(sources.so_far, indicator)
        judged = so_far.measured
    at_start = value_of(sources.at_start.get(code)) if indicator.behaviour is Behaviour.STOCK else None
    last_year = added(sources.last_year, indicator)
    judgement = None
    if target is not None:
        course = sources.courses.get((target.unit_id, code), [])
        judgement = verdict(
            case(indicator, target, judged, sources.clock, course=course, at_start=at_start), sources.rules
        )
    statements = sources.statements.get(code, [])
    same_units = sources.same_units[code]
    is_other = value_of(same_units) != value_of(figure)
    attested = any(attests(statement, figure) for statement in statements)
    before = at_start if indicator.behaviour is Behaviour.STOCK else last_year.measured
    doubts = same_units.estimated if is_other else ()
    change = Changes(
        _change(same_units, at_start, (*doubts, *sources.at_start[code].estimated)),
        _change(same_units, last_year.measured, (*doubts, *last_year.estimated)),
    )
    flags = (
        *statement_flags(statements, figure, target, judged, before, same_units),
        *illustrative_flags(figure, target, attested=attested),
        *view_flags(figure),
        *compared_flags(change, same_units if is_other else None, sources.compared_on),
        *(() if figure.withheld else gap_flags(sources.latest[code], sources.missing)),
    )
    return Row(
        indicator=indicator,
        figure=figure,
        target=target,
        percent=_percent(indicator, figure, target, judged),
        verdict=judgement,
        change=change,
        flags=flags,
        value_illustrative=figure.is_known and figure.illustrative and not attested,
        target_illustrative=target is not None and target.illustrative,
        judged=judged,
        so_far=so_far,
        last_year=last_year,
        same_units=same_units if is_other else None,
    )


def _percent(
    indicator: Indicator, figure: Figure, target: TargetView | None, judged: Fraction | None
) -> str | None:
    if indicator.is_ratio:
        return None if figure.ratio is None else two_decimals(figure.ratio * 100)
    if target is None or judged is None:
        return None
    exact = percent_of(judged, Fraction(target.amount))
    return None if exact is None else two_decimals(exact)


def _change(figure: Figure, before: Fraction | None, doubts: Iterable[Estimate]) -> Change | None:
    after = value_of(figure)
    if after is None or before is None:
        return None
    difference = after - before
    because = tuple(dict.fromkeys(doubts))
    return Change(before, difference, figure.indicator.is_ratio, percent_of(difference, before), because)
