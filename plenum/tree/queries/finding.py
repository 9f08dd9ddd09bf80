"""Finding units by what they are or were called."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Q, QuerySet, Value, When
from django.db.models.functions import Length

from plenum.periods import Span
from plenum.tree.models import Unit, UnitName
from plenum.tree.queries.descent import living_heirs
from plenum.tree.queries.views import UnitView, unit_views
from plenum.tree.sorting import search_key


@dataclass(frozen=True)
class Hit:
    """A unit found by a text, and the name that matched with the days on which it held.

    `heirs` are the units that go on with it on the day looked at, if it has ended by then.
    """

    unit: UnitView
    name: str
    held: Span
    is_old: bool
    heirs: tuple[UnitView, ...] = ()


def search(text: str, as_of: date, within: "QuerySet[Unit] | None" = None, *, most: int = 50) -> list[Hit]:
    """Units whose code or whose name of any time contains every word of `text`. Four queries.

    Neither case nor diacritics matter. One hit for each unit: the name that holds on the day if it matches, otherwise
    the latest that does. What is called so before what only has such a code; shorter names first.
    """
    words = search_key(text).split()
    if not words:
        return []
    condition = Q()
    for word in words:
        condition &= Q(search_key__contains=word)
    # Named by number: joined to the names, the units of a whole country would be looked up one by one.
    by_code = Q(unit__in=Unit.objects.filter(code__contains="-".join(words)).values("pk"))
    names = UnitName.objects.filter(condition | by_code)
    if within is not None:
        names = names.filter(unit__in=within)
    best: dict[int, UnitName] = {}
    by_name = Case(When(condition, then=Value(0)), default=Value(1))
    for name in names.order_by(by_name, Length("name"), "sort_key", "-span")[: most * 4]:
        known = best.get(name.unit_id)
        if known is None or _fits_better(name.span, known.span, as_of):
            best[name.unit_id] = name
    chosen = dict(list(best.items())[:most])
    views = unit_views(chosen, as_of)
    heirs = living_heirs(chosen, as_of)
    return [
        Hit(
            unit=views[unit_id],
            name=name.name,
            held=name.span,
            is_old=views[unit_id].name != name.name,
            heirs=tuple(heirs.get(unit_id, ())),
        )
        for unit_id, name in chosen.items()
    ]


def _fits_better(span: Span, known: Span, as_of: date) -> bool:
    return as_of in span or (as_of not in known and span.start > known.start)
