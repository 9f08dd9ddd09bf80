"""Giving a unit another name."""

from datetime import date

from django.db import transaction

from plenum.access.reach import require
from plenum.journal.actions import record
from plenum.journal.actor import Actor
from plenum.organisation.actions.refusals import in_words
from plenum.organisation.powers import RENAME, RENAME_UNIT
from plenum.tree import ledger
from plenum.tree.models import Unit
from plenum.tree.queries import unit_view


@transaction.atomic
def rename_unit(
    unit: Unit,
    *,
    name: str,
    on: date,
    by: Actor,
    short: str = "",
    since: date | None = None,
    reason: str = "",
) -> Unit:
    """Give a unit another name from `since` (left out: from `on`) until the next later renaming, if there is one."""
    require(by, RENAME, unit, on)
    first = since or on
    before = unit_view(unit, first)
    with in_words():
        ledger.rename(unit, name, short=short, on=first)
    record(
        RENAME_UNIT,
        by=by,
        power=RENAME,
        unit_id=unit.pk,
        on=on,
        subject=f"tree.Unit:{unit.pk}",
        subject_label=name.strip(),
        change={
            "name": [before.name, name.strip()],
            "since": first,
            **({"reason": reason} if reason else {}),
        },
    )
    return unit
