"""What of the returns of divided units counts where on the tree of a day.

Sums on another tree are first made as if nothing were divided: whoever has ended in several counts where it stood last.
For the few units of which a part belongs elsewhere this is put right here, return by return: what each return says is
apportioned among the ends of the ways that its unit has gone (`plenum.tree.rules.division`), a stock by itself, a flow
in turn with the earlier returns of its year. So the parts are whole numbers, those of all successors add up to the
return, and months add up to their year.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection

from plenum.figures.queries.rollups import Kept, add
from plenum.packs import Behaviour, pack
from plenum.periods import Period
from plenum.tree.queries import Divided, branch_of, divided
from plenum.tree.rules import Way

if TYPE_CHECKING:
    from plenum.figures.queries.sums import Ask

_STANDING = """
    SELECT return_id, unit_id, form, first_month, month, sums, counts, illustrative
    FROM figures_standing WHERE unit_id = ANY(%(units)s) AND month BETWEEN %(first)s AND %(last)s
    ORDER BY month, first_month, return_id
"""
_ENTRIES = """
    SELECT standing.return_id, standing.unit_id, standing.form, standing.first_month, standing.month,
           entry.delta, entry.delta_counts, entry.delta_illustrative
    FROM figures_standing standing
    JOIN figures_entry entry ON entry.return_id = standing.return_id AND entry.known_on <= %(known_on)s
    WHERE standing.unit_id = ANY(%(units)s) AND standing.month BETWEEN %(first)s AND %(last)s
    ORDER BY standing.month, standing.first_month, standing.return_id
"""


class Line(NamedTuple):
    """One slot of one return that counts in an ask."""

    return_id: int
    unit_id: int
    form: str
    first_month: date
    month: date
    slot: str
    value: int
    illustrative: bool
    carried: bool


@dataclass(frozen=True)
class Portion:
    """What of one slot of a return counts for an ask through one unit directly below, or the unit itself.

    `share`: which part of it that is, before rounding; None where it only counted as long as nothing was divided, and
    is to be taken away.
    """

    key: int
    branch_id: int
    line: Line
    value: int
    share: Fraction | None
    way: Way


@dataclass(frozen=True)
class Portions:
    """All that is to be put right in sums on the tree of a day; empty where nothing is divided."""

    divided: Divided = field(default_factory=Divided)
    counted: Sequence[Portion] = ()

    def into(
        self, found: dict[tuple[int, str], Kept], *, by_branch: bool = False
    ) -> dict[tuple[int, str], Kept]:
        """The sums with the divided units in them: by key or unit directly below, and slot."""
        for sign in (-1, 1):
            lines: dict[tuple[int, str], set[Line]] = defaultdict(set)
            for each in self.counted:
                if (each.share is None) == (sign < 0):
                    at = (each.branch_id if by_branch else each.key, each.line.slot)
                    add(found, at, (sign * each.value, 0, 0, 0, 0))
                    lines[at].add(each.line)
            for at, of_slot in lines.items():
                marked = sum(line.illustrative for line in of_slot)
                units = len({line.unit_id for line in of_slot})
                carried = sum(line.carried for line in of_slot)
                add(found, at, (0, sign * len(of_slot), sign * marked, sign * units, sign * carried))
        return found


def portions(
    asks: "Sequence[Ask]",
    slots: Collection[str],
    *,
    known_on: date | None,
    tree: date | None,
    found: Divided | None = None,
    by_branch: bool = False,
) -> Portions:
    """What of the returns of divided units counts in some asks. Three queries, one if nothing is divided.

    ``by_branch``: also what counts there whole, but through several of the units directly below.
    """
    of_tree = divided(tree) if found is None else found
    near = of_tree.parting if by_branch else of_tree.touching
    touched = {ask.unit_id: near(ask.unit_id) for ask in asks} if of_tree else {}
    units = sorted(set().union(*touched.values())) if touched else []
    if not units or not slots:
        return Portions(of_tree)
    returns = _returns(units, [ask.period for ask in asks], slots, known_on)
    reader = _Reader(of_tree, returns)
    return Portions(
        of_tree,
        [
            portion
            for ask in asks
            for unit_id in touched[ask.unit_id]
            for portion in reader.portions(ask, unit_id)
        ],
    )


class _Reader:
    """Takes the returns of divided units apart; each is apportioned once, whatever is asked of it."""

    def __init__(self, of_tree: Divided, returns: Mapping[int, Sequence[Line]]) -> None:
        self.divided, self.returns = of_tree, returns
        self.flows: dict[tuple[int, int, str], dict[int, tuple[Way, list[int]]]] = {}

    def portions(self, ask: "Ask", unit_id: int) -> Iterator[Portion]:
        """What of the returns of one unit counts in an ask, and what of them does not any more."""
        of_pack = pack().slots()
        by_slot: dict[str, list[Line]] = defaultdict(list)
        for line in self.returns.get(unit_id, ()):
            if line.month.year == ask.period.year and line.month <= ask.period.last_month:
                by_slot[line.slot].append(line)
        for slot in by_slot:
            if of_pack[slot].behaviour is Behaviour.FLOW:
                apportioned = self._flow(unit_id, ask.period.year, slot)
                for line in by_slot[slot]:
                    if line.first_month >= ask.period.start:
                        yield from self._portions(ask, line, *apportioned[line.return_id])
            elif self._lives(unit_id, ask.period.last_day):
                line = by_slot[slot][-1]
                line = line._replace(carried=line.month < ask.period.last_month)
                way = self._way(line)
                yield from self._portions(ask, line, way, [part[0] for part in way.apportioned([line.value])])

    def _portions(self, ask: "Ask", line: Line, way: Way, values: Sequence[int]) -> Iterator[Portion]:
        whole = self.divided.whole(line.unit_id)
        if (branch := branch_of(whole, ask.unit_id, line.unit_id)) is not None:
            yield Portion(ask.key, branch, line, line.value, None, way)
        through: dict[int, tuple[int, Fraction]] = {}
        for (share, chain), value in zip(self.divided.chains(way), values, strict=True):
            if (branch := branch_of(chain, ask.unit_id, line.unit_id)) is not None:
                known, part = through.get(branch, (0, Fraction(0)))
                through[branch] = (known + value, part + share)
        for branch, (value, share) in through.items():
            yield Portion(ask.key, branch, line, value, share, way)

    def _flow(self, unit_id: int, year: int, slot: str) -> dict[int, tuple[Way, list[int]]]:
        """By return: its way, and what comes to each end of it; in turn with all returns of the year that go it."""
        key = (unit_id, year, slot)
        if key not in self.flows:
            lines = [line for line in self.returns[unit_id] if line.slot == slot and line.month.year == year]
            by_way: dict[Way, list[Line]] = defaultdict(list)
            for line in lines:
                by_way[self._way(line)].append(line)
            self.flows[key] = {
                line.return_id: (way, [part[place] for part in parts])
                for way, of_way in by_way.items()
                for parts in [way.apportioned([line.value for line in of_way])]
                for place, line in enumerate(of_way)
            }
        return self.flows[key]

    def _way(self, line: Line) -> Way:
        return self.divided.ways.way(line.unit_id, Period.month(line.month.year, line.month.month).last_day)

    def _lives(self, unit_id: int, day: date) -> bool:
        begins, ends = self.divided.leading[unit_id]
        return begins <= day and (ends is None or day < ends)


def _returns(
    units: Sequence[int], periods: Sequence[Period], slots: Collection[str], known_on: date | None
) -> dict[int, list[Line]]:
    """By unit what its returns say in the slots, in order of time. One query."""
    values: dict[str, Any] = {
        "units": list(units),
        "first": min(period.year_period().start for period in periods),
        "last": max(period.last_month for period in periods),
        "known_on": known_on,
    }
    with connection.cursor() as cursor:
        cursor.execute(_STANDING if known_on is None else _ENTRIES, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    forms = pack().forms
    found: dict[tuple[int, str], tuple[Line, int, int]] = {}
    for return_id, unit_id, form, first_month, month, sums, counts, marks in rows:
        for slot in forms[form].slots:
            if slot.code in slots:
                at = slot.number - 1
                line, known, marked = found.get(
                    (return_id, slot.code),
                    (Line(return_id, unit_id, form, first_month, month, slot.code, 0, False, False), 0, 0),
                )
                line = line._replace(value=line.value + int(sums[at] or 0))
                found[return_id, slot.code] = (line, known + (counts[at] or 0), marked + (marks[at] or 0))
    listed: dict[int, list[Line]] = defaultdict(list)
    for line, known, marked in found.values():
        if known > 0:
            listed[line.unit_id].append(line._replace(illustrative=marked > 0))
    return listed
