"""Placing a unit, with all that stands below it, under another superior unit."""

from datetime import date

from django.db import transaction

from plenum.access.reach import OutOfReach, require
from plenum.journal.actions import record
from plenum.journal.actor import Actor
from plenum.organisation.actions.refusals import in_words
from plenum.organisation.powers import MOVE, MOVE_UNIT
from plenum.tree import ledger
from plenum.tree.models import Unit
from plenum.tree.queries import unit_view
from plenum.tree.turn import take_turn


@transaction.atomic
def move_unit(
    unit: Unit, *, parent: Unit, on: date, by: Actor, since: date | None = None, reason: str = ""
) -> Unit:
    """Move a unit under `parent` from `since` (left out: from `on`) until its next later move.

    The power is needed where the unit comes from, on the day of the act and on the day of the move, and where it goes.
    """
    first = since or on
    take_turn()
    before = unit_view(unit, first)
    for origin in {unit_view(unit, on).parent_id, before.parent_id}:
        if origin is not None:
            require(by, MOVE, origin, on)
        elif not by.is_system:
            raise OutOfReach(MOVE, unit.pk)
    require(by, MOVE, parent, on)
    with in_words():
        ledger.move(unit, parent, on=first)
    record(
        MOVE_UNIT,
        by=by,
        power=MOVE,
        unit_id=unit.pk,
        on=on,
        subject=f"tree.Unit:{unit.pk}",
        subject_label=before.name,
        change={
            "parent": [_name(before.parent_id, first), _name(parent.pk, first)],
            "parent_code": [before.parent_code, parent.code],
            "since": first,
            **({"reason": reason} if reason else {}),
        },
    )
    return unit


def _name(unit_id: int | None, on: date) -> str | None:
    return None if unit_id is None else unit_view(unit_id, on).name
