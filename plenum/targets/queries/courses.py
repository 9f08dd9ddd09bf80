"""The course of counts through a year, for many units and indicators at once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from plenum.figures.queries.portions import portions
from plenum.figures.queries.sums import Ask, reported_periods, sums
from plenum.figures.queries.withheld import withheld
from plenum.figures.rules import partition
from plenum.packs import Indicator
from plenum.periods import Period
from plenum.tree.queries import divided


@dataclass(frozen=True)
class Stretch:
    """What one reported stretch of months has added to a count."""

    period: Period
    value: Fraction


Courses = dict[tuple[int, str], list[Stretch]]
"""By unit and indicator code, oldest first; absent when nothing is reported."""


def courses(
    unit_ids: Collection[int],
    indicators: Sequence[Indicator],
    year: int,
    *,
    known_on: date | None = None,
    tree: date | None = None,
) -> Courses:
    """What each stretch of the year has added, in the finest periods into which the returns below a unit fit whole.

    Only counts that add up; nothing of a unit of which anything is withheld on the tree asked for. At most five
    queries, whatever the number of units and indicators; on another tree one more, and two where units are divided.
    """
    slots = {indicator.code: indicator.value for indicator in indicators if indicator.value}
    if not unit_ids or not slots:
        return {}
    of_tree = divided(tree)
    reported = reported_periods(unit_ids, set(slots.values()), year, tree=tree, parted=of_tree)
    stretches = {
        (unit_id, code): partition(year, of_unit[slot])
        for unit_id, of_unit in reported.items()
        for code, slot in slots.items()
        if slot in of_unit
    }
    wanted = sorted(
        {(unit_id, period.code) for (unit_id, _code), all_ in stretches.items() for period in all_}
    )
    keys = {each: key for key, each in enumerate(wanted)}
    asks = [Ask(keys[each], each[0], Period.parse(each[1])) for each in wanted]
    not_shown = withheld(asks, tree, of_tree)
    hidden = {each.unit_id for each in asks if each.key in not_shown}
    parted = portions(asks, set(slots.values()), known_on=known_on, tree=tree, found=of_tree)
    found = sums(asks, set(slots.values()), known_on=known_on, tree=tree, parted=parted)
    return {
        (unit_id, code): [
            Stretch(period, Fraction(found[keys[unit_id, period.code], slots[code]].value))
            for period in periods
            if (keys[unit_id, period.code], slots[code]) in found
        ]
        for (unit_id, code), periods in stretches.items()
        if unit_id not in hidden
    }
