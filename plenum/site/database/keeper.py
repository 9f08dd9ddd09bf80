"""Keeping the embedded server running under the pages: if it dies, it is started again, and the pages go on."""

import logging
import threading
from collections.abc import Callable

from plenum.site.database.embedded import Cluster
from plenum.site.database.trouble import DatabaseTrouble
from plenum.site.database.turns import turn

SECONDS_BETWEEN_LOOKS = 1.0

log = logging.getLogger("plenum.database")


class Keeper:
    """Looks after a cluster from a thread of its own until told to stop.

    `moved` is called when the server had to come back on another port, which those who use it do not know.
    """

    def __init__(self, cluster: Cluster, moved: Callable[[], None]) -> None:
        self.cluster = cluster
        self.moved = moved
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, name="keeper", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more; returns when nothing is being started any more."""
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._ended.wait(SECONDS_BETWEEN_LOOKS):
            if not self.cluster.process_lives():
                self._revive()

    def _revive(self) -> None:
        log.error("the embedded database is gone; starting it again")
        before = self.cluster.access()["port"]
        try:
            with turn(self.cluster.folder):
                self.cluster.start()
        except DatabaseTrouble:
            log.exception("the embedded database does not start; trying again")
            return
        log.warning("the embedded database runs again")
        if self.cluster.access()["port"] != before:
            self.moved()
