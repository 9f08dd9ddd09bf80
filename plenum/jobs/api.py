"""The API of jobs: list and read them, cancel one, start one's own again, take its result."""

from typing import Any, Literal

from django.http import Http404
from ninja import Router

from plenum.access.programs import Listed, NumberIn, PieceIn, Told, listed
from plenum.access.requests import AuthedRequest
from plenum.jobs import actions
from plenum.jobs.answers import result_answer
from plenum.jobs.queries import JobView, chosen, job_view, job_views, own, shown
from plenum.jobs.rows import JobRow, job_row

router = Router()

StateIn = Literal["waiting", "running", "finished", "failed", "refused", "cancelled"]
FILE = {
    "description": "The file.",
    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
}


class Nothing(Told):
    """Nothing needs to be said."""


@router.get("/jobs", response=Listed[JobRow], operation_id="list_jobs", summary="Jobs, the newest first")
def list_jobs(
    request: AuthedRequest, piece: PieceIn, state: StateIn | None = None, mine: bool = False
) -> Any:
    """One's own, and those of the units where one may see which jobs run."""
    today = request.lens.today
    found = chosen(own(request.actor) if mine else shown(request.actor, today), state=state or "")
    total = found.count()
    views = job_views(
        found[piece.offset : piece.offset + piece.limit] if piece.offset < total else [], request.actor, today
    )
    return listed([job_row(view) for view in views], piece, total)


@router.get("/jobs/{number}", response=JobRow, operation_id="read_job", summary="How far a job is")
def read_job(request: AuthedRequest, number: NumberIn) -> Any:
    """Ask again every few seconds until it has ended."""
    return job_row(_job(request, number))


@router.post("/jobs/{number}/cancel", response=JobRow, operation_id="cancel_job", summary="Cancel a job")
def cancel_job(request: AuthedRequest, number: NumberIn, told: Nothing) -> Any:
    """What waits never begins; what runs ends at its next step and takes everything back."""
    _job(request, number)
    actions.cancel(number, on=request.lens.today, by=request.actor)
    return job_row(_job(request, number))


@router.post(
    "/jobs/{number}/start-again",
    response=JobRow,
    operation_id="start_job_again",
    summary="Start one's own job once more that has not ended well",
)
def start_job_again(request: AuthedRequest, number: NumberIn, told: Nothing) -> Any:
    """It is done with the powers that one has now."""
    _job(request, number)
    actions.start_again(number, on=request.lens.today, by=request.actor)
    return job_row(_job(request, number))


@router.get(
    "/jobs/{number}/result",
    response={200: None},
    operation_id="download_result",
    summary="The file that one's own job has left",
    openapi_extra={"responses": {200: FILE}},
)
def download_result(request: AuthedRequest, number: NumberIn) -> Any:
    """404 if it has left none, it is not one's own, or its days are over."""
    return result_answer(request, number)


def _job(request: AuthedRequest, number: int) -> JobView:
    found = job_view(number, request.actor, request.lens.today)
    if found is None:
        raise Http404
    return found
