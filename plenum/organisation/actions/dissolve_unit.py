"""Ending a unit."""

from datetime import date

from django.db import transaction

from plenum.access.reach import require
from plenum.journal.actions import record
from plenum.journal.actor import Actor
from plenum.organisation.actions.refusals import in_words
from plenum.organisation.powers import DISSOLVE, DISSOLVE_UNIT
from plenum.tree import ledger
from plenum.tree.models import Unit
from plenum.tree.queries import unit_view


@transaction.atomic
def dissolve_unit(unit: Unit, *, on: date, by: Actor, since: date | None = None, reason: str = "") -> Unit:
    """Dissolve a unit: `since` (left out: `on`) is the first day on which it does not exist any more.

    No unit may stand below it on that day or later; ValidationError names those that do.
    """
    require(by, DISSOLVE, unit, on)
    first = since or on
    name = unit_view(unit, first).name
    with in_words():
        ledger.dissolve(unit, on=first)
    record(
        DISSOLVE_UNIT,
        by=by,
        power=DISSOLVE,
        unit_id=unit.pk,
        on=on,
        subject=f"tree.Unit:{unit.pk}",
        subject_label=name,
        change={"until": [None, first], **({"reason": reason} if reason else {})},
    )
    return unit
