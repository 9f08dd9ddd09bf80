"""Reforms as they are read: which a reader sees, who has approved, what was decided, what work is left."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from plenum.access.guard import speaking
from plenum.access.queries import units_with_holders
from plenum.access.reach import reachable, reached_by, reaches_all
from plenum.jobs.models import UNDER_WAY, Job
from plenum.journal.actor import Actor
from plenum.reorganisations.models import Approval, Decision, Reform, Rehearsal, State, Work
from plenum.reorganisations.powers import ANSWER, READ
from plenum.reorganisations.rules import Plan, from_data
from plenum.tree.queries import UnitView, unit_views


@dataclass(frozen=True)
class Asked:
    """A unit that has to approve; `on` and `by` are empty until it has.

    `by_nobody`: it has been asked, has not approved, and nobody there may.
    """

    unit: UnitView
    on: date | None
    by: str
    by_nobody: bool = False


@dataclass(frozen=True)
class ReformView:
    """A reform with all that is needed to say how it stands.

    `asked` are those that the reader is shown; `waiting` counts all that have not approved.
    """

    reform: Reform
    owner: UnitView
    asked: tuple[Asked, ...]
    rehearsal: Rehearsal | None
    waiting: int = 0

    @property
    def plan(self) -> Plan:
        return plan_of(self.reform)

    @property
    def approved(self) -> bool:
        """Whether it was submitted and every unit that was asked has approved."""
        return self.reform.state == State.SUBMITTED and not self.waiting

    @property
    def state(self) -> str:
        """The state of the reform, with `approved` told apart from `submitted`."""
        return "approved" if self.approved else self.reform.state

    @property
    def rehearsed(self) -> bool:
        """Whether the plan as it is now was rehearsed; the tree may have changed since."""
        return self.rehearsal is not None and self.rehearsal.edition == self.reform.edition


def plan_of(reform: Reform) -> Plan:
    """The plan of a reform, read from what is kept."""
    return from_data(reform.plan)


def visible_reforms(actor: Actor, on: date) -> QuerySet[Reform]:
    """The reforms of units that the actor reaches, about which such a unit is asked, or after which it has work."""
    if reaches_all(actor, READ, on):
        return Reform.objects.all()
    concerned = reached_by(actor, (READ, ANSWER), on)
    asked = Approval.objects.filter(unit__in=concerned).values("reform")
    after = Work.objects.filter(unit__in=concerned).values("reform")
    own = reachable(actor, READ, on).values("pk")
    return Reform.objects.filter(Q(unit__in=own) | Q(pk__in=asked) | Q(pk__in=after))


def reform_view(reform: Reform, on: date) -> ReformView:
    """One reform. Five queries at most."""
    return reform_views([reform], on)[0]


def reform_views(reforms: Iterable[Reform], on: date) -> list[ReformView]:
    """Several reforms, in the same order. Five queries at most, however many they are."""
    reforms = list(reforms)
    approvals = list(Approval.objects.filter(reform__in=reforms).order_by("pk"))
    rehearsals = {
        each.reform_id: each for each in Rehearsal.objects.filter(reform__in=reforms).defer("difference")
    }
    units = unit_views({reform.unit_id for reform in reforms} | {each.unit_id for each in approvals}, on)
    submitted = {reform.pk for reform in reforms if reform.state == State.SUBMITTED}
    missing = {each.unit_id for each in approvals if each.approved_on is None and each.reform_id in submitted}
    nobody = without_approver(missing, on)
    asked: dict[int, list[Asked]] = {reform.pk: [] for reform in reforms}
    for each in approvals:
        by_nobody = each.unit_id in nobody and each.approved_on is None and each.reform_id in submitted
        asked[each.reform_id].append(
            Asked(units[each.unit_id], each.approved_on, each.approved_by, by_nobody)
        )
    waiting = _waiting(submitted, on)
    return [
        ReformView(
            reform,
            units[reform.unit_id],
            tuple(sorted(asked[reform.pk], key=lambda each: (each.unit.sort_key, each.unit.code))),
            rehearsals.get(reform.pk),
            waiting.get(reform.pk, 0),
        )
        for reform in reforms
    ]


def without_approver(units: Collection[int], on: date) -> set[int]:
    """The units among these where nobody may approve a reform on a day. One query, none without units."""
    return set(units) - units_with_holders(ANSWER, units, on) if units else set()


def _waiting(reforms: Collection[int], on: date) -> dict[int, int]:
    """How many units have not approved yet, whoever reads: the own word is not that of all."""
    if not reforms:
        return {}
    with speaking(Actor.system("approvals"), on):
        found = Approval.objects.filter(reform__in=reforms, approved_on=None).order_by()
        return dict(found.values_list("reform").annotate(Count("pk")))


def decisions_of(reform: Reform) -> dict[str, str]:
    """What was decided, by the object it is about."""
    return dict(Decision.objects.filter(reform=reform).values_list("subject", "choice"))


def jobs_of(reform: Reform) -> list[Job]:
    """The jobs that rehearse or execute a reform and are not over, as far as the database shows them to who asks."""
    found = Job.objects.filter(
        kind__startswith="reorganisations.", arguments__reform=reform.pk, state__in=UNDER_WAY
    )
    return list(found.order_by("-pk")[:1])
