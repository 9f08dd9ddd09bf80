"""What a grassroots organisation reports month by month: all figures of the full form, made up so that they add up."""

from collections.abc import Iterator

from plenum.packs import Form, pack
from plenum.site.sample.chance import Chance
from plenum.site.sample.country import Made

FORM = "grassroots-full"

ADMITTED = 0.028 / 12
CAME = 0.018 / 12
REINSTATED = 0.0002 / 12
LEFT = 0.017 / 12
DIED = 0.008 / 12
EXPELLED = 0.0004 / 12
REMOVED = 0.002 / 12
"""Shares of the members in a month."""

AGES = (0.55, 0.22, 0.11, 0.06, 0.03, 0.018, 0.008, 0.004)
OCCUPATIONS = (0.12, 0.10, 0.20, 0.16, 0.20, 0.08, 0.09, 0.05)
WOMEN, YOUTH, RELIGIOUS = 0.46, 0.6, 0.03
FOUNDED = 0.004
DUES = (9_000, 21_000)
"""Dong that a member pays in a month."""

Values = list[int | None]


def year_of_figures(unit: Made, chance: Chance) -> Iterator[Values]:
    """The figures of twelve months, in the order of the slots of the form. Village heads are for communes only."""
    carried = unit.members
    women, ethnic = 0.25 + chance.draw() * 0.25, chance.draw() * 0.3
    exempt, dues = 0.04 + chance.draw() * 0.08, chance.between(*DUES)
    heads = unit.cells if unit.kind == "commune_committee" else None
    heads_members = None if heads is None else round(heads * (0.75 + chance.draw() * 0.25))
    for _month in range(12):
        admitted, came = chance.count(carried * ADMITTED), chance.count(carried * CAME)
        reinstated = chance.count(carried * REINSTATED)
        died, expelled = chance.count(carried * DIED), chance.count(carried * EXPELLED)
        left, removed = chance.count(carried * LEFT), chance.count(carried * REMOVED)
        total = carried + admitted + came + reinstated - left - died - expelled - removed
        if total < 1:
            left = died = expelled = removed = 0
            total = carried + admitted + came + reinstated
        among = _admitted(admitted, ethnic, chance)
        collected = total * dues + chance.between(0, 999) * 1000
        kept = collected * 30 // 100
        yield [
            carried,
            admitted,
            came,
            reinstated,
            left,
            died,
            expelled,
            removed,
            total,
            *among[:3],
            heads,
            heads_members,
            chance.count(FOUNDED),
            *among[3:],
            min(total, round(total * 0.03) + admitted),
            round(total * women),
            round(total * ethnic),
            round(total * exempt),
            collected,
            kept,
            collected - kept,
        ]
        carried = total


def _admitted(admitted: int, ethnic: float, chance: Chance) -> list[int]:
    """Women, men, youth, ethnic minorities, the religious, then the ages and the occupations of those admitted."""
    women = youth = minorities = religious = 0
    ages, occupations = [0] * len(AGES), [0] * len(OCCUPATIONS)
    for _person in range(admitted):
        women += chance.happens(WOMEN)
        minorities += chance.happens(ethnic)
        religious += chance.happens(RELIGIOUS)
        age = chance.place(AGES)
        youth += age == 0 and chance.happens(YOUTH)
        ages[age] += 1
        occupations[chance.place(OCCUPATIONS)] += 1
    return [women, admitted - women, youth, minorities, religious, *ages, *occupations]


def corrected(values: Values, chance: Chance) -> Values:
    """The same after somebody has looked again: two moves and some dues had been forgotten."""
    form = pack().forms[FORM]
    found = dict(zip((slot.code for slot in form.slots), values, strict=True))
    more = chance.between(10, 400) * 1000
    for code, by in (
        ("members_transferred_in", 1),
        ("members_transferred_out", 1),
        ("dues_collected", more),
        ("dues_kept", more),
    ):
        found[code] = (found[code] or 0) + by
    return list(found.values())


def form() -> Form:
    """The form that the organisations of the sample owe."""
    return pack().forms[FORM]
