"""The questions that are measured, as Plenum answers them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bench.national.recount import CODES, Totals
from plenum.figures.queries.sums import Ask, Sums, sums
from plenum.packs import pack
from plenum.periods import Period
from plenum.targets.queries import live_targets
from plenum.tree.queries import children

MEASURED = {
    code
    for indicator in pack().indicators.values()
    if (code := indicator.denominator if indicator.is_ratio else indicator.value)
} & set(CODES)
"""The figures of which the board also says how many units have reported them."""

LEAGUE = ("members_admitted", "admitted_women", "admitted_men")
"""What the league table of members admitted is made of."""


@dataclass(frozen=True)
class Board:
    """The board of one unit: itself and the units directly below, all forty figures, year to date, with targets."""

    unit_id: int
    period: Period
    day: date
    known_on: date | None = None
    tree: date | None = None

    def ask(self) -> Sums:
        """What it shows, by unit and slot."""
        ids = [self.unit_id, *(child.id for child in children(self.unit_id, self.tree or self.day))]
        asks = [Ask(unit_id, unit_id, self.period) for unit_id in ids]
        live_targets(ids, {self.period}, known_on=self.known_on)
        return sums(asks, CODES, known_on=self.known_on, by_unit=MEASURED, **self._tree())

    def _tree(self) -> dict[str, Any]:
        return {} if self.tree is None else {"tree": self.tree}

    def is_right(self, answer: Sums, totals: Totals) -> bool:
        """Whether every value, and every number of units told, is that of the recount."""
        ids = [self.unit_id, *(child.id for child in children(self.unit_id, self.tree or self.day))]
        expected = {(unit_id, code): value for unit_id in ids for code, value in totals.of(unit_id).items()}
        if {key: found.value for key, found in answer.items()} != expected:
            return False
        return all(
            found.units == totals.units[unit_id, CODES.index(code)]
            for (unit_id, code), found in answer.items()
            if code in MEASURED
        )


def league(districts: Sequence[int], year: int) -> Callable[[], Sums]:
    """The members admitted in all districts in every month of a year."""
    months = [Period.month(year, number) for number in range(1, 13)]
    asks = [
        Ask(unit_id * 100 + number, unit_id, month)
        for unit_id in districts
        for number, month in enumerate(months, start=1)
    ]
    return lambda: sums(asks, LEAGUE, by_unit={LEAGUE[0]})


def values(answer: Sums) -> dict[tuple[int, str], int]:
    """The plain values of an answer."""
    return {key: found.value for key, found in answer.items()}
