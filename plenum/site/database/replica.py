"""Reading from a streaming replica (`DATABASE_REPLICA_URL`), as far as nobody can notice.

Pages and reads of the API are answered from the replica when it has replayed everything that the reader has written,
and lags no more than `PLENUM_REPLICA_LAG_SECONDS`; otherwise, and whenever it is away or refuses, from the primary.
Writes, and whatever belongs to signing in, never go there. For the time of an answer the thread's connection `default`
is one to the replica: every query goes there, and is told for whom (`plenum.access.guard`) as on the primary.

After a write the position in the log of the database is kept for the account, where all web nodes find it.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.core.cache import cache
from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, connections
from django.http import HttpRequest, HttpResponseBase

from plenum.access.guard import reading_from
from plenum.site.home import setting

REPLICA = "replica"
SECONDS_REMEMBERED = 600
"""A replica that is further behind than this is not read from anyway."""
PRIMARY_ONLY = ("/sign-in/", "/sign-out/", "/account/", "/acting-for/", "/invitations/", "/jobs/")
READING = ("GET", "HEAD")

Answer = Callable[[HttpRequest], HttpResponseBase]

log = logging.getLogger("plenum.database")


@dataclass(frozen=True)
class State:
    """How a replica stands: the seconds it lags (None: it receives nothing), and whether it has replayed a position."""

    lag: float | None
    has_replayed: bool


def is_set() -> bool:
    """Whether this installation has a replica."""
    return REPLICA in connections.settings


def most_lag() -> float:
    """The seconds that a replica may lag and still be read from."""
    text = setting("REPLICA_LAG_SECONDS", "5")
    return float(text) if text.replace(".", "", 1).isdigit() else 5.0


def state(after: str = "") -> State:
    """How the replica stands, and whether it has come to the position `after`. DatabaseError if it is away."""
    with connections[REPLICA].cursor() as cursor:
        cursor.execute(
            """SELECT pg_is_in_recovery(), EXISTS (SELECT FROM pg_stat_get_wal_receiver()),
                      CASE WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
                           ELSE extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) END::float,
                      pg_last_wal_replay_lsn() >= coalesce(nullif(%s, ''), '0/0')::pg_lsn""",
            [after],
        )
        in_recovery, receives, lag, has_replayed = cursor.fetchone()
    return State(lag if in_recovery and receives else None, bool(has_replayed))


class Reading:
    """Middleware beside the pages that chooses from where a request is answered."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_set() or not _account(request):
            return self.answer(request)
        if request.method not in READING:
            response = self.answer(request)
            if response.status_code < 500:
                remember(_account(request))
            return response
        if request.path.startswith(PRIMARY_ONLY) or not usable(_account(request)):
            return self.answer(request)
        primary = connections[DEFAULT_DB_ALIAS]
        with reading_from(connections[REPLICA]):
            request.primary = primary  # type: ignore[attr-defined]
            return self.answer(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """Answer once more from the primary what the replica could not: it is away, or there was something to write."""
        primary = getattr(request, "primary", None)
        match = request.resolver_match
        if primary is None or match is None or not isinstance(exception, (DatabaseError, InterfaceError)):
            return None
        log.warning("the replica could not answer; asking the primary")
        connections[REPLICA].close()
        request.primary = None  # type: ignore[attr-defined]
        connections[DEFAULT_DB_ALIAS] = primary
        response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
        return response


def usable(account: int) -> bool:
    """Whether the replica may answer this account now."""
    try:
        found = state(cache.get(_key(account), ""))
    except (DatabaseError, InterfaceError):
        connections[REPLICA].close()
        return False
    return found.lag is not None and found.lag <= most_lag() and found.has_replayed


def remember(account: int) -> None:
    """Keep how far the log of the database had come when the account had written."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_insert_lsn()::text")
        (position,) = cursor.fetchone()
    cache.set(_key(account), position, SECONDS_REMEMBERED)


def _key(account: int) -> str:
    return f"wrote:{account}"


def _account(request: HttpRequest) -> int:
    return int(getattr(getattr(request, "actor", None), "account_id", None) or 0)
