"""Killed in the middle of a hundred submissions: it comes back with exactly those that it had confirmed."""

import sys
import threading
from collections.abc import Callable

import httpx
import pytest

from tests.faults.installation import Served, settles

UNITS = ("hill-school", "hill-river", "coast-port")
HUNDRED = 100
KILLED_AFTER = 35

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are found as Linux lists them")


def killed_server(served: Served) -> None:
    served.kill_server()
    served.start()


def killed_database(served: Served) -> None:
    """Nobody starts it again but the server itself, under which the pages go on."""
    served.kill_database()
    assert settles(served.healthy, 40)
    assert served.process
    assert served.process.poll() is None


def killed_both(served: Served) -> None:
    """The worth of a power cut: nothing of it is left running."""
    served.kill_server()
    served.kill_database()
    served.start()


class Clerks:
    """People who submit at the same time, and write down what was confirmed to them."""

    def __init__(self, served: Served) -> None:
        self.served = served
        self.confirmed: set[tuple[str, str]] = set()
        self.unknown: set[tuple[str, str]] = set()
        self.enough = threading.Event()
        self.go_on = threading.Event()
        self.wrong: list[str] = []
        months = [f"20{year}-{month:02}" for year in (21, 22, 23) for month in range(1, 13)]
        self.work = {code: months[: HUNDRED // 3 + (code == UNITS[0])] for code in UNITS}
        self.threads = [threading.Thread(target=self._submit_all, args=[code]) for code in UNITS]

    def _submit_all(self, code: str) -> None:
        try:
            with self.served.client(code) as client:
                for period in self.work[code]:
                    if not self._submit(client, code, period):
                        assert self.enough.is_set(), f"{code} {period} is not taken before anything is killed"
                        self.go_on.wait(60)
                        assert self._submit(client, code, period), f"{code} {period} is not taken afterwards"
        except Exception as error:
            self.wrong.append(f"{code}: {error!r}")
            self.enough.set()

    def _submit(self, client: httpx.Client, code: str, period: str) -> bool:
        """Whether it was confirmed. What has come through without a word shows itself as submitted already."""
        try:
            answer = self.served.submit(client, code, period)
        except httpx.HTTPError:
            self.unknown.add((code, period))
            return False
        if answer.status_code != 302 or "/returns/" not in answer.headers["Location"]:
            self.unknown.add((code, period))
            return False
        self.confirmed.add((code, period))
        if len(self.confirmed) >= KILLED_AFTER:
            self.enough.set()
        return True


@pytest.mark.parametrize("kill", [killed_server, killed_database, killed_both])
def test_nothing_confirmed_is_lost_and_nothing_half_done_is_left(
    served: Served, kill: Callable[[Served], None]
) -> None:
    before = served.submitted()
    clerks = Clerks(served)
    for thread in clerks.threads:
        thread.start()
    assert clerks.enough.wait(60)
    assert clerks.wrong == []
    kill(served)
    assert settles(lambda: len(clerks.unknown) == len(UNITS) or not any_alive(clerks), 30), "nobody noticed"
    confirmed = set(clerks.confirmed)
    assert KILLED_AFTER <= len(confirmed) < HUNDRED, "killed in the middle"
    there = served.submitted() - before
    assert confirmed <= there, f"lost: {sorted(confirmed - there)}"
    assert there <= confirmed | clerks.unknown, f"from nowhere: {sorted(there - confirmed)}"
    assert not (confirmed & clerks.unknown)

    clerks.go_on.set()
    for thread in clerks.threads:
        thread.join(60)
    assert clerks.wrong == []
    assert served.submitted() - before == {(code, period) for code in UNITS for period in clerks.work[code]}
    assert len(clerks.confirmed) == HUNDRED
    assert served.stop() == 0
    examined = served.doctor()
    assert examined.returncode == 0, examined.stdout


def any_alive(clerks: Clerks) -> bool:
    return any(thread.is_alive() for thread in clerks.threads)
