"""Doing one job: as whoever has started it, in one transaction, while a second session says how far it is.

The second session is what makes progress seen before the end. It also holds a lock as long as the job is being done, so
that no other worker does the same: if this process is killed, the database lets go of it at once.
"""

import logging
import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, OperationalError, connections, transaction
from django.db.models.functions import Now
from django.utils import translation
from django.utils.translation import gettext as _

from plenum.access.guard import speaking
from plenum.access.models import Account, ApiToken
from plenum.access.reach import require
from plenum.jobs.kinds import KINDS, JobKind, Result
from plenum.jobs.models import UNDER_WAY, Job, JobFile, JobPiece, State
from plenum.journal.actor import Actor

SYSTEM = Actor.system("worker")
LOCK = 72100 << 32
"""With the number of a job: the advisory lock of whoever does it."""
MOST_ATTEMPTS = 3
SECONDS_BETWEEN_WORDS = 0.5
SECONDS_UNTIL_AGAIN = 5

log = logging.getLogger("plenum.jobs")


class Again(Exception):
    """The job is not done yet and must be taken up again after so many seconds."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Cancelled(Exception):
    """Somebody has cancelled the job that runs."""


class Stopping(Exception):
    """The worker is told to stop, and the job takes longer than it may wait."""


@dataclass
class Doing:
    """A job while it is being done: what its kind is given (`plenum.jobs.kinds.Running`)."""

    job: Job
    actor: Actor
    session: "Session"
    stopping: Callable[[], bool]
    _told: float = field(default=0.0)
    _said: str = field(default="")

    @property
    def unit_id(self) -> int:
        return self.job.unit_id

    @property
    def arguments(self) -> Mapping[str, Any]:
        arguments: Mapping[str, Any] = self.job.arguments
        return arguments

    @property
    def on(self) -> date:
        return self.job.on_date

    def given(self) -> bytes:
        """The file with which the job was started; empty without one."""
        pieces = JobPiece.objects.filter(file__job=self.job, file__role=JobFile.Role.GIVEN).order_by("number")
        return b"".join(bytes(body) for body in pieces.values_list("body", flat=True))

    def tell(self, done: int, of: int, said: str = "") -> None:
        """Say how far it is: new words at once, numbers twice a second. Ends the job if it was cancelled."""
        now = time.monotonic()
        if said == self._said and now - self._told < SECONDS_BETWEEN_WORDS:
            return
        self._told, self._said = now, said
        if self.stopping():
            raise Stopping
        if self.session.tell(self.job.pk, done, of, said):
            raise Cancelled


class Session:
    """A second session of the database, beside the one in which the job is done."""

    def __init__(self, day: date) -> None:
        self.day = day
        self.connection: Any = connections.create_connection("default")

    def hold(self, job_id: int) -> bool:
        """Take the lock of a job unless somebody else has it."""
        return bool(self._row("SELECT pg_try_advisory_lock(%s)", LOCK + job_id)[0])

    def tell(self, job_id: int, done: int, of: int, said: str) -> bool:
        """Write how far a job is; whether it was cancelled."""
        row = self._row(
            "UPDATE jobs_job SET done = %s, of = nullif(%s, 0), said = %s, told_at = now()"
            " WHERE id = %s RETURNING cancel_asked",
            done,
            of,
            said,
            job_id,
        )
        return bool(row[0])

    def close(self) -> None:
        """End the session, and let go of the lock."""
        with suppress(DatabaseError):
            self.connection.close()

    def _row(self, sql: str, *parameters: Any) -> tuple[Any, ...]:
        with speaking(SYSTEM, self.day), self.connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return cursor.fetchone() or (True,)


def do_job(job_id: int, today: date, stopping: Callable[[], bool]) -> None:
    """Do a job to its end, whatever that is. Raises Again if it must be taken up once more."""
    session = Session(today)
    try:
        if not session.hold(job_id):
            raise Again(SECONDS_UNTIL_AGAIN)
        with speaking(SYSTEM, today):
            job = _begin(job_id)
        if job is not None:
            with translation.override(job.language):
                _do(job, today, session, stopping)
    finally:
        session.close()


def _begin(job_id: int) -> Job | None:
    """Write down that the job begins; None if it is over already, or has killed too many workers."""
    with transaction.atomic():
        job = Job.objects.select_for_update(of=("self",)).filter(pk=job_id, state__in=UNDER_WAY).first()
        if job is None:
            return None
        if job.cancel_asked:
            _end(job, State.CANCELLED)
        elif job.attempts >= MOST_ATTEMPTS:
            with translation.override(job.language):
                reason = _("The worker has ended %(count)s times while doing it. Tell the operator.")
                _end(job, State.FAILED, reason % {"count": job.attempts})
        else:
            job.attempts += 1
            Job.objects.filter(pk=job.pk).update(
                state=State.RUNNING, attempts=job.attempts, began_at=Now(), told_at=None, done=0, said=""
            )
            return job
    return None


def _do(job: Job, today: date, session: Session, stopping: Callable[[], bool]) -> None:
    """Run the work and write down its end; everything that can go wrong is an end, or a reason to begin again."""
    try:
        kind = KINDS.get(job.kind)
        if kind is None:
            raise PermissionDenied(_("Jobs of this kind are not done any more."))
        with speaking(SYSTEM, today):
            actor = actor_of_job(job, today)
        _run(job, kind, Doing(job, actor, session, stopping), today)
    except Cancelled:
        _end_apart(job, today, State.CANCELLED)
    except Stopping:
        _wait_again(job, today, attempts=job.attempts - 1)
        raise Again(0) from None
    except PermissionDenied as error:
        _end_apart(job, today, State.REFUSED, str(error))
    except ValidationError as error:
        _end_apart(job, today, State.FAILED, "\n".join(error.messages))
    except OperationalError as error:
        if job.attempts >= MOST_ATTEMPTS:
            _end_apart(job, today, State.FAILED, fault(job, error))
            return
        log.warning("the database interrupted a job; trying again", extra={"job": job.pk})
        _wait_again(job, today, attempts=job.attempts)
        raise Again(SECONDS_UNTIL_AGAIN) from error
    except Exception as error:
        _end_apart(job, today, State.FAILED, fault(job, error))


def _run(job: Job, kind: JobKind, doing: Doing, today: date) -> None:
    """The work and its end in one transaction, so that a job that is done is never done again.

    The powers are those of today, not of the day on which the job was started.
    """
    with speaking(doing.actor, today), transaction.atomic():
        require(doing.actor, kind.power, job.unit_id, today)
        result = kind.run(doing)
        if result.file is not None:
            _keep(job, result)
        with speaking(SYSTEM, today):
            if result.failed:
                _end(job, State.FAILED, result.said, said="")
            else:
                _end(job, State.FINISHED, said=result.said)


def actor_of_job(job: Job, today: date) -> Actor:
    """Who has started a job, as far as they may still act. Raises PermissionDenied otherwise."""
    if job.account_id is None:
        return Actor.system(job.actor_label)
    if not Account.objects.filter(pk=job.account_id, is_active=True).exists():
        raise PermissionDenied(_("The account that has started this is closed."))
    token = ApiToken.objects.filter(pk=job.token_id or 0).first()
    if token is not None and (token.ended is not None or today not in token.span):
        raise PermissionDenied(_("The token that has started this has ended."))
    return Actor(
        account_id=job.account_id,
        label=job.actor_label,
        acting_for=job.acting_for,
        token_id=job.token_id,
        powers=None if job.powers is None else frozenset(job.powers),
    )


def fault(job: Job, error: Exception) -> str:
    """Write a fault of ours down under a number, and say that number."""
    number = secrets.token_hex(4)
    log.error("a job broke", extra={"job": job.pk, "kind": job.kind, "fault": number}, exc_info=error)
    return _("This is a fault in Plenum. Tell the operator the number %(number)s.") % {"number": number}


def _keep(job: Job, result: Result) -> None:
    assert result.file is not None
    file = JobFile.objects.create(
        job=job, role=JobFile.Role.RESULT, name=result.file.name, media_type=result.file.media_type
    )
    size = 0
    for number, body in enumerate(result.file.pieces):
        JobPiece.objects.create(file=file, number=number, body=body)
        size += len(body)
    with speaking(SYSTEM, job.on_date):
        JobFile.objects.filter(pk=file.pk).update(size=size)


def _end_apart(job: Job, today: date, state: State, reason: str = "") -> None:
    with speaking(SYSTEM, today):
        _end(job, state, reason)


def _end(job: Job, state: State, reason: str = "", said: str | None = None) -> None:
    more: dict[str, Any] = {} if said is None else {"said": said}
    Job.objects.filter(pk=job.pk, state__in=UNDER_WAY).update(
        state=state, reason=reason, ended_at=Now(), **more
    )


def _wait_again(job: Job, today: date, *, attempts: int) -> None:
    with speaking(SYSTEM, today):
        Job.objects.filter(pk=job.pk, state=State.RUNNING).update(
            state=State.WAITING, attempts=attempts, done=0, said=""
        )
