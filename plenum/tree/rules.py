"""What the tree allows: pure functions on the facts of units and on days. They return findings, they change nothing.

The facts of a unit are a `Life`: its lifetime and three *strands* (names, kinds, places), each a sequence of values
that follow each other without gap or overlap. An act dated back changes a strand only until the next later change.
"""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from plenum.periods import Span

CODE_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
LONGEST_CODE = 80
LONGEST_NAME = 300
MOST_NAMED = 20  # a finding names no more units, but always says how many there are

T = TypeVar("T")


class Problem(StrEnum):
    """Why an act on a unit is refused."""

    CODE_NOT_PLAIN = "code_not_plain"
    CODE_TAKEN = "code_taken"
    NAME_MISSING = "name_missing"
    NAME_TOO_LONG = "name_too_long"
    KIND_UNKNOWN = "kind_unknown"
    KIND_NOT_IN_FORCE = "kind_not_in_force"
    KIND_NEEDS_PARENT = "kind_needs_parent"
    KIND_NOT_UNDER = "kind_not_under"
    CHILD_KIND_NOT_UNDER = "child_kind_not_under"
    ENDS_BEFORE_IT_STARTS = "ends_before_it_starts"
    BEFORE_FOUNDING = "before_founding"
    AFTER_END = "after_end"
    ALREADY_ENDED = "already_ended"
    UNCHANGED = "unchanged"
    CHANGED_THAT_DAY = "changed_that_day"
    CHANGED_LATER = "changed_later"
    PARENT_NOT_ALIVE = "parent_not_alive"
    BELOW_ITSELF = "below_itself"
    ROOT_EXISTS = "root_exists"
    CHILDREN_ALIVE = "children_alive"
    NOTHING_TO_TAKE_BACK = "nothing_to_take_back"
    LINEAGE_OF_ONE = "lineage_of_one"
    LINEAGE_KNOWN = "lineage_known"
    PREDECESSOR_TOO_YOUNG = "predecessor_too_young"


class Strand(StrEnum):
    """The three things of a unit that change while it lives."""

    NAME = "name"
    KIND = "kind"
    PARENT = "parent"


@dataclass(frozen=True)
class Finding:
    """One reason against an act: `field` is the argument to correct, `values` are what a sentence about it needs."""

    problem: Problem
    field: str
    values: Mapping[str, str | int | date] = dataclasses.field(default_factory=dict)


class Refused(ValueError):
    """An act that the rules of the tree do not allow, with every reason found."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("; ".join(f"{f.field}: {f.problem.value} {dict(f.values)}" for f in findings))
        self.findings = tuple(findings)


class Kinds(Protocol):
    """What the rules need to know of a rule pack."""

    def knows(self, kind: str) -> bool: ...
    def holds(self, kind: str, on: date) -> bool: ...
    def may_stand_under(self, kind: str, parent_kind: str | None, on: date) -> bool: ...


@dataclass(frozen=True)
class Held(Generic[T]):
    """A value and the days on which it held."""

    value: T
    span: Span


@dataclass(frozen=True)
class Name:
    """A full and a short name; `illustrative` when the full one is not from a source."""

    full: str
    short: str = ""
    illustrative: bool = False


@dataclass(frozen=True)
class Life:
    """The facts of one unit; the strands are in order of time and cover the lifetime."""

    code: str
    span: Span
    names: tuple[Held[Name], ...]
    kinds: tuple[Held[str], ...]
    places: tuple[Held[int | None], ...]

    def kind_on(self, day: date) -> str | None:
        return next((held.value for held in self.kinds if day in held.span), None)


@dataclass(frozen=True)
class Child:
    """A unit that stands under another for a span."""

    life: Life
    span: Span


def change_strand(strand: Sequence[Held[T]], value: T, on: date) -> tuple[Held[T], ...]:
    """`strand` with `value` from `on` until the next later change; equal neighbours become one.

    `on` lies inside the strand and is not the first day of one of its values.
    """
    changed: list[Held[T]] = []
    for held in strand:
        if on in held.span and on != held.span.start:
            changed += [Held(held.value, Span(held.span.start, on)), Held(value, Span(on, held.span.end))]
        else:
            changed.append(held)
    return _merged(changed)


def end_strand(strand: Sequence[Held[T]], on: date) -> tuple[Held[T], ...]:
    """`strand` cut so that it ends before `on`."""
    return tuple(
        Held(held.value, span)
        for held in strand
        if (span := held.span.intersection(Span(date.min, on))) is not None
    )


def reopen_strand(strand: Sequence[Held[T]], until: date | None) -> tuple[Held[T], ...]:
    """`strand` whose last value holds on until another day, or without end."""
    return (*strand[:-1], Held(strand[-1].value, Span(strand[-1].span.start, until)))


def without_last(strand: Sequence[Held[T]]) -> tuple[Held[T], ...]:
    """`strand` as if its last change had not been: the value before it holds to the end. It has at least two values."""
    before, last = strand[-2:]
    return (*strand[:-2], Held(before.value, Span(before.span.start, last.span.end)))


def held_from(strand: Sequence[Held[T]], on: date) -> Held[T] | None:
    """The value on `on`, with the span from `on` until the next change."""
    for held in strand:
        if on in held.span:
            return Held(held.value, Span(on, held.span.end))
    return None


def check_code(code: str) -> list[Finding]:
    if len(code) > LONGEST_CODE or not _plain(code):
        return [Finding(Problem.CODE_NOT_PLAIN, "code", {"code": code, "most": LONGEST_CODE})]
    return []


def check_name(name: Name) -> list[Finding]:
    if not name.full.strip():
        return [Finding(Problem.NAME_MISSING, "name")]
    return [
        Finding(Problem.NAME_TOO_LONG, where, {"most": LONGEST_NAME})
        for where, text in (("name", name.full), ("short", name.short))
        if len(text) > LONGEST_NAME
    ]


def check_kind(kinds: Kinds, kind: str, on: date) -> list[Finding]:
    """Whether the pack has the kind, and whether it holds on the day of the act."""
    if not kinds.knows(kind):
        return [Finding(Problem.KIND_UNKNOWN, "kind", {"kind": kind})]
    if not kinds.holds(kind, on):
        return [Finding(Problem.KIND_NOT_IN_FORCE, "kind", {"kind": kind, "on": on})]
    return []


def check_founding(
    kinds: Kinds, *, code: str, name: Name, kind: str, parent: Life | None, span: Span, roots: Iterable[Life]
) -> list[Finding]:
    """Everything against founding a unit; `roots` are the units without parent in that span."""
    findings = [*check_code(code), *check_name(name), *check_kind(kinds, kind, span.start)]
    if any(f.field == "kind" for f in findings):
        return findings
    if parent is None:
        findings += [
            Finding(Problem.ROOT_EXISTS, "parent", {"code": root.code, "on": root.span.start})
            for root in roots
        ][:1]
        if not kinds.may_stand_under(kind, None, span.start):
            findings.append(Finding(Problem.KIND_NEEDS_PARENT, "parent", {"kind": kind}))
        return findings
    return [*findings, *check_place(kinds, [Held(kind, span)], parent, span)]


def check_place(
    kinds: Kinds, child_kinds: Sequence[Held[str]], parent: Life, span: Span, *, field: str = "parent"
) -> list[Finding]:
    """Whether a unit of those kinds may stand under `parent` for all of `span`."""
    if not parent.span.covers(span):
        return [_parent_not_alive(parent, span, field)]
    return _kinds_apart(kinds, child_kinds, parent.kinds, span, parent.code, field)


def check_change(strand: Sequence[Held[T]], life: Life, value: T, on: date, field: str) -> list[Finding]:
    """What speaks against changing one strand of a life to `value` from `on`, whatever the strand."""
    outside = check_alive(life, on)
    if outside:
        return outside
    held = next(held for held in strand if on in held.span)
    if held.value == value:
        return [Finding(Problem.UNCHANGED, field, {"on": held.span.start})]
    if held.span.start == on:
        return [Finding(Problem.CHANGED_THAT_DAY, "since", {"on": on})]
    return []


def check_alive(life: Life, on: date) -> list[Finding]:
    """Whether the unit exists on a day."""
    if on < life.span.start:
        return [Finding(Problem.BEFORE_FOUNDING, "since", {"on": life.span.start})]
    if life.span.end is not None and on >= life.span.end:
        return [Finding(Problem.AFTER_END, "since", {"on": life.span.end})]
    return []


def check_move(
    kinds: Kinds, life: Life, parent_id: int, parent: Life, on: date, below: Iterable[Span]
) -> list[Finding]:
    """Everything against a move; `below` are the spans in which the new parent stands below the unit itself."""
    findings = check_change(life.places, life, parent_id, on, "parent")
    if findings:
        return findings
    place = held_from(life.places, on)
    assert place is not None
    if any(place.span.overlaps(span) for span in below):
        return [Finding(Problem.BELOW_ITSELF, "parent", {"code": parent.code})]
    return check_place(kinds, life.kinds, parent, place.span)


def check_kind_change(
    kinds: Kinds,
    life: Life,
    kind: str,
    on: date,
    parents: Mapping[int, Life],
    children: Iterable[Child],
) -> list[Finding]:
    """Everything against a change of kind: above and below, until the next later change."""
    findings = check_change(life.kinds, life, kind, on, "kind") or check_kind(kinds, kind, on)
    if findings:
        return findings
    held = held_from(life.kinds, on)
    assert held is not None
    return check_kinds_around(kinds, life, kind, held.span, parents, children)


def check_kinds_around(
    kinds: Kinds, life: Life, kind: str, span: Span, parents: Mapping[int, Life], children: Iterable[Child]
) -> list[Finding]:
    """Whether a unit may be of `kind` in `span`, given what stands above and below it in those days."""
    findings: list[Finding] = []
    new = [Held(kind, span)]
    for place in life.places:
        shared = place.span.intersection(span)
        if shared is None:
            continue
        if place.value is not None:
            parent = parents[place.value]
            findings += _kinds_apart(kinds, new, parent.kinds, shared, parent.code, "kind")
        elif not kinds.may_stand_under(kind, None, shared.start):
            findings.append(Finding(Problem.KIND_NEEDS_PARENT, "kind", {"kind": kind}))
    for child in children:
        shared = child.span.intersection(span)
        if shared is not None and _kinds_apart(kinds, child.life.kinds, new, shared, life.code, "kind"):
            findings.append(
                Finding(Problem.CHILD_KIND_NOT_UNDER, "kind", {"kind": kind, "code": child.life.code})
            )
    return findings


def check_dissolution(life: Life, on: date, children: Iterable[Child]) -> list[Finding]:
    """Everything against a unit not existing any more from `on`: later facts, and children that would outlive it."""
    if life.span.end is not None and on >= life.span.end:
        return [Finding(Problem.ALREADY_ENDED, "since", {"on": life.span.end})]
    if on <= life.span.start:
        return [Finding(Problem.BEFORE_FOUNDING, "since", {"on": life.span.start})]
    last_change = max(strand[-1].span.start for strand in (life.names, life.kinds, life.places))
    if last_change >= on:
        return [Finding(Problem.CHANGED_LATER, "since", {"on": last_change})]
    alive = [child for child in children if child.span.end is None or child.span.end > on]
    if alive:
        codes = ", ".join(sorted(child.life.code for child in alive)[:MOST_NAMED])
        return [Finding(Problem.CHILDREN_ALIVE, "since", {"count": len(alive), "codes": codes, "on": on})]
    return []


def check_reopening(kinds: Kinds, life: Life, parent: Life | None, roots: Iterable[Life]) -> list[Finding]:
    """What speaks against a dissolution being taken back: a parent that is gone by then, another root."""
    end = life.span.end
    if end is None:
        return [Finding(Problem.NOTHING_TO_TAKE_BACK, "what")]
    if parent is None:
        return [Finding(Problem.ROOT_EXISTS, "what", {"code": r.code, "on": r.span.start}) for r in roots][:1]
    if end not in parent.span:
        return [_parent_not_alive(parent, Span(end), "what")]
    after = Span(end, parent.span.end)
    return _kinds_apart(kinds, [Held(life.kinds[-1].value, after)], parent.kinds, after, parent.code, "what")


def life_without(life: Life, what: Strand) -> Life | None:
    """`life` as if the last change of one strand had not been, or None when that strand never changed."""
    match what:
        case Strand.NAME if len(life.names) > 1:
            return replace(life, names=without_last(life.names))
        case Strand.KIND if len(life.kinds) > 1:
            return replace(life, kinds=without_last(life.kinds))
        case Strand.PARENT if len(life.places) > 1:
            return replace(life, places=without_last(life.places))
    return None


def check_lineage(predecessor: Life, successor: Life, on: date, known: bool) -> list[Finding]:
    """Whether one unit can have gone on in another on that day."""
    if predecessor.code == successor.code:
        return [Finding(Problem.LINEAGE_OF_ONE, "predecessors", {"code": successor.code})]
    if known:
        return [Finding(Problem.LINEAGE_KNOWN, "predecessors", {"code": predecessor.code})]
    if predecessor.span.start >= on:
        return [
            Finding(
                Problem.PREDECESSOR_TOO_YOUNG,
                "predecessors",
                {"code": predecessor.code, "on": predecessor.span.start},
            )
        ]
    return check_alive(successor, on)


def _kinds_apart(
    kinds: Kinds,
    child_kinds: Sequence[Held[str]],
    parent_kinds: Sequence[Held[str]],
    span: Span,
    parent_code: str,
    field: str,
) -> list[Finding]:
    """The first day in `span` on which a kind meets a parent kind that it may not stand under.

    A pair of kinds is judged on the first day on which both hold: the rule in force on the day of the act decides.
    """
    for child in child_kinds:
        for parent in parent_kinds:
            shared = child.span.intersection(span)
            shared = shared and shared.intersection(parent.span)
            if shared and not kinds.may_stand_under(child.value, parent.value, shared.start):
                values: dict[str, str | int | date] = {
                    "kind": child.value,
                    "parent_kind": parent.value,
                    "code": parent_code,
                    "on": shared.start,
                }
                return [Finding(Problem.KIND_NOT_UNDER, field, values)]
    return []


def _parent_not_alive(parent: Life, span: Span, field: str) -> Finding:
    values: dict[str, str | int | date] = {"code": parent.code, "from": parent.span.start, "on": span.start}
    if parent.span.end is not None:
        values["until"] = parent.span.end
    return Finding(Problem.PARENT_NOT_ALIVE, field, values)


def _merged(strand: Iterable[Held[T]]) -> tuple[Held[T], ...]:
    merged: list[Held[T]] = []
    for held in strand:
        if merged and merged[-1].value == held.value:
            merged[-1] = Held(held.value, Span(merged[-1].span.start, held.span.end))
        else:
            merged.append(held)
    return tuple(merged)


def _plain(code: str) -> bool:
    parts = code.split("-")
    return all(part and part.isascii() and part.isalnum() and part == part.lower() for part in parts)
