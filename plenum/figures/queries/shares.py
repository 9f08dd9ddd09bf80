"""A figure taken apart by the units directly below: what has come to it through each of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from plenum.figures.queries.attribution import Estimate, Estimates, estimates
from plenum.figures.queries.figures import (
    AddedUp,
    Figure,
    figures_of,
    in_order,
    indicator_of,
    slots_of,
)
from plenum.figures.queries.portions import portions
from plenum.figures.queries.register import Counted, counted_by_branch
from plenum.figures.queries.sums import Ask, sums_by_branch
from plenum.figures.queries.withheld import withheld
from plenum.packs import Indicator
from plenum.periods import Period
from plenum.tree.queries import UnitView, children, divided, unit_views


class Stands(StrEnum):
    """Where whoever a share has come through stands when the period ends."""

    BELOW = "below"
    LEFT = "left"
    ITSELF = "itself"


@dataclass(frozen=True)
class Shares:
    """What has come to the figures of a unit through one unit, by indicator code.

    ``figures`` of all shares add up to those of the unit: a unit that has stood elsewhere for a part of the period has
    only a part of its own figures in them. ``whole`` is what the own page of a unit directly below says: all that it
    and everything below it has reported in the period, wherever it stood. What a unit that has left reports
    elsewhere is no business of those it has left: its whole is its share.
    """

    unit: UnitView
    stands: Stands
    figures: Mapping[str, Figure]
    whole: Mapping[str, Figure]


@dataclass(frozen=True)
class Share:
    """What has come to one figure of a unit through one unit; see `Shares`."""

    unit: UnitView
    stands: Stands
    figure: Figure
    whole: Figure

    @property
    def says_anything(self) -> bool:
        """Whether anything of the figure has come through this unit, be it one side of a ratio."""
        said = self.figure
        return any(each is not None for each in (said.value, said.numerator, said.denominator))

    @property
    def is_part(self) -> bool:
        """Whether the unit has reported more, or other, than what stands in the figure it is a share of."""
        said, whole = self.figure, self.whole
        return not said.indicator.from_register and (
            (said.value, said.numerator, said.denominator)
            != (whole.value, whole.numerator, whole.denominator)
        )


def shares(
    unit_id: int,
    period: Period,
    indicators: Sequence[Indicator],
    *,
    known_on: date | None = None,
    tree: date | None = None,
) -> list[Shares]:
    """The figures of a unit taken apart. The number of queries does not grow with units or indicators.

    First, by name, the units directly below on the last day of the period, whether they have reported or not; then
    those through which something has come and that have moved away or ended since; last, when there is anything,
    what the unit has reported itself. Nothing when all comes from the unit itself: there is nothing to take apart.
    On the tree of a day (``tree``) the units directly below are those of that day.
    """
    wanted = in_order(indicators)
    day = tree or period.last_day
    standing = children(unit_id, day)
    slots = slots_of(wanted)
    of_tree = divided(tree)
    ask = Ask(0, unit_id, period)
    parted = portions([ask], slots, known_on=known_on, tree=tree, found=of_tree, by_branch=True)
    found = sums_by_branch(ask, slots, known_on=known_on, tree=tree, parted=parted)
    kinds: Mapping[int, Counted] = {}
    if any(indicator.from_register for indicator in wanted):
        kinds = counted_by_branch(unit_id, standing, period.last_day, tree=tree, found=of_tree)
    through = {branch for branch, _slot in found} | set(kinds)
    others = unit_views(through - {child.id for child in standing}, day)
    listed = [
        *((child, Stands.BELOW) for child in standing),
        *((other, Stands.LEFT) for key, other in others.items() if key != unit_id),
        *((other, Stands.ITSELF) for key, other in others.items() if key == unit_id),
    ]
    if all(stands is Stands.ITSELF for _unit, stands in listed):
        return []
    ids = [child.id for child in standing]
    whole = figures_of(ids, period, indicators=wanted, known_on=known_on, tree=tree) if ids else {}
    shown = AddedUp(
        found,
        _doubts(unit_id, [unit for unit, _stands in listed], period, slots, known_on, tree),
        withheld([Ask(unit.id, unit.id, period) for unit, _stands in listed], tree, of_tree)
        if slots
        else set(),
    )
    rows = []
    for unit, stands in listed:
        own = {each.code: shown.figure(each, period, unit.id, kinds.get(unit.id)) for each in wanted}
        rows.append(Shares(unit, stands, own, whole.get(unit.id, own)))
    return rows


def by_child(
    unit_id: int,
    indicator: str | Indicator,
    period: Period,
    *,
    known_on: date | None = None,
    tree: date | None = None,
) -> list[Share]:
    """One figure of a unit taken apart, as `shares` does with several."""
    watched = indicator_of(indicator)
    return [
        Share(each.unit, each.stands, each.figures[watched.code], each.whole[watched.code])
        for each in shares(unit_id, period, [watched], known_on=known_on, tree=tree)
    ]


def _doubts(
    unit_id: int,
    through: Sequence[UnitView],
    period: Period,
    slots: Collection[str],
    known_on: date | None,
    tree: date | None,
) -> Estimates:
    """What of each share is in doubt: what is in the unit it has come through, or its own move to or from here."""
    asks = [Ask(unit.id, unit.id, period) for unit in through]
    if all(ask.unit_id != unit_id for ask in asks):
        asks.append(Ask(unit_id, unit_id, period))
    found = estimates(asks, slots, known_on=known_on, tree=tree)
    own = {code: listed for (key, code), listed in found.items() if key == unit_id}
    doubts: dict[tuple[int, str], list[Estimate]] = {}
    for unit in through:
        for code in slots:
            moved = [each for each in own.get(code, ()) if each.unit.id == unit.id]
            listed = moved if unit.id == unit_id else [*found.get((unit.id, code), ()), *moved]
            if listed:
                doubts[unit.id, code] = listed
    return doubts
