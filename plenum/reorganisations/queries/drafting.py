"""What a plan under the pen comes to: the trees, what speaks against each step, which units it may name."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date

from plenum.reorganisations.queries.snapshots import snapshot_near
from plenum.reorganisations.rules import (
    Finding,
    NewUnit,
    Outcome,
    Plan,
    codes_named,
    new_units,
    outcome,
    outside,
)
from plenum.tree.kinds import KINDS
from plenum.tree.models import Ancestry, Unit, UnitName
from plenum.tree.queries import children_of, unit_views
from plenum.tree.rules import CODE_PATTERN
from plenum.tree.sorting import search_key

MANY_UNITS = 20_000
MANY_STEPS = 500
"""From so many units or steps on, the trees of a draft are worked out only when somebody asks for it."""
MOST_OFFERED = 500
MOST_MEANT = 6


@dataclass(frozen=True)
class Draft:
    """A plan worked out as far as it can be. `without`: steps that cannot be as they are; the trees leave them out."""

    came: Outcome
    findings: tuple[Finding, ...]
    without: tuple[int, ...]


@dataclass(frozen=True)
class Called:
    """A unit that can be named in a step, as one chooses it."""

    code: str
    name: str

    @property
    def text(self) -> str:
        return f"{self.name} ({self.code})"


def is_large(plan: Plan, owner_id: int) -> bool:
    """Whether working the plan out takes longer than a page should."""
    if len(plan.steps) > MANY_STEPS:
        return True
    below = Ancestry.objects.filter(ancestor=owner_id, span__contains=plan.on)
    return below[MANY_UNITS : MANY_UNITS + 1].exists()


def draft_of(plan: Plan, owner_id: int) -> Draft:
    """Work a plan out on the part of the tree that it can change. Two queries; writes nothing."""
    first = min((plan.day_of(step) for step in plan.steps), default=plan.on)
    before = snapshot_near(first, owner_id, codes_named(plan))
    came = outcome(plan, before, KINDS)
    findings = (*outside(plan, before), *came.findings)
    kept = list(range(1, len(plan.steps) + 1))
    found = findings
    while wrong := {kept[each.step - 1] for each in found if each.blocks and each.step is not None}:
        # The others can still be seen: one that is wrong now shall not hide what the rest comes to.
        kept = [number for number in kept if number not in wrong]
        less = replace(plan, steps=tuple(plan.steps[number - 1] for number in kept))
        came = outcome(less, before, KINDS)
        found = came.findings
    without = tuple(number for number in range(1, len(plan.steps) + 1) if number not in kept)
    return Draft(came, findings, without)


def names_below(owner_id: int, codes: Collection[str], on: date) -> dict[str, str]:
    """What units below the owner, and the owner, are called on a day, by their codes. Nobody else is named."""
    ids = _below(owner_id, codes, on)
    return {ids[view.id]: view.name for view in unit_views(ids, on).values()}


def _below(owner_id: int, codes: Collection[str], on: date) -> dict[int, str]:
    ever = Ancestry.objects.filter(ancestor=owner_id).values("descendant")
    return dict(Unit.objects.filter(code__in=list(codes), pk__in=ever).values_list("pk", "code"))


def founded_in(plan: Plan) -> list[NewUnit]:
    """The units that a plan founds, in its order."""
    return [new for step in plan.steps for new in new_units(step)]


def offered(plan: Plan, owner_id: int, near: Collection[str] = ()) -> list[Called]:
    """Units to choose from: what the plan founds, then those around the named ones and directly below the owner."""
    stand = unit_views({owner_id, *_below(owner_id, near, plan.on)}, plan.on)
    above = {view.parent_id for view in stand.values() if view.parent_id is not None and view.id != owner_id}
    views = {**stand}
    for found in children_of({owner_id, *above, *stand}, plan.on).values():
        views |= {view.id: view for view in found}
    new = [Called(unit.code, unit.name) for unit in founded_in(plan)]
    old = [
        Called(view.code, view.name)
        for view in sorted(views.values(), key=lambda view: (view.sort_key, view.code))
    ]
    return [*new, *old][:MOST_OFFERED]


def meant(text: str, plan: Plan, owner_id: int) -> list[Called]:
    """The units that a text can mean: `Name (code)`, a code, or a name below the owner. At most one query.

    Whether there is a unit with a code that is written out is said by what is found about the plan.
    """
    new: Mapping[str, NewUnit] = {unit.code: unit for unit in founded_in(plan)}
    inner = text[text.rfind("(") + 1 : -1].strip() if text.endswith(")") and "(" in text else ""
    if code := next((code for code in (inner, text) if re.fullmatch(CODE_PATTERN, code)), ""):
        return [Called(code, new[code].name if code in new else text)]
    key = search_key(text)
    called = [Called(unit.code, unit.name) for unit in new.values() if search_key(unit.name) == key]
    below = Ancestry.objects.filter(ancestor=owner_id, span__contains=plan.on).values("descendant")
    names = UnitName.objects.filter(search_key=key, span__contains=plan.on, unit__in=below)
    rows = names.order_by("unit__code").values_list("unit__code", "name")[:MOST_MEANT]
    return called + [Called(code, name) for code, name in rows]
