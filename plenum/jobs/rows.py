"""Jobs as programs read them."""

from datetime import date, datetime

from typing_extensions import TypedDict

from plenum.jobs.queries import JobView


class JobFileRow(TypedDict):
    """The file that a job has left."""

    name: str
    size: int
    kept_until: date | None


class JobRow(TypedDict):
    """A job: how far it is, what came of it. `no_worker`: it has waited for long, and no worker is there."""

    id: int
    kind: str
    kind_name: str
    about: str
    unit: str
    unit_name: str
    state: str
    by: str
    mine: bool
    cancel_asked: bool
    no_worker: bool
    done: int
    of: int | None
    said: str
    reason: str
    asked_at: datetime
    began_at: datetime | None
    ended_at: datetime | None
    result: JobFileRow | None


def job_row(job: JobView) -> JobRow:
    """A job."""
    result = job.result
    return {
        "id": job.id,
        "kind": job.kind,
        "kind_name": job.kind_name,
        "about": job.about,
        "unit": job.unit.code,
        "unit_name": job.unit.name,
        "state": job.state.value,
        "by": job.by,
        "mine": job.mine,
        "cancel_asked": job.cancel_asked,
        "no_worker": job.no_worker,
        "done": job.done,
        "of": job.of,
        "said": job.said,
        "reason": job.reason,
        "asked_at": job.asked_at,
        "began_at": job.began_at,
        "ended_at": job.ended_at,
        "result": {
            "name": result.name,
            "size": result.size,
            "kept_until": result.until.date() if result.until else None,
        }
        if result
        else None,
    }
