"""What figures would come to after a plan, from what they come to before it. Pure.

A *piece* is what leaves one place of the tree as a whole: all that counts at a unit, without some units below it which
leave by pieces of their own. Whatever stands above both its old and its new place keeps its figures to the last one.
Only what a divided unit has reported itself is divided, by the shares of the plan: that is *estimated*, because no
return says which part of it belongs to whom. What units below it have reported goes where these stand.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from plenum.reorganisations.rules.concerned import left
from plenum.reorganisations.rules.outcome import Outcome
from plenum.reorganisations.rules.phase import children_of
from plenum.reorganisations.rules.snapshot import Snapshot

WHOLE = Fraction(1)
Amounts = Mapping[str, tuple[int, int]]
"""By slot: the value, and of how many units (or returns) it is made; absent when nobody has reported it."""


@dataclass(frozen=True)
class Piece:
    """All that counts at `unit` without what counts at `without`; it leaves the place `from_` and those above.

    `to`: where it counts afterwards, in which shares. `from_` is None where it stood at the top. `lives_on`: the unit
    gives away a part of itself; then it is where the unit comes to stand that the part leaves.
    """

    unit: str
    without: tuple[str, ...]
    from_: str | None
    to: tuple[tuple[str, Fraction], ...]
    lives_on: bool = False


@dataclass(frozen=True)
class Amount:
    """One slot of a unit as it would be; `estimated` when a part of it is reckoned by a share."""

    value: Fraction
    estimated: bool


@dataclass(frozen=True)
class Prospect:
    """What changes for a unit: the pieces that come (above 0) or go (below 0), each with the share that does."""

    pieces: tuple[tuple[Piece, Fraction], ...]

    @property
    def sources(self) -> tuple[str, ...]:
        """From which units something comes."""
        return tuple(dict.fromkeys(piece.unit for piece, share in self.pieces if share > 0))


def pieces_of(came: Outcome) -> list[Piece]:
    """Everything that counts elsewhere after a plan. What goes on whole in one unit takes along what follows it."""
    before, after = came.before.units, came.after.units
    below = children_of(before.values())
    to: dict[str, tuple[tuple[str, Fraction], ...]] = {}
    along: set[str] = set()
    for each in left(came):
        places = [(heir.code, heir.share) for heir in came.heirs[each.code] if heir.code in after]
        rest = WHOLE - sum((share for _code, share in places), Fraction(0))
        if rest > 0 and each.above is not None and each.above in after:
            places.append((each.above, rest))
        to[each.code] = tuple(places)
        if len(places) == 1 and places[0][1] == WHOLE:
            here = places[0][0]
            along |= {
                child for child in below.get(each.code, ()) if child in after and after[child].parent == here
            }
    froms: dict[str, str | None] = {code: code for code in to}
    for code, standing in after.items():
        if code in before and code not in along and before[code].parent != standing.parent:
            to[code] = ((standing.parent, WHOLE),) if standing.parent else ()
            froms[code] = before[code].parent
    without = _nearest_below(came.before, to)
    found = [Piece(code, tuple(without.get(code, ())), froms[code], places) for code, places in to.items()]
    for code, parts in _parted(came).items():
        found.append(Piece(code, tuple(below.get(code, ())), code, parts, lives_on=True))
    return found


def _nearest_below(tree: Snapshot, pieces: Iterable[str]) -> dict[str, list[str]]:
    """By unit with a piece of its own: the units below it that leave by others, none of them below another."""
    cut = set(pieces)
    found: dict[str, list[str]] = {}
    for code in sorted(cut):
        for above in _line(tree, tree.units[code].parent):
            if above in cut:
                found.setdefault(above, []).append(code)
                break
    return found


def prospects(came: Outcome, pieces: Iterable[Piece]) -> dict[str, Prospect]:
    """By code: for which units living afterwards anything changes, and by what."""
    after = came.after.units
    nets: dict[str, dict[int, Fraction]] = {}
    listed = list(pieces)
    for number, piece in enumerate(listed):
        for code in _line(came.after if piece.lives_on else came.before, piece.from_):
            if code in after:
                net = nets.setdefault(code, {})
                net[number] = net.get(number, Fraction(0)) - sum(
                    (share for _to, share in piece.to), Fraction(0)
                )
        for to, share in piece.to:
            for code in _line(came.after, to):
                net = nets.setdefault(code, {})
                net[number] = net.get(number, Fraction(0)) + share
    found = {}
    for code, net in nets.items():
        changed = tuple((listed[number], share) for number, share in net.items() if share)
        if changed:
            found[code] = Prospect(changed)
    return found


def named_in(pieces: Iterable[Piece]) -> set[str]:
    """The units whose figures are needed to say what the pieces come to."""
    return {code for piece in pieces for code in (piece.unit, *piece.without)}


def amounts_after(before: Amounts, prospect: Prospect, known: Mapping[str, Amounts]) -> dict[str, Amount]:
    """What a unit would come to, by slot; `before` is empty for one that is founded. Exact, also where estimated."""
    values = {slot: Fraction(value) for slot, (value, _units) in before.items()}
    units = {slot: Fraction(count) for slot, (_value, count) in before.items()}
    estimated: set[str] = set()
    for piece, share in prospect.pieces:
        for slot, (value, count) in amount_of(piece, known).items():
            values[slot] = values.get(slot, Fraction(0)) + share * value
            units[slot] = units.get(slot, Fraction(0)) + share * count
            if value and share.denominator != 1:
                estimated.add(slot)
    return {slot: Amount(values[slot], slot in estimated) for slot in values if units[slot] > 0}


def amount_of(piece: Piece, known: Mapping[str, Amounts]) -> dict[str, tuple[int, int]]:
    """What a piece comes to by slot; a slot of which nobody has reported anything in it is left out."""
    found = dict(known.get(piece.unit, {}))
    for code in piece.without:
        for slot, (value, count) in known.get(code, {}).items():
            whole, units = found.get(slot, (0, 0))
            found[slot] = (whole - value, units - count)
    return {slot: (value, count) for slot, (value, count) in found.items() if count > 0 or value}


def not_conserved(before: Amounts, after: Mapping[str, Amount]) -> list[str]:
    """The slots whose total is another afterwards, in the order of their codes."""
    totals = {slot: Fraction(value) for slot, (value, _units) in before.items()}
    slots = totals.keys() | after.keys()
    return sorted(
        slot
        for slot in slots
        if totals.get(slot, Fraction(0)) != (after[slot].value if slot in after else Fraction(0))
    )


def _parted(came: Outcome) -> dict[str, tuple[tuple[str, Fraction], ...]]:
    """Units that live on and give a part of themselves to others, with who has which share of it."""
    found: dict[str, tuple[tuple[str, Fraction], ...]] = {}
    after = came.after.units
    for phase in came.phases:
        for link in phase.changes.linked:
            if link.by and link.predecessor in after and link.predecessor in came.before.units:
                for code, share in _last(came, link.successor):
                    found[link.predecessor] = (*found.get(link.predecessor, ()), (code, link.share * share))
    return found


def _last(came: Outcome, code: str) -> Iterator[tuple[str, Fraction]]:
    if code in came.after.units:
        yield code, WHOLE
        return
    for heir in came.heirs.get(code, ()):
        yield heir.code, heir.share


def _line(tree: Snapshot, code: str | None) -> Iterator[str]:
    """A unit and all above it; nothing when a tree with faults goes round in a circle."""
    seen: set[str] = set()
    while code is not None and code in tree.units and code not in seen:
        seen.add(code)
        yield code
        code = tree.units[code].parent
