"""What a figure is made of: the single returns, down to who entered them."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import connection

from plenum.figures.models import Entry, Standing, Step
from plenum.figures.queries.figures import indicator_of
from plenum.figures.queries.sums import Ask, held_query, parameters
from plenum.figures.queries.withheld import withheld
from plenum.figures.rules import Deed
from plenum.packs import Behaviour, Form, Indicator, pack
from plenum.periods import Period
from plenum.tree.queries import UnitView, unit_views


class Withheld(PermissionDenied):
    """On the tree asked for, returns count here that the reader does not reach."""


@dataclass(frozen=True)
class Behind:
    """One accepted return in a figure.

    ``values`` by slot code: what this return adds to the figure in each slot of the indicator (a ratio has two, a
    breakdown more); a slot to which it adds nothing is absent. ``carried``: a stock that is carried forward from an
    earlier month than the last of the period.
    """

    return_id: int
    unit: UnitView
    form: Form
    period: Period
    values: dict[str, int]
    illustrative: bool
    version: int
    entered_by: str
    entered_on: date
    accepted_by: str
    accepted_on: date
    recorded_at: datetime
    carried: bool


def returns_behind(
    unit_id: int,
    indicator: str | Indicator,
    period: Period,
    *,
    known_on: date | None = None,
    tree: date | None = None,
) -> list[Behind]:
    """The returns that the figure of the unit is made of, sorted by name of unit and month.

    Their values add up to it, also of units that have since moved elsewhere: what is read is what has been accepted,
    never the return itself with its draft. Nothing for indicators counted from the register. Raises Withheld when the
    reader does not reach all of them on the tree asked for.
    """
    the_indicator = indicator_of(indicator)
    if the_indicator.from_register:
        return []
    if withheld([Ask(0, unit_id, period)], tree):
        raise Withheld
    slots = {*the_indicator.slots, *the_indicator.parts}
    held = _held(Ask(0, unit_id, period), slots, the_indicator.behaviour, known_on, tree)
    marked = {return_id for return_id, found in held.items() if any(mark for _value, mark in found.values())}
    entries = Entry.objects.filter(of_return__in=held).select_related("version")
    if known_on is not None:
        entries = entries.filter(known_on__lte=known_on)
    latest = {entry.of_return_id: entry for entry in entries.order_by("pk")}
    standing = Standing.objects.in_bulk(latest)
    accepted_by = {
        (step.of_return_id, step.version): step.by
        for step in Step.objects.filter(of_return__in=held, what=Deed.ACCEPT)
    }
    units = unit_views({each.unit_id for each in standing.values()}, period.last_day)
    behind = [
        Behind(
            return_id=return_id,
            unit=units[standing[return_id].unit_id],
            form=pack().forms[standing[return_id].form],
            period=_period(standing[return_id]),
            values={code: value for code, (value, _mark) in held[return_id].items()},
            illustrative=return_id in marked,
            version=entry.version.number,
            entered_by=entry.version.entered_by,
            entered_on=entry.version.on_date,
            accepted_by=accepted_by[return_id, entry.version.number],
            accepted_on=entry.known_on,
            recorded_at=entry.recorded_at,
            carried=the_indicator.behaviour is Behaviour.STOCK
            and standing[return_id].month < period.last_month,
        )
        for return_id, entry in latest.items()
    ]
    return sorted(behind, key=lambda each: (each.unit.sort_key, each.unit.id, each.period.last_month))


def _period(stands: Standing) -> Period:
    return Period.ending(stands.month, stands.month.month - stands.first_month.month + 1)


def _held(
    ask: Ask, slots: Collection[str], behaviour: Behaviour, known_on: date | None, tree: date | None
) -> dict[int, dict[str, tuple[int, bool]]]:
    """By return and slot: what it adds, and whether that is illustrative."""
    of_pack = pack().slots()
    same = [code for code in slots if of_pack[code].behaviour is behaviour]
    found: dict[int, dict[str, tuple[int, bool]]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(
            f"{held_query(behaviour, known_on=known_on, tree=tree)} "  # noqa: S608
            "SELECT return_id, code, value, marked FROM held",
            parameters([ask], same, known_on, tree),
        )
        for return_id, code, value, marked in cursor.fetchall():
            found[return_id][code] = (int(value), marked > 0)
    return dict(found)
