"""Many changes of the tree that hold from one day: what they are, and what speaks against them by themselves.

All changes of a `TreeChanges` happen at once. Units are named by their codes; one that is founded in the same changes
may be named by the others. What speaks against them in a particular tree is found where that tree is
(`tree.reshaping`).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import lcm

from plenum.tree.rules.lives import Name
from plenum.tree.rules.problems import Finding, Problem
from plenum.tree.rules.words import Kinds, check_code, check_kind, check_name

WHOLE = Fraction(1)
WAYS = ("succeeded", "merged", "split")
DIVIDED_BY = ("area", "members", "list")
LARGEST_DENOMINATOR = 10**9
"""Shares are kept as two integers; what they sum to stays exact in the database, too."""


@dataclass(frozen=True, slots=True)
class Founded:
    """A unit that lives from the day, under `parent` (None: it is the root)."""

    code: str
    name: str
    kind: str
    parent: str | None
    short: str = ""
    illustrative: bool = False


@dataclass(frozen=True, slots=True)
class Renamed:
    """A unit that has another name from the day."""

    code: str
    name: str
    short: str = ""
    illustrative: bool = False


@dataclass(frozen=True, slots=True)
class Rekinded:
    """A unit that is one of another kind from the day."""

    code: str
    kind: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A unit that stands, with all below it, under another parent from the day."""

    code: str
    parent: str


@dataclass(frozen=True, slots=True)
class Linked:
    """A unit that goes on in another from the day.

    `by` says how its past is divided (one of `DIVIDED_BY`) and `share` which part of it the successor has; an empty
    `by` means that nothing is divided, then the share is the whole.
    """

    predecessor: str
    successor: str
    how: str = "succeeded"
    share: Fraction = WHOLE
    by: str = ""


@dataclass(frozen=True, slots=True)
class TreeChanges:
    """Everything that changes in the tree on one day, at once; the units in `ended` do not exist any more then."""

    founded: tuple[Founded, ...] = ()
    renamed: tuple[Renamed, ...] = ()
    rekinded: tuple[Rekinded, ...] = ()
    moved: tuple[Moved, ...] = ()
    ended: tuple[str, ...] = ()
    linked: tuple[Linked, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything changes."""
        return self.size > 0

    @property
    def size(self) -> int:
        """How many changes these are."""
        return sum(map(len, (self.founded, self.renamed, self.rekinded, self.moved, self.ended, self.linked)))


def check_changes(kinds: Kinds, changes: TreeChanges, on: date) -> list[Finding]:
    """What speaks against the changes whatever the tree is; each finding names the unit it is about as `unit`."""
    return [
        *_of_words(kinds, changes, on),
        *_of_repetition(changes),
        *_of_endings(changes),
        *_of_lineage(changes),
    ]


def check_shares(shares: Iterable[Fraction], *, ended: bool) -> bool:
    """Whether the shares of one divided unit can stand: none too many, and nothing left over of one that ended."""
    total = sum(shares, Fraction(0))
    return total == WHOLE if ended else total <= WHOLE


def _of_words(kinds: Kinds, changes: TreeChanges, on: date) -> Iterator[Finding]:
    for new in changes.founded:
        found = [*check_code(new.code), *check_kind(kinds, new.kind, on)]
        found += check_name(Name(new.name, new.short))
        known = not any(finding.field == "kind" for finding in found)
        if known and new.parent is None and not kinds.may_stand_under(new.kind, None, on):
            found.append(Finding(Problem.KIND_NEEDS_PARENT, "parent", {"kind": new.kind}))
        yield from (_about(new.code, finding) for finding in found)
    for renamed in changes.renamed:
        for finding in check_name(Name(renamed.name, renamed.short)):
            yield _about(renamed.code, finding)
    for rekinded in changes.rekinded:
        for finding in check_kind(kinds, rekinded.kind, on):
            yield _about(rekinded.code, finding)


def _of_repetition(changes: TreeChanges) -> Iterator[Finding]:
    """One thing of one unit changes once on a day, and what is founded has no earlier name, kind or place to change."""
    founded = [new.code for new in changes.founded]
    for field, codes in (
        ("founded", founded),
        ("renamed", [*{*founded}, *(each.code for each in changes.renamed)]),
        ("rekinded", [*{*founded}, *(each.code for each in changes.rekinded)]),
        ("moved", [*{*founded}, *(each.code for each in changes.moved)]),
        ("ended", [*{*founded}, *changes.ended]),
    ):
        for code, times in Counter(codes).items():
            if times > 1:
                yield _about(code, Finding(Problem.SAID_TWICE, field, {"code": code}))
    pairs = Counter((link.predecessor, link.successor) for link in changes.linked)
    for (predecessor, successor), times in pairs.items():
        if times > 1:
            yield _about(successor, Finding(Problem.LINEAGE_KNOWN, "linked", {"code": predecessor}))


def _of_endings(changes: TreeChanges) -> Iterator[Finding]:
    """Nothing else happens to a unit that ends, and nothing stands under it or goes on in it, or under itself."""
    ended = frozenset(changes.ended)
    for field, codes in (
        ("renamed", (each.code for each in changes.renamed)),
        ("rekinded", (each.code for each in changes.rekinded)),
        ("moved", (each.code for each in changes.moved)),
    ):
        for code in codes:
            if code in ended:
                yield _about(code, Finding(Problem.ENDS_AND_CHANGES, field, {"code": code}))
    for code, parent in (
        *((new.code, new.parent) for new in changes.founded),
        *((moved.code, moved.parent) for moved in changes.moved),
    ):
        if parent in ended:
            yield _about(code, Finding(Problem.ENDS_AND_IS_NAMED, "parent", {"code": str(parent)}))
    for moved in changes.moved:
        if moved.code == moved.parent:
            yield _about(moved.code, Finding(Problem.BELOW_ITSELF, "parent", {"code": moved.code}))
    for link in changes.linked:
        if link.successor in ended:
            yield _about(
                link.predecessor, Finding(Problem.ENDS_AND_IS_NAMED, "linked", {"code": link.successor})
            )


def _of_lineage(changes: TreeChanges) -> Iterator[Finding]:
    founded = {new.code for new in changes.founded}
    ended = frozenset(changes.ended)
    divided: dict[str, list[Linked]] = defaultdict(list)
    for link in changes.linked:
        if link.predecessor == link.successor:
            yield _about(link.successor, Finding(Problem.LINEAGE_OF_ONE, "linked", {"code": link.successor}))
        if link.predecessor in founded:
            yield _about(
                link.predecessor, Finding(Problem.ENDS_AND_IS_NAMED, "linked", {"code": link.predecessor})
            )
        if link.how not in WAYS or not _share_can_be(link):
            values = {"code": link.successor, "share": str(link.share)}
            yield _about(link.predecessor, Finding(Problem.SHARE_NOT_POSSIBLE, "linked", values))
        elif link.by:
            divided[link.predecessor].append(link)
    for predecessor, links in divided.items():
        shares = [link.share for link in links]
        if not check_shares(shares, ended=predecessor in ended):
            values = {"code": predecessor, "share": str(sum(shares, Fraction(0)))}
            yield _about(predecessor, Finding(Problem.SHARES_NOT_WHOLE, "linked", values))
        elif lcm(*(share.denominator for share in shares)) > LARGEST_DENOMINATOR:
            values = {"code": predecessor, "share": str(shares[0])}
            yield _about(predecessor, Finding(Problem.SHARE_NOT_POSSIBLE, "linked", values))


def _share_can_be(link: Linked) -> bool:
    if not link.by:
        return link.share == WHOLE
    in_bounds = 0 < link.share <= WHOLE and link.share.denominator <= LARGEST_DENOMINATOR
    return link.by in DIVIDED_BY and in_bounds


def _about(code: str, finding: Finding) -> Finding:
    return Finding(finding.problem, finding.field, {**finding.values, "unit": code})
