"""Reads for workbooks of many units: whose returns one holds, and what stands of them, some hundred units at a time."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import connection
from django.db.models import Count, Q, QuerySet

from plenum.access.reach import reachable
from plenum.figures import powers
from plenum.figures.models import Obligation, Return, Version
from plenum.figures.queries.holding import while_may
from plenum.figures.rules import reportable
from plenum.journal.actor import Actor
from plenum.packs import pack
from plenum.periods import Period, Span
from plenum.tree.fields import as_range
from plenum.tree.models import Ancestry, Unit
from plenum.tree.queries import UnitView, children, stands_on


@dataclass(frozen=True, slots=True)
class Named:
    """A unit as a workbook names it."""

    id: int
    code: str
    name: str


@dataclass(frozen=True)
class Offered:
    """A form that units below owe for a period, and how many they are."""

    form: str
    period: Period
    units: int


def units_collected(actor: Actor, above: Unit, form: str, period: Period, on: date) -> list[Named]:
    """The units below one that report a form for a period and for which the actor may enter it, by name.

    The tree is that of the last day of the period, or of ``on`` if that is earlier. Two queries.
    """
    owing = {
        unit_id
        for unit_id, schedule, span, lifetime, of_kind in _owing(actor, above, period, on)
        .filter(form=form)
        .values_list("unit_id", "schedule", "span", "unit__lifetime", "unit__kinds__span")
        if _reports(schedule, (span, lifetime, of_kind), period)
    }
    return _named(owing, on)


def forms_collected(actor: Actor, above: Unit, year: int, on: date) -> list[Offered]:
    """What units below one report for the periods of a year that have begun, the latest first. One query."""
    whole = Period.of_year(year)
    counted: dict[tuple[str, Period], set[int]] = {}
    alike = _owing(actor, above, whole, on).values_list(
        "form", "schedule", "span", "unit__lifetime", "unit__kinds__span"
    )
    for form, schedule, span, lifetime, of_kind, units in alike.order_by().annotate(
        units=ArrayAgg("unit_id")
    ):
        for period in pack().schedules[schedule].periods(year):
            if period.start <= on and _reports(schedule, (span, lifetime, of_kind), period):
                counted.setdefault((form, period), set()).update(units)
    found = [Offered(form, period, len(units)) for (form, period), units in counted.items()]
    return sorted(found, key=lambda each: (each.period.last_day, each.period.start, each.form), reverse=True)


def returns_of(
    unit_ids: Iterable[int], form: str, period: Period, *, hold: bool = False
) -> dict[int, Return]:
    """The returns of units for a form and period that have been begun, by unit; ``hold``: locked. One query."""
    found = Return.objects.filter(unit__in=list(unit_ids), form=form, period_code=period.code)
    if hold:
        found = found.order_by("unit_id").select_for_update()
    return {each.unit_id: each for each in found}


def figures_before_of(unit_ids: Iterable[int], form: str, period: Period) -> dict[int, dict[str, int | None]]:
    """What the returns of units for the period just before say in their latest versions, by unit. One query."""
    month = (period.start - timedelta(days=1)).replace(day=1)
    versions = (
        Version.objects.filter(
            of_return__unit__in=list(unit_ids), of_return__form=form, of_return__month=month
        )
        .select_related("of_return")
        .order_by("of_return__unit", "-number")
        .distinct("of_return__unit")
    )
    the_form = pack().forms[form]
    return {each.of_return.unit_id: each.figures.by_slot(the_form) for each in versions}


@dataclass(frozen=True)
class Answered:
    """How the returns of a unit and everything below it stand: how many are owed, are accepted and wait to be."""

    owed: int = 0
    accepted: int = 0
    waiting: int = 0

    @property
    def outstanding(self) -> int:
        """How many have not been handed in, or have been sent back."""
        return max(0, self.owed - self.accepted - self.waiting)


def children_read(actor: Actor, above: Unit, period: Period, on: date) -> list[UnitView]:
    """The units directly below one that the actor reads, by name, as the tree was on the last day of the period."""
    below = children(above.pk, min(on, period.last_day))
    ids = [each.id for each in below]
    read = set(reachable(actor, powers.READ, on).filter(pk__in=ids).values_list("pk", flat=True))
    return [each for each in below if each.id in read]


def answered_below(unit_ids: Sequence[int], period: Period, on: date) -> dict[int, Answered]:
    """How the returns for what lies in a period stand of units with everything below them, by unit. Two queries."""
    line = Ancestry.objects.filter(stands_on(min(on, period.last_day)), ancestor__in=list(unit_ids))
    owed: Counter[int] = Counter()
    alike = line.filter(
        while_may("descendant__obligations__form", "descendant__kinds__kind"),
        descendant__obligations__span__overlap=as_range(period.span),
        descendant__kinds__span__overlap=as_range(period.span),
    ).values_list(
        "ancestor_id",
        "descendant__obligations__schedule",
        "descendant__obligations__span",
        "descendant__lifetime",
        "descendant__kinds__span",
    )
    for unit_id, schedule, span, lifetime, of_kind, count in alike.order_by().annotate(count=Count("pk")):
        parts = [each for each in pack().schedules[schedule].periods(period.year) if _lies_in(each, period)]
        owed[unit_id] += count * sum(
            _reports(schedule, (span, lifetime), each) and _last_day((span, lifetime), each) in of_kind
            for each in parts
        )
    returns = "descendant__returns__"
    standing = line.filter(
        **{f"{returns}first_month__gte": period.start, f"{returns}month__lte": period.last_month}
    ).values_list("ancestor_id")
    counted = standing.order_by().annotate(
        accepted=Count("pk", filter=Q(**{f"{returns}accepted_version__isnull": False})),
        waiting=Count(
            "pk", filter=Q(descendant__returns__accepted_version=None, descendant__returns__state="submitted")
        ),
    )
    found = {unit_id: (accepted, waiting) for unit_id, accepted, waiting in counted}
    return {unit_id: Answered(owed[unit_id], *found.get(unit_id, (0, 0))) for unit_id in unit_ids}


def _lies_in(part: Period, whole: Period) -> bool:
    return whole.start <= part.start and part.last_day <= whole.last_day


def _owing(actor: Actor, above: Unit, period: Period, on: date) -> "QuerySet[Obligation]":
    below = Ancestry.objects.filter(stands_on(min(on, period.last_day)), ancestor=above, depth__gt=0)
    return Obligation.objects.filter(
        while_may("form", "unit__kinds__kind"),
        span__overlap=as_range(period.span),
        unit__kinds__span__overlap=as_range(period.span),
        unit__in=below.values("descendant_id"),
    ).filter(unit__in=reachable(actor, powers.COLLECT, on).values("pk"))


def _reports(schedule: str, spans: Iterable[Span], period: Period) -> bool:
    """Whether a return for the period can be made under an obligation that holds while all of the spans do."""
    found = pack().schedules.get(schedule)
    holds = _together(spans)
    return holds is not None and found is not None and reportable(found, holds, period)


def _together(spans: Iterable[Span]) -> Span | None:
    """The days that lie in all of some spans."""
    found, *others = spans
    for each in others:
        common = found.intersection(each)
        if common is None:
            return None
        found = common
    return found


def _last_day(spans: Iterable[Span], period: Period) -> date:
    """The last day of a period that lies in all of some spans: of one kind then, a unit is counted once."""
    days = _together((*spans, period.span))
    return days.last_day if days and days.last_day else period.last_day


def _named(unit_ids: Collection[int], on: date) -> list[Named]:
    """Units by name, as on a day or the nearest of their lives; lean, because they may be some ten thousand."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT unit.id, unit.code, named.name
               FROM tree_unit unit
               JOIN tree_unitname named ON named.unit_id = unit.id
                AND named.span @> greatest(lower(unit.lifetime), least(%s::date, upper(unit.lifetime) - 1))
               WHERE unit.id = ANY (%s)
               ORDER BY named.sort_key, unit.code""",
            [on, list(unit_ids)],
        )
        return [Named(*row) for row in cursor.fetchall()]
