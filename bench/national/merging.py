"""A reform, done by the acts that people use: the last province goes into the one before it."""

from dataclasses import dataclass
from datetime import date

from plenum.access.guard import speaking
from plenum.journal.actor import Actor
from plenum.organisation.actions import dissolve_unit, move_unit
from plenum.tree.models import Placement, Unit
from plenum.tree.queries import children


@dataclass(frozen=True)
class Merger:
    """Which province went into which, how many units were moved with all below them, and how long it took."""

    gone: int
    into: int
    moved: int


def merge_provinces(centre: int, on: date) -> Merger:
    """Move everything below the last province and dissolve it; one into which another went today is left as it is."""
    by = Actor.system("bench")
    moved_today = Placement.objects.filter(span__startswith=on).values_list("parent_id", flat=True)
    provinces = sorted({child.id for child in children(centre, on)} - set(moved_today))
    into, gone = Unit.objects.get(pk=provinces[-2]), Unit.objects.get(pk=provinces[-1])
    below = children(gone.pk, on)
    with speaking(by, on):
        for child in below:
            move_unit(Unit.objects.get(pk=child.id), parent=into, on=on, by=by)
        dissolve_unit(gone, on=on, by=by)
    return Merger(gone.pk, into.pk, len(below))
