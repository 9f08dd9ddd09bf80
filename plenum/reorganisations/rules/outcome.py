"""What a plan comes to in a tree: its changes day by day, what becomes of each unit, and what speaks against it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from plenum.reorganisations.rules.findings import Finding, Problem, Value
from plenum.reorganisations.rules.phase import Gathered, Gathering, Heir, Known, children_of
from plenum.reorganisations.rules.plan import TO_PARENT, Plan, new_units
from plenum.reorganisations.rules.snapshot import SEPARATOR, Snapshot, Standing, digest, tree_lines
from plenum.reorganisations.rules.stages import Stage, Tell, untold
from plenum.tree.rules import Kinds, check_changes
from plenum.tree.rules.reshaping import Founded, Linked, Moved, Rekinded, Renamed, TreeChanges

MOST_NAMED = 3
"""How many of the names that clash are written out."""


class Fate(StrEnum):
    """What becomes of a unit that lived before. Each has exactly one."""

    STAYS = "stays"
    CHANGES = "changes"
    MERGED = "merged"
    SPLIT = "split"
    DISSOLVED = "dissolved"


@dataclass(frozen=True)
class Phase:
    """What changes on one day, and the tree from then on."""

    on: date
    changes: TreeChanges
    after: Snapshot


@dataclass(frozen=True)
class Outcome:
    """What a plan comes to. Without a finding that blocks, every phase is a tree and nothing is orphaned."""

    before: Snapshot
    phases: tuple[Phase, ...]
    fates: Mapping[str, Fate]
    """Of the units that lived before and do not simply stay."""
    heirs: Mapping[str, tuple[Heir, ...]]
    """Who goes on with the units that do not live afterwards, over all phases; empty for a dissolved one."""
    findings: tuple[Finding, ...]

    @property
    def after(self) -> Snapshot:
        """The tree when everything has happened."""
        return self.phases[-1].after if self.phases else self.before

    @property
    def blocks(self) -> bool:
        """Whether something has to be put right in the plan before it can be executed."""
        return any(finding.blocks for finding in self.findings)

    def fate_of(self, code: str) -> Fate:
        """What becomes of a unit that lived before; KeyError for any other."""
        self.before.units[code]
        return self.fates.get(code, Fate.STAYS)

    def digest(self, decisions: Iterable[str] = ()) -> str:
        """The sha256 of the trees afterwards, of the lineage and of the decisions on other objects."""
        trees = [(phase.on, list(phase.after.units.values())) for phase in self.phases]
        links = [(phase.on, link) for phase in self.phases for link in phase.changes.linked]
        return outcome_digest(trees, links, decisions)


def outcome_digest(
    trees: Iterable[tuple[date, Iterable[Standing]]],
    links: Iterable[tuple[date, Linked]],
    decisions: Iterable[str],
) -> str:
    """The digest of what a reform came to, from the trees of its days, its lineage and the decisions, in any order."""
    lines: list[str] = []
    for on, units in sorted(trees, key=lambda tree: tree[0]):
        lines.append(f"tree {on}")
        lines += tree_lines(units)
    lines.append("lineage")
    lines += sorted(
        SEPARATOR.join((link.predecessor, link.successor, str(on), link.how, str(link.share), link.by))
        for on, link in links
    )
    lines.append("decisions")
    return digest([*lines, *sorted(decisions)])


def outcome(plan: Plan, snapshot: Snapshot, kinds: Kinds, tell: Tell = untold) -> Outcome:
    """What the plan comes to on the tree of a day before its steps. The order of steps of one day says nothing.

    A day with something that blocks is the last that is worked out; it is none of the phases.
    """
    founded_on = {new.code: plan.day_of(step) for step in plan.steps for new in new_units(step)}
    known = Known(snapshot.former, founded_on)
    findings: list[Finding] = []
    phases: list[Phase] = []
    fates: dict[str, Fate] = {}
    heirs: dict[str, tuple[Heir, ...]] = {}
    linked: set[tuple[str, str]] = set()
    units: Mapping[str, Standing] = snapshot.units
    read = 0
    for on, steps in plan.phases():
        known.later = {code: day for code, day in founded_on.items() if day > on}
        tell(Stage.STEPS, read, len(plan.steps))
        got = Gathering(units, known, plan.owner).gather(steps)
        phase = _Phase(units, got, kinds, on)
        after = phase.work_out()
        for link in phase.changes.linked:
            if (link.predecessor, link.successor) in linked:
                got.findings.append(Finding(Problem.LINEAGE_KNOWN, None, link.predecessor))
            linked.add((link.predecessor, link.successor))
        if not any(finding.blocks for finding in got.findings):
            got.findings += phase.refusals()
        read += len(steps)
        tell(Stage.STEPS, read, len(plan.steps))
        findings += got.findings
        if any(finding.blocks for finding in got.findings):
            # What is no tree cannot be reformed any further: what comes after is judged when this is put right.
            break
        for code, ending in got.ended.items():
            known.ended[code] = on
            heirs[code] = ending.heirs
            fates[code] = _fate(ending.heirs)
        for code in phase.touched:
            fates.setdefault(code, Fate.CHANGES)
        phases.append(Phase(on, phase.changes, Snapshot(on, after, snapshot.former | known.ended.keys())))
        units = after
    if not plan.steps:
        findings.append(Finding(Problem.NO_STEP))
    if len(phases) > 1:
        days: dict[str, Value] = {"count": len(phases), "first": phases[0].on, "last": phases[-1].on}
        findings.append(Finding(Problem.SEVERAL_DAYS, values=days))
    return Outcome(
        before=snapshot,
        phases=tuple(phases),
        fates={code: fate for code, fate in fates.items() if code in snapshot.units},
        heirs={code: _over_all(code, heirs) for code in heirs if code in snapshot.units},
        findings=tuple(sorted(findings, key=lambda each: (each.step or 0, each.unit, each.problem))),
    )


def _fate(heirs: tuple[Heir, ...]) -> Fate:
    if not heirs:
        return Fate.DISSOLVED
    return Fate.SPLIT if any(heir.by for heir in heirs) else Fate.MERGED


def _over_all(code: str, heirs: Mapping[str, tuple[Heir, ...]]) -> tuple[Heir, ...]:
    """Who goes on with a unit when what followed it has ended in a later phase as well; shares are multiplied."""
    shares: dict[str, Heir] = {}
    for heir in heirs[code]:
        for last in (
            _over_all(heir.code, heirs) if heir.code in heirs else (Heir(heir.code, Fraction(1), heir.how),)
        ):
            before = shares[last.code].share if last.code in shares else Fraction(0)
            by = heir.by or last.by
            shares[last.code] = Heir(last.code, before + heir.share * last.share, heir.how, by)
    return tuple(sorted(shares.values(), key=lambda heir: heir.code))


class _Phase:
    """Works out the tree after the steps of one day."""

    def __init__(self, units: Mapping[str, Standing], got: Gathered, kinds: Kinds, on: date) -> None:
        self.units, self.got, self.kinds, self.on = units, got, kinds, on
        self.changes = TreeChanges()
        self.touched: set[str] = set()
        """The living units that change in any way."""

    def work_out(self) -> dict[str, Standing]:
        """The units afterwards; what is wrong with them is added to the findings."""
        parents = self._places()
        got = self.got
        after = {code: unit for code, unit in self.units.items() if code not in got.ended}
        for code, parent in parents.items():
            after[code] = after[code]._replace(parent=parent)
        for code, (number, rename) in got.renamed.items():
            if code in after:
                self._unless_same(number, after[code], name=rename.name, short=rename.short)
                after[code] = after[code]._replace(name=rename.name, short=rename.short)
        for code, (number, change) in got.rekinded.items():
            if code in after:
                self._unless_same(number, after[code], kind=change.kind)
                after[code] = after[code]._replace(kind=change.kind)
        for code, (_number, new) in got.founded.items():
            after[code] = Standing(None, code, new.name, new.short, new.kind, new.parent or None)
        self._write_down(after, parents)
        self.touched = {code for code in (*parents, *got.renamed, *got.rekinded) if code in after}
        self.touched |= {code for code in got.parted if code in after}
        self._check(after, self.touched | got.founded.keys())
        return after

    def refusals(self) -> list[Finding]:
        """What the tree would refuse to write whatever else is in it, such as a code that is none."""
        return [
            Finding.of_tree(each, self._step_of(str(each.values["unit"])))
            for each in check_changes(self.kinds, self.changes, self.on)
        ]

    def _unless_same(self, number: int, unit: Standing, **new: str) -> None:
        if all(getattr(unit, name) == value for name, value in new.items()):
            self.got.findings.append(Finding(Problem.UNCHANGED, number, unit.code))

    def _places(self) -> dict[str, str]:
        """The new parents of living units: said by a step, or because what they stood under has ended."""
        got = self.got
        places: dict[str, str] = {}
        below = children_of(self.units.values())
        for code, ending in got.ended.items():
            for child in below.get(code, ()):
                if child in got.ended or child in got.moved or child in got.listed:
                    continue
                to = self._heir_of_children(code, child)
                if to is None:
                    got.findings.append(
                        Finding(Problem.LEFT_WITHOUT_PARENT, ending.step, child, {"of": code})
                    )
                else:
                    places[child] = to
        for child, (_number, to) in got.listed.items():
            if child not in got.ended and child not in got.moved and to != self.units[child].parent:
                places[child] = to
        for code, (number, to) in got.moved.items():
            if code in got.ended:
                continue
            if self.units[code].parent == to:
                got.findings.append(Finding(Problem.UNCHANGED, number, code))
            else:
                places[code] = to
        return places

    def _heir_of_children(self, code: str, child: str) -> str | None:
        """Where a unit below an ended one goes. It is not put under itself when it is the successor."""
        at: str | None = code
        while at is not None and at in self.got.ended:
            to = self.got.ended[at].children_to
            if to is None:
                return None
            if to != TO_PARENT and to != child:
                return to
            at = self.units[at].parent
        return at

    def _write_down(self, after: Mapping[str, Standing], parents: Mapping[str, str]) -> None:
        got = self.got
        renamed = sorted(
            code for code in got.renamed if code in after and after[code][2:4] != self.units[code][2:4]
        )
        rekinded = sorted(
            code for code in got.rekinded if code in after and after[code].kind != self.units[code].kind
        )
        links = {code: ending.heirs for code, ending in got.ended.items()}
        links |= {code: heirs for code, (_number, heirs) in got.parted.items()}
        self.changes = TreeChanges(
            founded=tuple(
                Founded(new.code, new.name, new.kind, new.parent or None, new.short)
                for _number, new in sorted(got.founded.values(), key=lambda each: each[1].code)
            ),
            renamed=tuple(Renamed(code, after[code].name, after[code].short) for code in renamed),
            rekinded=tuple(Rekinded(code, after[code].kind) for code in rekinded),
            moved=tuple(Moved(code, parents[code]) for code in sorted(parents)),
            ended=tuple(sorted(got.ended)),
            linked=tuple(
                Linked(code, heir.code, heir.how, heir.share, heir.by)
                for code in sorted(links)
                for heir in sorted(links[code], key=lambda heir: heir.code)
            ),
        )

    def _check(self, after: Mapping[str, Standing], changed: Iterable[str]) -> None:
        changed = set(changed)
        below = children_of(after.values())
        touched_parents = {after[code].parent for code in changed}
        rekinded = [each.code for each in self.changes.rekinded]
        judged = changed | {child for code in rekinded for child in below.get(code, ())}
        for code in sorted(judged):
            self._check_kind(after, after[code])
        self._check_cycles(after, changed)
        for parent in sorted(each for each in touched_parents if each is not None):
            names = Counter(after[child].name.casefold() for child in below.get(parent, ()))
            twice = {
                after[child].name
                for child in below.get(parent, ())
                if child in changed and names[after[child].name.casefold()] > 1
            }
            if twice:
                values: dict[str, Value] = {
                    "count": len(twice),
                    "names": ", ".join(sorted(twice)[:MOST_NAMED]),
                }
                self.got.findings.append(Finding(Problem.NAMES_CLASH, None, parent, values))
        roots = sorted(code for code in changed if after[code].parent is None)
        others = [unit.code for unit in after.values() if unit.parent is None] if roots else []
        for code in roots if len(others) > 1 else ():
            self.got.findings.append(Finding(Problem.ROOT_EXISTS, self._step_of(code), code))

    def _check_kind(self, after: Mapping[str, Standing], unit: Standing) -> None:
        kinds, step = self.kinds, self._step_of(unit.code)
        values: dict[str, Value] = {"kind": unit.kind, "day": self.on}
        if not kinds.knows(unit.kind):
            self.got.findings.append(Finding(Problem.KIND_UNKNOWN, step, unit.code, values))
        elif not kinds.holds(unit.kind, self.on):
            self.got.findings.append(Finding(Problem.KIND_NOT_IN_FORCE, step, unit.code, values))
        elif unit.parent is None:
            if not kinds.may_stand_under(unit.kind, None, self.on):
                self.got.findings.append(Finding(Problem.KIND_NEEDS_PARENT, step, unit.code, values))
        elif unit.parent in after:
            above = after[unit.parent].kind
            if not kinds.may_stand_under(unit.kind, above, self.on):
                values = {**values, "parent_kind": above, "parent": unit.parent}
                self.got.findings.append(Finding(Problem.KIND_NOT_UNDER, step, unit.code, values))

    def _check_cycles(self, after: Mapping[str, Standing], changed: Iterable[str]) -> None:
        sound: set[str] = set()
        for code in sorted(changed):
            path: dict[str, None] = {}
            at: str | None = code
            while at is not None and at in after and at not in sound and at not in path:
                path[at] = None
                at = after[at].parent
            if at is not None and at in path:
                self.got.findings.append(Finding(Problem.BELOW_ITSELF, self._step_of(code), code))
            sound.update(path)

    def _step_of(self, code: str) -> int | None:
        """The step that says something of a unit itself, if one does."""
        for said in (self.got.founded, self.got.moved, self.got.rekinded, self.got.renamed, self.got.listed):
            if code in said:
                return said[code][0]
        parent = self.units[code].parent if code in self.units else None
        ending = self.got.ended.get(parent) if parent is not None else None
        return ending.step if ending else None
