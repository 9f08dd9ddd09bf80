"""What the steps of one day say, gathered by unit; nothing depends on the order in which they are written."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from plenum.reorganisations.rules.findings import Finding, Problem, Value
from plenum.reorganisations.rules.plan import (
    TO_PARENT,
    ChangeKind,
    Dissolve,
    EndLevel,
    Found,
    Merge,
    Move,
    NewUnit,
    Rename,
    Split,
    Step,
    code_of,
    new_units,
)
from plenum.reorganisations.rules.snapshot import Standing

WHOLE = Fraction(1)


@dataclass(frozen=True)
class Heir:
    """A unit that goes on with a share of an ended one; `by` is empty when nothing is divided."""

    code: str
    share: Fraction
    how: str
    by: str = ""


@dataclass(frozen=True)
class Ending:
    """How a unit ends: who goes on with it, and where what is left below it goes (None: nowhere)."""

    step: int
    heirs: tuple[Heir, ...]
    children_to: str | None


@dataclass
class Known:
    """What is known of codes besides the living units: used up, founded later, or ended by an earlier day."""

    former: frozenset[str]
    later: Mapping[str, date]
    ended: dict[str, date] = field(default_factory=dict)


@dataclass
class Gathered:
    """What the steps of a day come to, by the code of the unit."""

    founded: dict[str, tuple[int, NewUnit]] = field(default_factory=dict)
    ended: dict[str, Ending] = field(default_factory=dict)
    parted: dict[str, tuple[int, tuple[Heir, ...]]] = field(default_factory=dict)
    """Units that live on although a part of them goes elsewhere."""
    renamed: dict[str, tuple[int, Rename]] = field(default_factory=dict)
    rekinded: dict[str, tuple[int, ChangeKind]] = field(default_factory=dict)
    moved: dict[str, tuple[int, str]] = field(default_factory=dict)
    listed: dict[str, tuple[int, str]] = field(default_factory=dict)
    """Units below a divided one that are told to which part they go."""
    findings: list[Finding] = field(default_factory=list)


class Gathering:
    """Reads the steps of one day against the units that live then."""

    def __init__(self, units: Mapping[str, Standing], known: Known, owner: str) -> None:
        self.units, self.known = units, known
        self.owner = owner if owner in units else None
        self.got = Gathered()

    def gather(self, steps: Sequence[tuple[int, Step]]) -> Gathered:
        """Everything that the steps say, with what is wrong with it by itself."""
        for number, step in steps:
            for new in new_units(step):
                self._found(number, new)
        for number, step in steps:
            self._read(number, step)
        for number, step in steps:
            if isinstance(step, EndLevel):
                self._end_level(number, step)
        self._targets()
        return self.got

    def wrong(self, problem: Problem, step: int, unit: str, **values: Value) -> None:
        self.got.findings.append(Finding(problem, step, unit, values))

    def _found(self, number: int, new: NewUnit) -> None:
        if new.code in self.got.founded:
            self.wrong(Problem.SAID_TWICE, number, new.code, first=self.got.founded[new.code][0])
        elif new.code in self.units or new.code in self.known.former or new.code in self.known.ended:
            self.wrong(Problem.CODE_TAKEN, number, new.code)
        else:
            self.got.founded[new.code] = (number, new)

    def _read(self, number: int, step: Step) -> None:
        match step:
            case Merge():
                self._merge(number, step)
            case Split():
                self._split(number, step)
            case Dissolve(unit=unit, children_to=to):
                if self._lives(number, unit):
                    self._end(number, unit, (), to)
            case Move(unit=unit, to=to):
                if self._lives(number, unit) and self._once(number, unit, self.got.moved):
                    self.got.moved[unit] = (number, to)
            case Rename(unit=unit):
                if self._lives(number, unit) and self._once(number, unit, self.got.renamed):
                    self.got.renamed[unit] = (number, step)
            case ChangeKind(unit=unit):
                if self._lives(number, unit) and self._once(number, unit, self.got.rekinded):
                    self.got.rekinded[unit] = (number, step)
            case EndLevel(under=str(under)):
                self._lives(number, under)
            case Found() | EndLevel():
                pass

    def _merge(self, number: int, step: Merge) -> None:
        into = code_of(step.into)
        ending = [code for code in step.from_ if code != into]
        if not ending:
            self.wrong(Problem.LINEAGE_OF_ONE, number, into)
        alone = isinstance(step.into, NewUnit) and len(set(ending)) == 1
        heir = Heir(into, WHOLE, "succeeded" if alone else "merged")
        for code in ending:
            if self._lives(number, code):
                self._end(number, code, (heir,), into)

    def _split(self, number: int, step: Split) -> None:
        if not self._lives(number, step.from_):
            return
        codes = [code_of(part.unit) for part in step.into]
        for code in {code for code in codes if codes.count(code) > 1}:
            self.wrong(Problem.SAID_TWICE, number, code, first=number)
        total = sum((part.share for part in step.into), Fraction(0))
        if total != WHOLE:
            self.wrong(Problem.SHARES_NOT_WHOLE, number, step.from_, total=str(total))
        if set(codes) == {step.from_}:
            self.wrong(Problem.LINEAGE_OF_ONE, number, step.from_)
        heirs = tuple(
            Heir(code_of(part.unit), part.share, "split", step.by.value)
            for part in step.into
            if code_of(part.unit) != step.from_
        )
        if step.from_ not in codes:
            self._end(number, step.from_, heirs, codes[0] if len(codes) == 1 else None)
        elif step.from_ in self.got.parted:
            self.wrong(Problem.TWO_FATES, number, step.from_, first=self.got.parted[step.from_][0])
        else:
            self.got.parted[step.from_] = (number, heirs)
        for part in step.into:
            for child in part.children:
                if self._lives(number, child) and self._once(number, child, self.got.listed):
                    if self.units[child].parent != step.from_:
                        self.wrong(Problem.NOT_BELOW, number, child, of=step.from_)
                    self.got.listed[child] = (number, code_of(part.unit))

    def _end_level(self, number: int, step: EndLevel) -> None:
        of_kind = [unit for unit in self.units.values() if unit.kind == step.kind]
        under = step.under or self.owner
        ending = [unit.code for unit in of_kind if under is None or self._is_below(unit, under)]
        if not ending:
            self.wrong(Problem.NO_UNIT_OF_KIND, number, step.under or "", kind=step.kind)
        for code in ending:
            if code not in self.got.ended and code not in self.got.rekinded:
                self.got.ended[code] = Ending(number, (), step.children_to)

    def _is_below(self, unit: Standing, above: str) -> bool:
        parent = unit.parent
        while parent is not None and parent != above:
            parent = self.units[parent].parent
        return parent == above

    def _end(self, number: int, code: str, heirs: tuple[Heir, ...], children_to: str | None) -> None:
        known = self.got.ended.get(code)
        if known is not None:
            self.wrong(Problem.TWO_FATES, number, code, first=known.step)
        else:
            self.got.ended[code] = Ending(number, heirs, children_to)

    def _once(self, number: int, code: str, said: Mapping[str, tuple[int, object]]) -> bool:
        if code in said:
            self.wrong(Problem.SAID_TWICE, number, code, first=said[code][0])
        return code not in said

    def _lives(self, number: int, code: str) -> bool:
        """Whether a unit lives on the day before the steps; what is founded that day has nothing yet to change."""
        if code in self.units:
            return True
        if code in self.got.founded:
            self.wrong(Problem.FOUNDED_AND_CHANGES, number, code)
        else:
            self._absent(number, code)
        return False

    def _absent(self, number: int, code: str) -> None:
        if code in self.known.later:
            self.wrong(Problem.NEEDS_EARLIER_STEP, number, code, day=self.known.later[code])
        elif code in self.known.ended:
            self.wrong(Problem.ENDED_BY_EARLIER_STEP, number, code, day=self.known.ended[code])
        else:
            self.wrong(
                Problem.UNIT_ENDED if code in self.known.former else Problem.UNIT_UNKNOWN, number, code
            )

    def _targets(self) -> None:
        """Whatever goes on or stands below must be there afterwards; what ends is not changed besides."""
        named: dict[tuple[int, str], None] = {}
        for number, new in self.got.founded.values():
            if new.parent:
                named[number, new.parent] = None
        for ending in self.got.ended.values():
            to = ending.children_to
            named.update({(ending.step, heir.code): None for heir in ending.heirs})
            if to is not None and to != TO_PARENT:
                named[ending.step, to] = None
        for code, (number, heirs) in self.got.parted.items():
            named.update({(number, heir.code): None for heir in heirs})
            if code in self.got.ended:
                self.wrong(Problem.TWO_FATES, number, code, first=self.got.ended[code].step)
        named.update(dict.fromkeys(self.got.moved.values()))
        named.update(dict.fromkeys(self.got.listed.values()))
        for number, code in named:
            if code in self.got.ended:
                self.wrong(Problem.TARGET_ENDS, number, code, first=self.got.ended[code].step)
            elif code not in self.units and code not in self.got.founded:
                self._absent(number, code)
        changes = (self.got.moved, self.got.renamed, self.got.rekinded)
        for number, code in {(said[code][0], code) for said in changes for code in said}:
            if code in self.got.ended:
                self.wrong(Problem.ENDS_AND_CHANGES, number, code, first=self.got.ended[code].step)


def children_of(units: Iterable[Standing]) -> dict[str, list[str]]:
    """The codes of the units directly below each."""
    below: dict[str, list[str]] = defaultdict(list)
    for unit in units:
        if unit.parent is not None:
            below[unit.parent].append(unit.code)
    return below
