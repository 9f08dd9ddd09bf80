"""What waits to be accepted below a unit, as it is weighed."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from plenum.access.reach import visible
from plenum.figures.models import Return
from plenum.figures.powers import ACCEPT
from plenum.figures.queries.waiting import Waiting
from plenum.journal.actor import Actor
from plenum.packs import Slot


@dataclass(frozen=True)
class Submission:
    """A submitted return: the edition that is weighed, and what it reports other than zero."""

    waiting: Waiting
    edition: int
    remark: str
    reported: list[tuple[Slot, int]]


def submissions(waiting: Iterable[Waiting]) -> list[Submission]:
    """What is reported in returns that wait, in their order; one that has gone meanwhile is left out. One query."""
    listed = list(waiting)
    found = Return.objects.in_bulk([each.return_id for each in listed if each.return_id])
    return [
        _submission(each, found[each.return_id])
        for each in listed
        if each.return_id is not None and each.return_id in found
    ]


def answerable(actor: Actor, return_ids: Collection[int], on: date) -> dict[int, Return]:
    """Of some returns those that the actor may answer, by number. One query."""
    wanted = Return.objects.filter(pk__in=return_ids).select_related("unit")
    return {each.pk: each for each in visible(wanted, actor, ACCEPT, on)}


def _submission(waiting: Waiting, returned: Return) -> Submission:
    values = returned.draft.by_slot(waiting.form)
    reported = [(slot, value) for slot in waiting.form.slots if (value := values[slot.code])]
    return Submission(waiting, returned.edition, returned.remark, reported)
