"""What is divided among the successors of a unit: whole numbers by exact shares, and by which ways they go on.

A count of people is not cut into pieces. It is apportioned by the largest remainders (Hamilton's rule): each
successor first has the whole part of its exact share, what is left goes one by one to those of whom most was cut off.
So the parts are whole numbers that add up to what was divided. Counts that follow each other are apportioned in turn:
what was given too much or too little goes over to the next: twelve single admissions in halves are six and six.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from math import lcm

NOTHING = Fraction(0)
WHOLE = Fraction(1)


def apportion(amount: int, shares: Sequence[Fraction]) -> list[int]:
    """An amount in whole parts by shares that come to one: they add up to it, each less than one off its exact share.

    Of equal remainders the earlier comes first.
    """
    return [parts[0] for parts in apportion_in_turn([amount], shares)]


def apportion_in_turn(amounts: Sequence[int], shares: Sequence[Fraction]) -> list[list[int]]:
    """For each share its parts of amounts that follow each other; the parts of each amount add up to it.

    What remains over is carried on, so that also the parts of all amounts together stay near the exact share.
    Parts of what is not below zero are not below zero.
    """
    whole = lcm(*(share.denominator for share in shares))
    weights = [share.numerator * (whole // share.denominator) for share in shares]
    if sum(weights) != whole:
        raise ValueError(f"shares come to {sum(shares, NOTHING)}, not to one")
    owing = [0] * len(shares)
    given: list[list[int]] = [[] for _share in shares]
    for amount in amounts:
        sign = -1 if amount < 0 else 1
        due = [sign * rest + weight * abs(amount) for rest, weight in zip(owing, weights, strict=True)]
        parts = [max(0, each // whole) for each in due] if amount else [0] * len(shares)
        left = abs(amount) - sum(parts)
        order = sorted(range(len(shares)), key=lambda at: parts[at] * whole - due[at])
        for at in order[: max(left, 0)]:
            parts[at] += 1
        for at in [at for at in reversed(order) if parts[at]][: max(-left, 0)]:
            parts[at] -= 1
        owing = [sign * (each - part * whole) for each, part in zip(due, parts, strict=True)]
        for listed, part in zip(given, parts, strict=True):
            listed.append(sign * part)
    return given


@dataclass(frozen=True)
class Cut:
    """A unit is divided on a day: `parts` are its successors with their shares; what they leave stays with it."""

    on: date
    by: str
    parts: tuple[tuple[int, Fraction], ...]


@dataclass(frozen=True)
class Course:
    """What there is to know of a unit for the tree of a day.

    `ends`: the first day on which it is gone, if that is not later than the day of the tree. `absent`: whether it
    does not live on that day; then `onward` is the unit with which it counts, and `by_heir` says whether that one has
    taken its place. `cuts`: in order of time, up to the day.
    """

    begins: date
    ends: date | None
    absent: bool
    onward: int | None
    by_heir: bool
    cuts: tuple[Cut, ...] = ()


@dataclass(frozen=True)
class Fork:
    """Where a way divides: at which unit, on which day, by what; the branches with their shares, the largest first."""

    unit_id: int
    on: date
    by: str
    branches: tuple[tuple[Fraction, "Way"], ...]


@dataclass(frozen=True)
class Way:
    """Where what a unit has reported goes: the units with which it counts one after the other, then a fork or none."""

    units: tuple[int, ...]
    fork: Fork | None = None

    def ends(self) -> Iterator[tuple[Fraction, tuple[int, ...]]]:
        """Every end of the way with its share; the units passed on the way to it, the last is where it ends."""
        if self.fork is None:
            yield WHOLE, self.units
            return
        for share, branch in self.fork.branches:
            for part, units in branch.ends():
                yield share * part, (*self.units, *units)

    def apportioned(self, amounts: Sequence[int]) -> list[list[int]]:
        """What of each amount comes to each end, in the order of `ends`; divided anew at every fork."""
        if self.fork is None:
            return [list(amounts)]
        parts = apportion_in_turn(amounts, [share for share, _branch in self.fork.branches])
        return [
            listed
            for part, (_share, branch) in zip(parts, self.fork.branches, strict=True)
            for listed in branch.apportioned(part)
        ]


@dataclass
class Ways:
    """The ways of units on the tree of a day. Units of which nothing is said live on it undivided."""

    courses: Mapping[int, Course]
    _known: dict[tuple[int, date, date, bool], Way] = field(default_factory=dict)

    def way(self, unit_id: int, since: date, *, as_itself: bool = True) -> Way:
        """Where something goes that is with a unit since a day: divided by all that divide the unit later.

        What only stood below a unit (not `as_itself`) stays with it when a part of it is given off, and is divided
        when it ends. What a unit has reported is with it since its last day.
        """
        course = self.courses.get(unit_id)
        cuts = course.cuts if course else ()
        ends = course.ends if course and course.ends else date.min
        at = next((cut.on for cut in cuts if cut.on > since), date.max)
        key = (unit_id, at, max(since, ends) if ends > date.min else ends, as_itself)
        if key not in self._known:
            self._known[key] = self._way(unit_id, course, since, as_itself)
        return self._known[key]

    def _way(self, unit_id: int, course: Course | None, since: date, as_itself: bool) -> Way:
        if course is None:
            return Way((unit_id,))
        for cut in course.cuts:
            if cut.on == course.ends:
                return self._fork(unit_id, course, cut, as_itself)
            if as_itself and cut.on > since:
                return self._fork(unit_id, course, cut, as_itself=True)
        return self._onward(unit_id, course, since, as_itself)

    def _fork(self, unit_id: int, course: Course, cut: Cut, as_itself: bool) -> Way:
        parts = sorted(cut.parts, key=lambda part: (-part[1], part[0]))
        branches = [(share, self.way(heir, cut.on, as_itself=as_itself)) for heir, share in parts]
        rest = WHOLE - sum((share for _heir, share in parts), NOTHING)
        if cut.on != course.ends:
            # What a unit gives off while it lives is not its own any more.
            branches += [(rest, self.way(unit_id, cut.on))] if rest else []
            return Way((), Fork(unit_id, cut.on, cut.by, tuple(branches)))
        if rest:
            stays = self._onward(unit_id, course, cut.on, as_itself)
            branches.append((rest, Way(stays.units[1:], stays.fork)))
        return Way((unit_id,), Fork(unit_id, cut.on, cut.by, tuple(branches)))

    def _onward(self, unit_id: int, course: Course, since: date, as_itself: bool) -> Way:
        if not course.absent or course.onward is None:
            return Way((unit_id,))
        since = max(since, course.ends) if course.ends else since
        rest = self.way(course.onward, since, as_itself=as_itself and course.by_heir)
        return Way((unit_id, *rest.units), rest.fork)
