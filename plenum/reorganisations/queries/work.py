"""The work that follows reforms: what is left, how far each unit is, what waits for a reader."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, FilteredRelation, Q, QuerySet

from plenum.access.reach import reachable, reached_by, reaches_all
from plenum.journal.actor import Actor
from plenum.reorganisations.models import Approval, Reform, State, Work
from plenum.reorganisations.powers import ANSWER, READ
from plenum.tree.models import Ancestry
from plenum.tree.queries import UnitView, unit_views

WORK_STATES = {
    "todo": Q(done=0),
    "current": Q(done__gt=0, done__lt=F("of")),
    "done": Q(done=F("of")),
}
"""How far a unit is: nothing is done, something is left, everything is done; as conditions on rows of `unit_work`."""


@dataclass(frozen=True)
class Progress:
    """How much of its work after reforms a unit has done."""

    unit: UnitView
    done: int
    of: int

    @property
    def state(self) -> str:
        """Which of `WORK_STATES` it is in."""
        return "todo" if not self.done else "done" if self.done == self.of else "current"

    @property
    def percent(self) -> int:
        return self.done * 100 // self.of


@dataclass(frozen=True)
class WaitingReforms:
    """What waits at a unit and below it: reforms to approve and work for the reader; units that have not begun."""

    to_approve: tuple[Reform, ...]
    to_do: int
    not_begun: int

    @property
    def count(self) -> int:
        """How many things the reader has to do."""
        return len(self.to_approve) + self.to_do


def work_of(reform: Reform) -> QuerySet[Work]:
    """The work that follows a reform, as far as the database shows it to who asks."""
    return Work.objects.filter(reform=reform)


def work_for(actor: Actor, on: date) -> QuerySet[Work]:
    """The work after reforms at the units that the actor reaches."""
    # The plan of a country is megabytes, and each row would bring its own.
    found = Work.objects.select_related("unit", "reform").defer(
        "reform__plan", "reform__former", "reform__reshapings", "reform__undo"
    )
    if not reaches_all(actor, READ, on):
        found = found.filter(unit__in=reached_by(actor, (READ, ANSWER), on))
    return found


def named_work(work: QuerySet[Work]) -> QuerySet[Any]:
    """The same, each with the word `called` by which its unit sorts: that of the last name that is known, because the
    units of a reform to come bear none yet."""
    last = Q(unit__names__span__upper_inf=True) | Q(unit__names__span__endswith=F("unit__lifetime__endswith"))
    return work.annotate(
        last_name=FilteredRelation("unit__names", condition=last), called=F("last_name__sort_key")
    )


def unit_work(work: QuerySet[Work], *kept: str) -> QuerySet[Any, dict[str, Any]]:
    """How much of some work each `unit` has (`of`) and has `done`, with other columns of a unit's work, in no order."""
    counted: QuerySet[Any, dict[str, Any]]
    counted = work.order_by().values("unit", *kept).annotate(of=Count("pk"), done=Count("done_on"))
    return counted


def count_by_state(work: QuerySet[Work]) -> dict[str, int]:
    """How many units are in each of `WORK_STATES` with some work. One query."""
    counts = {f"units_{state}": Count("unit", filter=rule) for state, rule in WORK_STATES.items()}
    found = unit_work(work).aggregate(**counts)
    return {state: found[f"units_{state}"] for state in WORK_STATES}


def progress(rows: Iterable[Mapping[str, Any]], on: date) -> list[Progress]:
    """How far each unit is, from rows of `unit_work` and in their order. One query."""
    rows = list(rows)
    views = unit_views([row["unit"] for row in rows], on)
    return [Progress(views[row["unit"]], row["done"], row["of"]) for row in rows]


def reforms_with_work(work: QuerySet[Work]) -> Iterable[Reform]:
    """The reforms after which there is some work, the latest first."""
    return Reform.objects.filter(pk__in=work.order_by().values("reform")).only("pk", "title", "on_date")


def waiting_reforms(actor: Actor, unit_id: int, on: date) -> WaitingReforms:
    """What reforms ask of the reader at a unit and below it. Five queries."""
    below = Ancestry.objects.filter(ancestor=unit_id, span__contains=on).values("descendant")
    mine = reachable(actor, ANSWER, on).filter(pk__in=below).values("pk")
    asked = Approval.objects.filter(unit__in=mine, approved_on=None, reform__state=State.SUBMITTED)
    work = work_for(actor, on).filter(unit__in=below)
    return WaitingReforms(
        to_approve=tuple(Reform.objects.filter(pk__in=asked.values("reform")).only("pk", "title", "on_date")),
        to_do=work.filter(done_on=None, unit__in=mine).count(),
        not_begun=unit_work(work.exclude(unit__in=mine)).filter(WORK_STATES["todo"]).count(),
    )
