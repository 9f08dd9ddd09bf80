"""The course of counts through a year, for many units and indicators at once."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from plenum.figures.models import Rollup
from plenum.figures.queries.sums import Ask, sums
from plenum.figures.rules import partition
from plenum.packs import Indicator, pack
from plenum.periods import Period


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
) -> Courses:
    """What each stretch of the year has added, in the finest periods into which the returns below a unit fit whole.

    Only counts that add up. At most four queries, whatever the number of units and indicators.
    """
    slots = {indicator.code: indicator.value for indicator in indicators if indicator.value}
    if not unit_ids or not slots:
        return {}
    stretches = {
        (unit_id, code): partition(year, reported)
        for (unit_id, code), reported in _reported(unit_ids, slots, year).items()
    }
    wanted = sorted(
        {(unit_id, period.code) for (unit_id, _code), all_ in stretches.items() for period in all_}
    )
    keys = {each: key for key, each in enumerate(wanted)}
    asks = [Ask(keys[each], each[0], Period.parse(each[1])) for each in wanted]
    found = sums(asks, set(slots.values()), known_on=known_on)
    return {
        (unit_id, code): [
            Stretch(period, Fraction(found[keys[unit_id, period.code], slots[code]].value))
            for period in periods
            if (keys[unit_id, period.code], slots[code]) in found
        ]
        for (unit_id, code), periods in stretches.items()
    }


def _reported(
    unit_ids: Iterable[int], slots: dict[str, str], year: int
) -> dict[tuple[int, str], list[Period]]:
    forms = {code: {form.code for form in pack().forms_with(slot)} for code, slot in slots.items()}
    rows = Rollup.objects.filter(
        unit__in=list(unit_ids),
        form__in=set().union(*forms.values()),
        month__year=year,
    )
    reported: dict[tuple[int, str], list[Period]] = {}
    for unit_id, form, first, last in rows.values_list("unit_id", "form", "first_month", "month").distinct():
        period = Period.ending(last, last.month - first.month + 1)
        for code in slots:
            if form in forms[code]:
                reported.setdefault((unit_id, code), []).append(period)
    return reported
