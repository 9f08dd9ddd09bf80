"""Starting a job: it is written down and put into the queue in one transaction, so a rolled-back act leaves none."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from plenum.access.reach import OutOfReach, require
from plenum.jobs import powers
from plenum.jobs.kinds import KINDS, JobKind
from plenum.jobs.models import UNDER_WAY, Job, JobFile, JobPiece, State
from plenum.jobs.queries import QUEUE, TASK, is_own
from plenum.journal.actions import record
from plenum.journal.actor import Actor
from plenum.journal.acts import Act
from plenum.tree.models import Unit

MOST_UNDER_WAY = 20
"""So many jobs of one account wait or run at a time; the system may have more."""
PIECE = 1 << 20


@dataclass(frozen=True)
class Given:
    """A file with which a job is started."""

    name: str
    media_type: str
    body: bytes


@transaction.atomic
def start(
    kind: JobKind,
    *,
    unit: Unit | int,
    arguments: Mapping[str, Any],
    about: str = "",
    given: Given | None = None,
    on: date,
    by: Actor,
) -> Job:
    """Start a job at a unit: a worker does it as ``by``, with the reach that ``by`` has then.

    ``about`` says in a few words what it is about, ``given`` is a file that it needs. Raises OutOfReach, or
    ValidationError when the account has too many jobs under way.
    """
    unit_id = unit if isinstance(unit, int) else unit.pk
    require(by, kind.power, unit_id, on)
    if by.account_id is not None:
        under_way = Job.objects.filter(account_id=by.account_id, state__in=UNDER_WAY).count()
        if under_way >= MOST_UNDER_WAY:
            raise ValidationError(
                _("You have %(count)s jobs under way. Wait until one ends, or cancel one.")
                % {"count": under_way}
            )
    job = Job.objects.create(
        kind=kind.code,
        about=about,
        unit_id=unit_id,
        arguments={**arguments, **({"given": given.name} if given else {})},
        language=get_language() or "en",
        on_date=on,
        **_who(by),
    )
    if given is not None:
        _keep(job, given)
    _enqueue(job)
    _record(powers.START, kind, job, on, by)
    return job


@transaction.atomic
def start_again(job_id: int, *, on: date, by: Actor) -> Job:
    """Start one's own job once more that has failed, was refused or cancelled; it is done with the powers of now.

    Raises OutOfReach, or ValidationError if it is under way or finished, or what it was given is gone.
    """
    job = Job.objects.select_for_update(of=("self",)).get(pk=job_id)
    kind = KINDS.get(job.kind)
    if kind is None:
        raise ValidationError(_("Jobs of this kind are not done any more."))
    if not is_own(job, by):
        raise OutOfReach(kind.power, job.unit_id)
    require(by, kind.power, job.unit_id, on)
    if job.state in (*UNDER_WAY, State.FINISHED):
        raise ValidationError(_("Only a job that has failed, was refused or cancelled can be started again."))
    if job.arguments.get("given") and not job.files.filter(role=JobFile.Role.GIVEN).exists():
        raise ValidationError(_("The file of this job is not kept any more. Send it again."))
    for name, value in {
        **_who(by),
        "on_date": on,
        "state": State.WAITING,
        "done": 0,
        "of": None,
        "said": "",
        "reason": "",
        "attempts": 0,
        "cancel_asked": False,
        "began_at": None,
        "told_at": None,
        "ended_at": None,
    }.items():
        setattr(job, name, value)
    job.save()
    _enqueue(job)
    _record(powers.START_AGAIN, kind, job, on, by)
    return job


def _keep(job: Job, given: Given) -> None:
    file = JobFile.objects.create(
        job=job, role=JobFile.Role.GIVEN, name=given.name, media_type=given.media_type, size=len(given.body)
    )
    for number, begin in enumerate(range(0, len(given.body), PIECE)):
        JobPiece.objects.create(file=file, number=number, body=given.body[begin : begin + PIECE])


def _who(by: Actor) -> dict[str, Any]:
    return {
        "account_id": by.account_id,
        "actor_label": by.label,
        "acting_for": by.acting_for,
        "powers": None if by.powers is None else sorted(by.powers),
        "token_id": by.token_id,
    }


def _enqueue(job: Job) -> None:
    app.configure_task(TASK, queue=QUEUE).defer(job=job.pk)


def _record(act: Act, kind: JobKind, job: Job, on: date, by: Actor) -> None:
    record(
        act,
        by=by,
        power=kind.power,
        unit_id=job.unit_id,
        on=on,
        subject=f"jobs.Job:{job.pk}",
        subject_label=job.about,
        change={"kind": kind.code, "about": job.about},
    )
