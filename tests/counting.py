"""A kind of job that counts, and jobs that have come somewhere without a worker."""

import time
from typing import Any

from django.core.exceptions import ValidationError
from django.db import OperationalError
from django.db.models.functions import Now

from plenum.access.models import Account
from plenum.figures.powers import READ
from plenum.jobs.actions import start
from plenum.jobs.kinds import KINDS, JobKind, Result, ResultFile, Running
from plenum.jobs.models import Job, JobFile, JobPiece, State
from plenum.journal.actor import Actor
from tests.cast import DAY


def count(job: Running) -> Result:
    """Count to what it is asked, changing a name on the way; break as it is asked."""
    most = int(job.arguments.get("to", 3))
    if login := job.arguments.get("rename"):
        Account.objects.filter(login=login).update(name="Renamed by a job")
    for number in range(1, most + 1):
        job.tell(number, most, f"Counted to {number}")
        time.sleep(float(job.arguments.get("pause", 0)))
    match job.arguments.get("then"):
        case "refuse":
            raise ValidationError({"to": ["Count to something else."]})
        case "break":
            raise RuntimeError(job.arguments.get("words"))
        case "interrupt":
            raise OperationalError("the server is gone")
    body = f"{most} {job.actor.label} {job.on}\n".encode() + job.given()
    return Result(f"Counted to {most}.", ResultFile("Đếm.txt", "text/plain", [body[:4], body[4:]]))


COUNT = KINDS.get("try.count") or JobKind("try.count", "Counting", READ, count)


def counting(at: Any, by: Actor, **arguments: Any) -> Job:
    """A job that waits."""
    return start(COUNT, unit=at, arguments=arguments, about="to three", on=DAY, by=by)


def finished(at: Any, by: Actor, body: bytes = b"three") -> Job:
    """A job that has finished and left a file."""
    job = counting(at, by)
    file = JobFile.objects.create(
        job=job, role="result", name="Đếm.txt", media_type="text/plain", size=len(body)
    )
    JobPiece.objects.create(file=file, number=0, body=body)
    Job.objects.filter(pk=job.pk).update(state=State.FINISHED, said="Counted to 3.", ended_at=Now())
    job.refresh_from_db()
    return job
