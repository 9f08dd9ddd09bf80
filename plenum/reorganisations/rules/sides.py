"""The tree before and after, as two pictures side by side: each unit with what becomes of it or where it comes from."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction

from plenum.reorganisations.rules.outcome import Outcome
from plenum.reorganisations.rules.phase import children_of
from plenum.reorganisations.rules.snapshot import Snapshot, Standing
from plenum.tree.rules.reshaping import Linked
from plenum.tree.sorting import sort_key

MOST_CHILDREN = 60
"""So many units directly below one are drawn; the others are counted, and found by searching."""
MOST_OPEN = 120
"""So many units are opened by themselves because something happens below them."""


class Sign(StrEnum):
    """What is said beside a unit of one of the two trees."""

    ENDS = "ends"
    GOES_ON = "goes_on"
    GIVES = "gives"
    MOVES = "moves"
    CHANGES = "changes"
    NEW = "new"
    TAKES = "takes"
    MOVED = "moved"
    RENAMED = "renamed"
    REKINDED = "rekinded"


@dataclass(frozen=True)
class Mark:
    """A sign with the units it speaks of (code, name, share) and, for a former name or kind, the text."""

    sign: Sign
    units: tuple[tuple[str, str, Fraction], ...] = ()
    text: str = ""


@dataclass(frozen=True)
class Branch:
    """A unit of a tree; `below` is None while it is closed, `hidden` are the units below it that are not drawn."""

    unit: Standing
    marks: tuple[Mark, ...]
    count: int
    below: "tuple[Branch, ...] | None" = None
    hidden: int = 0


@dataclass(frozen=True)
class Sides:
    """The tree before and after, from the same unit on."""

    before: Branch | None
    after: Branch | None


@dataclass
class _Marked:
    """The marks of both trees by the code of the unit."""

    before: dict[str, list[Mark]] = field(default_factory=lambda: defaultdict(list))
    after: dict[str, list[Mark]] = field(default_factory=lambda: defaultdict(list))


def sides(came: Outcome, top: str, opened: Collection[str] = (), day: date | None = None) -> Sides:
    """Both trees from the unit `top` on, open where something happens and at `opened`.

    The tree after shows only what changes, except below the opened units.
    With the `day` of a phase: before and after this phase alone; otherwise before everything and after everything.
    """
    before, after, links = _between(came, day)
    marked = _marks(before.units, after.units, links)
    wanted = {top, *opened}
    for units, marks in ((before.units, marked.before), (after.units, marked.after)):
        wanted |= _above(units, marks, top)
    trees = []
    for units, marks, whole in (
        (before.units, marked.before, wanted),
        (after.units, marked.after, {*opened}),
    ):
        drawing = _Drawing(units, children_of(units.values()), marks, wanted, whole)
        trees.append(drawing.branch(units[top]) if top in units else None)
    return Sides(trees[0], trees[1])


def _between(came: Outcome, day: date | None) -> tuple[Snapshot, Snapshot, Sequence[Linked]]:
    at = came.before
    for phase in came.phases:
        if phase.on == day:
            return at, phase.after, phase.changes.linked
        at = phase.after
    links = [
        Linked(code, heir.code, heir.how, heir.share, heir.by)
        for code, heirs in came.heirs.items()
        for heir in heirs
    ]
    parted = [
        link
        for phase in came.phases
        for link in phase.changes.linked
        if link.predecessor not in came.heirs and link.predecessor in came.before.units
    ]
    return came.before, came.after, [*links, *parted]


def _marks(before: Mapping[str, Standing], after: Mapping[str, Standing], links: Sequence[Linked]) -> _Marked:
    marked = _Marked()
    goes: dict[str, list[tuple[str, str, Fraction]]] = defaultdict(list)
    comes: dict[str, list[tuple[str, str, Fraction]]] = defaultdict(list)
    for link in links:
        if link.predecessor in before and link.successor in after:
            goes[link.predecessor].append((link.successor, after[link.successor].name, link.share))
            comes[link.successor].append((link.predecessor, before[link.predecessor].name, link.share))
    for code, unit in before.items():
        now = after.get(code)
        if now is None:
            sign = Sign.GOES_ON if goes[code] else Sign.ENDS
            marked.before[code].append(Mark(sign, tuple(goes[code])))
            continue
        if code in goes:
            marked.before[code].append(Mark(Sign.GIVES, tuple(goes[code])))
        if now.parent != unit.parent:
            marked.before[code].append(Mark(Sign.MOVES, _named(after, now.parent)))
            marked.after[code].append(Mark(Sign.MOVED, _named(before, unit.parent)))
        if (now.name, now.short) != (unit.name, unit.short):
            marked.before[code].append(Mark(Sign.CHANGES, text=now.name))
            marked.after[code].append(Mark(Sign.RENAMED, text=unit.name))
        if now.kind != unit.kind:
            marked.after[code].append(Mark(Sign.REKINDED, text=unit.kind))
    for code in after.keys() - before.keys():
        marked.after[code].append(Mark(Sign.NEW))
    for code, units in comes.items():
        marked.after[code].append(Mark(Sign.TAKES, tuple(units)))
    return marked


def _named(units: Mapping[str, Standing], code: str | None) -> tuple[tuple[str, str, Fraction], ...]:
    return ((code, units[code].name, Fraction(1)),) if code is not None and code in units else ()


def _above(units: Mapping[str, Standing], marks: Mapping[str, list[Mark]], top: str) -> set[str]:
    """The units under which something is marked, as far down as `top`; not more than are readable."""
    found: set[str] = set()
    for code in sorted(code for code in marks if code in units):
        line: list[str] = []
        at = units[code].parent
        while at is not None and at not in found and at != top and at in units:
            line.append(at)
            at = units[at].parent
        if at is not None and len(found) + len(line) <= MOST_OPEN:
            found.update(line)
    return found


@dataclass(frozen=True)
class _Drawing:
    """A tree that is drawn open at `wanted`; below `whole` also with what stays as it is."""

    units: Mapping[str, Standing]
    below: Mapping[str, Sequence[str]]
    marks: Mapping[str, Sequence[Mark]]
    wanted: Collection[str]
    whole: Collection[str]

    def branch(self, unit: Standing) -> Branch:
        """A unit with what is drawn below it."""
        codes = self.below.get(unit.code, ())
        own = tuple(self.marks.get(unit.code, ()))
        if unit.code not in self.wanted or not codes:
            return Branch(unit, own, len(codes))
        ordered = sorted(codes, key=lambda code: (sort_key(self.units[code].name), code))
        # What changes is drawn even where not everything can be.
        drawn = {code for code in ordered if code in self.marks or code in self.wanted}
        shown = [code for code in ordered if code in drawn][:MOST_CHILDREN]
        if unit.code in self.whole:
            others = [code for code in ordered if code not in drawn][: MOST_CHILDREN - len(shown)]
            shown = [code for code in ordered if code in {*shown, *others}]
        branches = tuple(self.branch(self.units[code]) for code in shown)
        return Branch(unit, own, len(codes), branches, len(codes) - len(shown))
