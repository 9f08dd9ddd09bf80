"""What a unit and those below it owe, sorted out for a page: whose it is, how much is in, what answers to a choice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from plenum.access.powers import Power
from plenum.figures.queries.below import below
from plenum.figures.queries.dues import Due, Dues, due, dues
from plenum.journal.actor import Actor
from plenum.periods import Period


@dataclass(frozen=True)
class Owing:
    """The returns owed by a unit itself, the latest first, and by those below it, the earliest due first."""

    own: Sequence[Due]
    others: Dues

    @property
    def accepted(self) -> int:
        """How many of those below are accepted."""
        return self.others.count_of("accepted")

    @property
    def late(self) -> int:
        """How many of those below are outstanding past their day."""
        return self.others.count_of("late")

    @property
    def submitted(self) -> int:
        """How many of those below wait to be accepted."""
        return self.others.count_of("submitted")

    def chosen(self, text: str = "", choice: str = "") -> Dues:
        """Those below whose unit's name has the text in it, of one choice; all when nothing is chosen."""
        return self.others.chosen(choice, text)


def owing(
    actor: Actor, power: Power, unit_id: int, on: date, *, as_of: date | None = None, period: Period
) -> Owing:
    """What a unit and those below it that the actor reaches owe in a period, as on a day.

    ``as_of``: the day on which the tree is looked at. What has left the reach since then shows its past elsewhere,
    not what it does today.
    """
    shown = below(actor, power, unit_id, on, as_of=as_of)
    own = due(shown.among({unit_id}), on, period=period)
    return Owing(own=own[::-1], others=dues(shown.without(unit_id), on, period=period))
