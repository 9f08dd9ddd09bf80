"""What is examined of the installation itself: its programs, its database, its files and its settings."""

import os
import shutil
import stat
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import psycopg
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection

from plenum.periods.findings import Check, Finding
from plenum.site import demonstration
from plenum.site.clock import pinned_day
from plenum.site.database import opening, replica, resolve, roles
from plenum.site.database.binaries import MAJOR
from plenum.site.home import CONFIGURATION, SECRET_KEY, configuration, home, secret_keys, setting
from plenum.site.operations import backup, health, tables

OLDEST_PYTHON = (3, 11)
ROOM_NEEDED_MB = 500
CLOCKS_APART = 60
DAY = 24 * 3600
DAYS_WITHOUT_BACKUP = "7"
SECRETS = frozenset({"metrics_token", "oidc_client_secret"})
"""Settings in `plenum.toml` that nobody else may read."""


def _programs() -> Iterator[Finding]:
    """Python, and the server that answers."""
    if sys.version_info[:2] < OLDEST_PYTHON:
        yield Finding(f"Python is {sys.version.split()[0]}.", "Install Python 3.11 or newer.")
    connection.ensure_connection()
    version = connection.connection.info.server_version
    if version < MAJOR * 10000:
        yield Finding(
            f"PostgreSQL is {version // 10000}.{version % 10000}.", f"Use PostgreSQL {MAJOR} or newer."
        )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('fsync') = 'on' AND current_setting('full_page_writes') = 'on'"
        )
        if cursor.fetchone() != (True,):
            yield Finding(
                "PostgreSQL does not wait for the disk: a power cut can destroy everything.",
                "Set fsync and full_page_writes to on in postgresql.conf and restart PostgreSQL.",
            )


def _migrations() -> Iterator[Finding]:
    """Tables as this program needs them, and none that a later one has changed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        applied = {(room, name) for room, name in cursor.fetchall()}
    for room, name in sorted(health.needed() - applied):
        yield Finding(f"The migration {room} {name} is not applied.", "Run: ./dev plenum upgrade")
    ours = set(settings.ROOMS)
    for room, name in sorted(each for each in applied - health.needed() if each[0] in ours):
        yield Finding(
            f"The tables have the migration {room} {name}, which this program does not know.",
            "Install the newer Plenum that made it, or restore a backup of this version.",
        )


def _web_role() -> Iterator[Finding]:
    """The role of the pages may do to each table what its model allows, and no more."""
    role = str(connection.settings_dict["USER"])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, array_remove(ARRAY["
            " CASE WHEN has_table_privilege(oid, 'SELECT') THEN 'SELECT' END,"
            " CASE WHEN has_any_column_privilege(oid, 'INSERT') THEN 'INSERT' END,"
            " CASE WHEN has_any_column_privilege(oid, 'UPDATE') THEN 'UPDATE' END,"
            " CASE WHEN has_table_privilege(oid, 'DELETE') THEN 'DELETE' END,"
            " CASE WHEN has_table_privilege(oid, 'TRUNCATE') THEN 'TRUNCATE' END], NULL)"
            " FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname"
        )
        allowed = roles.allowed_on_tables()
        for table, rights in cursor.fetchall():
            for right in sorted(set(rights) - set(allowed.get(table, ()))):
                yield Finding(
                    f"The role {role} of the pages may {right} in {table}.",
                    "Run ./dev plenum migrate: it grants what is right and revokes the rest.",
                )
            for right in sorted(set(allowed.get(table, ())) - set(rights)):
                yield Finding(
                    f"The role {role} of the pages may not {right} in {table}.", "Run: ./dev plenum migrate"
                )


def _guards() -> Iterator[Finding]:
    """Triggers, rules and indexes stand as the migrations have made them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relation.relname, trigger.tgname FROM pg_trigger trigger"
            " JOIN pg_class relation ON relation.oid = trigger.tgrelid"
            " WHERE trigger.tgenabled = 'D' AND relation.relnamespace = 'public'::regnamespace ORDER BY 1, 2"
        )
        for table, trigger in cursor.fetchall():
            yield Finding(
                f"The guard {trigger} of the table {table} is switched off.",
                f"As the owner: ALTER TABLE {table} ENABLE TRIGGER {trigger}; then find out who did it.",
            )
        cursor.execute(
            "SELECT relation.relname, entry.conname FROM pg_constraint entry"
            " JOIN pg_class relation ON relation.oid = entry.conrelid"
            " WHERE entry.connamespace = 'public'::regnamespace AND NOT (entry.convalidated AND entry.conenforced)"
        )
        for table, constraint in cursor.fetchall():
            yield Finding(
                f"The rule {constraint} of the table {table} is not enforced on all rows.",
                f"As the owner: ALTER TABLE {table} VALIDATE CONSTRAINT {constraint}; correct what it refuses.",
            )
        cursor.execute(
            "SELECT indexrelid::regclass::text FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid"
            " WHERE relnamespace = 'public'::regnamespace AND NOT (indisvalid AND indisready)"
        )
        for (index,) in cursor.fetchall():
            yield Finding(f"The index {index} is not valid.", f"As the owner: REINDEX INDEX {index}")


def _files() -> Iterator[Finding]:
    """What is secret can be read by its owner only."""
    if os.name != "posix":
        return
    for path in (
        home() / SECRET_KEY,
        home() / resolve.WEB_PASSWORD,
        resolve.cluster().folder / "access.json",
    ):
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            yield Finding(f"Others may read {path}.", f"Run: chmod 600 {path}")
    key = home() / SECRET_KEY
    if not key.exists():
        yield Finding(
            f"There is no {key}: everybody is signed out at every start.", "Run: ./dev plenum setup"
        )
    elif len(secret_keys()[0]) < 40:
        yield Finding(
            f"The key in {key} is too short to be safe.", "Remove the file and run: ./dev plenum setup"
        )
    path = home() / CONFIGURATION
    if path.exists() and SECRETS & configuration().keys() and stat.S_IMODE(path.stat().st_mode) & 0o077:
        yield Finding(f"Others may read {path}, which holds a secret.", f"Run: chmod 600 {path}")


def _room() -> Iterator[Finding]:
    """Enough room on the disk for the home and, if it is ours, the database."""
    free = shutil.disk_usage(home()).free // 2**20
    if free < ROOM_NEEDED_MB:
        yield Finding(
            f"The disk that holds {home()} has {free} MB left.",
            f"Make room: Plenum needs {ROOM_NEEDED_MB} MB to go on safely. Old backups are in {home() / 'backups'}.",
        )


def _clock() -> Iterator[Finding]:
    """The clock of this machine and that of the database agree; a day that stands still belongs to a demonstration."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())::float")
        (there,) = cursor.fetchone() or (0.0,)
    apart = abs(time.time() - there)
    if apart > CLOCKS_APART:
        yield Finding(
            f"The clocks of this machine and of the database are {apart:.0f} seconds apart.",
            "Let both keep the time by NTP.",
        )
    if pinned_day() and demonstration.state() is None:
        yield Finding(
            f"The clock stands still on {pinned_day()}, but this is no demonstration.",
            f"Unset PLENUM_TODAY, and remove “today” from {home() / CONFIGURATION}.",
        )


def _address() -> Iterator[Finding]:
    """The settings of where people reach the pages go together."""
    place = settings.ADDRESS
    if setting("HSTS_SECONDS", "0") != "0" and not place.secure:
        yield Finding(
            "PLENUM_HSTS_SECONDS is set, but PLENUM_ADDRESS is not https.",
            "Set PLENUM_ADDRESS=https://… too.",
        )
    if "*" in place.hosts:
        yield Finding("The pages answer for any host name.", "Name the hosts in PLENUM_HOSTS one by one.")
    if any(network.prefixlen == 0 for network in place.proxies):
        yield Finding(
            "Everybody is trusted as a proxy: anybody can claim any address.",
            "Name in PLENUM_PROXIES only the addresses of your proxies.",
        )
    if place.origin and not place.secure and not place.origin.startswith(("http://localhost", "http://127.")):
        yield Finding(
            f"Passwords travel unencrypted to {place.origin}.",
            "Let the proxy speak HTTPS, and set PLENUM_ADDRESS to it.",
        )
    if not resolve.is_embedded() and not connection.connection.info.pgconn.ssl_in_use:
        where = str(connection.settings_dict["HOST"])
        if where and not where.startswith(("/", "127.", "localhost", "::1")):
            yield Finding(
                f"The connection to the database at {where} is not encrypted.",
                "Add ?sslmode=verify-full to DATABASE_URL.",
            )


def _backups() -> Iterator[Finding]:
    """A backup was made lately; demonstrations and empty installations need none."""
    days = int(setting("BACKUP_DAYS", DAYS_WITHOUT_BACKUP))
    if not days or demonstration.state() is not None:
        return
    with psycopg.connect(opening.owner_conninfo()) as owner:
        if not tables.holding(owner):
            return
    last = backup.last()
    remedy = "Run: ./dev plenum backup FILE, every night; docs/operations.md shows how."
    if last is None:
        yield Finding("There has never been a backup.", remedy)
    elif time.time() - last.made > days * DAY:
        when = datetime.fromtimestamp(last.made, UTC).date().isoformat()
        yield Finding(f"The last backup is of {when}.", remedy)


def _replica() -> Iterator[Finding]:
    """The replica, if there is one, receives and keeps up."""
    if not replica.is_set():
        return
    remedy = (
        "Pages are answered from the primary meanwhile. See to the replica, or unset DATABASE_REPLICA_URL."
    )
    try:
        lag = replica.state().lag
    except (DatabaseError, InterfaceError):
        yield Finding("The replica of DATABASE_REPLICA_URL does not answer.", remedy)
        return
    if lag is None:
        yield Finding("The server of DATABASE_REPLICA_URL receives nothing from the primary.", remedy)
    elif lag > replica.most_lag():
        yield Finding(f"The replica is {lag:.0f} seconds behind.", remedy)


CHECKS = (
    Check("site.programs", "Python and PostgreSQL", _programs),
    Check("site.migrations", "Tables fit the program", _migrations),
    Check("site.web_role", "What the pages may do in the database", _web_role),
    Check("site.guards", "Guards in the database are on", _guards),
    Check("site.replica", "Replica", _replica),
    Check("site.files", "Secrets are readable by their owner only", _files),
    Check("site.room", "Room on the disk", _room),
    Check("site.clock", "Clocks", _clock),
    Check("site.address", "Address, hosts and proxies", _address),
    Check("site.backups", "Backups", _backups),
)
