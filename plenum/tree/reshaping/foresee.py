"""Looking at the tree as many changes would make it, without keeping them."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import TypeVar

from django.db import transaction

from plenum.tree.models import Ancestry, Unit
from plenum.tree.reshaping.reshape import reshape
from plenum.tree.rules import TreeChanges

T = TypeVar("T")
MOST_CHANGES = 2_000
MOST_MOVED = 20_000
"""So many units may change, and come along with those that change, when a look is to take no longer than a page."""


@transaction.atomic
def foresee(days: Sequence[tuple[date, TreeChanges]], look: Callable[[], T]) -> T:
    """What `look` reads where the changes of all days are written; then they are taken back. `Refused` as `reshape`."""
    with transaction.atomic():
        for on, changes in days:
            reshape(changes, on=on)
        seen = look()
        transaction.set_rollback(True)
    return seen


def is_foreseeable(days: Sequence[tuple[date, TreeChanges]]) -> bool:
    """Whether the changes are few enough to be written for a look. One query."""
    if (
        sum(len(group) for _on, each in days for group in (each.founded, each.moved, each.ended))
        > MOST_CHANGES
    ):
        return False
    moved = Unit.objects.filter(code__in=[moved.code for _on, each in days for moved in each.moved])
    along = Ancestry.objects.filter(ancestor__in=moved.values("pk"), span__endswith=None)
    return not along[MOST_MOVED : MOST_MOVED + 1].exists()
