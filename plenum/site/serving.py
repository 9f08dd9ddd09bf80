"""Serving the pages: one process that answers, watched by the one that was started."""

import ctypes
import signal
import sys

from django.core.handlers.wsgi import WSGIHandler
from granian.constants import Interfaces
from granian.server.mp import MPServer

DIE_WITH_PARENT = 1
"""PR_SET_PDEATHSIG of Linux: the signal this process gets when its parent is gone."""


class PageServer(MPServer):
    """A server that ends when its terminal closes, where others would only start anew."""

    signal_handler_reload = MPServer.signal_handler_interrupt


def serve_pages(host: str, port: int) -> None:
    """Serve until the process is told to end, or its terminal is closed."""
    PageServer(
        "plenum.site.serving:application",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=8,
        log_enabled=False,
    ).serve()


def application() -> WSGIHandler:
    """Return what answers in the working process, which ends with its watcher even if that is killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGTERM)
    from plenum.site import wsgi

    return wsgi.application
