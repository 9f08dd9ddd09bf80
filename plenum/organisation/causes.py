"""Why something happened to a unit: higher rooms say by which act of theirs, for the history of its page."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date

from plenum.journal.actor import Actor


@dataclass(frozen=True)
class Cause:
    """What people call the reason, and the address of its page."""

    title: str
    href: str


Tell = Callable[[Actor, date, Collection[int], Collection[date]], dict[date, Cause]]
"""Gets who asks, today, a unit with those that its history names, and the days of that; gives the reasons by day."""

TELLERS: list[Tell] = []


def causes(actor: Actor, today: date, unit_ids: Collection[int], days: Collection[date]) -> dict[date, Cause]:
    """The reasons that the reader may see for what happened to units on some days."""
    found: dict[date, Cause] = {}
    for tell in TELLERS if days else ():
        found |= tell(actor, today, unit_ids, days)
    return found
