"""Where this installation keeps what is its own: the database, secrets, the pinned day of a demonstration."""

import os
import secrets
import tomllib
from pathlib import Path
from typing import Any

CONFIGURATION = "plenum.toml"
SECRET_KEY = "secret_key"  # noqa: S105 - the name of a file


class HomeTrouble(Exception):
    """The folder of this installation cannot be used; the message says why and what to do."""


def home() -> Path:
    """Return the folder of this installation; it need not exist yet.

    `PLENUM_HOME` decides. Without it the user's data folder is used, and for root `/var/lib/plenum`, because
    PostgreSQL runs there as another user who may not enter root's own folder.
    """
    named = os.environ.get("PLENUM_HOME")
    if named:
        return Path(named).expanduser().absolute()
    if os.name == "posix" and os.geteuid() == 0:
        return Path("/var/lib/plenum")
    if os.name == "nt":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "plenum"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "plenum"


def make_home() -> Path:
    """Return the folder of this installation, made if missing; root's lets the user of PostgreSQL pass."""
    folder = home()
    closed = os.name != "posix" or os.geteuid() != 0
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700 if closed else 0o711)
    except OSError as error:
        raise HomeTrouble(
            f"The folder {folder} cannot be made: {error.strerror}. Name another by PLENUM_HOME."
        ) from error
    if not os.access(folder, os.W_OK):
        raise HomeTrouble(f"Nothing can be written to {folder}. Name another folder by PLENUM_HOME.")
    return folder


def write_secret(path: Path, text: str) -> None:
    """Write `text` to `path`, whole or not at all, readable by its owner only."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)


def secret_keys() -> tuple[str, ...]:
    """Return the keys of this installation: the one that signs and seals, made once, then older ones still believed.

    One to a line of the file; a throw-away one if nothing is set up yet.
    """
    path = home() / SECRET_KEY
    kept = path.read_text(encoding="utf-8").split() if path.exists() else []
    return tuple(kept) or (secrets.token_urlsafe(50),)


def add_secret_key() -> None:
    """Let a new key sign and seal from the next start on; the ones before are still believed."""
    write_secret(make_home() / SECRET_KEY, "\n".join((secrets.token_urlsafe(50), *secret_keys())) + "\n")


def drop_old_secret_keys() -> None:
    """Forget every key but the one that signs and seals."""
    write_secret(make_home() / SECRET_KEY, secret_keys()[0] + "\n")


def make_secret_key() -> None:
    """Make the key that signs sessions, unless this installation has one."""
    path = make_home() / SECRET_KEY
    if not path.exists():
        write_secret(path, secrets.token_urlsafe(50) + "\n")


def configuration() -> dict[str, Any]:
    """Return what `plenum.toml` in the home says; empty if there is none."""
    path = home() / CONFIGURATION
    if not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise HomeTrouble(f"{path} cannot be read: {error}.") from error


def setting(name: str, default: str = "") -> str:
    """Return the setting `PLENUM_<name>`: from the environment, else `name` in small letters from `plenum.toml`."""
    found = os.environ.get(f"PLENUM_{name}")
    if found is None:
        found = configuration().get(name.lower(), default)
    return ",".join(map(str, found)) if isinstance(found, list) else str(found).strip()
