"""The lists of reforms and of the work that follows them: narrowed by words and choices, and in an order."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plenum.reorganisations.models import Approval, Reform, State, Work
from plenum.reorganisations.queries.work import WORK_STATES, named_work, unit_work
from plenum.tree.models import UnitName
from plenum.tree.sorting import search_key, sort_key

APPROVED = "approved"
STATES = {
    State.DRAFT.value: State.DRAFT.label,
    State.SUBMITTED.value: State.SUBMITTED.label,
    APPROVED: pgettext_lazy("reform", "approved"),
    State.EXECUTED.value: State.EXECUTED.label,
    State.UNDONE.value: State.UNDONE.label,
}
"""Where a reform is, as lists say it: a submitted one that everybody has approved is told apart."""


class ReformOrder(TextChoices):
    """In which order reforms are listed."""

    NEWEST = "newest", _("Newest first")
    OLDEST = "oldest", _("Oldest first")
    TITLE = "title", _("By title")


class WorkOrder(TextChoices):
    """In which order work after reforms is listed."""

    UNIT = "unit", _("By unit")
    WHAT = "what", _("By what is to be done")
    REFORM = "reform", _("Newest reform first")


class ProgressOrder(TextChoices):
    """In which order units are listed that have work after reforms."""

    LEAST = "least", _("Least done first")
    MOST = "most", _("Most done first")
    UNIT = "unit", _("By unit")


def listed_reforms(
    found: QuerySet[Reform], *, text: str = "", state: str = "", order: str = ReformOrder.NEWEST
) -> list[int]:
    """The numbers of those reforms that have all words of a text in title or code, and are in a state. One query.

    Words are looked for without regard to capitals and signs, and titles sort by the Vietnamese alphabet, as names of
    units do; there are few reforms, so neither is kept in the database.
    """
    words = search_key(text).split()
    rows = [
        row
        for row in _in_state(found, state).order_by("pk").values_list("pk", "title", "code", "on_date")
        if all(word in search_key(f"{row[1]} {row[2]}") for word in words)
    ]
    if order == ReformOrder.TITLE:
        rows.sort(key=lambda row: (sort_key(row[1]), row[2]))
    else:
        rows.sort(key=lambda row: row[2])
        rows.sort(key=lambda row: row[3], reverse=order != ReformOrder.OLDEST)
    return [row[0] for row in rows]


def reforms_numbered(numbers: Iterable[int]) -> list[Reform]:
    """Reforms in the order of their numbers. One query."""
    numbers = list(numbers)
    found = Reform.objects.select_related("unit").in_bulk(numbers)
    return [found[number] for number in numbers]


def narrowed_work(
    work: QuerySet[Work],
    *,
    text: str = "",
    reform: int | str | None = None,
    what: str | None = None,
    unit: str = "",
) -> QuerySet[Work]:
    """The work of units that bear, or bore, a name with all words of a text; after a reform (its number or code), of a
    sort, of one unit (its code)."""
    for word in search_key(text).split():
        names = UnitName.objects.filter(search_key__contains=word)
        work = work.filter(unit__in=names.values("unit"))
    if reform:
        work = work.filter(reform=reform) if isinstance(reform, int) else work.filter(reform__code=reform)
    if what:
        work = work.filter(what=what)
    return work.filter(unit__code=unit) if unit else work


def ordered_work(work: QuerySet[Work], order: str = WorkOrder.UNIT) -> QuerySet[Work]:
    """Work in an order; the work of one unit stays together in the order in which it was asked for."""
    first = {WorkOrder.WHAT: ("what",), WorkOrder.REFORM: ("-reform__on_date", "reform__code")}.get(
        WorkOrder(order), ()
    )
    return named_work(work).order_by(*first, "called", "unit_id", "pk")


def ordered_progress(
    work: QuerySet[Work], *, state: str | None = None, order: str = ProgressOrder.LEAST
) -> QuerySet[Any, dict[str, Any]]:
    """Rows of `unit_work` of the units in a state, in an order; those that have done as much sort by name."""
    found = unit_work(named_work(work), "called", "unit__code")
    if state in WORK_STATES:
        found = found.filter(WORK_STATES[state])
    share = F("done") * 100 / F("of")
    first = {ProgressOrder.LEAST: (share.asc(),), ProgressOrder.MOST: (share.desc(),)}.get(
        ProgressOrder(order), ()
    )
    return found.order_by(*first, "called", "unit__code")


def _in_state(found: QuerySet[Reform], state: str) -> QuerySet[Reform]:
    if state not in (State.SUBMITTED, APPROVED):
        return found.filter(state=state) if state else found
    waits = Exists(Approval.objects.filter(reform=OuterRef("pk"), approved_on=None))
    return found.filter(waits if state == State.SUBMITTED else ~waits, state=State.SUBMITTED)
