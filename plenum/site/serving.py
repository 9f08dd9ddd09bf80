"""Serving the pages: working processes that answer, watched by the one that was started."""

import ctypes
import logging
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterable
from typing import Any

from django.db import connections
from granian.constants import Interfaces
from granian.server.mp import MPServer

from plenum.site.database import embedded, opening, resolve
from plenum.site.database.keeper import Keeper
from plenum.site.working.beside import WorkerBeside

DIE_WITH_PARENT = 1
"""PR_SET_PDEATHSIG of Linux: the signal this process gets when its parent is gone."""

THREADS = 8
"""Requests that one working process answers at a time; each may hold a session of the database."""

SECONDS_TO_FINISH = 30
"""How long running requests may take after the server was told to stop."""

COUNTED_TOGETHER = "PROMETHEUS_MULTIPROC_DIR"
LAST_WORDS = b"Plenum could not answer this. Try again in a moment; if it goes on, tell the operator.\n"

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]

log = logging.getLogger("plenum.serving")


class PageServer(MPServer):
    """A server that ends when its terminal closes, where others would only start anew."""

    signal_handler_reload = MPServer.signal_handler_interrupt

    def renew_workers(self) -> None:
        """Replace the working processes by new ones that know where the database is now."""
        opening.point_connections(embedded.NAME, resolve.cluster().access())
        self.reload_signal = True
        self.main_loop_interrupt.set()


def serve_pages(host: str, port: int, workers: int = 1, *, with_worker: bool = False) -> None:
    """Serve until the process is told to end, or its terminal is closed; running requests are finished first.

    ``with_worker``: a worker does jobs beside, in a process of its own, and ends before the database does.
    """
    connections.close_all()
    place = tempfile.mkdtemp(prefix="plenum-counts-")
    os.environ[COUNTED_TOGETHER] = place
    server = PageServer(
        "plenum.site.serving:application",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        respawn_failed_workers=True,
        workers_kill_timeout=SECONDS_TO_FINISH,
        log_enabled=False,
    )
    keeper = Keeper(resolve.cluster(), server.renew_workers) if resolve.is_embedded() else None
    beside = WorkerBeside() if with_worker else None
    if keeper:
        server.on_startup(keeper.start)
    try:
        if beside:
            beside.start()
        server.serve()
    finally:
        if beside:
            beside.stop()
        if keeper:
            keeper.stop()
        shutil.rmtree(place, ignore_errors=True)


def application() -> Application:
    """Return what answers in a working process, which ends with its watcher even if that is killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGTERM)
    from plenum.site import wsgi

    return never_silent(wsgi.application)


def never_silent(inner: Application) -> Application:
    """Answer in words and write it down even when the page that says that something broke breaks."""

    def answer(environment: dict[str, Any], start: Any) -> Iterable[bytes]:
        try:
            return inner(environment, start)
        except Exception:
            log.exception("could not answer, nor say so")
            headers = [
                ("Content-Type", "text/plain; charset=utf-8"),
                ("Content-Length", str(len(LAST_WORDS))),
            ]
            start("500 Internal Server Error", headers, sys.exc_info())
            return [LAST_WORDS]

    return answer
