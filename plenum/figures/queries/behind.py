"""What a figure is made of: the single returns, down to who entered them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection

from plenum.figures.models import Entry, Standing, Step
from plenum.figures.queries.figures import indicator_of
from plenum.figures.queries.listing import listed
from plenum.figures.queries.pieces import AT_ONCE, Pieces
from plenum.figures.queries.portions import Portions, portions
from plenum.figures.queries.sums import Ask, held_query, parameters
from plenum.figures.queries.withheld import withheld
from plenum.figures.rules import Deed
from plenum.packs import Behaviour, Form, Indicator, pack
from plenum.periods import Period
from plenum.tree.queries import UnitView, divided, only_root, unit_views

Place = tuple[int, int]
"""A unit and a return of it."""

_BUT = """
    WHERE (return_id, code) NOT IN (
        SELECT * FROM unnest(%(gone)s::bigint[], %(gone_slots)s::text[]) AS gone(return_id, code))"""
_LISTED = """
    , told AS MATERIALIZED (
        SELECT return_id, unit_id, month FROM held {but}
        UNION
        SELECT return_id, unit_id, month FROM figures_standing WHERE return_id = ANY (%(more)s::bigint[])
    )
    SELECT told.unit_id, told.return_id, count(*) OVER ()
    FROM told
    JOIN tree_unit lives ON lives.id = told.unit_id
    JOIN tree_unitname name ON name.unit_id = lives.id
        AND name.span @> greatest(lower(lives.lifetime), least(%(day)s::date, upper(lives.lifetime) - 1))
    ORDER BY name.sort_key, told.unit_id, told.month, told.return_id
    LIMIT %(limit)s OFFSET %(offset)s
"""


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
) -> "Sequence[Behind]":
    """The returns that the figure of the unit is made of, sorted by name of unit and month, and read piece by piece.

    Their values add up to it, also of units that have since moved elsewhere: what is read is what has been accepted,
    never the return itself with its draft. Nothing for indicators counted from the register. Raises Withheld when the
    reader does not reach all of them on the tree asked for.
    """
    the_indicator = indicator_of(indicator)
    if the_indicator.from_register:
        return []
    if tree is not None and unit_id == only_root():
        tree = None  # all that has ever been reported counts there, on the tree of any day
    ask, of_tree = Ask(0, unit_id, period), divided(tree)
    if withheld([ask], tree, of_tree):
        raise Withheld
    slots = _of_behaviour({*the_indicator.slots, *the_indicator.parts}, the_indicator.behaviour)
    parted = portions([ask], slots, known_on=known_on, tree=tree, found=of_tree)
    return _Returns(ask, the_indicator, slots, known_on, tree, parted)


@dataclass(eq=False)
class _Returns(Pieces[Behind]):
    """The returns behind a figure. Of a country and a year they are hundreds of thousands: few are read at a time."""

    ask: Ask
    indicator: Indicator
    slots: Sequence[str]
    known_on: date | None
    tree: date | None
    parted: Portions

    @cached_property
    def _first(self) -> tuple[int, list[Place]]:
        """How many there are, and the first of them: to find out either takes as long as both."""
        rows = self._listed(AT_ONCE, 0)
        return (rows[0][2] if rows else 0), [(unit_id, return_id) for unit_id, return_id, _of in rows]

    def _counted(self) -> int:
        return self._first[0]

    def _piece(self, start: int, stop: int) -> list[Behind]:
        _total, first = self._first
        if stop <= len(first):
            return self._told(first[start:stop])
        return self._told([(unit, number) for unit, number, _of in self._listed(stop - start, start)])

    def _listed(self, limit: int, offset: int) -> list[tuple[int, int, int]]:
        """Some of them as unit, return, and how many there are in all."""
        gone = [each.line for each in self.parted.counted if each.share is None]
        values = self._parameters() | {
            "gone": listed([line.return_id for line in gone]),
            "gone_slots": [line.slot for line in gone],
            "more": listed([each.line.return_id for each in self.parted.counted if each.share is not None]),
            "day": self.ask.period.last_day,
            "limit": limit,
            "offset": offset,
        }
        return _rows(f"{self._head()} {_LISTED.format(but=_BUT if gone else '')}", values)

    def _told(self, places: Sequence[Place]) -> list[Behind]:
        """What is shown of some of them, in their order."""
        wanted = [return_id for _unit, return_id in places]
        rows = _rows(
            f"{self._head()} SELECT return_id, code, value, marked FROM held"  # noqa: S608
            " WHERE return_id = ANY (%(wanted)s::bigint[]) AND unit_id = ANY (%(of)s::bigint[])",
            self._parameters()
            | {"wanted": listed(wanted), "of": listed({unit_id for unit_id, _return in places})},
        )
        held: dict[int, dict[str, tuple[int, bool]]] = defaultdict(dict)
        for return_id, code, value, marked in rows:
            held[return_id][code] = (int(value), marked > 0)
        whole = _put_right(held, self.parted, set(wanted))
        entries = Entry.objects.filter(of_return__in=wanted).select_related("version")
        if self.known_on is not None:
            entries = entries.filter(known_on__lte=self.known_on)
        latest = {entry.of_return_id: entry for entry in entries.order_by("pk")}
        standing = Standing.objects.in_bulk(wanted)
        accepted_by = {
            (step.of_return_id, step.version): step.by
            for step in Step.objects.filter(of_return__in=wanted, what=Deed.ACCEPT)
        }
        units = unit_views({unit_id for unit_id, _return in places}, self.ask.period.last_day)
        return [
            self._behind(standing[number], latest[number], units[unit_id], accepted_by, held[number], whole)
            for unit_id, number in places
        ]

    def _behind(
        self,
        standing: Standing,
        entry: Entry,
        unit: UnitView,
        accepted_by: Mapping[tuple[int, int], str],
        values: Mapping[str, tuple[int, bool]],
        whole: Mapping[int, tuple[Fraction, dict[str, int]]],
    ) -> Behind:
        share, of_whole = whole.get(standing.pk, (None, {}))
        return Behind(
            return_id=standing.pk,
            unit=unit,
            form=pack().forms[standing.form],
            period=_period(standing),
            values={code: value for code, (value, _mark) in values.items()},
            illustrative=any(mark for _value, mark in values.values()),
            version=entry.version.number,
            entered_by=entry.version.entered_by,
            entered_on=entry.version.on_date,
            accepted_by=accepted_by[standing.pk, entry.version.number],
            accepted_on=entry.known_on,
            recorded_at=entry.recorded_at,
            carried=self.indicator.behaviour is Behaviour.STOCK
            and standing.month < self.ask.period.last_month,
            share=share,
            whole=of_whole,
        )

    def _head(self) -> str:
        return held_query(self.indicator.behaviour, known_on=self.known_on, tree=self.tree)

    def _parameters(self) -> dict[str, Any]:
        return parameters([self.ask], self.slots, self.known_on, self.tree)


def _of_behaviour(slots: Collection[str], behaviour: Behaviour) -> list[str]:
    of_pack = pack().slots()
    return [code for code in slots if of_pack[code].behaviour is behaviour]


def _put_right(
    held: dict[int, dict[str, tuple[int, bool]]], parted: Portions, wanted: Collection[int]
) -> dict[int, tuple[Fraction, dict[str, int]]]:
    """Put what of divided units counts into the returns held; gives their shares, and what they say as a whole."""
    counted = [each for each in parted.counted if each.line.return_id in wanted]
    for each in counted:
        if each.share is None:
            held.get(each.line.return_id, {}).pop(each.line.slot, None)
    shares: dict[int, dict[str, Fraction]] = defaultdict(dict)
    whole: dict[int, dict[str, int]] = defaultdict(dict)
    for each in counted:
        if each.share is not None:
            line = each.line
            value, _marked = held.setdefault(line.return_id, {}).get(line.slot, (0, False))
            held[line.return_id][line.slot] = (value + each.value, line.illustrative)
            shares[line.return_id][line.slot] = (
                shares[line.return_id].get(line.slot, Fraction(0)) + each.share
            )
            whole[line.return_id][line.slot] = line.value
    return {
        return_id: (share, whole[return_id])
        for return_id, of_slot in shares.items()
        for share in [max(of_slot.values())]
        if share < 1
    }


def _period(stands: Standing) -> Period:
    return Period.ending(stands.month, stands.month.month - stands.first_month.month + 1)


def _rows(query: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
