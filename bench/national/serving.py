"""The pages of the real server, read by fifty while eight write."""

import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.test import Client

from plenum.access.actions.accounts import create_account
from plenum.access.actions.grants import grant_powers
from plenum.access.actions.tokens import issue_token
from plenum.access.guard import speaking
from plenum.access.models import Account
from plenum.access.queries import account_by_login, actor_of
from plenum.figures.models import Return
from plenum.journal.actor import Actor
from plenum.site.sample.figures import FORM
from plenum.tree.models import Unit

READERS, WRITERS = 50, 8
PATIENCE = 60


@dataclass
class Tally:
    """What the readers and the writers met."""

    taken: list[float] = field(default_factory=list)
    elapsed: float = 0.0
    wrote: int = 0
    errors: list[str] = field(default_factory=list)
    memory: dict[str, float] = field(default_factory=dict)
    by_page: dict[str, list[float]] = field(default_factory=dict)


@dataclass(frozen=True)
class Writer:
    """A secretary and an officer above, with their tokens, and the returns to correct."""

    secretary: str
    officer: str
    code: str
    returns: list[tuple[int, str, int]]


def read_and_write(home: Path, today: date, year: int, duration: float, workers: int) -> Tally:
    """Serve the installation, and let readers and writers at it for so many seconds."""
    pages = _pages(year)
    writers = _writers(today, year)
    port = _free_port()
    environment = os.environ | {"PLENUM_HOME": str(home), "PLENUM_REQUESTS_PER_MINUTE": "0"}
    command = [sys.executable, "-P", "-m", "plenum", "serve", "--port", str(port), "--workers", str(workers)]
    # Its notes go to a file: a pipe that nobody reads is full one day, and every request that notes something hangs.
    notes = home / "bench-server.log"
    with notes.open("wb") as log:
        server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=log)
    try:
        _wait(port, server, notes)
        tally, begun = Tally(), time.perf_counter()
        until = begun + duration
        threads = [
            threading.Thread(target=_read, args=(port, *pages[number % len(pages)], until, tally))
            for number in range(READERS)
        ]
        threads += [threading.Thread(target=_write, args=(port, writer, until, tally)) for writer in writers]
        for thread in threads:
            thread.start()
        time.sleep(duration * 0.8)
        tally.memory = _memory(server.pid, home)
        for thread in threads:
            thread.join()
        tally.elapsed = time.perf_counter() - begun
        return tally
    finally:
        server.terminate()
        server.wait(60)
        notes.unlink()


def _pages(year: int) -> list[tuple[str, str]]:
    """Addresses of boards with the cookie of whoever may see them: the centre, a province, a cell."""
    found = []
    for login in ("trung-uong", "tinh", "chi-bo"):
        account = account_by_login(login)
        with speaking(Actor.system("bench"), date(year + 1, 1, 8)):
            client = Client()
            client.force_login(account)
        cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
        assert account.unit is not None
        found.append((f"/units/{account.unit.code}/board/?period={year}", cookies))
    return found


def _writers(today: date, year: int) -> list[Writer]:
    """Eight secretaries of grassroots organisations all over the country, and the officer of the centre."""
    by, month = Actor.system("bench"), date(year, 6, 1)
    with speaking(by, today):
        officer = _token(account_by_login("trung-uong"), today)
        filed = Return.objects.filter(form=FORM, state="accepted", month__lte=month)
        units = list(filed.order_by("unit_id").values_list("unit_id", flat=True).distinct())
        found = []
        for number in range(WRITERS):
            unit = Unit.objects.get(pk=units[number * len(units) // WRITERS])
            login = f"bench-{number}"
            account = Account.objects.filter(login=login).first() or create_account(
                login, name=login, language="en", unit=unit, on=today, by=by
            )
            if not account.grants.exists():
                grant_powers(account, unit, "secretary", start=today, on=today, by=by)
            own = [
                (returned.pk, returned.period_code, _dues(returned))
                for returned in filed.filter(unit=unit).order_by("month")
            ]
            found.append(Writer(_token(account, today), officer, unit.code, own))
    return found


def _dues(returned: Return) -> int:
    return int(returned.draft.by_slot(returned.form_of_pack)["dues_collected"] or 0)


def _token(account: Account, today: date) -> str:
    actor = actor_of(account)
    with speaking(actor, today):
        chosen = {
            code for grant in account.grants.all() for code in grant.powers if code.startswith("figures.")
        }
        _row, text = issue_token(
            account, name="bench", chosen=sorted(chosen), until=today + timedelta(days=30), on=today, by=actor
        )
    return text


def _read(port: int, path: str, cookies: str, until: float, tally: Tally) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        while time.perf_counter() < until:
            begun = time.perf_counter()
            connection.request("GET", path, headers={"Cookie": cookies})
            answer = connection.getresponse()
            answer.read()
            taken = (time.perf_counter() - begun) * 1000
            if answer.status != 200:
                tally.errors.append(f"GET {path}: {answer.status}")
            tally.taken.append(taken)
            tally.by_page.setdefault(path, []).append(taken)
    except OSError as error:
        tally.errors.append(f"GET {path}: {error!r}")
    finally:
        connection.close()


def _write(port: int, writer: Writer, until: float, tally: Tally) -> None:
    """Correct one return after the other: begin, enter, submit as the unit; accept as the centre."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)

    def ask(method: str, path: str, token: str, told: Any) -> Any:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        connection.request(method, f"/api/{path}", json.dumps(told), headers)
        answer = connection.getresponse()
        said = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{method} {path}: {answer.status} {said[:200].decode(errors='replace')}")
        return json.loads(said)

    try:
        more = 0
        while time.perf_counter() < until:
            more += 1000
            for number, period, dues in writer.returns:
                if time.perf_counter() >= until:
                    break
                begun = ask(
                    "POST", f"returns/{number}/correct", writer.secretary, {"reason": "More dues came in"}
                )
                total = dues + more
                figures = {
                    "dues_collected": total,
                    "dues_kept": total // 2,
                    "dues_passed_up": total - total // 2,
                }
                path = f"units/{writer.code}/returns/{FORM}/{period}"
                told = {"figures": figures, "edition": begun["edition"], "remark": "Illustrative"}
                ask("PUT", path, writer.secretary, told)
                ask("POST", f"returns/{number}/submit", writer.secretary, {})
                ask("POST", f"returns/{number}/accept", writer.officer, {})
                tally.wrote += 4
    except (OSError, RuntimeError, KeyError) as error:
        tally.errors.append(str(error))
    finally:
        connection.close()


def _memory(server: int, home: Path) -> dict[str, float]:
    """Megabytes of every process of the server, and of the database together; shared memory is counted by shares."""
    found = {f"serve {pid}": _megabytes(pid) for pid in [server, *_below(server)]}
    opened = (home / "postgres" / "data" / "postmaster.pid").read_text(encoding="utf-8").split()
    keeper = int(opened[0])
    found["database"] = sum(map(_megabytes, [keeper, *_below(keeper)]))
    found["database_processes"] = len(_below(keeper)) + 1
    return {name: round(size, 1) for name, size in found.items()}


def _below(pid: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text(encoding="utf-8")
            except OSError:
                continue
            if int(stat.rpartition(")")[2].split()[1]) == pid:
                found += [int(entry.name), *_below(int(entry.name))]
    return found


def _megabytes(pid: int) -> float:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8")
    except OSError:
        return 0.0
    return next(int(line.split()[1]) / 1024 for line in text.splitlines() if line.startswith("Pss:"))


def _free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def _wait(port: int, server: "subprocess.Popen[bytes]", notes: Path) -> None:
    until = time.perf_counter() + PATIENCE
    while time.perf_counter() < until:
        if server.poll() is not None:
            raise RuntimeError(f"The server ended: {notes.read_text(errors='replace')}")
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/health")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("The server did not answer")
