"""Whom a reform concerns, whether it keeps below the unit that answers for it, and whose affairs are left behind."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from plenum.reorganisations.rules.findings import Finding, Problem
from plenum.reorganisations.rules.outcome import Outcome
from plenum.reorganisations.rules.plan import EndLevel, Merge, Move, Plan, Split, code_of, new_units
from plenum.reorganisations.rules.snapshot import Snapshot


@dataclass(frozen=True)
class Left:
    """A unit that lived before and does not afterwards; `above` lives on and is nearest to what stood above it."""

    code: str
    until: date
    above: str | None


def touched(came: Outcome) -> set[str]:
    """The units that lived before and to which something happens by itself, not only because of what is above them."""
    found: set[str] = set()
    moved: set[str] = set()
    for phase in came.phases:
        changes = phase.changes
        found |= {*changes.ended, *(link.predecessor for link in changes.linked)}
        found |= {link.successor for link in changes.linked}
        found |= {each.code for each in changes.renamed} | {each.code for each in changes.rekinded}
        moved |= {each.code for each in changes.moved}
    found |= {code for code in moved if _parent(came.before, code) not in found}
    return found & came.before.units.keys()


def asked(came: Outcome) -> list[str]:
    """The units whose approval a reform needs: the highest that it touches, what stands directly above each, and under
    what units come to stand.
    """
    changed = touched(came)
    highest = {code for code in changed if not _any_above(came.before, code, changed)}
    above = {parent for code in highest if (parent := _parent(came.before, code)) is not None}
    receiving = {
        code
        for code in _receiving(came) & came.before.units.keys()
        if code not in changed and not _any_above(came.before, code, changed)
    }
    return sorted(highest | above | receiving)


def _receiving(came: Outcome) -> set[str]:
    """What new and moved units are put under."""
    changes = [phase.changes for phase in came.phases]
    moved = {moved.parent for each in changes for moved in each.moved}
    return moved | {new.parent for each in changes for new in each.founded if new.parent is not None}


def outside(plan: Plan, before: Snapshot) -> list[Finding]:
    """What a plan names that does not stand below the unit that answers for it; nobody reforms a neighbour."""
    if plan.owner not in before.units:
        problem = Problem.UNIT_ENDED if plan.owner in before.former else Problem.UNIT_UNKNOWN
        return [Finding(problem, None, plan.owner)]
    below: dict[str, bool] = {plan.owner: True}
    return [
        Finding(Problem.OUTSIDE, number, code, {"owner": plan.owner})
        for number, code, may_be_owner in _named(plan)
        if code in before.units
        and (not _is_below(before, code, below) or (code == plan.owner and not may_be_owner))
    ]


def left(came: Outcome) -> list[Left]:
    """The units that lived before and do not afterwards, in the order of their codes."""
    until = {code: phase.on for phase in came.phases for code in phase.changes.ended}
    return [Left(code, until[code], _surviving(came, code)) for code in sorted(came.heirs)]


@dataclass(frozen=True)
class Station:
    """A unit that goes on with one that has left, and since when."""

    code: str
    since: date


class Succession:
    """Who goes on with whom, phase by phase."""

    def __init__(self, came: Outcome) -> None:
        self.founded = {new.code: phase.on for phase in came.phases for new in phase.changes.founded}
        self.ended = {code: phase.on for phase in came.phases for code in phase.changes.ended}
        self.heirs: dict[str, list[str]] = {}
        for phase in came.phases:
            for link in phase.changes.linked:
                if self.ended.get(link.predecessor) == phase.on:
                    self.heirs.setdefault(link.predecessor, []).append(link.successor)

    def stations(self, code: str, taker: str) -> tuple[Station, ...]:
        """Who goes on with a unit from the day on which it leaves: successors that end later, the taker last.

        A taker to whom no succession leads begins on that day, or on the later one on which it is founded.
        """
        left_on = self.ended[code]
        return self._towards(code, taker) or (Station(taker, max(left_on, self.founded.get(taker, left_on))),)

    def _towards(self, code: str, taker: str) -> tuple[Station, ...]:
        heirs = sorted(self.heirs.get(code, ()))
        if taker in heirs:
            return (Station(taker, self.ended[code]),)
        for heir in heirs:
            if rest := self._towards(heir, taker):
                return (Station(heir, self.ended[code]), *rest)
        return ()


def _surviving(came: Outcome, code: str) -> str | None:
    at = _parent(came.before, code)
    while at is not None and at not in came.after.units:
        heirs = came.heirs.get(at, ())
        at = max(heirs, key=lambda heir: heir.share).code if heirs else _parent(came.before, at)
    return at


def _named(plan: Plan) -> Iterator[tuple[int, str, bool]]:
    """The codes in each step, and whether the unit that answers for the plan may be named there."""
    for number, step in enumerate(plan.steps, start=1):
        yield from ((number, new.parent, True) for new in new_units(step) if new.parent)
        match step:
            case Merge(from_=codes, into=into):
                yield from ((number, code, False) for code in (*codes, code_of(into)))
            case Split(from_=code, into=parts):
                yield number, code, False
                yield from ((number, code_of(part.unit), False) for part in parts)
                yield from ((number, child, False) for part in parts for child in part.children)
            case Move(unit=unit, to=to):
                yield number, unit, False
                yield number, to, True
            case EndLevel(under=under, children_to=to):
                yield number, under or plan.owner, True
                yield number, to, True
            case _:
                for name in ("unit", "children_to"):
                    named = getattr(step, name, None)
                    if isinstance(named, str):
                        yield number, named, name == "children_to"


def _is_below(before: Snapshot, code: str, known: dict[str, bool]) -> bool:
    path: list[str] = []
    at: str | None = code
    while at is not None and at not in known:
        path.append(at)
        at = _parent(before, at)
    found = known[at] if at is not None else False
    known.update(dict.fromkeys(path, found))
    return found


def _any_above(before: Snapshot, code: str, others: set[str]) -> bool:
    at = _parent(before, code)
    while at is not None and at not in others:
        at = _parent(before, at)
    return at is not None


def _parent(snapshot: Snapshot, code: str) -> str | None:
    unit = snapshot.units.get(code)
    return unit.parent if unit else None
