"""Figures recounted by hand: from placements and submitted versions, row by row, without anything that is kept."""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from plenum.figures.models import Entry
from plenum.figures.tests.parcels import Chain, Parcel, shared
from plenum.packs import Behaviour, pack
from plenum.periods import Period, Span
from plenum.tree.models import Lineage, Placement


@dataclass(frozen=True)
class Said:
    """What one accepted version says in one slot."""

    return_id: int
    unit: int
    period: Period
    value: int
    illustrative: bool


@dataclass(frozen=True)
class Counted:
    """What a slot comes to: value (None when nobody reported), units, whether illustrative, units carried forward."""

    value: int | None
    units: int
    illustrative: bool
    carried: int


class Oracle:
    """Reads everything once; every answer is a loop."""

    def __init__(self) -> None:
        self.places: dict[int, list[tuple[Span, int | None]]] = {}
        for place in Placement.objects.all():
            self.places.setdefault(place.unit_id, []).append((place.span, place.parent_id))
        self.links = list(Lineage.objects.all())
        self.divides = any(link.by for link in self.links)
        self.accepted: list[tuple[Entry, Period]] = [
            (entry, Period.parse(entry.of_return.period_code))
            for entry in Entry.objects.select_related("of_return", "version").order_by("version__number")
        ]

    def alive(self, unit: int, day: date) -> bool:
        return any(day in span for span, _parent in self.places[unit])

    def chain(self, unit: int, day: date) -> Chain:
        """The unit and everything above it on a day, by climbing one parent at a time."""
        chain: Chain = []
        at: int | None = unit
        while at is not None:
            chain.append(at)
            at = next(parent for span, parent in self.places[at] if day in span)
        return chain

    def restated(self, unit: int, day: date) -> Chain:
        """The unit and everything above it on the tree of a day, wherever each of them counts that day."""
        chain: Chain = []
        at: int | None = unit
        while at is not None:
            assert at not in chain
            chain.append(at)
            places = sorted(self.places[at], key=lambda place: place[0].start)
            if day < places[0][0].start:
                at = places[0][1]
            elif self.alive(at, day):
                at = next(parent for span, parent in places if day in span)
            else:
                heirs = self.heirs(at)
                at = heirs[0] if len(heirs) == 1 else places[-1][1]
        return chain

    def ends(self, unit: int) -> date:
        return max(span.end or date.max for span, _parent in self.places[unit])

    def heirs(self, unit: int) -> list[int]:
        """In whom a unit that has ended went on."""
        links = [
            link
            for link in self.links
            if link.predecessor_id == unit
            and self.ends(link.successor_id) > self.ends(unit)
            and not (link.how == "split" and link.on_date < self.ends(unit))
        ]
        last = max((link.on_date for link in links), default=None)
        return [link.successor_id for link in links if link.on_date == last]

    def last_lived(self, unit: int, period: Period) -> date:
        """The last day of the period's last month on which the unit lived, else the nearest day of its life."""
        day = period.last_day
        spans = [span for span, _parent in self.places[unit]]
        while not self.alive(unit, day) and any(span.start <= day for span in spans):
            day -= timedelta(days=1)
        return day if self.alive(unit, day) else min(span.start for span in spans)

    def said(self, slot: str, known_on: date | None) -> list[Said]:
        latest: dict[int, tuple[Entry, Period]] = {}
        for entry, period in self.accepted:
            if known_on is None or entry.known_on <= known_on:
                latest[entry.of_return_id] = (entry, period)
        found = []
        for return_id, (entry, period) in latest.items():
            form = pack().forms[entry.of_return.form]
            if form.has(slot):
                place = form.slot(slot).number - 1
                value = entry.version.values[place]
                if value is not None:
                    marked = entry.version.illustrative[place]
                    found.append(Said(return_id, entry.of_return.unit_id, period, value, marked))
        return found

    def count(
        self,
        unit: int,
        slot: str,
        period: Period,
        known_on: date | None = None,
        through: int | None = None,
        tree: date | None = None,
    ) -> Counted:
        """What the slot comes to for a unit and everything below it, on the tree of the time or of a day.

        ``through``: only what comes through this unit directly below; the unit itself for what it reports itself.
        """

        def line(each: Said, day: date) -> Chain:
            return self.chain(each.unit, day) if tree is None else self.restated(each.unit, tree)

        if tree is not None and self.divides:
            return self.count_restated(unit, slot, period, known_on, through, tree)
        if pack().slots()[slot].behaviour is Behaviour.FLOW:
            parts = [
                each
                for each in self.said(slot, known_on)
                if period.covers(each.period)
                and comes(line(each, self.last_lived(each.unit, each.period)), unit, through)
            ]
            return _counted(parts, 0)
        latest: dict[int, Said] = {}
        for each in sorted(self.said(slot, known_on), key=lambda each: each.period.last_month):
            in_year = each.period.year == period.year and each.period.last_month <= period.last_month
            if (
                in_year
                and self.alive(each.unit, period.last_day)
                and comes(line(each, period.last_day), unit, through)
            ):
                latest[each.unit] = each
        carried = sum(each.period.last_month < period.last_month for each in latest.values())
        return _counted(list(latest.values()), carried)

    def count_restated(
        self, unit: int, slot: str, period: Period, known_on: date | None, through: int | None, tree: date
    ) -> Counted:
        """The same on the tree of a day, each return by the parcels into which it is divided until then."""
        found: dict[int, tuple[Said, int]] = {}
        for each, chain, amount in self.parcels_of(slot, period, known_on, tree):
            if unit in chain and through in (None, before_of(chain, unit, each.unit)):
                found[each.return_id] = (each, found.get(each.return_id, (each, 0))[1] + amount)
        is_flow = pack().slots()[slot].behaviour is Behaviour.FLOW
        carried = sum(each.period.last_month < period.last_month for each, _amount in found.values())
        return Counted(
            value=sum(amount for _each, amount in found.values()) if found else None,
            units=len({each.unit for each, _amount in found.values()}),
            illustrative=any(each.illustrative for each, _amount in found.values()),
            carried=0 if is_flow else carried,
        )

    def parcels_of(
        self, slot: str, period: Period, known_on: date | None, tree: date
    ) -> list[tuple[Said, Chain, int]]:
        """Every return that counts in a period, with each line on which a part of it counts, and how much."""
        said = sorted(
            self.said(slot, known_on),
            key=lambda each: (each.period.last_month, each.period.start, each.return_id),
        )
        if pack().slots()[slot].behaviour is Behaviour.STOCK:
            latest = {
                each.unit: each
                for each in said
                if each.period.year == period.year
                and each.period.last_month <= period.last_month
                and self.alive(each.unit, period.last_day)
            }
            return [row for each in latest.values() for row in self.followed([each], tree)]
        rows = []
        for unit in {each.unit for each in said}:
            of_year = [each for each in said if each.unit == unit and each.period.year == period.year]
            rows += self.followed(of_year, tree)
        return [row for row in rows if period.covers(row[0].period)]

    def followed(self, returns: list[Said], tree: date) -> list[tuple[Said, Chain, int]]:
        """Follow what returns of one unit say, in order of time, from day to day until the day of the tree."""
        rows = []
        unit = returns[0].unit if returns else 0
        of_unit = sorted({link.on_date for link in self.links if link.predecessor_id == unit and link.by})
        for day in [*of_unit, date.max]:
            group = [
                each
                for each in returns
                if next((cut for cut in of_unit if cut > each.period.last_day), date.max) == day
            ]
            if not group:
                continue
            since = group[0].period.last_day
            waiting = [Parcel(unit, since, True, [unit], {each.return_id: each.value for each in group})]
            while waiting:
                parcel = waiting.pop(0)
                further = self.next_parcels(parcel, tree)
                if further is None:
                    ends = parcel.been + (self.restated(parcel.holder, tree)[1:] if parcel.holder else [])
                    rows += [(each, ends, parcel.amounts[each.return_id]) for each in group]
                else:
                    waiting += further
        return rows

    def next_parcels(self, parcel: Parcel, tree: date) -> list[Parcel] | None:
        """What becomes of a parcel at the next event of whoever has it; None if it stays until the day of the tree."""
        at, since = parcel.holder, parcel.since
        if not at:
            return None
        ends = self.ends(at)
        cuts = sorted(
            {link.on_date for link in self.links if link.predecessor_id == at and link.by}
            - ({ends} if len(self.divided_at(at, ends)) == 1 else set())
        )
        cut = next((day for day in cuts if since < day <= tree and day < ends), None)
        if parcel.as_itself and cut is not None:
            parts = self.divided_at(at, cut)
            rest = 1 - sum((share for _heir, share in parts), Fraction(0))
            return shared(parcel, [*parts, *([(at, rest)] if rest else [])], cut, stays=at)
        first = min(span.start for span, _parent in self.places[at])
        if first > tree:
            return [
                self.moved_on(
                    parcel, next(p for span, p in self.places[at] if span.start == first), since, False
                )
            ]
        if ends > tree:
            return None
        if ends in cuts:
            return shared(parcel, self.divided_at(at, ends), ends)
        heirs = self.heirs(at)
        if len(heirs) == 1:
            return [self.moved_on(parcel, heirs[0], max(since, ends), parcel.as_itself)]
        last = max(self.places[at], key=lambda place: place[0].start)[1]
        return [self.moved_on(parcel, last, max(since, ends), False)]

    def divided_at(self, unit: int, day: date) -> list[tuple[int, Fraction]]:
        """Among whom a unit is divided on a day, the largest share first."""
        parts = [
            (link.successor_id, link.share)
            for link in self.links
            if link.predecessor_id == unit and link.on_date == day and link.by
        ]
        return sorted(parts, key=lambda part: (-part[1], part[0]))

    def moved_on(self, parcel: Parcel, to: int | None, since: date, as_itself: bool) -> Parcel:
        return Parcel(to or 0, since, as_itself, parcel.been + ([to] if to else []), parcel.amounts)

    def all_above(self, unit: int, tree: date) -> set[int]:
        """Every unit above which any part of what a unit has at its end, or on the day of a tree, counts then."""
        if not self.divides:
            return set(self.restated(unit, tree))
        chain = {unit}
        if self.alive(unit, tree):
            return set(self.chain(unit, tree))
        above = [heir for heir, _share in self.divided_at(unit, self.ends(unit))]
        if not above or self.ends(unit) > tree:
            above = self.restated(unit, tree)[1:2]
        return chain.union(*(self.all_above(each, tree) for each in above))

    def in_doubt(
        self, unit: int, slot: str, period: Period, known_on: date | None = None, tree: date | None = None
    ) -> bool:
        """Whether any return is counted for the unit that could be elsewhere in part, or the other way round."""
        is_flow = pack().slots()[slot].behaviour is Behaviour.FLOW
        said = self.said(slot, known_on)
        if tree is None:
            return is_flow and any(
                len({unit in self.chain(each.unit, day) for day in self.days(each)}) == 2
                for each in said
                if period.covers(each.period)
            )
        if is_flow:
            parts = [each for each in said if period.covers(each.period)]
        else:
            latest = {
                each.unit: each
                for each in sorted(said, key=lambda each: each.period.last_month)
                if each.period.year == period.year
                and each.period.last_month <= period.last_month
                and self.alive(each.unit, period.last_day)
            }
            parts = list(latest.values())
        lines: dict[int, list[bool]] = {}
        for each, chain, _amount in self.parcels_of(slot, period, known_on, tree) if self.divides else ():
            lines.setdefault(each.return_id, []).append(unit in chain)
        if any(len(set(each)) == 2 for each in lines.values()):
            return True
        return any(
            (place is not None and unit in self.all_above(place, tree))
            != (unit in self.all_above(other, tree))
            for each in parts
            for place, other in self.alternatives(each, is_flow, tree)
        )

    def days(self, each: Said) -> list[date]:
        """The days of a return on which its unit lived."""
        length = (each.period.last_day - each.period.start).days + 1
        every = [each.period.start + timedelta(days=number) for number in range(length)]
        return [day for day in every if self.alive(each.unit, day)]

    def alternatives(self, each: Said, is_flow: bool, tree: date) -> list[tuple[int | None, int]]:
        """With whom a return is counted on the tree of a day, and with whom it could be counted instead."""
        found: list[tuple[int | None, int]] = []
        at: int | None = each.unit
        by_heirs = True
        while at is not None:
            absent = not self.alive(at, tree)
            ended = self.ends(at) <= tree
            heirs = self.heirs(at)
            chain = self.restated(at, tree)
            above = chain[1] if len(chain) > 1 else None
            if at == each.unit or absent or by_heirs:
                by_shares = ended and bool(self.divided_at(at, self.ends(at)))
                if ended and len(heirs) > 1 and not by_shares:
                    found += [(above, heir) for heir in heirs]
                for link in self.links:
                    before = (
                        each.period.start < link.on_date if is_flow else each.period.last_day < link.on_date
                    )
                    if link.by and (not is_flow or each.period.last_day < link.on_date):
                        before = False
                    took_its_place = ended and link.successor_id in heirs
                    if link.predecessor_id == at and link.on_date <= tree and before and not took_its_place:
                        found.append((at, link.successor_id))
                    if (
                        link.successor_id == at
                        and link.on_date > tree
                        and each.period.last_day >= link.on_date
                    ):
                        found.append((above if absent else at, link.predecessor_id))
            if not absent:
                return found
            by_heirs = by_heirs and ended and len(heirs) == 1
            at = above
        return found


def before_of(chain: Chain, unit: int, reporting: int) -> int:
    """Through whom a line leads up to a unit: the one before it, or whoever has reported."""
    place = chain.index(unit)
    return chain[place - 1] if place else reporting


def comes(chain: Chain, unit: int, through: int | None) -> bool:
    """Whether a chain leads up to a unit, by way of the one directly below when that is asked for."""
    if unit not in chain:
        return False
    place = chain.index(unit)
    return through is None or (chain[place - 1] if place else unit) == through


def _counted(parts: list[Said], carried: int) -> Counted:
    return Counted(
        value=sum(each.value for each in parts) if parts else None,
        units=len({each.unit for each in parts}),
        illustrative=any(each.illustrative for each in parts),
        carried=carried,
    )
