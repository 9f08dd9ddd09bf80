"""Correcting how a name is written: no renaming, the unit was never called otherwise."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from plenum.access.reach import require
from plenum.journal.actions import record
from plenum.journal.actor import Actor
from plenum.organisation.actions.refusals import in_words
from plenum.organisation.powers import CORRECT_NAME, RENAME
from plenum.tree import ledger
from plenum.tree.models import Unit
from plenum.tree.queries import unit_view


@transaction.atomic
def correct_name(
    unit: Unit, *, name: str, reason: str, on: date, by: Actor, short: str = "", of: date | None = None
) -> Unit:
    """Correct the name that holds on the day `of` (left out: on `on`) for all the days on which it holds."""
    require(by, RENAME, unit, on)
    if not reason.strip():
        raise ValidationError({"reason": [_("Say why the name is corrected.")]})
    day = of or on
    before = unit_view(unit, day)
    with in_words():
        ledger.correct_name(unit, name, short=short, on=day)
    record(
        CORRECT_NAME,
        by=by,
        power=RENAME,
        unit_id=unit.pk,
        on=on,
        subject=f"tree.Unit:{unit.pk}",
        subject_label=name.strip(),
        change={
            "name": [before.name, name.strip()],
            "short": [before.short, short.strip() or name.strip()],
            "reason": reason.strip(),
        },
    )
    return unit
