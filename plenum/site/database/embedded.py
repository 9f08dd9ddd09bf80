"""The embedded PostgreSQL: one cluster in one folder, made, started and stopped by whoever uses it."""

import json
import os
import secrets
import shutil
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict, cast

import psycopg

from plenum.site.database.binaries import Caller, caller_for, find_programs, programs_for
from plenum.site.database.trouble import DatabaseTrouble
from plenum.site.home import write_secret

OWNER = "plenum_owner"
WEB = "plenum_web"
NAME = "plenum"
ROOM_NEEDED_MB = 400
LOG_TAIL = 8
ATTEMPTS = 20
STILL_THERE = "pre-existing shared memory block"
"""What a server says while the processes of one that was killed are still ending."""

OPTIONS = ("listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=60", "timezone=UTC")
OPTIONS_FOR_TESTS = (
    *("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=100"),
    "autovacuum=off",  # what tests roll back is swept away between them
)

MEMORY_LIMIT = Path("/sys/fs/cgroup/memory.max")
LEAST_SHARED_MB, MOST_SHARED_MB = 128, 2048

Progress = Callable[[str], None]


class Access(TypedDict):
    """What a client needs to reach the cluster: the port of its last start and the passwords of its two roles."""

    port: int
    owner_password: str
    web_password: str


def read_access(folder: Path) -> Access | None:
    """Return how to reach the cluster in `folder`; None if none was made there."""
    path = folder / "access.json"
    if not path.exists():
        return None
    return cast(Access, json.loads(path.read_text(encoding="utf-8")))


def shared_megabytes() -> int:
    """Return how much memory the server keeps pages in: an eighth of what there is, from 128 MB to 2 GB.

    It is taken only as it is used. Without it, a large installation would fetch every other page anew.
    """
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    if MEMORY_LIMIT.exists() and (limit := MEMORY_LIMIT.read_text().strip()).isdecimal():
        memory = min(memory, int(limit))
    return max(LEAST_SHARED_MB, min(memory // 8 // 2**20, MOST_SHARED_MB))


@dataclass(frozen=True)
class Cluster:
    """A cluster in `folder`; `options` are settings of the server in the form name=value."""

    folder: Path
    options: tuple[str, ...] = ()

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.data / "server.log"

    @property
    def exists(self) -> bool:
        """Whether the cluster was made to its end."""
        return read_access(self.folder) is not None

    def access(self) -> Access:
        """Return how to reach the cluster. Raises DatabaseTrouble if none was made."""
        found = read_access(self.folder)
        if found is None:
            raise DatabaseTrouble(f"There is no database in {self.folder}.")
        return found

    def create(self) -> None:
        """Make the cluster. What an interrupted attempt left is cleared away first."""
        if self.exists:
            return
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o711 if os.geteuid() == 0 else 0o700)
        shutil.rmtree(self.data, ignore_errors=True)
        room = shutil.disk_usage(self.folder).free // 2**20
        if room < ROOM_NEEDED_MB:
            raise DatabaseTrouble(
                f"The disk that holds {self.folder} has {room} MB left; the database needs {ROOM_NEEDED_MB} MB. "
                "Make room, or choose another folder by PLENUM_HOME."
            )
        caller = caller_for(self.folder)
        programs = programs_for(caller, self.folder)
        owner_password = secrets.token_urlsafe(24)
        self.data.mkdir(mode=0o700)
        caller.own(self.data)
        self._initialise(caller, programs, owner_password)
        access = Access(
            port=free_port(), owner_password=owner_password, web_password=secrets.token_urlsafe(24)
        )
        write_secret(self.folder / "access.json", json.dumps(access))

    def _initialise(self, caller: Caller, programs: Path, password: str) -> None:
        password_file = self.folder / ".password"
        write_secret(password_file, password)
        caller.own(password_file)
        try:
            result = caller.run(
                [
                    programs / "initdb",
                    *("-D", self.data, "-U", OWNER, "-E", "UTF8", "--auth=scram-sha-256"),
                    *("--pwfile", password_file, "--data-checksums", "--no-instructions"),
                    *("--locale-provider=builtin", "--builtin-locale=PG_UNICODE_FAST", "--locale=C"),
                    *(("--no-sync",) if "fsync=off" in self.options else ()),
                ]
            )
        finally:
            password_file.unlink(missing_ok=True)
        if result.returncode:
            raise DatabaseTrouble(explain(result.stderr or result.stdout, self.data))

    def running(self) -> bool:
        """Return whether the server of this cluster answers with the owner's password."""
        access = read_access(self.folder)
        if access is None or not (self.data / "postmaster.pid").exists():
            return False
        try:
            psycopg.connect(connection_string(access, "postgres"), connect_timeout=3).close()
        except psycopg.OperationalError:
            return False
        return True

    def start(self) -> None:
        """Start the server if it does not run. The port of its last start is kept if it is still free."""
        if self.running() or self._comes_up():
            return
        self._clear_stale_pid()
        caller = caller_for(self.folder)
        programs = programs_for(caller, self.folder)
        said = ""
        for _attempt in range(ATTEMPTS):
            access = self.access()
            if not port_is_free(access["port"]):
                access["port"] = free_port()
                write_secret(self.folder / "access.json", json.dumps(access))
            room = f"shared_buffers={shared_megabytes()}MB"
            options = " ".join(f"-c {option}" for option in (*OPTIONS, room, *self.options))
            result = caller.run(
                [
                    programs / "pg_ctl",
                    *("-D", self.data, "-w", "-t", "60", "-l", self.log),
                    *("-o", f"-p {access['port']} {options}", "start"),
                ]
            )
            if result.returncode == 0:
                return
            said = self._log_tail() or result.stderr or result.stdout
            if STILL_THERE in said:
                time.sleep(0.5)
            elif "Address already in use" not in said:
                break
        raise DatabaseTrouble(explain(said, self.data))

    def _comes_up(self) -> bool:
        """Wait for a server that was just started by somebody else, or that is recovering, while its process lives."""
        for _attempt in range(100):
            if not self.process_lives():
                return False
            if self.running():
                return True
            time.sleep(0.1)
        raise DatabaseTrouble(explain(f"It runs but does not answer.\n{self._log_tail()}", self.data))

    def stop(self, *, at_once: bool = False) -> None:
        """Stop the server; open transactions are rolled back. `at_once` is for data that is thrown away."""
        caller = caller_for(self.folder)
        programs = programs_for(caller, self.folder)
        mode = "immediate" if at_once else "fast"
        caller.run([programs / "pg_ctl", "-D", self.data, "-w", "-t", "60", "-m", mode, "stop"])

    def _pid(self) -> int | None:
        try:
            return int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return None

    def process_lives(self) -> bool:
        """Return whether the process that the data folder names is a server; whether it answers is not asked."""
        pid = self._pid()
        if pid is None:
            return False
        command = Path(f"/proc/{pid}/cmdline")
        if command.exists():
            return b"postgres" in command.read_bytes()
        if Path("/proc/self").exists():
            return False
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return True
        return True

    def _clear_stale_pid(self) -> None:
        """Remove the mark of a server that is gone, as a power cut or a killed container leaves it."""
        if not self.process_lives():
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _log_tail(self) -> str:
        try:
            lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return ""
        return "\n".join(lines[-LOG_TAIL:])


def connection_string(access: Access, name: str) -> str:
    """Return the owner's connection string to the database `name`."""
    return (
        f"host=127.0.0.1 port={access['port']} user={OWNER} password={access['owner_password']} dbname={name} "
        "application_name=plenum"
    )


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def port_is_free(port: int) -> bool:
    """Return whether a server could listen on `port` of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def explain(said: str, data: Path) -> str:
    """Return what PostgreSQL said, with what to do about it."""
    if "No space left on device" in said:
        remedy = "The disk is full: make room, or choose another folder by PLENUM_HOME."
    elif "Permission denied" in said:
        remedy = (
            "The folder is closed to the user that runs PostgreSQL: choose another folder by PLENUM_HOME."
        )
    elif "incompatible with server" in said:
        remedy = f"The data is of another version of PostgreSQL; the programs used are in {find_programs()}."
    else:
        remedy = "The whole log of the server is the file server.log in that folder."
    return f"The database in {data} does not start.\n{said.strip()}\n{remedy}"
