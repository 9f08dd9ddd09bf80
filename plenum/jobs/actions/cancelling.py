"""Cancelling a job: what waits never begins, what runs ends at its next step and takes everything back."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from plenum.access.reach import require
from plenum.jobs import powers
from plenum.jobs.models import UNDER_WAY, Job, State
from plenum.jobs.queries import is_own
from plenum.journal.actions import record
from plenum.journal.actor import Actor


@transaction.atomic
def cancel(job_id: int, *, on: date, by: Actor) -> Job:
    """Cancel one's own job, or another's at a unit where one may.

    Raises OutOfReach, or ValidationError if it is over.
    """
    job = Job.objects.select_for_update(of=("self",)).get(pk=job_id)
    own = is_own(job, by)
    if not own:
        require(by, powers.CANCEL, job.unit_id, on)
    if job.state not in UNDER_WAY:
        raise ValidationError(_("This job has ended already."))
    if job.cancel_asked:
        return job
    job.cancel_asked = True
    if job.state == State.WAITING:
        job.state = State.CANCELLED
        Job.objects.filter(pk=job.pk).update(cancel_asked=True, state=State.CANCELLED, ended_at=Now())
    else:
        job.save(update_fields=["cancel_asked"])
    record(
        powers.CANCEL_JOB,
        by=by,
        power=None if own else powers.CANCEL,
        unit_id=job.unit_id,
        on=on,
        subject=f"jobs.Job:{job.pk}",
        subject_label=job.about,
        change={"kind": job.kind, "about": job.about},
    )
    return job
