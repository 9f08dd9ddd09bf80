"""What becomes of the rows of other rooms that refer to a unit, when that unit is merged, split, moved or dissolved.

Each room says it in one place of its own, `dispositions.py`, for every such column. A unit that is moved, renamed or
made one of another kind keeps its rows: only those of a unit that *leaves* (it does not exist any more) need something.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any

from plenum.journal.actor import Actor

DECLARED: dict[tuple[str, str], "Disposition"] = {}
TO = "to:"
LEAVE, FINISH = "leave", "finish"


class Becomes(StrEnum):
    """What becomes of the rows that refer to a unit when it leaves."""

    FOLLOWS = "follows"
    SPLIT_BY_SHARE = "split_by_share"
    SPLIT_BY_PERSON = "split_by_person"
    ENDS = "ends"
    NEEDS_DECISION = "needs_decision"
    STAYS = "stays"


@dataclass(frozen=True)
class Receiver:
    """A unit that lives afterwards and can take over what a leaving one had, with its share of that."""

    code: str
    name: str
    kind: str
    share: Fraction


@dataclass(frozen=True)
class Leaving:
    """A unit that does not exist any more from `until`: who goes on with it, and what stood above it and lives on."""

    id: int
    code: str
    name: str
    until: date
    heirs: tuple[Receiver, ...]
    above: Receiver | None

    def first_heir(self) -> Receiver | None:
        """The heir with the largest share; of equal ones the first by code."""
        return min(self.heirs, key=lambda heir: (-heir.share, heir.code), default=None)


Label = Callable[[str], str]
"""What something is called, in one of the four languages: who reads a rehearsal need not speak that of its maker."""


def same_in_all(name: str) -> Label:
    """What is called the same in every language, such as a person."""
    return lambda _language: name


@dataclass(frozen=True)
class Open:
    """One row that nobody would have afterwards, what can be decided about it, and what is proposed.

    `subject` names the row as the journal does (`access.Grant:12`), `label` is how people know it. A choice is
    `to:CODE` (a unit takes it over), `finish` (the people of the leaving unit finish it, with the powers that they keep
    over its past) or `leave` (nothing follows; it stays as history).
    """

    subject: str
    unit_id: int
    label: Label
    choices: tuple[str, ...]
    proposal: str


@dataclass(frozen=True)
class Decided:
    """What was decided about an open row: `to` is the code of the unit that takes it over, None where none does."""

    subject: str
    choice: str

    @property
    def row(self) -> int:
        """The number of the row."""
        return int(self.subject.rpartition(":")[2])

    @property
    def to(self) -> str | None:
        return self.choice.removeprefix(TO) if self.choice.startswith(TO) else None


Undo = Mapping[str, Any]
"""What a room needs to take back what it did for one decision; plain values that JSON can keep."""

OpenRows = Callable[[Sequence[Leaving], date], list[Open]]
CarryOut = Callable[[Sequence[Decided], Mapping[str, int], date, date, Actor], dict[str, Undo]]
"""Given what was decided, the units by code, the day from which it holds, the day of the act, and who does it."""
TakeBack = Callable[[Mapping[str, Undo], date, Actor], None]


@dataclass(frozen=True)
class Disposition:
    """What becomes of the rows of one column. Creating it registers it; a column declared twice raises ValueError.

    `title` names such rows for people. `open_rows` finds those that nobody would have; `carry_out` does with acts of
    the room what was decided about them and gives, by subject, what `take_back` needs; without it nothing is written
    for a decision, which then says what people will do. `meanwhile`: what it does holds from a day, so that it is done
    for a successor, too, that ends in a later phase of the same reform, until the unit that was decided takes over.
    """

    model: str
    field: str
    becomes: Becomes
    title: Any
    open_rows: OpenRows | None = None
    carry_out: CarryOut | None = None
    take_back: TakeBack | None = None
    meanwhile: bool = False

    def __post_init__(self) -> None:
        if (self.model, self.field) in DECLARED:
            raise ValueError(f"The disposition of {self.model}.{self.field} is declared twice")
        DECLARED[self.model, self.field] = self

    def is_about(self, subject: str) -> bool:
        """Whether an open row is one of these."""
        return subject.partition(":")[0] == self.model


def choices_of(leaving: Leaving, *, also: Sequence[str] = (LEAVE,), above: bool = False) -> tuple[str, ...]:
    """Every unit that can take over from a leaving one (with `above`, its superior too), then the other choices."""
    takers = [*leaving.heirs, *([leaving.above] if above and leaving.above else [])]
    return (*dict.fromkeys(f"{TO}{taker.code}" for taker in takers), *also)


def declared() -> list[Disposition]:
    """All dispositions of the rooms, in the order of their names."""
    return [DECLARED[key] for key in sorted(DECLARED)]
