"""Who uses the embedded server: it starts with its first client and stops with its last.

Every client holds a shared lock on `cluster.lock` while it uses the server. Whoever leaves tries to get the lock for
itself alone: if that succeeds nobody else is there, and it stops the server. A client that crashes loses its lock with
its process, so the server it leaves behind is used, and then stopped, by the next one. `turn.lock` is held only while a
client comes or goes, so that nobody comes in while the last one is leaving. Whose folder was thrown away and made anew
meanwhile leaves the new server alone: the lock it holds is not the one that the new clients hold.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from plenum.site.database.embedded import Cluster


@contextmanager
def turn(folder: Path) -> Iterator[None]:
    """Hold the right to start or stop the server in `folder`; waits for others."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o711 if os.geteuid() == 0 else 0o700)
    descriptor = _open(folder / "turn.lock")
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


class Use:
    """One client's use of a cluster, from `Use(cluster)` to `close()`."""

    def __init__(self, cluster: Cluster, *, create: bool = False) -> None:
        """Make the cluster if `create`, start its server if it does not run, and keep it from stopping."""
        self.cluster = cluster
        self._process = os.getpid()
        with turn(cluster.folder):
            self._descriptor: int | None = _open(cluster.folder / "cluster.lock")
            try:
                fcntl.flock(self._descriptor, fcntl.LOCK_SH)
                if create:
                    cluster.create()
                cluster.start()
            except BaseException:
                os.close(self._descriptor)
                self._descriptor = None
                raise

    def close(self) -> None:
        """Leave; the last one to leave stops the server. In a forked child nothing happens."""
        if self._descriptor is None or os.getpid() != self._process:
            return
        descriptor, self._descriptor = self._descriptor, None
        try:
            with turn(self.cluster.folder):
                if self._is_ours(descriptor) and _alone(descriptor):
                    self.cluster.stop()
        finally:
            os.close(descriptor)

    def _is_ours(self, descriptor: int) -> bool:
        try:
            there = (self.cluster.folder / "cluster.lock").stat()
        except FileNotFoundError:
            return False
        ours = os.fstat(descriptor)
        return (there.st_dev, there.st_ino) == (ours.st_dev, ours.st_ino)


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _alone(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
