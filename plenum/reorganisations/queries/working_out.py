"""A rehearsal: what a plan comes to on the tree as it is, and what would be left without an owner. Keeps nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import partial

from plenum.access.guard import speaking
from plenum.journal.actor import Actor
from plenum.packs import Behaviour, pack
from plenum.reorganisations.models import Rehearsal
from plenum.reorganisations.queries.drafting import MANY_UNITS
from plenum.reorganisations.queries.owing_after import owing_after
from plenum.reorganisations.queries.snapshots import snapshot
from plenum.reorganisations.rules import (
    Finding,
    Outcome,
    Plan,
    Problem,
    Stage,
    Tell,
    asked,
    check_payroll,
    left,
    outcome,
    outside,
    untold,
)
from plenum.reorganisations.rules.phase import WHOLE
from plenum.reorganisations.rules.snapshot import SEPARATOR, digest
from plenum.tree.dispositions import Disposition, Label, Leaving, Open, Receiver, declared
from plenum.tree.kinds import KINDS
from plenum.tree.models import Unit
from plenum.tree.reshaping import against_unwritten, changed_between, foresee, is_foreseeable
from plenum.tree.rules import Refused, TreeChanges
from plenum.tree.turn import changes


@dataclass(frozen=True)
class Rehearsed:
    """What a rehearsal has found. `objects` have no owner yet, each with the disposition that it falls under."""

    plan: Plan
    came: Outcome
    findings: tuple[Finding, ...]
    leaving: tuple[Leaving, ...]
    objects: tuple[tuple[Disposition, Open], ...]
    tree_changes: int
    """How many transactions had changed the tree before it was read."""
    asked: tuple[str, ...]
    """The codes of the units whose approval is needed."""

    @property
    def blocking(self) -> int:
        """How many findings have to be put right."""
        return sum(finding.blocks for finding in self.findings)

    @property
    def tree_digest(self) -> str:
        return self.came.before.digest()

    @property
    def objects_digest(self) -> str:
        """Changes whenever another object would have no owner, or something else could be decided about one."""
        return digest(sorted(SEPARATOR.join((open.subject, *open.choices)) for _of, open in self.objects))

    def ids(self, codes: Iterable[str]) -> dict[str, int]:
        """The numbers of units that live before, by code."""
        units = self.came.before.units
        return {code: number for code in codes if (number := units[code].id) is not None}


def work_out(plan: Plan, on: date, tell: Tell = untold, *, ahead: bool = True) -> Rehearsed:
    """Rehearse a plan on the tree as it is known on the day `on`; `ahead`: also ask what others plan for later.

    `tell` is told how far it is.

    What would have no owner is looked for with the eyes of the installation: whoever plans may not see a return or a
    grant, and it must be found all the same. What is shown of it is its name only.
    """
    first = min((plan.day_of(step) for step in plan.steps), default=plan.on)
    tell(Stage.READ, 0, 0)
    known = changes()
    before = snapshot(first)
    came = outcome(plan, before, KINDS, tell)
    findings = (*outside(plan, before), *came.findings)
    if first <= on:
        findings = (*findings, Finding(Problem.HOLDS_ALREADY, values={"day": first}))
    if plan.payroll is not None and came.phases:
        findings = (*findings, *check_payroll(plan.payroll, came, stocks(), plan.owner))
    if any(finding.problem is Problem.OUTSIDE for finding in findings):
        # What is not below the owner is nobody's here to look into: not its figures, nor who works there.
        came = replace(came, phases=(), fates={}, heirs={})
    if ahead and not any(finding.blocks for finding in findings):
        findings = (*findings, *_ahead(came))
    leaving = tuple(_leaving(came))
    with speaking(Actor.system("rehearsal"), on):
        objects = tuple(open_objects(leaving, on, tell))
        findings = (*findings, *owing_after(plan, came))
    return Rehearsed(plan, came, findings, leaving, objects, known, tuple(asked(came)))


def _ahead(came: Outcome) -> list[Finding]:
    """What speaks against the outcome in days that it does not know: the tree is written for a look, and taken back.

    Of very many changes that would take as long as their execution: then the tree is asked as it stands.
    """
    days = [(phase.on, phase.changes) for phase in came.phases]
    if not is_foreseeable(days):
        return _ahead_of_many(came, days)

    def others() -> list[Finding]:
        return [
            Finding(Problem.OTHERS_BETWEEN, values={"day": phase.on})
            for phase in came.phases[1:]
            if snapshot(phase.on).digest() != phase.after.digest()
        ]

    try:
        return foresee(days, others)
    except Refused as refused:
        return [Finding.of_tree(each) for each in refused.findings]


def _ahead_of_many(came: Outcome, days: Sequence[tuple[date, TreeChanges]]) -> list[Finding]:
    """What others plan beside very many changes, without writing these."""
    others = [
        Finding(Problem.OTHERS_BETWEEN, values={"day": phase.on})
        for phase in came.phases[1:]
        if changed_between(came.before.on, phase.on) and snapshot(phase.on).digest() != came.before.digest()
    ]
    return [*(Finding.of_tree(each) for each in against_unwritten(days)), *others]


def stocks() -> set[str]:
    """The indicators of the pack that count something at the end of a period: heads can be counted by these."""
    return {
        each.code
        for each in pack().indicators.values()
        if each.value is not None and each.behaviour is Behaviour.STOCK
    }


def open_objects(leaving: Sequence[Leaving], on: date, tell: Tell = untold) -> list[tuple[Disposition, Open]]:
    """Everything of the rooms that would have no owner, called with its unit. A constant number of queries."""
    names = {each.id: each.name for each in leaving}
    sorts = [each for each in declared() if each.open_rows is not None] if leaving else []
    found: list[tuple[Disposition, Open]] = []
    for number, disposition in enumerate(sorts):
        tell(Stage.OWNERS, number, len(sorts))
        rows = disposition.open_rows(leaving, on) if disposition.open_rows else []
        found += [
            (disposition, replace(row, label=partial(_of_unit, names[row.unit_id], row.label)))
            for row in rows
        ]
    tell(Stage.OWNERS, len(sorts), len(sorts))
    return found


def _of_unit(unit: str, label: Label, language: str) -> str:
    return f"{unit}: {label(language)}"


class Staleness(StrEnum):
    """Whether the tree is still the one that was rehearsed."""

    NO = ""
    PERHAPS = "perhaps"
    """Something in it was changed; an execution finds out whether that is known to the rehearsal."""
    YES = "yes"


def staleness(rehearsal: Rehearsal, plan: Plan) -> Staleness:
    """Whether the tree is another than the one that was rehearsed. One query while nothing was changed, else four.

    A large tree is not read for that: where something in it was changed, the execution says whether it matters.
    """
    if changes() == rehearsal.tree_changes:
        return Staleness.NO
    if Unit.objects.all()[MANY_UNITS : MANY_UNITS + 1].exists():
        return Staleness.PERHAPS
    first = min((plan.day_of(step) for step in plan.steps), default=plan.on)
    return Staleness.NO if snapshot(first).digest() == rehearsal.tree_digest else Staleness.YES


def decided_choice(row: Open, decisions: Mapping[str, str]) -> str | None:
    """What was decided about an open row, if that can still be."""
    choice = decisions.get(row.subject)
    return choice if choice in row.choices else None


def _leaving(came: Outcome) -> Iterable[Leaving]:
    after = came.after.units
    for each in left(came):
        unit = came.before.units[each.code]
        heirs = tuple(
            Receiver(heir.code, after[heir.code].name, after[heir.code].kind, heir.share)
            for heir in came.heirs[each.code]
            if heir.code in after
        )
        top = after[each.above] if each.above is not None and each.above in after else None
        above = Receiver(top.code, top.name, top.kind, WHOLE) if top else None
        yield Leaving(unit.id or 0, each.code, unit.name, each.until, heirs, above)
