"""A worker beside the pages, for small installations: a process of its own that is watched and ends with them."""

import ctypes
import logging
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

SECONDS_BETWEEN_LOOKS = 1.0
SECONDS_UNTIL_ANEW = 3.0
SECONDS_TO_END = 40
ROOT = Path(__file__).resolve().parents[3]
DIE_WITH_PARENT = 1

log = logging.getLogger("plenum.jobs")


class WorkerBeside:
    """Keeps a worker running from a thread of its own until told to stop.

    The first is started before the server makes its own processes: a process forked in the same moment would hold the
    pipe by which Python learns that the worker has started, and nobody would watch it.
    """

    def __init__(self) -> None:
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, name="worker beside", daemon=True)

    def start(self) -> None:
        """Begin; to be called before the server is started."""
        self._process = _begin()
        self._thread.start()

    def stop(self) -> None:
        """Let the worker finish or give back what it does; returns when it is gone."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()

    def _look(self) -> None:
        while not self._ended.is_set():
            while self._process.poll() is None and not self._ended.wait(SECONDS_BETWEEN_LOOKS):
                pass
            if not self._ended.is_set():
                log.error("the worker beside the pages is gone; starting it again")
            if not self._ended.wait(SECONDS_UNTIL_ANEW):
                self._process = _begin()
        _end(self._process)


def _begin() -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "plenum", "work", "--beside", str(os.getpid())],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )


def end_with(parent: int) -> None:
    """Let this process be told to stop when the one beside which it works is gone, even if that was killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGTERM)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGTERM)


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
