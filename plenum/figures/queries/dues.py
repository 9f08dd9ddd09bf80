"""Who owes which return by when, who is late, and what waits for whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from plenum.figures.models import Obligation
from plenum.journal.actor import Actor
from plenum.packs import Form
from plenum.periods import Period
from plenum.tree.queries import UnitView


@dataclass(frozen=True)
class Due:
    """One return that a unit owes. ``state``: a state of returns, or ``missing`` when nothing has been entered.

    ``days_late``: days past ``due_on`` at its first submission or, while it is outstanding, until the day asked.
    """

    unit: UnitView
    form: Form
    period: Period
    due_on: date
    state: str
    days_late: int
    submitted_on: date | None
    return_id: int | None

    @property
    def outstanding(self) -> bool:
        """Whether nothing has been submitted yet, or what was submitted has come back."""
        return self.state in ("missing", "draft", "sent_back")


@dataclass(frozen=True)
class Waiting:
    """A return that waits: ``what`` is ``accept`` (the actor may accept it), ``sent_back`` or ``due``/``late``."""

    what: str
    unit: UnitView
    form: Form
    period: Period
    since: date
    return_id: int | None


@dataclass(frozen=True)
class NotReported:
    """A unit from which figures are missing in a period, with the reporting periods for which nothing is accepted."""

    unit: UnitView
    form: Form
    periods: tuple[Period, ...]
    nothing_at_all: bool


def obligations(unit_ids: Iterable[int], on: date) -> list[Obligation]:
    """The obligations of units on a day, with their units."""
    raise LookupError


def due(unit_ids: Iterable[int], on: date, *, period: Period | None = None) -> list[Due]:
    """Every return that the units owe for periods that are over on the day, the earliest due first.

    ``period``: only what lies in it; otherwise the year of the day and the one before.
    """
    raise LookupError


def late(unit_ids: Iterable[int], on: date, *, period: Period | None = None) -> list[Due]:
    """The returns that are outstanding past their due day, the longest late first."""
    raise LookupError


def waiting_for(actor: Actor, on: date) -> list[Waiting]:
    """What waits for the actor: returns to accept, own returns sent back, own returns due (from the period's end)."""
    raise LookupError


def units_without_report(unit_id: int, period: Period, *, known_on: date | None = None) -> list[NotReported]:
    """Units at or below one that owe returns in the period for which nothing is accepted, sorted by name."""
    raise LookupError
