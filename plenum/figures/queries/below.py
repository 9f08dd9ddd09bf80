"""Whose returns a person is shown at a unit."""

from datetime import date

from plenum.access.powers import Power
from plenum.access.reach import reachable
from plenum.journal.actor import Actor
from plenum.tree.models import Ancestry, Unit
from plenum.tree.queries import stands_on


def below(actor: Actor, power: Power, unit: Unit | int, on: date, *, as_of: date | None = None) -> set[int]:
    """The unit and everything below it that the actor reaches with the power on ``on``. One query.

    ``as_of``: the day on which the tree is looked at, ``on`` unless another is given. A unit that has ended by then
    stands where it stood on its last day, so that what it has reported is still answered and shown.
    """
    rows = Ancestry.objects.filter(
        stands_on(as_of or on),
        ancestor=unit,
        descendant__in=reachable(actor, power, on).values("pk"),
    )
    return set(rows.values_list("descendant_id", flat=True))
