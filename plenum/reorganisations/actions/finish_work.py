"""Finishing what a unit has to look at after a reform."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from plenum.access.reach import require
from plenum.journal.actions import record
from plenum.journal.actor import Actor
from plenum.reorganisations.models import Work
from plenum.reorganisations.powers import ANSWER, FINISH_WORK


@transaction.atomic
def finish_work(work_id: int, *, on: date, by: Actor) -> Work:
    """Say for the unit that it has been done. ValidationError if it is already."""
    work = Work.objects.select_for_update(of=("self",)).select_related("reform").get(pk=work_id)
    require(by, ANSWER, work.unit_id, on)
    if work.done_on is not None:
        raise ValidationError(_("This is done already."))
    work.done_on, work.done_by = on, by.label
    work.save(update_fields=["done_on", "done_by"])
    record(
        FINISH_WORK,
        by=by,
        power=ANSWER,
        unit_id=work.unit_id,
        on=on,
        subject=f"reorganisations.Work:{work.pk}",
        subject_label=work.reform.title,
        change={"reform": work.reform.code, "work": str(work.get_what_display())},
    )
    return work
