"""What a figure is made of: the single returns, down to who entered them."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction

from django.core.exceptions import PermissionDenied
from django.db import connection

from plenum.figures.models import Entry, Standing, Step
from plenum.figures.queries.figures import indicator_of
from plenum.figures.queries.portions import Portions, portions
from plenum.figures.queries.sums import Ask, held_query, parameters
from plenum.figures.queries.withheld import withheld
from plenum.figures.rules import Deed
from plenum.packs import Behaviour, Form, Indicator, pack
from plenum.periods import Period
from plenum.tree.queries import UnitView, divided, unit_views


class Withheld(PermissionDenied):
    """On the tree asked for, returns count here that the reader does not reach."""


@dataclass(frozen=True)
class Behind:
    """One accepted return in a figure.

    ``values`` by slot code: what this return adds to the figure in each slot of the indicator (a ratio has two, a
    breakdown more); a slot to which it adds nothing is absent. ``carried``: a stock that is carried forward from an
    earlier month than the last of the period. ``share``: which part of the return counts here, exactly, when its unit
    has been divided since; the values are that part in whole numbers, ``whole`` is what the return says.
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
    share: Fraction | None = None
    whole: dict[str, int] = field(default_factory=dict)


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
    ask, of_tree = Ask(0, unit_id, period), divided(tree)
    if withheld([ask], tree, of_tree):
        raise Withheld
    slots = {*the_indicator.slots, *the_indicator.parts}
    held = _held(ask, slots, the_indicator.behaviour, known_on, tree)
    parted = portions(
        [ask], _of_behaviour(slots, the_indicator.behaviour), known_on=known_on, tree=tree, found=of_tree
    )
    whole = _put_right(held, parted)
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
            share=whole[return_id][0] if return_id in whole else None,
            whole=whole[return_id][1] if return_id in whole else {},
        )
        for return_id, entry in latest.items()
    ]
    return sorted(behind, key=lambda each: (each.unit.sort_key, each.unit.id, each.period.last_month))


def _of_behaviour(slots: Collection[str], behaviour: Behaviour) -> list[str]:
    of_pack = pack().slots()
    return [code for code in slots if of_pack[code].behaviour is behaviour]


def _put_right(
    held: dict[int, dict[str, tuple[int, bool]]], parted: Portions
) -> dict[int, tuple[Fraction, dict[str, int]]]:
    """Put what of divided units counts into the returns held; gives their shares, and what they say as a whole."""
    for each in parted.counted:
        if each.share is None:
            held.get(each.line.return_id, {}).pop(each.line.slot, None)
    shares: dict[int, dict[str, Fraction]] = defaultdict(dict)
    whole: dict[int, dict[str, int]] = defaultdict(dict)
    for each in parted.counted:
        if each.share is not None:
            line = each.line
            value, _marked = held.setdefault(line.return_id, {}).get(line.slot, (0, False))
            held[line.return_id][line.slot] = (value + each.value, line.illustrative)
            shares[line.return_id][line.slot] = (
                shares[line.return_id].get(line.slot, Fraction(0)) + each.share
            )
            whole[line.return_id][line.slot] = line.value
    for return_id in [return_id for return_id, found in held.items() if not found]:
        del held[return_id]
    return {
        return_id: (share, whole[return_id])
        for return_id, of_slot in shares.items()
        for share in [max(of_slot.values())]
        if share < 1
    }


def _period(stands: Standing) -> Period:
    return Period.ending(stands.month, stands.month.month - stands.first_month.month + 1)


def _held(
    ask: Ask, slots: Collection[str], behaviour: Behaviour, known_on: date | None, tree: date | None
) -> dict[int, dict[str, tuple[int, bool]]]:
    """By return and slot: what it adds, and whether that is illustrative."""
    same = _of_behaviour(slots, behaviour)
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
