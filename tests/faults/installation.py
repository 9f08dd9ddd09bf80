"""An installation that is served in a process of its own, filled, and asked over HTTP like by a browser."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import httpx
import psycopg

from plenum.site.database import embedded
from plenum.site.database.embedded import Cluster, free_port
from plenum.site.tests.installations import Installation, ReadyHomes, set_up
from tests.cast import DAY
from tests.faults.seed import FORM

HIDDEN = re.compile(r'<input type="hidden" name="(\w+)"(?: value="([^"]*)")?')
SLOT = re.compile(r'<input type="text" name="(\w+)"')


REHEARSAL = {"PLENUM_TODAY": DAY.isoformat(), "PLENUM_LOG": "json", "PLENUM_SECOND_FACTOR": "optional"}
COOKIES = "cookies.json"


def fill_copy(ready_homes: ReadyHomes, home: Path) -> dict[str, str]:
    """Make a home that is filled with the cast and more; the cookies of those who may submit, by unit."""

    def fill(draft: Path) -> None:
        """Fill it as a command would."""
        ready_homes.copy("set-up", draft, set_up)
        done = subprocess.run(
            [sys.executable, "-P", "-m", "tests.faults.seed"],
            env=Installation(draft, REHEARSAL).environment(),
            cwd="/",
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        (draft / COOKIES).write_text(done.stdout, encoding="utf-8")

    ready_homes.copy("filled", home, fill)
    return dict(json.loads((home / COOKIES).read_text(encoding="utf-8")))


@dataclass
class Served:
    """A filled installation that can be started, killed and asked; the cookies are of those who may submit, by unit."""

    installation: Installation
    cookies: dict[str, str]
    port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def cluster(self) -> Cluster:
        return Cluster(self.installation.home / "postgres")

    def start(self) -> None:
        """Serve it, and wait until it is healthy."""
        self.process = subprocess.Popen(
            self.installation.command("serve", "--port", str(self.port)),
            env=self.installation.environment(),
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        assert settles(self.healthy, 40), "the server does not become healthy"

    def healthy(self) -> bool:
        try:
            with urlopen(self.address("health"), timeout=5) as answer:  # noqa: S310 - our own server
                return bool(answer.status == 200)
        except (URLError, ConnectionError, HTTPException, TimeoutError):
            return False

    def address(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}/{path}"

    def stop(self) -> int:
        """End the server in order."""
        assert self.process
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=60)

    def kill_server(self) -> None:
        """Kill the pages without a word: the watcher first, then those who answer."""
        assert self.process
        answering = children_of(self.process.pid)
        for pid in (self.process.pid, *answering):
            kill(pid)
        self.process.wait(timeout=20)
        assert settles(lambda: not any(map(alive, answering)), 20)

    def kill_database(self) -> None:
        """Kill PostgreSQL without a word: every process of it."""
        postmaster = int((self.cluster.data / "postmaster.pid").read_text().split("\n", 1)[0])
        everyone = [postmaster, *children_of(postmaster)]
        for pid in everyone:
            kill(pid)
        assert settles(lambda: not any(map(alive, everyone)), 20)

    def client(self, code: str) -> httpx.Client:
        """A browser of somebody who may submit for the unit."""
        return httpx.Client(
            base_url=self.address(""),
            cookies={"plenum_session": self.cookies[code], "plenum_language": "en"},
            timeout=20,
        )

    def submit(self, client: httpx.Client, code: str, period: str) -> httpx.Response:
        """Open the form of a return, fill it with zeros and submit it; what the server answers to that.

        The form of what has been submitted already leads to the return itself.
        """
        place = f"units/{code}/returns/{FORM}/{period}/"
        page = client.get(place)
        if page.is_redirect:
            return page
        page.raise_for_status()
        sent = {name: unescape(value) for name, value in HIDDEN.findall(page.text)}
        for name in SLOT.findall(page.text.split('class="sheet-fields"', 1)[1]):
            sent.setdefault(name, "0")
        return client.post(place, data=sent | {"deed": "submit"}, headers={"Referer": self.address(place)})

    @contextmanager
    def sql(self) -> Iterator["psycopg.Connection[Any]"]:
        """A connection of the owner."""
        with psycopg.connect(embedded.connection_string(self.cluster.access(), embedded.NAME)) as connection:
            yield connection

    def doctor(self) -> "subprocess.CompletedProcess[str]":
        """Examine it, but for what is no fault of a rehearsal: the pinned clock, and that there is no backup."""
        more = self.installation.more | {"PLENUM_BACKUP_DAYS": "0"}
        more.pop("PLENUM_TODAY", None)
        return Installation(self.installation.home, more).run("doctor")

    def submitted(self) -> set[tuple[str, str]]:
        """What the database holds as submitted, by unit and period, each whole: one version, one step, one entry."""
        with self.sql() as connection:
            rows = connection.execute(
                "SELECT unit.code, filed.period_code,"
                " (SELECT count(*) FROM figures_version v WHERE v.return_id = filed.id),"
                " (SELECT count(*) FROM figures_step s WHERE s.return_id = filed.id AND s.what = 'submit'),"
                " (SELECT count(*) FROM journal_entry e WHERE e.act = 'figures.submit_return'"
                "  AND e.subject = 'figures.Return:' || filed.id)"
                " FROM figures_return filed JOIN tree_unit unit ON unit.id = filed.unit_id"
                " WHERE filed.state = 'submitted'"
            ).fetchall()
        assert [row for row in rows if row[2:] != (1, 1, 1)] == []
        return {(code, period) for code, period, *_counts in rows}


def children_of(pid: int) -> list[int]:
    """The processes that a process has started, as Linux lists them."""
    found = []
    for each in Path(f"/proc/{pid}/task").glob("*/children"):
        found += [int(child) for child in each.read_text().split()]
    return found


def kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def alive(pid: int) -> bool:
    """Whether a process is there and more than a remembrance of its end."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1][0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def settles(condition: Callable[[], bool], seconds: float) -> bool:
    """Whether a condition comes true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False
