"""Reads about jobs: one's own, those of the units one reaches, their files, and how the queue stands."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import Prefetch, Q, QuerySet

from plenum.access.reach import reachable
from plenum.jobs.kinds import KINDS, kind_name
from plenum.jobs.models import UNDER_WAY, Job, JobFile, State
from plenum.jobs.powers import CANCEL, READ
from plenum.journal.actor import Actor
from plenum.tree.models import Unit
from plenum.tree.queries import UnitView, unit_views

QUEUE = "jobs"
TASK = "plenum.jobs.run"
DAYS_OF_FILES = 7
DAYS_OF_JOBS = 90
"""For so long the files of a job are kept after its end, and the job itself. The journal remembers it for ever."""
SECONDS_ALIVE = 60
"""A worker that has not been heard of for so long is gone."""
SECONDS_TO_WAIT = 120
"""A job that has waited for longer waits for a worker, not for its turn."""


@dataclass(frozen=True)
class FileView:
    """A file that a job has left; ``until`` is when it goes."""

    name: str
    size: int
    until: datetime | None


@dataclass(frozen=True)
class JobView:
    """A job as people read it; ``mine`` whether the reader has started it.

    ``no_worker``: it has waited for long, and no worker is there to begin it.
    """

    id: int
    kind: str
    kind_name: str
    about: str
    unit: UnitView
    state: State
    by: str
    mine: bool
    may_cancel: bool
    may_start_again: bool
    cancel_asked: bool
    done: int
    of: int | None
    said: str
    reason: str
    asked_at: datetime
    began_at: datetime | None
    told_at: datetime | None
    ended_at: datetime | None
    result: FileView | None
    no_worker: bool = False

    @property
    def under_way(self) -> bool:
        """Whether it waits or runs."""
        return self.state in UNDER_WAY

    @property
    def percent(self) -> int | None:
        """How much of it is done; None if nobody knows."""
        return self.done * 100 // self.of if self.of else None


def is_own(job: Job, actor: Actor) -> bool:
    """Whether the actor has started a job, with a token only if that has the power of its kind and its unit."""
    if actor.is_system:
        return job.account_id is None
    if actor.account_id is None or job.account_id != actor.account_id:
        return False
    if actor.powers is None:
        return True
    kind = KINDS.get(job.kind)
    return kind is not None and kind.power.code in actor.powers and _same_place(job, actor)


def _same_place(job: Job, actor: Actor) -> bool:
    return actor.acting_for is None or actor.acting_for == job.acting_for


def own(actor: Actor) -> QuerySet[Job]:
    """The jobs that the actor has started: :func:`is_own` as a query."""
    if actor.is_system:
        return Job.objects.filter(account=None)
    if actor.account_id is None:
        return Job.objects.none()
    found = Job.objects.filter(account_id=actor.account_id)
    if actor.powers is not None:
        found = found.filter(
            kind__in=[code for code, kind in KINDS.items() if kind.power.code in actor.powers]
        )
        if actor.acting_for is not None:
            found = found.filter(acting_for=actor.acting_for)
    return found


def shown(actor: Actor, on: date) -> QuerySet[Job]:
    """The jobs that the actor may see: their own, and those of the units where they may see which jobs run."""
    if actor.is_system:
        return Job.objects.all()
    return Job.objects.filter(
        Q(pk__in=own(actor).values("pk")) | Q(unit__in=reachable(actor, READ, on).values("pk"))
    )


def chosen(found: QuerySet[Job], *, state: str = "", kind: str = "") -> QuerySet[Job]:
    """Those in a state or of a kind, the newest first."""
    if state:
        found = found.filter(state=state)
    if kind:
        found = found.filter(kind=kind)
    return found.order_by("-pk")


def job_views(found: Sequence[Job] | QuerySet[Job], actor: Actor, on: date) -> list[JobView]:
    """Jobs as people read them, with the same number of queries for one and for many."""
    results = JobFile.objects.filter(role=JobFile.Role.RESULT)
    jobs = (
        list(found.prefetch_related(Prefetch("files", queryset=results, to_attr="results")))
        if isinstance(found, QuerySet)
        else list(found)
    )
    units = unit_views({job.unit_id for job in jobs}, on)
    places = {job.unit_id for job in jobs}
    charge = set(reachable(actor, CANCEL, on).filter(pk__in=places).values_list("pk", flat=True))
    views = [_view(job, units[job.unit_id], actor, job.unit_id in charge) for job in jobs]
    if not any(view.state is State.WAITING for view in views):
        return views
    since = unattended_since()
    return [replace(view, no_worker=_is_left(view, since)) for view in views]


def unattended_since() -> datetime | None:
    """While no worker is alive: what was asked for before this has waited too long. None while one is. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT now() - make_interval(secs => %s) WHERE NOT EXISTS (SELECT FROM procrastinate_workers"
            " WHERE last_heartbeat > now() - make_interval(secs => %s))",
            [SECONDS_TO_WAIT, SECONDS_ALIVE],
        )
        row = cursor.fetchone()
        return row[0] if row else None


def wait_for_nobody(found: QuerySet[Job]) -> bool:
    """Whether one of these jobs has waited for long while no worker is there. Two queries at most."""
    since = unattended_since()
    return since is not None and found.filter(state=State.WAITING, asked_at__lt=since).exists()


def _is_left(view: JobView, since: datetime | None) -> bool:
    return view.state is State.WAITING and since is not None and view.asked_at < since


def job_view(job_id: int, actor: Actor, on: date) -> JobView | None:
    """One job; None if it is not there, or the actor may not see it."""
    return next(iter(job_views(shown(actor, on).filter(pk=job_id), actor, on)), None)


def _view(job: Job, unit: UnitView, actor: Actor, in_charge: bool) -> JobView:
    mine, state = is_own(job, actor), State(job.state)
    file = next(iter(getattr(job, "results", [])), None) if mine else None
    until = job.ended_at + timedelta(days=DAYS_OF_FILES) if job.ended_at else None
    return JobView(
        id=job.pk,
        kind=job.kind,
        kind_name=kind_name(job.kind),
        about=job.about,
        unit=unit,
        state=state,
        by=job.actor_label,
        mine=mine,
        may_cancel=(mine or in_charge) and state in UNDER_WAY and not job.cancel_asked,
        may_start_again=mine and state in (State.FAILED, State.REFUSED, State.CANCELLED),
        cancel_asked=job.cancel_asked,
        done=job.done,
        of=job.of,
        said=job.said,
        reason=job.reason,
        asked_at=job.asked_at,
        began_at=job.began_at,
        told_at=job.told_at,
        ended_at=job.ended_at,
        result=FileView(file.name, file.size, until) if file else None,
    )


def result_of(job_id: int, actor: Actor, on: date) -> JobFile | None:
    """The file that the actor's own job has left, while they still have the power for it; otherwise None."""
    job = own(actor).filter(pk=job_id).first()
    kind = KINDS.get(job.kind) if job else None
    if job is None or kind is None or not reachable(actor, kind.power, on).filter(pk=job.unit_id).exists():
        return None
    return JobFile.objects.filter(job=job, role=JobFile.Role.RESULT).first()


def pieces_of(file: JobFile) -> Generator[bytes]:
    """The bytes of a file, a piece at a time."""
    numbers = list(file.pieces.order_by("number").values_list("pk", flat=True))
    for number in numbers:
        yield bytes(file.pieces.values_list("body", flat=True).get(pk=number))


def units_with_jobs(actor: Actor, on: date) -> QuerySet[Unit]:
    """The units where the actor may see the jobs of others."""
    return reachable(actor, READ, on)


@dataclass(frozen=True)
class QueueStanding:
    """How the queue stands: how many wait, run and have failed within a week, how many workers are alive, and how long,
    in seconds, the oldest has waited and the quietest has said nothing."""

    waiting: int
    running: int
    failed: int
    workers: int
    longest_wait: float
    longest_silence: float


def queue_standing() -> QueueStanding:
    """How the queue stands now, for monitors and the doctor; who asks must see everything."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE state = 'waiting'), count(*) FILTER (WHERE state = 'running'),"
            " count(*) FILTER (WHERE state = 'failed' AND ended_at > now() - interval '7 days'),"
            " (SELECT count(*) FROM procrastinate_workers"
            "  WHERE last_heartbeat > now() - make_interval(secs => %s)),"
            " coalesce(extract(epoch FROM now() - min(asked_at) FILTER (WHERE state = 'waiting')), 0)::float,"
            " coalesce(extract(epoch FROM now() - min(coalesce(told_at, began_at))"
            " FILTER (WHERE state = 'running')), 0)::float FROM jobs_job",
            [SECONDS_ALIVE],
        )
        return QueueStanding(*cursor.fetchone())


def forgotten() -> list[int]:
    """The jobs that wait or run, and that no worker will ever take up, because the queue does not know them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM jobs_job WHERE state IN ('waiting', 'running') AND NOT EXISTS ("
            " SELECT FROM procrastinate_jobs queued WHERE queued.queue_name = %s"
            " AND queued.status IN ('todo', 'doing') AND (queued.args->>'job')::bigint = jobs_job.id) ORDER BY id",
            [QUEUE],
        )
        return [number for (number,) in cursor.fetchall()]
