"""What a program is told when something cannot be done: problems as RFC 9457 writes them."""

import json
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import (
    NON_FIELD_ERRORS,
    BadRequest,
    PermissionDenied,
    RequestDataTooBig,
    ValidationError,
)
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja.errors import AuthenticationError, HttpError
from ninja.errors import ValidationError as Unreadable

from plenum.access.answers import Changed, TooMany
from plenum.directives.actions import DocumentChanged
from plenum.figures.actions import ReturnChanged
from plenum.packs.values import PackLookupError
from plenum.reports.actions import IssuedMeanwhile, ReviewChanged
from plenum.site.api.wrong import sentence
from plenum.targets.actions import TargetChanged

ROOT = "/api/"
MEDIA_TYPE = "application/problem+json"
CONFLICTS = (DocumentChanged, IssuedMeanwhile, ReturnChanged, ReviewChanged, TargetChanged)
"""What acts refuse because somebody else has changed the thing meanwhile."""

Fault = dict[str, str]
"""What is wrong with one field: its name (empty for the whole) and why."""


def is_for_program(request: HttpRequest) -> bool:
    """Whether a request is answered with JSON rather than with pages."""
    return request.path.startswith(ROOT)


def title_of(status: int) -> str:
    """What a problem of this status is called, in the language of the reader."""
    titles = {
        400: _("The request cannot be read."),
        401: _("Sign in, or send a token."),
        403: _("This is not permitted."),
        404: _("There is no such thing here."),
        405: _("This cannot be done here."),
        409: _("Somebody else has changed it meanwhile."),
        413: _("The request is too large."),
        422: _("What was sent cannot be accepted."),
        429: _("This was tried too often."),
    }
    return titles.get(status) or _("Something went wrong.")


KINDS = {
    400: "bad-request",
    401: "not-signed-in",
    403: "not-permitted",
    404: "not-found",
    405: "method-not-allowed",
    409: "changed-meanwhile",
    413: "too-large",
    422: "not-accepted",
    429: "too-many",
}


def problem(
    request: HttpRequest, status: int, detail: str = "", *, errors: Iterable[Fault] = (), **more: Any
) -> HttpResponse:
    """The answer that says what is wrong; `more` are further members of the problem."""
    title = title_of(status)
    body: dict[str, Any] = {
        "type": f"urn:plenum:problem:{KINDS.get(status, 'error')}",
        "title": title,
        "status": status,
        "detail": detail or title,
        "instance": request.path,
    }
    found = list(errors)
    if found:
        body["errors"] = found
    content = json.dumps(body | more, ensure_ascii=True)
    response = HttpResponse(content, content_type=MEDIA_TYPE, status=status)
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def refused(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """422, or 409 when somebody else was faster: what an act refuses, by field."""
    faults = faults_of(error)
    status = 409 if isinstance(error, CONFLICTS) else 422
    return problem(request, status, " ".join(fault["message"] for fault in faults), errors=faults)


def faults_of(error: ValidationError) -> list[Fault]:
    """Each message of an error of an act, with the field it is about."""
    if not hasattr(error, "error_dict"):
        return [{"field": "", "message": str(message)} for message in error.messages]
    return [
        {"field": "" if field == NON_FIELD_ERRORS else field, "message": str(message)}
        for field, messages in error.message_dict.items()
        for message in messages
    ]


def unreadable(request: HttpRequest, error: Unreadable) -> HttpResponse:
    """422: what was sent is not of the form that the description asks for. What was sent is not repeated."""
    faults = [{"field": _field(each["loc"]), "message": sentence(each)} for each in error.errors]
    return problem(request, 422, errors=faults)


def _field(place: Iterable[Any]) -> str:
    """The name of a field, without where it stands in the request: `figures.members_admitted`, `limit`."""
    return ".".join(str(part) for part in list(place)[1:] if part not in ("piece", "told"))


def changed(request: HttpRequest, found: Changed) -> HttpResponse:
    """409, with where the two versions differ."""
    sides = [{"label": side.label, "mine": side.mine, "theirs": side.theirs} for side in found.sides]
    return problem(request, 409, found.what, differences=sides)


def too_many(request: HttpRequest, found: TooMany) -> HttpResponse:
    """429, with when it may be tried again."""
    response = problem(request, 429, found.reason)
    response.headers["Retry-After"] = str(found.wait)
    return response


def answer_to(request: HttpRequest, error: Exception) -> HttpResponse | None:
    """The problem that an error is for a program; None for a fault of ours."""
    match error:
        case Unreadable():
            return unreadable(request, error)
        case ValidationError():
            return refused(request, error)
        case Changed():
            return changed(request, error)
        case TooMany():
            return too_many(request, error)
        case AuthenticationError():
            return problem(request, 401)
        case Http404():
            return problem(request, 404)
        case PermissionDenied():
            return problem(request, 403, str(error))
        case RequestDataTooBig():
            return problem(request, 413)
        case BadRequest():
            return problem(request, 400, str(error))
        case PackLookupError():
            return problem(request, 404, _("The rules of the pack do not reach back to this time."))
        case HttpError() if error.status_code == 400:
            return problem(request, 400, _("What was sent is not valid JSON."))
        case HttpError():
            return problem(request, error.status_code)
    return None
