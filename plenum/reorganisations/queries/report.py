"""What a rehearsal keeps for people to read: plain values that JSON can keep.

The *report* says how the plan stands, the *difference* what would be otherwise: units side by side, figures, posts,
sizes and accounts. They are kept apart because the second is long where a reform is.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from plenum.packs.wording import LANGUAGES
from plenum.reorganisations.queries.accounts_after import accounts
from plenum.reorganisations.queries.figures_after import counted
from plenum.reorganisations.queries.working_out import Rehearsed
from plenum.reorganisations.rules import (
    Fate,
    Finding,
    Outcome,
    Problem,
    Snapshot,
    Stage,
    Standing,
    Tell,
    touched,
    untold,
)
from plenum.reorganisations.rules.phase import children_of

MOST_UNITS = 20_000
"""So many units are kept side by side; how many there are in all is said by the count."""
FIRST_UNITS = 20
"""So many of them stand on the page of the reform itself."""


def report_of(found: Rehearsed) -> dict[str, Any]:
    """Findings, open objects with their proposals, units by kind before and after, and the first that change."""
    return {
        "asked": list(found.asked),
        "findings": [finding_data(finding) for finding in found.findings],
        "objects": [
            {
                "of": disposition.model,
                "becomes": disposition.becomes.value,
                "subject": row.subject,
                "unit": row.unit_id,
                "label": {language: row.label(language) for language in LANGUAGES},
                "choices": list(row.choices),
                "proposal": row.proposal,
            }
            for disposition, row in found.objects
        ],
        "kinds": _kinds(found.came, found.plan.owner),
        "changes": _counts(found.came),
        "first": _units(found.came, _order(found.came)[:FIRST_UNITS]),
        "names": _names(found.came) | _names_found(found),
    }


def difference_of(found: Rehearsed, on: date, tell: Tell = untold) -> dict[str, Any]:
    """What would be otherwise after a plan; `on` is the day on which one asks, `tell` is told how far that is.

    `figures`, `payroll` and `sizes` are missing while the plan has faults that have to be put right.
    """
    order = _order(found.came)
    sides: dict[str, Any] = {
        "units": _units(found.came, order[:MOST_UNITS]),
        "count": len(order),
        "followers": len(_followers(found.came)),
    }
    if not found.came.phases:
        return sides
    sides |= counted(found, on, tell)
    tell(Stage.ACCOUNTS, 0, 0)
    return sides | {"accounts": accounts(found, on)}


def finding_from(data: dict[str, Any]) -> Finding:
    """A finding as it was kept."""
    values = {
        name: date.fromisoformat(value["day"]) if isinstance(value, dict) else value
        for name, value in data["values"].items()
    }
    return Finding(Problem(data["problem"]), data["step"], data["unit"], values)


def finding_data(finding: Finding) -> dict[str, Any]:
    """A finding as plain values that JSON can keep."""
    values = {
        name: {"day": value.isoformat()} if isinstance(value, date) else value
        for name, value in finding.values.items()
    }
    return {**asdict(finding), "problem": finding.problem.value, "values": values, "blocks": finding.blocks}


def _order(came: Outcome) -> list[str]:
    """Units to which something happens by itself, new ones, then those that stand elsewhere, without followers."""
    before, after = came.before.units, came.after.units
    founded = _founded(came)
    first = touched(came)
    moved = {each.code for phase in came.phases for each in phase.changes.moved} - _followers(came)
    order = [*sorted(first), *sorted(founded), *sorted(moved - first - founded)]
    return [code for code in order if code in before or code in after]


def _followers(came: Outcome) -> set[str]:
    """Units that only go along: what stood above has ended, and they stand under the only unit that goes on with it.

    Such as the cells of a commune that is merged; there can be hundreds of thousands of them.
    """
    before, after = came.before.units, came.after.units
    alone = {code: heirs[0].code for code, heirs in came.heirs.items() if len(heirs) == 1}
    return {
        each.code
        for phase in came.phases
        for each in phase.changes.moved
        if each.code in before
        and each.code in after
        and (above := before[each.code].parent) in alone
        and alone[str(above)] == after[each.code].parent
    } - touched(came)


def _units(came: Outcome, order: list[str]) -> list[dict[str, Any]]:
    before, after = came.before.units, came.after.units
    founded = _founded(came)
    return [
        {
            "code": code,
            "fate": "founded" if code in founded else _fate(came, code),
            "before": _side(before, code),
            "after": _side(after, code),
            "heirs": [
                {"code": heir.code, "name": after[heir.code].name, "share": str(heir.share)}
                for heir in came.heirs.get(code, ())
                if heir.code in after
            ],
        }
        for code in order
    ]


def _fate(came: Outcome, code: str) -> str:
    """What becomes of a unit; `moved` when it stands elsewhere and nothing else of it is otherwise."""
    fate = came.fate_of(code)
    before, after = came.before.units[code], came.after.units.get(code)
    if fate is not Fate.CHANGES or after is None or before.parent == after.parent:
        return fate.value
    return "moved" if before._replace(parent=None) == after._replace(parent=None) else fate.value


def _founded(came: Outcome) -> set[str]:
    after = came.after.units
    return {new.code for phase in came.phases for new in phase.changes.founded if new.code in after}


def _side(units: Mapping[str, Standing], code: str) -> dict[str, str] | None:
    unit = units.get(code)
    if unit is None:
        return None
    above = units.get(unit.parent or "")
    return {
        "name": unit.name,
        "kind": unit.kind,
        "parent": above.name if above else "",
        "parent_code": above.code if above else "",
    }


def _kinds(came: Outcome, owner: str) -> dict[str, list[int]]:
    """How many units of each kind there are before and after, at the owner of the plan and below it."""
    before, after = (
        Counter(tree.units[code].kind for code in _at_and_below(tree, owner))
        for tree in (came.before, came.after)
    )
    return {kind: [before[kind], after[kind]] for kind in sorted(before | after)}


def _at_and_below(tree: Snapshot, owner: str) -> Iterator[str]:
    below, waiting = children_of(tree.units.values()), [owner] if owner in tree.units else []
    while waiting:
        code = waiting.pop()
        yield code
        waiting += below.get(code, ())


def _counts(came: Outcome) -> dict[str, int]:
    changes = [phase.changes for phase in came.phases]
    return {
        name: sum(len(getattr(each, name)) for each in changes)
        for name in ("founded", "renamed", "rekinded", "moved", "ended", "linked")
    }


def _names(came: Outcome) -> dict[str, str]:
    """What the units are called that the report names, by code: those that end, begin or take over."""
    names: dict[str, str] = {}
    for phase in came.phases:
        for code in phase.changes.ended:
            if code in came.before.units:
                names[code] = came.before.units[code].name
        for link in phase.changes.linked:
            if link.successor in came.after.units:
                names[link.successor] = came.after.units[link.successor].name
        names.update({new.code: new.name for new in phase.changes.founded})
    return names


def _names_found(found: Rehearsed) -> dict[str, str]:
    """What the units are called about which something was found, or who might take something over."""
    units = {**found.came.before.units, **found.came.after.units}
    named = {each.unit for each in found.findings if each.problem is not Problem.OUTSIDE} | set(found.asked)
    named |= {unit.above.code for unit in found.leaving if unit.above}
    return {code: units[code].name for code in named if code in units}
