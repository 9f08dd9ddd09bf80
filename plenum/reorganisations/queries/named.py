"""What rows of other rooms name the units that a reform has founded: while there are any, it is not undone."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.apps import apps
from django.db.models import Count

from plenum.access.guard import speaking
from plenum.journal.actor import Actor
from plenum.tree.dispositions import declared
from plenum.tree.models import Reshaped, Touched
from plenum.tree.rules import MOST_NAMED


@dataclass(frozen=True)
class Named:
    """A new unit, and how many rows name it, by what its room calls them."""

    code: str
    rows: tuple[tuple[str, int], ...]


def rows_that_name(reshaping: int, on: date) -> list[Named]:
    """The first new units of a reshaping that rows of other rooms name. One query for each sort of rows.

    Asked with the eyes of the installation: whoever undoes a reform may not see every such row, and has to be told.
    """
    new = Reshaped.objects.filter(reshaping=reshaping, what=Touched.FOUNDED).values("unit")
    found: dict[str, Counter[str]] = {}
    with speaking(Actor.system("undo"), on):
        for each in declared():
            rows = apps.get_model(each.model)._default_manager.filter(**{f"{each.field}__in": new}).order_by()
            counts = (
                rows.values_list(f"{each.field}__code").annotate(Count("pk")).order_by(f"{each.field}__code")
            )
            for code, count in counts[:MOST_NAMED]:
                found.setdefault(code, Counter())[str(each.title)] += count
    return [Named(code, tuple(sorted(found[code].items()))) for code in sorted(found)[:MOST_NAMED]]
