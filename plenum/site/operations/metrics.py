"""Figures for monitoring in the format of Prometheus: how it runs, never who does what."""

import os
import secrets
from collections.abc import Iterable

from django.db import DatabaseError, InterfaceError, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import REGISTRY, Collector

from plenum.access.guard import speaking
from plenum.access.requests import client_address
from plenum.figures.models import Return
from plenum.figures.rules import State
from plenum.jobs.queries import queue_standing
from plenum.journal.actor import Actor
from plenum.site.clock import today
from plenum.site.database import replica
from plenum.site.home import setting
from plenum.site.proxy import came_directly

SHARED = "PROMETHEUS_MULTIPROC_DIR"
"""The variable that names the folder in which several working processes count together."""

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

REQUESTS = Counter("plenum_requests", "Requests answered.", ["route", "method", "status"])
DURATIONS = Histogram("plenum_request_seconds", "Seconds until an answer.", ["route"], buckets=SECONDS)

SLOW_QUERIES = Counter(
    "plenum_slow_queries", "Queries that took longer than PLENUM_SLOW_QUERY_MS.", ["route"]
)


def count_request(route: str, method: str, status: int, seconds: float) -> None:
    """Count one answer; a method that nobody knows is counted as `OTHER`."""
    REQUESTS.labels(route, method if method in METHODS else "OTHER", str(status)).inc()
    DURATIONS.labels(route).observe(seconds)


class Counted(Collector):
    """What is counted in the database when somebody asks."""

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """Yield the gauges; without a database only that it does not answer."""
        up = GaugeMetricFamily("plenum_database_up", "Whether the database answers.")
        try:
            with speaking(Actor.system("metrics"), today()), connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
                (sessions,) = cursor.fetchone() or (0,)
                cursor.execute("SELECT pg_database_size(current_database())")
                (size,) = cursor.fetchone() or (0,)
                waiting = Return.objects.filter(state=State.SUBMITTED).count()
                queue = queue_standing()
        except DatabaseError:
            up.add_metric([], 0)
            return [up]
        up.add_metric([], 1)
        return [
            up,
            GaugeMetricFamily("plenum_database_connections", "Sessions in the database.", value=sessions),
            GaugeMetricFamily("plenum_database_bytes", "Size of the database.", value=size),
            *of_replica(),
            GaugeMetricFamily("plenum_returns_waiting", "Returns waiting for acceptance.", value=waiting),
            GaugeMetricFamily("plenum_jobs_waiting", "Jobs waiting for a worker.", value=queue.waiting),
            GaugeMetricFamily("plenum_jobs_running", "Jobs that a worker is doing.", value=queue.running),
            GaugeMetricFamily(
                "plenum_jobs_failed", "Jobs that have failed within a week.", value=queue.failed
            ),
            GaugeMetricFamily("plenum_workers", "Workers heard of within a minute.", value=queue.workers),
        ]


def of_replica() -> list[GaugeMetricFamily]:
    """Whether the replica receives what is written, and how far it is behind; nothing without one."""
    if not replica.is_set():
        return []
    try:
        lag = replica.state().lag
    except (DatabaseError, InterfaceError):
        lag = None
    up = GaugeMetricFamily("plenum_replica_up", "Whether the replica receives.", value=float(lag is not None))
    if lag is None:
        return [up]
    return [
        up,
        GaugeMetricFamily("plenum_replica_lag_seconds", "Seconds that the replica is behind.", value=lag),
    ]


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The figures, for this machine itself and for whoever has the token; for others the page does not exist."""
    if not _allowed(request):
        raise Http404
    registry = CollectorRegistry()
    if SHARED in os.environ:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        own = generate_latest(registry)
    else:
        own = generate_latest(REGISTRY)
    counted = CollectorRegistry()
    counted.register(Counted())
    return HttpResponse(own + generate_latest(counted), content_type=CONTENT_TYPE_LATEST)


def _allowed(request: HttpRequest) -> bool:
    token = setting("METRICS_TOKEN")
    if token:
        said = request.headers.get("Authorization", "")
        return secrets.compare_digest(said.encode(), f"Bearer {token}".encode())
    return came_directly(request) and client_address(request) in ("127.0.0.1", "::1")
