"""Accounts with a grant at a unit that ends, is divided, moves or takes others in: what they reach before and after."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from plenum.access.guard import speaking
from plenum.access.models import Grant
from plenum.journal.actor import Actor
from plenum.reorganisations.queries.working_out import Rehearsed
from plenum.reorganisations.rules import Snapshot, touched

FOLLOWS_DECISION = "access.Grant:"


def accounts(found: Rehearsed, on: date) -> list[dict[str, Any]]:
    """A row for each grant that still runs when its unit changes, as plain values. One query.

    `reach` is how many units the grant reaches with its own, before and (by the code of where it goes on, or under an
    empty code where it stays) after. What was decided about grants of units that end is added when it is read.
    """
    came = found.came
    before, after = came.before.units, came.after.units
    leaves = {each.code: each for each in found.leaving}
    concerned = touched(came) | {each.code for phase in came.phases for each in phase.changes.moved}
    codes = {number: code for code, number in found.ids(concerned & before.keys()).items()}
    with speaking(Actor.system("rehearsal"), on):
        grants = list(
            Grant.objects.filter(unit_id__in=list(codes), account__is_active=True)
            .select_related("account")
            .order_by("account__name", "pk")
        )
    if not grants:
        return []
    open_rows = {row.subject: row for _of, row in found.objects if row.subject.startswith(FOLLOWS_DECISION)}
    size_before, size_after = _sizes(came.before), _sizes(came.after)
    rows = []
    for grant in grants:
        code = codes[grant.unit_id]
        leaving = leaves.get(code)
        until = leaving.until if leaving else came.phases[0].on
        if grant.span.end is not None and grant.span.end <= max(until, on):
            continue
        row = open_rows.get(f"{FOLLOWS_DECISION}{grant.pk}")
        goes_to = (
            [choice.removeprefix("to:") for choice in row.choices if choice.startswith("to:")] if row else []
        )
        rows.append(
            {
                "subject": f"{FOLLOWS_DECISION}{grant.pk}",
                "account": grant.account.name,
                "role": grant.role,
                "code": code,
                "name": before[code].name,
                "fate": came.fate_of(code).value,
                "moves_to": _moves_to(found, code),
                "moves_from": _name(came.before, before[code].parent),
                "choices": list(row.choices) if row else [],
                "proposal": row.proposal if row else "",
                "before": size_before[code],
                "after": {each: size_after.get(each, 0) for each in goes_to}
                | ({"": size_after[code]} if code in after else {}),
            }
        )
    return rows


def _moves_to(found: Rehearsed, code: str) -> str:
    """The name of what the unit comes to stand under, when it lives on under another or its superior is another."""
    came = found.came
    if code not in came.after.units:
        return ""
    parent = came.after.units[code].parent
    return _name(came.after, parent) if parent != came.before.units[code].parent else ""


def _name(tree: Snapshot, code: str | None) -> str:
    return tree.units[code].name if code is not None and code in tree.units else ""


def _sizes(tree: Snapshot) -> Mapping[str, int]:
    """How many units stand at and below each."""
    waiting: dict[str, int] = {}
    for unit in tree.units.values():
        if unit.parent is not None:
            waiting[unit.parent] = waiting.get(unit.parent, 0) + 1
    sizes = dict.fromkeys(tree.units, 1)
    ready = [code for code in tree.units if code not in waiting]
    while ready:
        code = ready.pop()
        parent = tree.units[code].parent
        if parent is None or parent not in sizes:
            continue
        sizes[parent] += sizes[code]
        waiting[parent] -= 1
        if not waiting[parent]:
            ready.append(parent)
    return sizes
