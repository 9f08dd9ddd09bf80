"""Taking back the last change of a unit, as an act of its own: the journal keeps both."""

from datetime import date
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from plenum.access.powers import Power
from plenum.access.reach import OutOfReach, require
from plenum.journal.actions import record
from plenum.journal.actor import Actor
from plenum.organisation.actions.refusals import in_words
from plenum.organisation.powers import DISSOLVE, MOVE, RENAME, TAKE_BACK
from plenum.tree import ledger
from plenum.tree.models import Unit
from plenum.tree.queries import life, unit_views
from plenum.tree.rules import Held, Life, Strand
from plenum.tree.turn import take_turn


class TakeBack(StrEnum):
    """Which of a unit's changes is taken back; always the last of its sort."""

    NAME = "name"
    KIND = "kind"
    PARENT = "parent"
    DISSOLUTION = "dissolution"


POWER_FOR: dict[TakeBack, Power] = {
    TakeBack.NAME: RENAME,
    TakeBack.KIND: RENAME,
    TakeBack.PARENT: MOVE,
    TakeBack.DISSOLUTION: DISSOLVE,
}


@transaction.atomic
def take_back(unit: Unit, *, what: TakeBack, reason: str, on: date, by: Actor) -> Unit:
    """Undo the last renaming, change of kind or move of a unit, or its dissolution; what held before holds on.

    It needs the power of the act that is taken back. ValidationError if there is no such change, or if what held
    before no longer fits.
    """
    power = POWER_FOR[what]
    take_turn()
    known = life(unit.pk)
    if what is TakeBack.PARENT:
        _require_at_both_places(unit, known, on, by)
    else:
        require(by, power, unit, on)
    if not reason.strip():
        raise ValidationError({"reason": [_("Say why this is taken back.")]})
    change = _change(known, what)
    with in_words():
        if what is TakeBack.DISSOLUTION:
            ledger.reopen(unit)
        else:
            ledger.take_back(unit, Strand(what.value))
    record(
        TAKE_BACK,
        by=by,
        power=power,
        unit_id=unit.pk,
        on=on,
        subject=f"tree.Unit:{unit.pk}",
        subject_label=known.names[-1].value.full,
        change={**change, "reason": reason.strip()},
    )
    return unit


def _require_at_both_places(unit: Unit, known: Life, on: date, by: Actor) -> None:
    for place in known.places[-2:]:
        if place.value is not None:
            require(by, MOVE, place.value, on)
        elif not by.is_system:
            raise OutOfReach(MOVE, unit.pk)


def _change(known: Life, what: TakeBack) -> dict[str, object]:
    match what:
        case TakeBack.DISSOLUTION:
            return {"until": [known.span.end, None]}
        case TakeBack.NAME:
            return _from_last(what, [Held(held.value.full, held.span) for held in known.names])
        case TakeBack.KIND:
            return _from_last(what, known.kinds)
        case TakeBack.PARENT:
            change = _from_last(what, known.places)
            return change and change | _superiors(known)


def _superiors(known: Life) -> dict[str, object]:
    """Names and codes of the superior unit that is left, and of the one before, as on the day of the move."""
    last, before = known.places[-1], known.places[-2]
    views = unit_views([place.value for place in (last, before) if place.value], last.span.start)
    found = [views[place.value] if place.value else None for place in (last, before)]
    return {
        "parent": [view.name if view else None for view in found],
        "parent_code": [view.code if view else None for view in found],
    }


def _from_last(what: TakeBack, strand: Any) -> dict[str, object]:
    if len(strand) < 2:
        return {}
    return {what.value: [strand[-1].value, strand[-2].value], "since": strand[-1].span.start}
