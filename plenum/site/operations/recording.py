"""Every request gets a number, is timed and is written down: which page, for which account, how it went; never more.

Neither the address nor what was asked or sent is written: addresses can hold secrets, such as a one-time link.
"""

import logging
import re
import secrets
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from plenum.site.operations import metrics
from plenum.site.operations.slow import answering

SANE = re.compile(r"[A-Za-z0-9._-]{8,64}")
UNKNOWN = "unknown address"
QUIET = frozenset({"health", "metrics", "static"})
"""Asked so often that nobody would find the rest."""

log = logging.getLogger("plenum.requests")


class Recorded:
    """Number, time, count and write down every request. `request.request_id` is its number."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        said = request.headers.get("X-Request-ID", "")
        number = said if SANE.fullmatch(said) else secrets.token_hex(8)
        request.request_id = number  # type: ignore[attr-defined]
        token = answering.set(request)
        try:
            response = self.answer(request)
        finally:
            answering.reset(token)
        response.headers["X-Request-ID"] = number
        took = time.perf_counter() - began
        route = route_of(request)
        metrics.count_request(route, request.method or "", response.status_code, took)
        if route not in QUIET:
            log.info(
                "answered",
                extra=seen(request) | {"status": response.status_code, "ms": round(took * 1000, 1)},
            )
        return response


def seen(request: HttpRequest) -> dict[str, object]:
    """Return what may be written down of a request: its number, method, route, and the number of the account."""
    actor = getattr(request, "actor", None)
    return {
        "request_id": getattr(request, "request_id", None),
        "method": request.method,
        "route": route_of(request),
        "account": getattr(actor, "account_id", None),
    }


def route_of(request: HttpRequest) -> str:
    """Return the pattern that the address fits, such as `units/<slug:code>/`, never the address itself."""
    match = request.resolver_match
    if match is not None:
        return str(match.route) or "/"
    return "static" if request.path.startswith(settings.STATIC_URL) else UNKNOWN
