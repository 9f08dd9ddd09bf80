"""Opening the database of this installation for a process, and setting it up."""

import atexit
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.apps import apps
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from psycopg import sql
from psycopg.conninfo import make_conninfo

from plenum.site.database import embedded, resolve, roles
from plenum.site.database.trouble import DatabaseTrouble
from plenum.site.database.turns import Use
from plenum.site.home import home, make_home, make_secret_key

Progress = Callable[[str], None]


def open_database() -> None:
    """Make the database usable by this process until it ends. Raises DatabaseTrouble if none was set up."""
    if not resolve.is_embedded():
        resolve.refuse_unfit_server(resolve.parsed(os.environ["DATABASE_URL"], "DATABASE_URL"))
    elif not resolve.cluster().exists:
        raise DatabaseTrouble(
            f"Nothing is set up in {home()} yet. "
            "`./dev demo` sets up a demonstration, `./dev plenum setup` an empty installation."
        )
    else:
        _use(create=False)


def set_up(progress: Progress) -> None:
    """Make what this installation lacks: home, server, database, tables, the rights of the web role."""
    make_empty(progress)
    progress("Bringing the tables up to date")
    migrate()


def make_empty(progress: Progress) -> None:
    """Make what this installation lacks, but for the tables: home, server, database, the web role."""
    make_home()
    make_secret_key()
    if resolve.is_embedded():
        progress("Starting the embedded database")
        _use(create=True)
        _make_database()
    else:
        resolve.make_web_password()
        resolve.refuse_unfit_server(resolve.parsed(os.environ["DATABASE_URL"], "DATABASE_URL"))
        point_connections(embedded.NAME)
    make_web_role()


def make_web_role() -> None:
    """Make the role of the pages unless somebody else has; refuse one that may do too much."""
    web = connections.settings["default"]
    with psycopg.connect(owner_conninfo(), autocommit=True) as connection:
        if not os.environ.get("DATABASE_WEB_URL"):
            roles.make_web_role(connection, web["USER"], web["PASSWORD"])
        roles.refuse_mighty_role(connection, web["USER"])


def migrate() -> None:
    """Bring the tables up to date as the owner, then give the web role what the models allow."""
    make_web_role()
    call_command("migrate", database="owner", verbosity=0, interactive=False)
    with psycopg.connect(owner_conninfo()) as connection:
        roles.grant_web_role(connection, connections.settings["default"]["USER"])


def unapplied_migrations() -> bool:
    """Return whether the tables are older than the program."""
    executor = MigrationExecutor(connections["default"])
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def refuse_company(connection: "psycopg.Connection[Any]") -> None:
    """Raise DatabaseTrouble if another session than `connection` uses the database."""
    others = connection.execute(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    ).fetchone()
    if others and others[0]:
        raise DatabaseTrouble(
            "Plenum is running on this data in another process. Stop it first, then try again."
        )


def empty_schema(connection: "psycopg.Connection[Any]") -> None:
    """Drop everything that the database holds."""
    connection.execute("DROP SCHEMA public CASCADE")
    connection.execute("CREATE SCHEMA public")


def changes_without_migration() -> list[str]:
    """Return what models have that no migration makes, one line each. Needs no database."""
    loader = MigrationLoader(None)
    detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
    return [
        f"{label}: {operation.describe()}"
        for label, found in sorted(detector.changes(graph=loader.graph).items())
        if apps.get_app_config(label).name.startswith("plenum.")
        for migration in found
        for operation in migration.operations
    ]


def owner_conninfo() -> str:
    """Return the owner's connection string to the database of the alias `owner`."""
    settings = connections.settings["owner"]
    return make_conninfo(
        "",
        host=settings["HOST"],
        port=settings["PORT"],
        dbname=settings["NAME"],
        user=settings["USER"],
        password=settings["PASSWORD"],
        **settings["OPTIONS"],
    )


@contextmanager
def as_owner() -> Iterator[None]:
    """Ask the database as its owner for a while: whom no row is hidden from is not asked about each."""
    web = connections[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = connections["owner"]
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = web


def point_connections(name: str, access: embedded.Access | None = None) -> None:
    """Turn both aliases of Django to the database `name`; with `access`, of an embedded cluster."""
    found = resolve.embedded_databases(access, name) if access else resolve.databases()
    for alias, settings in found.items():
        connections.settings[alias].update(settings)


def _use(*, create: bool) -> None:
    use = Use(resolve.cluster(), create=create)
    atexit.register(use.close)
    point_connections(embedded.NAME, use.cluster.access())


def _make_database() -> None:
    access = resolve.cluster().access()
    with psycopg.connect(embedded.connection_string(access, "postgres"), autocommit=True) as connection:
        make_database(connection, embedded.NAME)


def make_database(connection: "psycopg.Connection[tuple[object, ...]]", name: str) -> None:
    """Make the database `name` unless it exists."""
    found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
    if not found:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
