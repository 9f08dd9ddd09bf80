"""What a unit and those below it owe, sorted out for a page: whose it is, how much is in, what answers to a choice."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from plenum.access.powers import Power
from plenum.figures.queries.below import below
from plenum.figures.queries.dues import Due, due
from plenum.figures.rules import State
from plenum.journal.actor import Actor
from plenum.periods import Period
from plenum.tree.sorting import search_key

CHOICES: Mapping[str, Callable[[Due], bool]] = {
    "late": lambda each: each.is_late,
    "outstanding": lambda each: each.outstanding,
    "submitted": lambda each: each.state == State.SUBMITTED,
    "accepted": lambda each: each.state == State.ACCEPTED,
}
"""What can be chosen of a list of returns."""


@dataclass(frozen=True)
class Owing:
    """The returns owed by a unit itself, the latest first, and by those below it, the earliest due first."""

    own: Sequence[Due]
    others: Sequence[Due]

    @property
    def accepted(self) -> int:
        """How many of those below are accepted."""
        return self._count("accepted")

    @property
    def late(self) -> int:
        """How many of those below are outstanding past their day."""
        return self._count("late")

    @property
    def submitted(self) -> int:
        """How many of those below wait to be accepted."""
        return self._count("submitted")

    def chosen(self, text: str = "", choice: str = "") -> list[Due]:
        """Those below whose unit's name has the text in it, of one of `CHOICES`; all when nothing is chosen."""
        sought = search_key(text)
        passes = CHOICES.get(choice)
        return [
            each
            for each in self.others
            if (passes is None or passes(each)) and sought in search_key(each.unit.name)
        ]

    def _count(self, choice: str) -> int:
        return sum(1 for each in self.others if CHOICES[choice](each))


def owing(
    actor: Actor, power: Power, unit_id: int, on: date, *, as_of: date | None = None, period: Period
) -> Owing:
    """What a unit and those below it that the actor reaches owe in a period, as on a day. Four queries.

    ``as_of``: the day on which the tree is looked at. What has left the reach since then shows its past elsewhere,
    not what it does today.
    """
    found = due(below(actor, power, unit_id, on, as_of=as_of), on, period=period)
    return Owing(
        own=[each for each in reversed(found) if each.unit.id == unit_id],
        others=[each for each in found if each.unit.id != unit_id],
    )
