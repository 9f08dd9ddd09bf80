"""Reach counted by hand, from the placements themselves and day by day; it shares no line with `access.reach`."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from plenum.access.models import Account, Grant
from plenum.access.powers import POWERS, Reach
from plenum.periods import Span
from plenum.tree.models import Lineage, Placement, Unit


@dataclass(frozen=True)
class Identity:
    """For whom the database is asked; `powers` is the limit of a token, None without one."""

    account: int
    acting_for: int | None
    powers: frozenset[str] | None
    on: date


@dataclass
class Oracle:
    """The tree and the grants as they are in the database now."""

    lives: dict[int, Span] = field(default_factory=lambda: dict(Unit.objects.values_list("pk", "lifetime")))
    places: dict[int, list[tuple[Span, int | None]]] = field(default_factory=dict)
    active: set[int] = field(
        default_factory=lambda: set(Account.objects.filter(is_active=True).values_list("pk", flat=True))
    )
    grants: list[tuple[int, int, frozenset[str], Span]] = field(default_factory=list)
    links: dict[int, list[tuple[date, int, str]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for unit, parent, span in Placement.objects.values_list("unit_id", "parent_id", "span"):
            self.places.setdefault(unit, []).append((span, parent))
        for account, unit, powers, span in Grant.objects.values_list(
            "account_id", "unit_id", "powers", "span"
        ):
            self.grants.append((account, unit, frozenset(powers), span))
        for unit, on, heir, how in Lineage.objects.values_list(
            "predecessor_id", "on_date", "successor_id", "how"
        ):
            self.links.setdefault(unit, []).append((on, heir, how))
        self.turns = sorted(
            {
                day
                for places in self.places.values()
                for span, _parent in places
                for day in (span.start, span.end)
                if day
            }
        )
        self.lines: dict[tuple[int, date], list[int]] = {}

    def line(self, unit: int, on: date) -> list[int]:
        """The unit and all above it on a day; outside its life, on the nearest day of it."""
        life = self.lives[unit]
        day = max(on, life.start)
        if life.end is not None:
            day = min(day, life.end - timedelta(days=1))
        if (unit, day) not in self.lines:
            found: list[int] = []
            above: int | None = unit
            while above is not None:
                found.append(above)
                above = next(parent for span, parent in self.places[above] if day in span)
            self.lines[unit, day] = found
        return self.lines[unit, day]

    def went_on_in(self, unit: int, on: date) -> list[int]:
        """Who alone went on with a unit that has ended by a day, then who alone went on with that one, and so on."""
        end = self.lives[unit].end
        if end is None or end > on:
            return []
        named = [
            (day, heir)
            for day, heir, how in self.links.get(unit, ())
            if (self.lives[heir].end or date.max) > end and (how != "split" or day >= end)
        ]
        last = [(day, heir) for day, heir in named if day == max(named)[0]]
        if len(last) != 1 or last[0][0] > on or self.lives[last[0][1]].start > on:
            return []
        return [last[0][1], *self.went_on_in(last[0][1], on)]

    def above(self, unit: int, on: date) -> Iterator[tuple[int, int]]:
        """All that a unit stands below, with how far; for what has ended also those who stand in for its superiors."""
        line = self.line(unit, on)
        yield from enumerate(line)
        if (self.lives[unit].end or date.max) <= on:
            for gone in line:
                for heir in self.went_on_in(gone, on):
                    yield from ((1, above) for above in self.line(heir, on))

    def reached(self, identity: Identity, powers: Collection[str]) -> set[int]:
        """The units that are reached with any of the powers."""
        held: dict[int, set[str]] = {}
        for account, unit, codes, span in self.grants:
            mine = (
                account == identity.account and account in self.active and identity.acting_for in (None, unit)
            )
            if mine and identity.on in span:
                usable = codes if identity.powers is None else codes & identity.powers
                held.setdefault(unit, set()).update(usable & set(powers))
        found = set()
        for unit in self.lives:
            for depth, above in self.above(unit, identity.on):
                if any(extends(POWERS[code].reach, depth) for code in held.get(above, ())):
                    found.add(unit)
        return found

    def held_since(self, unit: int, since: date) -> set[int]:
        """Everything at or above which the unit stood on some day from one on, or on its last day."""
        life = self.lives[unit]
        days = {day for day in (since, *self.turns) if day >= since and day in life}
        if life.end is not None:
            days.add(life.end - timedelta(days=1))
        return {above for day in days for above in self.line(unit, day)}


def extends(reach: Reach, depth: int) -> bool:
    """Whether a power reaches a unit that stands so far below the one where it is held."""
    return {Reach.UNIT: depth == 0, Reach.UNIT_AND_BELOW: True, Reach.BELOW: depth > 0}[reach]
