"""Jobs, as the API answers."""

from typing import TypedDict


class JobFile(TypedDict):
    """The file that a job has left."""

    name: str
    size: int
    kept_until: str | None


class Job(TypedDict):
    """A job: how far it is, what came of it."""

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
    asked_at: str
    began_at: str | None
    ended_at: str | None
    result: JobFile | None
