"""Whether this installation can answer, for a proxy, a monitor or whoever starts it."""

from functools import cache

from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from plenum.site.database import replica


@never_cache
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """200 when the database answers and its tables are those of this program, otherwise 503; says no more."""
    if ready():
        return JsonResponse({"status": "ok", **replica_state()})
    return JsonResponse({"status": "unavailable"}, status=503)


def ready() -> bool:
    """Return whether the database answers and every migration of this program is applied."""
    try:
        applied = set(MigrationRecorder(connection).applied_migrations())
    except (DatabaseError, InterfaceError):
        return False
    return needed() <= applied


def replica_state() -> dict[str, str]:
    """How the replica stands, if there is one: ok, behind, or away; pages are answered in any case."""
    if not replica.is_set():
        return {}
    try:
        lag = replica.state().lag
    except (DatabaseError, InterfaceError):
        return {"replica": "away"}
    return {"replica": "ok" if lag is not None and lag <= replica.most_lag() else "behind"}


@cache
def needed() -> frozenset[tuple[str, str]]:
    """Return every migration of this program, as (room, name)."""
    loader = MigrationLoader(None)
    return frozenset(loader.disk_migrations)
