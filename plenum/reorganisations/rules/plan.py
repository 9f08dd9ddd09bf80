"""What a reform plans: steps with the days from which they hold, which name units by their codes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction


class SplitBy(StrEnum):
    """By what the shares of a split were reckoned."""

    AREA = "area"
    MEMBERS = "members"
    LIST = "list"


TO_PARENT = "parent"
"""Where the units below an ended level go when no unit is named: each under what stood above the ended one."""


@dataclass(frozen=True)
class NewUnit:
    """A unit that a step founds. An empty parent stands for the root, an empty short name for the name itself."""

    code: str
    name: str
    kind: str
    parent: str
    short: str = ""


Successor = str | NewUnit
"""A unit that exists by then or is described elsewhere in the plan, by its code; or one that the step founds."""


def code_of(unit: Successor) -> str:
    return unit.code if isinstance(unit, NewUnit) else unit


@dataclass(frozen=True, kw_only=True)
class Found:
    """A new unit begins. `on` is None in every step for the day of the plan."""

    unit: NewUnit
    on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Merge:
    """Units end and go on in one, with all below them. If the one is among them, it lives on and the others end."""

    from_: tuple[str, ...]
    into: Successor
    on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Part:
    """What goes to one successor of a split: the share of the figures, and the units below it by their codes."""

    unit: Successor
    share: Fraction
    children: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Split:
    """A unit is divided. It ends, unless it is one of the parts itself; the shares come to exactly one."""

    from_: str
    into: tuple[Part, ...]
    by: SplitBy = SplitBy.LIST
    on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Move:
    """A unit, with all below it, comes to stand under another."""

    unit: str
    to: str
    on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Rename:
    unit: str
    name: str
    short: str = ""
    on: date | None = None


@dataclass(frozen=True, kw_only=True)
class ChangeKind:
    unit: str
    kind: str
    on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Dissolve:
    """A unit ends without successor; the units below it go under `children_to`, if any are left there."""

    unit: str
    children_to: str | None = None
    on: date | None = None


@dataclass(frozen=True, kw_only=True)
class EndLevel:
    """Every unit of a kind below `under` (or the owner of the plan) ends, unless another step says what it becomes."""

    kind: str
    under: str | None = None
    children_to: str = TO_PARENT
    on: date | None = None


Step = Found | Merge | Split | Move | Rename | ChangeKind | Dissolve | EndLevel


@dataclass(frozen=True)
class Payroll:
    """The payroll part of a plan.

    `indicator` counts the heads; `change` is the target in percent (-5: five percent fewer) for the end of `year`;
    `posts` are those of each unit with everything below it, by its code.
    """

    indicator: str
    change: Fraction
    year: int
    posts: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Plan:
    """A reform on paper. `on` is the first day on which it holds; `basis` names the document it follows.

    `owner` is the code of the unit that answers for it; `payroll` is a target for its posts, when it has one.
    """

    code: str
    title: str
    on: date
    owner: str
    basis: str = ""
    steps: tuple[Step, ...] = ()
    payroll: Payroll | None = None

    def day_of(self, step: Step) -> date:
        """The first day on which a step holds."""
        return step.on or self.on

    def phases(self) -> list[tuple[date, list[tuple[int, Step]]]]:
        """The steps by their days, each with its number in the plan, counted from 1."""
        days: dict[date, list[tuple[int, Step]]] = {}
        for number, step in enumerate(self.steps, start=1):
            days.setdefault(self.day_of(step), []).append((number, step))
        return sorted(days.items())


def new_units(step: Step) -> Iterator[NewUnit]:
    """The units that a step founds."""
    match step:
        case Found(unit=unit):
            yield unit
        case Merge(into=NewUnit() as unit):
            yield unit
        case Split(into=parts):
            yield from (part.unit for part in parts if isinstance(part.unit, NewUnit))


def codes_named(plan: Plan) -> set[str]:
    """The codes of all units that a plan names, whether they exist or are founded by it."""
    found = {plan.owner}
    for step in plan.steps:
        for new in new_units(step):
            found |= {new.code, new.parent}
        match step:
            case Merge(from_=codes, into=into):
                found |= {*codes, code_of(into)}
            case Split(from_=code, into=parts):
                found |= {code, *(code_of(part.unit) for part in parts)}
                found |= {child for part in parts for child in part.children}
            case Move(unit=code, to=to):
                found |= {code, to}
            case Rename(unit=code) | ChangeKind(unit=code):
                found.add(code)
            case Dissolve(unit=code, children_to=to):
                found |= {code, to or ""}
            case EndLevel(under=under, children_to=to):
                found |= {under or "", "" if to == TO_PARENT else to}
    return found - {""}
