"""Making a unit one of another kind."""

from datetime import date

from django.db import transaction

from plenum.access.reach import require
from plenum.journal.actions import record
from plenum.journal.actor import Actor
from plenum.organisation.actions.refusals import in_words
from plenum.organisation.powers import CHANGE_KIND, RENAME
from plenum.tree import ledger
from plenum.tree.models import Unit
from plenum.tree.queries import unit_view


@transaction.atomic
def change_kind(
    unit: Unit, *, kind: str, on: date, by: Actor, since: date | None = None, reason: str = ""
) -> Unit:
    """Make a unit one of another kind from `since` (left out: from `on`) until its next later change of kind."""
    require(by, RENAME, unit, on)
    first = since or on
    before = unit_view(unit, first)
    with in_words():
        ledger.change_kind(unit, kind, on=first)
    record(
        CHANGE_KIND,
        by=by,
        power=RENAME,
        unit_id=unit.pk,
        on=on,
        subject=f"tree.Unit:{unit.pk}",
        subject_label=before.name,
        change={"kind": [before.kind, kind], "since": first, **({"reason": reason} if reason else {})},
    )
    return unit
