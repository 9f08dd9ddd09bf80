"""What speaks against an act on a unit, given the lives of the units it touches."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TypeVar

from plenum.periods import Span
from plenum.tree.rules.lives import Child, Held, Life, Name, held_from
from plenum.tree.rules.problems import Finding, Problem
from plenum.tree.rules.words import Kinds, check_code, check_kind, check_name

MOST_NAMED = 20
"""A finding names no more units, but always says how many there are."""

T = TypeVar("T")


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
