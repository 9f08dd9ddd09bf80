"""What waits for whom: returns to accept, and own returns that are due or have come back."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db import connection

from plenum.access.reach import reachable, visible
from plenum.figures import powers
from plenum.figures.models import Return
from plenum.figures.queries.below import Shown, below
from plenum.figures.queries.dues import due
from plenum.figures.queries.pieces import Pieces
from plenum.figures.rules import State
from plenum.journal.actor import Actor
from plenum.packs import Form, pack
from plenum.periods import Period
from plenum.tree.queries import UnitView, unit_views


@dataclass(frozen=True)
class Waiting:
    """A return that waits for somebody.

    ``what``: ``accept`` (the actor may accept it), ``sent_back``, ``due`` or ``late``. ``since``: the day of
    submission, of sending back, the last day of the period, or the day by which it was due.
    """

    what: str
    unit: UnitView
    form: Form
    period: Period
    since: date
    return_id: int | None


class Submitted(Pieces[Waiting]):
    """Submitted returns of some units, the longest waiting first, then by name; in pieces.

    How many there are is told with the first of them by one query; a piece of them is one query more for their units.
    """

    def __init__(self, shown: Shown, on: date) -> None:
        self._shown = shown
        self._on = on

    @cached_property
    def _first(self) -> list[tuple[Any, ...]]:
        return self._rows(0, TOLD_WITH_THE_NUMBER)

    def _counted(self) -> int:
        return int(self._first[0][-1]) if self._first else 0

    def _piece(self, start: int, stop: int) -> list[Waiting]:
        rows = self._first[start:stop] if stop <= len(self._first) else self._rows(start, stop)
        units = unit_views({unit_id for _number, unit_id, *_ in rows}, self._on)
        return [
            Waiting("accept", units[unit_id], pack().forms[form], Period.parse(code), since, number)
            for number, unit_id, form, code, since, _count in rows
        ]

    def _rows(self, start: int, stop: int) -> list[tuple[Any, ...]]:
        head, condition, parameters = self._shown.sql("filed.unit_id")
        source = _OF_SHOWN if head else _OF_ALL
        values = {"on": self._on, "limit": stop - start, "offset": start, **parameters}
        with connection.cursor() as cursor:
            cursor.execute(_WAITING.format(head=head, condition=condition, source=source), values)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


TOLD_WITH_THE_NUMBER = 50
_OF_ALL = "figures_return filed WHERE filed.state = 'submitted' AND filed.submitted_on <= %(on)s AND"
_OF_SHOWN = """shown CROSS JOIN LATERAL (
            SELECT * FROM figures_return each
            WHERE each.unit_id = shown.unit_id AND each.state = 'submitted' AND each.submitted_on <= %(on)s OFFSET 0
        ) filed WHERE"""
"""Unit by unit: whoever plans the query would look through all that is submitted in the country, asking for each return
whether it may be seen."""
_WAITING = """
    WITH {head} waiting AS MATERIALIZED (
        SELECT filed.id, filed.unit_id, filed.form, filed.period_code, filed.submitted_on
        FROM {source} {condition}
    )
    SELECT waiting.*, (SELECT count(*) FROM waiting) FROM waiting
    CROSS JOIN LATERAL (
        SELECT named.sort_key FROM tree_unitname named JOIN tree_unit lives ON lives.id = named.unit_id
        WHERE named.unit_id = waiting.unit_id
          AND named.span @> greatest(lower(lives.lifetime), least(%(on)s::date, upper(lives.lifetime) - 1))
        OFFSET 0
    ) name
    ORDER BY waiting.submitted_on, name.sort_key, waiting.unit_id, waiting.form
    LIMIT %(limit)s OFFSET %(offset)s
"""


def to_accept(actor: Actor, unit_id: int, on: date) -> Submitted:
    """The returns of units below one that wait for the actor to accept them, the longest waiting first."""
    return Submitted(below(actor, powers.ACCEPT, unit_id, on).without(unit_id), on)


def waiting_for(actor: Actor, on: date) -> list[Waiting]:
    """What the actor's own units have to hand in, the longest waiting first; a constant number of queries.

    Returns sent back, and returns due (from the end of their period). A system has no units of its own.
    """
    if actor.is_system:
        return []
    sent_back = visible(Return.objects.filter(state=State.SENT_BACK), actor, powers.SUBMIT, on)
    returns = list(sent_back)
    units = unit_views({returned.unit_id for returned in returns}, on)
    waiting = [
        Waiting(
            "sent_back", units[each.unit_id], each.form_of_pack, each.period, each.last_step_on or on, each.pk
        )
        for each in returns
    ]
    own = list(reachable(actor, powers.ENTER, on).values_list("pk", flat=True))
    for each in due(own, on):
        if each.outstanding and each.state != State.SENT_BACK:
            what, since = ("late", each.due_on) if each.days_late else ("due", each.period.last_day)
            waiting.append(Waiting(what, each.unit, each.form, each.period, since, each.return_id))
    return sorted(waiting, key=lambda each: (each.since, each.unit.sort_key, each.unit.id, each.form.code))
