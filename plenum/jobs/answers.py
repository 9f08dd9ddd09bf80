"""The result of a job as an answer, for pages and programs alike."""

from django.http import Http404, StreamingHttpResponse
from django.utils.http import content_disposition_header

from plenum.access.requests import AuthedRequest
from plenum.access.streams import after_the_request
from plenum.jobs.queries import pieces_of, result_of


def result_answer(request: AuthedRequest, pk: int) -> StreamingHttpResponse:
    """The bytes of the result of a job; Http404 if there is none for whoever asks."""
    file = result_of(pk, request.actor, request.lens.today)
    if file is None:
        raise Http404
    pieces = after_the_request(pieces_of(file), actor=request.actor, on=request.lens.today)
    response = StreamingHttpResponse(pieces, content_type=file.media_type)
    response["Content-Length"] = str(file.size)
    response["Content-Disposition"] = content_disposition_header(True, file.name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response
