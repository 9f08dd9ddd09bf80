"""Noting slow queries: which page or operation asked, how long it took, and the statement without any value in it.

What was looked for never gets into the log: parameters are not written, and what stands in the statement itself as a
text or a number is replaced by a question mark.
"""

import logging
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import Resolver404, resolve

from plenum.site.home import setting

LONGEST = 2_000
_TEXT = re.compile(r"'(?:[^']|'')*'")
_NUMBER = re.compile(r"(?<![\w.$])\d+(?:\.\d+)?\b")

answering: ContextVar[HttpRequest | None] = ContextVar("answering", default=None)
"""The request that this thread answers now."""

log = logging.getLogger("plenum.slow")


@cache
def limit() -> float:
    """The seconds above which a query is noted, by `PLENUM_SLOW_QUERY_MS`; 0 for never."""
    text = setting("SLOW_QUERY_MS", "1000")
    return float(text) / 1000 if text.replace(".", "", 1).isdigit() else 1.0


@contextmanager
def timed(sql: Any) -> Iterator[None]:
    """Note the statement if what is done inside takes too long, also when it fails."""
    most = limit()
    began = time.perf_counter()
    try:
        yield
    finally:
        took = time.perf_counter() - began
        if most and took > most:
            note(sql, took)


def note(sql: Any, seconds: float) -> None:
    """Write a query down and count it."""
    from plenum.site.operations import metrics
    from plenum.site.operations.recording import route_of, seen

    request = answering.get()
    about = (
        {"route": "command"}
        if request is None
        else seen(request) | {"route": _route(request, route_of(request))}
    )
    metrics.SLOW_QUERIES.labels(about["route"]).inc()
    log.warning(
        "slow query", extra=about | {"ms": round(seconds * 1000, 1), "statement": without_values(sql)}
    )


def _route(request: HttpRequest, known: str) -> str:
    """The route of a request, also before it has been led to its page."""
    if request.resolver_match is not None:
        return known
    try:
        return str(resolve(request.path_info).route) or "/"
    except Resolver404:
        return known


def without_values(sql: Any) -> str:
    """A statement in one line, with a question mark for each text and number that stands in it."""
    text = sql if isinstance(sql, str) else f"({type(sql).__name__})"
    shown = _NUMBER.sub("?", _TEXT.sub("?", " ".join(text.split())))
    return shown if len(shown) <= LONGEST else f"{shown[:LONGEST]}…"
