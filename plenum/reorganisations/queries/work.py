"""The work that follows reforms: what is left, how far each unit is, what waits for a reader."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from plenum.access.reach import reachable
from plenum.journal.actor import Actor
from plenum.reorganisations.models import Approval, Reform, State, Work
from plenum.reorganisations.powers import ANSWER, READ
from plenum.tree.models import Ancestry
from plenum.tree.queries import UnitView, unit_views


@dataclass(frozen=True)
class Progress:
    """How much of its work after reforms a unit has done."""

    unit: UnitView
    done: int
    of: int

    @property
    def state(self) -> str:
        """`todo` while nothing is done, `current` while something is left, then `done`."""
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
    return Work.objects.filter(reform=reform).select_related("unit", "reform")


def work_for(actor: Actor, on: date, *, unit_id: int | None = None) -> QuerySet[Work]:
    """The work after reforms at the units that the actor reaches, or at one of them."""
    found = Work.objects.select_related("unit", "reform")
    if not actor.is_system:
        reached = Q(unit__in=reachable(actor, READ, on).values("pk"))
        found = found.filter(reached | Q(unit__in=reachable(actor, ANSWER, on).values("pk")))
    return found if unit_id is None else found.filter(unit_id=unit_id)


def progress(work: QuerySet[Work], on: date) -> list[Progress]:
    """How far each unit is with some work, in no order. Two queries."""
    counts = {
        row["unit"]: (row["done"], row["of"])
        for row in work.order_by()
        .values("unit")
        .annotate(of=Count("pk"), done=Count("pk", filter=Q(done_on__isnull=False)))
    }
    return [Progress(view, *counts[view.id]) for view in unit_views(counts, on).values()]


def reforms_with_work(work: QuerySet[Work]) -> Iterable[Reform]:
    """The reforms after which there is some work, the latest first."""
    return Reform.objects.filter(pk__in=work.order_by().values("reform")).only("pk", "title", "on_date")


def waiting_reforms(actor: Actor, unit_id: int, on: date) -> WaitingReforms:
    """What reforms ask of the reader at a unit and below it. Three queries."""
    below = Ancestry.objects.filter(ancestor=unit_id, span__contains=on).values("descendant")
    mine = reachable(actor, ANSWER, on).filter(pk__in=below).values("pk")
    asked = Approval.objects.filter(unit__in=mine, approved_on=None, reform__state=State.SUBMITTED)
    work = work_for(actor, on).filter(unit__in=below)
    units = work.order_by().values("unit").annotate(done=Count("pk", filter=Q(done_on__isnull=False)))
    return WaitingReforms(
        to_approve=tuple(Reform.objects.filter(pk__in=asked.values("reform")).only("pk", "title", "on_date")),
        to_do=work.filter(done_on=None, unit__in=mine).count(),
        not_begun=units.filter(done=0).exclude(unit__in=mine).count(),
    )
