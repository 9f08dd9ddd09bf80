"""Figures of a unit for a period: what it and everything below it have reported, by indicator."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from plenum.figures.queries.attribution import Estimate, Estimates, estimates
from plenum.figures.queries.portions import portions
from plenum.figures.queries.register import Counted, counted
from plenum.figures.queries.sums import Ask, Sums, reported_periods, sums
from plenum.figures.queries.withheld import withheld
from plenum.figures.rules import partition
from plenum.packs import Behaviour, Indicator, Words, pack
from plenum.periods import Period
from plenum.tree.queries import Divided, divided


@dataclass(frozen=True)
class Part:
    """One part of a figure's breakdown: ``code`` is a slot code or, for the register, a kind of unit."""

    code: str
    name: Words
    value: int | None


@dataclass(frozen=True)
class Figure:
    """One indicator of one unit (with everything below it) in one period.

    ``value`` for counts, ``numerator`` and ``denominator`` for ratios; None means that nobody has reported it.
    ``reported_by``: how many units it is made of (for a ratio, those that reported the denominator).
    ``carried_from``: for a stock, how many of these did not report for the last month, so that their latest figure
    of the year is carried forward. ``illustrative``: at least one figure in it is. ``estimated``: what of it cannot be
    attributed exactly, and why. ``withheld``: on the tree asked for, it would have figures in it that the reader does
    not reach; then nothing of it is told.
    """

    indicator: Indicator
    period: Period
    value: int | None
    numerator: int | None
    denominator: int | None
    reported_by: int
    illustrative: bool
    carried_from: int
    parts: tuple[Part, ...]
    estimated: tuple[Estimate, ...] = ()
    withheld: bool = False

    @property
    def ratio(self) -> Fraction | None:
        """Numerator over denominator; None when either is not known or the denominator is 0."""
        if self.numerator is None or not self.denominator:
            return None
        return Fraction(self.numerator, self.denominator)

    @property
    def is_known(self) -> bool:
        return self.value is not None or self.ratio is not None


@dataclass(frozen=True)
class Point:
    """One figure in a series."""

    period: Period
    figure: Figure


def figures(
    unit_id: int, period: Period, *, known_on: date | None = None, tree: date | None = None
) -> dict[str, Figure]:
    """Every indicator of the pack, in its order, by code, for a unit and everything below it.

    Flows are summed over the returns that lie whole in the period, each on the tree of its last month. Stocks are
    the latest of the year up to the end of the period of every unit that stands below on its last day. Ratios are
    made of summed parts. ``known_on``: only what had been accepted by the end of that day. ``tree``: the same figures
    restated on the tree of that day, each unit wherever it counts then.
    """
    return figures_of([unit_id], period, known_on=known_on, tree=tree)[unit_id]


def start_of_year(
    unit_id: int, period: Period, *, known_on: date | None = None, tree: date | None = None
) -> dict[str, Figure]:
    """The figures of December of the year before: how stocks stood when the year of the period began."""
    return figures(unit_id, Period.month(period.year - 1, 12), known_on=known_on, tree=tree)


def figures_of(
    unit_ids: Sequence[int],
    period: Period,
    *,
    indicators: Sequence[Indicator] | None = None,
    known_on: date | None = None,
    tree: date | None = None,
) -> dict[int, dict[str, Figure]]:
    """As `figures`, for several units at once: by unit, then by indicator. The number of queries does not grow."""
    wanted = in_order(pack().indicators.values() if indicators is None else indicators)
    asks = [Ask(unit_id, unit_id, period) for unit_id in unit_ids]
    of_tree = divided(tree)
    found = added_up(asks, wanted, known_on=known_on, tree=tree, found=of_tree)
    kinds = _register(wanted, unit_ids, period, tree, of_tree)
    return {
        unit_id: {
            indicator.code: found.figure(indicator, period, unit_id, kinds.get(unit_id))
            for indicator in wanted
        }
        for unit_id in unit_ids
    }


def series(
    unit_id: int,
    indicator: str | Indicator,
    year: int,
    *,
    known_on: date | None = None,
    tree: date | None = None,
) -> list[Point]:
    """An indicator through a year, in the finest periods into which the returns below the unit fit whole.

    Months when everybody reports monthly, quarters when somebody reports quarterly, and so on. A flow is that of
    each period alone, a stock is that at its end; a period for which nothing is known, and any after the last month
    that somebody has reported, has a figure that is not known.
    """
    the_indicator = indicator_of(indicator)
    of_tree = divided(tree)
    slots = the_indicator.slots
    of_unit = reported_periods([unit_id], slots, year, tree=tree, parted=of_tree).get(unit_id, {})
    reported = [period for slot in the_indicator.slots for period in of_unit.get(slot, [])]
    periods = partition(year, reported)
    if the_indicator.from_register:
        listed = [
            _register([the_indicator], [unit_id], period, tree, of_tree).get(unit_id) for period in periods
        ]
        return [
            Point(period, _from_register(the_indicator, period, kinds))
            for period, kinds in zip(periods, listed, strict=True)
        ]
    last = max((period.last_month for period in reported), default=None)
    asks = [
        Ask(key, unit_id, period)
        for key, period in enumerate(periods)
        if last is not None and period.start <= last
    ]
    found = added_up(asks, [the_indicator], known_on=known_on, tree=tree, found=of_tree)
    return [
        Point(period, found.figure(the_indicator, period, key, None)) for key, period in enumerate(periods)
    ]


def indicator_of(indicator: str | Indicator) -> Indicator:
    """An indicator by itself or by its code; KeyError if the pack has none of this code."""
    return pack().indicators[indicator] if isinstance(indicator, str) else indicator


def in_order(indicators: Iterable[Indicator]) -> list[Indicator]:
    return sorted(indicators, key=lambda indicator: indicator.order)


def slots_of(indicators: Iterable[Indicator]) -> set[str]:
    return {
        code
        for indicator in indicators
        if not indicator.from_register
        for code in (*indicator.slots, *indicator.parts)
    }


def _measured(indicators: Iterable[Indicator]) -> set[str]:
    """The slots whose number of units is that of their indicator."""
    found = (indicator.denominator if indicator.is_ratio else indicator.value for indicator in indicators)
    return {code for code in found if code}


def _register(
    indicators: Iterable[Indicator],
    unit_ids: Sequence[int],
    period: Period,
    tree: date | None,
    found: Divided,
) -> Mapping[int, Counted]:
    if not any(indicator.from_register for indicator in indicators):
        return {}
    return counted(unit_ids, period.last_day, tree=tree, found=found)


@dataclass(frozen=True)
class AddedUp:
    """Sums by the keys of their asks, with what of them is in doubt and which of them are withheld."""

    sums: Sums
    doubts: Estimates
    withheld: Set[int]

    def figure(self, indicator: Indicator, period: Period, key: int, kinds: Counted | None) -> Figure:
        """An indicator from the sums of one ask; from the register, of units counted by kind."""
        if indicator.from_register:
            return _from_register(indicator, period, kinds)
        if key in self.withheld:
            return replace(_from_sums(indicator, period, key, {}, ()), withheld=True)
        doubts = [each for code in slots_of([indicator]) for each in self.doubts.get((key, code), ())]
        return _from_sums(indicator, period, key, self.sums, _each_once(doubts))


def added_up(
    asks: Sequence[Ask],
    indicators: Sequence[Indicator],
    *,
    known_on: date | None,
    tree: date | None,
    found: Divided | None = None,
) -> AddedUp:
    """What several indicators are made of, for every ask at once. The number of queries does not grow.

    ``found``: what is divided on that tree, if it is known already.
    """
    slots = slots_of(indicators)
    parted = portions(asks, slots, known_on=known_on, tree=tree, found=found)
    return AddedUp(
        sums(asks, slots, known_on=known_on, tree=tree, by_unit=_measured(indicators), parted=parted),
        estimates(asks, slots, known_on=known_on, tree=tree, parted=parted),
        withheld(asks, tree, parted.divided) if slots else set(),
    )


def _from_sums(
    indicator: Indicator, period: Period, key: int, found: Sums, estimated: tuple[Estimate, ...]
) -> Figure:
    value, numerator, denominator = (
        found.get((key, code)) if code else None
        for code in (indicator.value, indicator.numerator, indicator.denominator)
    )
    measured = denominator if indicator.is_ratio else value
    parts = [(code, found.get((key, code))) for code in indicator.parts]
    made_of = [each for each in (value, numerator, denominator) if each is not None]
    return Figure(
        indicator=indicator,
        period=period,
        value=value.value if value else None,
        numerator=numerator.value if numerator else None,
        denominator=denominator.value if denominator else None,
        reported_by=measured.units if measured else 0,
        illustrative=any(each.illustrative for each in made_of),
        carried_from=measured.carried if measured and indicator.behaviour is Behaviour.STOCK else 0,
        parts=tuple(
            Part(code, pack().slots()[code].name, each.value if each else None) for code, each in parts
        ),
        estimated=estimated,
    )


def _each_once(doubts: Iterable[Estimate]) -> tuple[Estimate, ...]:
    once = {(each.reason, each.unit.id, each.on, each.counted, each.share): each for each in doubts}
    return tuple(sorted(once.values(), key=lambda each: (each.on, each.unit.sort_key, each.unit.id)))


def _from_register(indicator: Indicator, period: Period, found: Counted | None) -> Figure:
    """Units counted in the tree; not known when no unit of these kinds is registered below."""
    registered = found or Counted()
    kinds = {code: registered.kinds.get(code, 0) for code in indicator.register_kinds}
    doubts = [each for code in kinds for each in registered.doubts.get(code, ())]
    total = sum(kinds.values()) or None
    return Figure(
        indicator=indicator,
        period=period,
        value=total,
        numerator=None,
        denominator=None,
        reported_by=total or 0,
        illustrative=False,
        carried_from=0,
        parts=tuple(
            Part(code, pack().kinds[code].plural, kinds[code] if total else None)
            for code in indicator.parts or indicator.register_kinds
        ),
        estimated=_each_once(doubts),
    )
