"""Random reforms of small countries, for tests: plans in which every kind of step comes up, over several days."""

from datetime import date
from fractions import Fraction
from random import Random

from plenum.reorganisations.rules import (
    ChangeKind,
    Dissolve,
    EndLevel,
    Found,
    Merge,
    Move,
    NewUnit,
    Part,
    Plan,
    Rename,
    Snapshot,
    Split,
    SplitBy,
    Standing,
    Step,
    outcome,
)
from plenum.tree.kinds import KINDS

COMMUNES = ("commune_committee", "agency_committee")


class Planner:
    """Draws steps that can be carried out, each on one of some days; what cannot be is drawn again."""

    def __init__(self, random: Random, days: list[date], tree: Snapshot) -> None:
        self.random, self.days, self.tree = random, sorted(days), tree
        self.founded = 0
        self.plan = Plan("random", "Random reform", self.days[0], "root")

    def drawn(self, wanted: int) -> Plan:
        """A plan with so many steps at most, of which none blocks; at least one."""
        tried = 0
        while len(self.plan.steps) < wanted and (tried < 40 or not self.plan.steps):
            tried += 1
            step = self._step(self.random.choice(self.days))
            if step is not None:
                longer = Plan(
                    self.plan.code, self.plan.title, self.plan.on, "root", steps=(*self.plan.steps, step)
                )
                if not outcome(longer, self.tree, KINDS).blocks:
                    self.plan = longer
        return self.plan

    def _step(self, on: date) -> Step | None:
        """Something that could be done on a day, in the tree as the plan leaves it by then."""
        phases = outcome(self.plan, self.tree, KINDS).phases if self.plan.steps else ()
        after = [phase.after for phase in phases if phase.on < on]
        units = sorted((after[-1] if after else self.tree).units.values(), key=lambda unit: unit.code)
        below = [unit for unit in units if unit.parent is not None]
        unit = self.random.choice(below)
        same = [each.code for each in below if each.kind == unit.kind and each.code != unit.code]
        parents = [each.code for each in units if each.code != unit.code]
        what = self.random.choice(
            ["merge"] * 3 + ["split"] * 4 + ["move"] * 2 + ["rename", "kind", "found", "dissolve", "level"]
        )
        match what:
            case "merge":
                others = self.random.sample(same, min(len(same), self.random.randrange(1, 3)))
                choices: list[str | NewUnit] = [unit.code, self._new(unit.kind, unit.parent), *same[:1]]
                into = self.random.choice(choices)
                return Merge(from_=(unit.code, *others), into=into, on=on)
            case "split":
                return self._split(unit.code, unit.kind, unit.parent, same, [*units], on)
            case "move":
                return Move(unit=unit.code, to=self.random.choice(parents), on=on)
            case "rename":
                return Rename(unit=unit.code, name=f"renamed {len(self.plan.steps)}", on=on)
            case "kind" if unit.kind in COMMUNES:
                return ChangeKind(unit=unit.code, kind=COMMUNES[unit.kind == COMMUNES[0]], on=on)
            case "found":
                new = self._new(unit.kind, unit.parent)
                return Found(unit=new, on=on)
            case "dissolve":
                return Dissolve(unit=unit.code, children_to=self.random.choice(parents), on=on)
            case "level":
                under = self.random.choice([each.code for each in units if each.kind == "province"])
                return EndLevel(kind="district", under=under, on=on)
        return None

    def _split(
        self, code: str, kind: str, parent: str | None, same: list[str], units: list[Standing], on: date
    ) -> Split:
        choices: list[str | NewUnit] = [code, *same[:2], self._new(kind, parent), self._new(kind, parent)]
        parts = self.random.sample(choices, self.random.randrange(2, 4))
        weights = [self.random.randrange(1, self.random.choice((3, 9, 1000))) for _part in parts]
        children = [each.code for each in units if each.parent == code]
        going: dict[int, list[str]] = {}
        for child in children:
            going.setdefault(self.random.randrange(len(parts)), []).append(child)
        return Split(
            from_=code,
            into=tuple(
                Part(unit=part, share=Fraction(weight, sum(weights)), children=tuple(going.get(place, ())))
                for place, (part, weight) in enumerate(zip(parts, weights, strict=True))
            ),
            by=self.random.choice(list(SplitBy)),
            on=on,
        )

    def _new(self, kind: str, parent: str | None) -> NewUnit:
        self.founded += 1
        return NewUnit(f"new-{self.founded}", f"New {self.founded}", kind, parent or "root")
