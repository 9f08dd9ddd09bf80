"""One PostgreSQL for a whole run of the tests; each worker has its own copy of one migrated database.

Tests use the alias `default` as the web role, as the pages do; the alias `owner` is for what only the owner may do.
"""

import atexit
import gc
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test.testcases import LiveServerThread
from django.utils import translation
from filelock import FileLock
from psycopg import sql

from plenum.access.guard import unless_told
from plenum.journal.actor import Actor
from plenum.site.database import embedded, opening
from plenum.site.database.embedded import Cluster
from plenum.site.database.rehearsal import shared_cluster
from plenum.site.tests.installations import ReadyHomes
from plenum.site.translations import compile_all

TEMPLATE = "template_plenum"
REFERENCE = "template_reference"
CAST = "template_cast"
SECONDS_BETWEEN_SWEEPS = 20
QUICK_HASHER = "django.contrib.auth.hashers.MD5PasswordHasher"
KEPT_IN_TESTS = frozenset(
    {"PLENUM_BROWSER", "PLENUM_POSTGRES_BIN", "PLENUM_TEST_RACES", "PLENUM_TEST_WORKERS"}
)
pytest_plugins = ["tests.browser", "tests.cast", "tests.codes"]

MakeOnce = Callable[[str, str, Callable[[], None]], str]
"""Given the name of a database, that of the one it begins as a copy of, and what is done in it then."""


def pytest_configure() -> None:
    """Keep the tests away from what is installed on this machine."""
    gc.disable()  # until everything is imported: nothing of that is ever garbage
    home = tempfile.mkdtemp(prefix="plenum-home-")
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    for name in list(os.environ):
        if name.startswith("DATABASE_") or (name.startswith("PLENUM_") and name not in KEPT_IN_TESTS):
            del os.environ[name]
    os.environ["PLENUM_HOME"] = home
    for name in ("REQUESTS_PER_MINUTE", "VISITS_PER_MINUTE"):
        os.environ[f"PLENUM_{name}"] = (
            "0"  # tests ask faster than people; only the tests of the limit have one
        )
        setattr(settings, name, 0)
    settings.SECOND_FACTOR_REQUIRED = False  # only the tests of the second factor ask the cast for one
    settings.PASSWORD_HASHERS = [QUICK_HASHER]  # what is hashed slowly on purpose only slows down the tests
    settings.WHITENOISE_AUTOREFRESH = True  # or each client of a test begins by listing all static files
    if "PYTEST_XDIST_WORKER" not in os.environ:
        compile_all()


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Begin every test in the language of the source; what it asks for after that is its own business."""
    with translation.override("en"):
        yield


class Databases:
    """The cluster of this run and the copies of the migrated database in it."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.access = cluster.access()
        self.copies = 0
        self.put_aside: dict[str, BaseDatabaseWrapper] = {}

    def server(self) -> "psycopg.Connection[tuple[Any, ...]]":
        """Return a connection of the owner from which databases can be made and dropped."""
        return psycopg.connect(embedded.connection_string(self.access, "postgres"), autocommit=True)

    def clone(self, template: str = TEMPLATE) -> str:
        """Make a copy of the migrated database, or of another, and return its name."""
        self.copies += 1
        name = f"t_{os.environ.get('PYTEST_XDIST_WORKER', 'one')}_{os.getpid()}_{self.copies}"
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
        with self.server() as server:
            server.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def sweep(self, name: str) -> None:
        """Clear away what tests have rolled back in the database `name`: it slows down all that come after."""
        with psycopg.connect(embedded.connection_string(self.access, name), autocommit=True) as database:
            database.execute("VACUUM")

    def drop(self, name: str) -> None:
        """Drop the database `name` with whoever is still connected."""
        with self.server() as server:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def use(self, name: str) -> None:
        """Turn both aliases of Django to the database `name`."""
        self.take_back()
        connections.close_all()
        opening.point_connections(name, self.access)

    def connected_to(self, name: str) -> dict[str, BaseDatabaseWrapper]:
        """Connections of both aliases to the database `name`, opened at their first statement."""
        found = {alias: connections.create_connection(alias) for alias in connections}
        for connection in found.values():
            connection.settings_dict = {**connection.settings_dict, "NAME": name}
        return found

    def lend(self, others: dict[str, BaseDatabaseWrapper]) -> None:
        """Let this thread use other connections until `take_back`. Those in use stay open, which is quicker."""
        self.take_back()
        self.put_aside = {alias: connections[alias] for alias in others}
        for alias, connection in others.items():
            connections[alias] = connection

    def take_back(self) -> None:
        """Use the connections again that were in use before."""
        for alias, connection in self.put_aside.items():
            connections[alias] = connection
        self.put_aside = {}

    def make_template(self) -> None:
        """Make and migrate the database that is copied, unless another worker of this run has."""
        with self.server() as server:
            if server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [TEMPLATE]).fetchone():
                return
            opening.make_database(server, f"{TEMPLATE}_draft")
            self.use(f"{TEMPLATE}_draft")
            opening.migrate()
            connections.close_all()
            server.execute(f"ALTER DATABASE {TEMPLATE}_draft RENAME TO {TEMPLATE}")

    def make(self, name: str, begin_with: str, go_on: Callable[[], None]) -> None:
        """Make the database `name` from a copy of another, unless another worker of this run has."""
        with self.server() as server:
            if server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                return
            usual = str(connections.settings["default"]["NAME"])
            draft = self.clone(begin_with)
            self.use(draft)
            try:
                go_on()
            finally:
                self.use(usual)
            server.execute(f"ALTER DATABASE {draft} RENAME TO {name}")


@dataclass
class Worker:
    """What this worker tests with: an empty database, one in which the cast stands, and when both were last swept."""

    databases: Databases
    make_once: MakeOnce
    name: str
    with_cast: dict[str, BaseDatabaseWrapper] = field(default_factory=dict)
    swept: float = field(default_factory=time.monotonic)

    def turn_to_cast(self) -> None:
        """Let the next test begin with the cast. Made anew for each it would be a tenth of the whole run."""
        if not self.with_cast:
            from tests.cast import stand_ready  # a plugin, which pytest must be the first to import

            name = self.make_once(CAST, TEMPLATE, stand_ready)
            self.with_cast = self.databases.connected_to(self.databases.clone(name))
        self.databases.lend(self.with_cast)

    @property
    def names(self) -> list[str]:
        """The databases of this worker."""
        return [self.name, *{str(each.settings_dict["NAME"]) for each in self.with_cast.values()}]

    def sweep(self) -> None:
        """Sweep every now and then, between two tests."""
        if time.monotonic() - self.swept > SECONDS_BETWEEN_SWEEPS:
            for name in self.names:
                self.databases.sweep(name)
            self.swept = time.monotonic()

    def drop(self) -> None:
        """Drop its databases."""
        self.databases.take_back()
        connections.close_all()
        for connection in self.with_cast.values():
            connection.close()
        for name in self.names:
            self.databases.drop(name)


WORKER = pytest.StashKey[Worker]()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Choose the database before anything else is set up, since the transaction of the test comes first."""
    from tests.cast import begins_with_cast

    worker = item.config.stash.get(WORKER, None)
    if worker is not None and begins_with_cast(item):
        worker.turn_to_cast()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Go back to the empty database."""
    worker = item.config.stash.get(WORKER, None)
    if worker is not None:
        worker.databases.take_back()
        worker.sweep()


def meeting_place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the workers of a run have in common."""
    place = tmp_path_factory.getbasetemp()
    return place.parent if "PYTEST_XDIST_WORKER" in os.environ else place


@pytest.fixture(scope="session")
def ready_homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReadyHomes]:
    """Homes of installations that are made once in a run of the tests."""
    found = ReadyHomes(meeting_place(tmp_path_factory))
    yield found
    found.clear()


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Iterator[Databases]:
    """The databases of this run, with the migrated template made."""
    place = meeting_place(tmp_path_factory)
    with FileLock(place / "cluster.turn"), django_db_blocker.unblock():
        cluster, descriptor = shared_cluster(place)
        found = Databases(cluster)
        found.make_template()
    with unless_told(Actor.system("tests"), date(2024, 10, 8)):
        yield found
    os.close(descriptor)


@pytest.fixture(scope="session")
def django_db_setup(
    databases: Databases, make_once: MakeOnce, django_db_blocker: Any, pytestconfig: pytest.Config
) -> Iterator[None]:
    """Replace pytest-django's making of databases: this worker gets a copy of the template."""
    with django_db_blocker.unblock():
        name = databases.clone()
        databases.use(name)
    pytestconfig.stash[WORKER] = worker = Worker(databases, make_once, name)
    yield
    del pytestconfig.stash[WORKER]
    with django_db_blocker.unblock():
        worker.drop()


@pytest.fixture
def fresh_database(databases: Databases, django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A database of its own for a test whose transactions must really commit; dropped after the test."""
    with django_db_blocker.unblock(), copied(databases, TEMPLATE) as name:
        yield name


@pytest.fixture
def committing(fresh_database: str, django_db_blocker: Any) -> Iterator[None]:
    """A database of this test's own, outside any transaction."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture(scope="module")
def shared_database(databases: Databases, django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A database for one module, to make something once that all its tests begin with; dropped after the module.

    What the tests themselves do is rolled back, as everywhere: each asks for `db` as well.
    """
    with django_db_blocker.unblock(), translation.override("en"), copied(databases, TEMPLATE) as name:
        yield name


@pytest.fixture(scope="session")
def make_once(
    databases: Databases, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any
) -> MakeOnce:
    """Make a database once in a run of the tests, whichever worker comes first, and give its name."""
    place = meeting_place(tmp_path_factory)

    def make(name: str, begin_with: str, go_on: Callable[[], None]) -> str:
        with FileLock(place / f"{name}.turn"), django_db_blocker.unblock():
            databases.make(name, begin_with, go_on)
        return name

    return make


@pytest.fixture(scope="session")
def reference_template(make_once: MakeOnce) -> str:
    """The database with the reference year, loaded once in a run of the tests; never used, only copied."""
    from plenum.site.demo.load import load_reference_year

    return make_once(REFERENCE, TEMPLATE, lambda: load_reference_year(lambda _step: None))


@pytest.fixture
def reference_database(
    databases: Databases, reference_template: str, django_db_blocker: Any
) -> Iterator[str]:
    """A copy of the database with the reference year, for a test that reads or changes it; dropped after."""
    with django_db_blocker.unblock(), copied(databases, reference_template) as name:
        yield name


@pytest.fixture
def live_address(fresh_database: str) -> Iterator[str]:
    """The address of a server on a fresh database, for tests with a real browser."""
    with served() as address:
        yield address


@pytest.fixture
def reference_address(reference_database: str) -> Iterator[str]:
    """The address of a server on a copy of the reference year, for tests with a real browser."""
    with served() as address:
        yield address


@contextmanager
def copied(databases: Databases, template: str) -> Iterator[str]:
    """Turn to a copy of a database, and back to the one in use before; the copy is dropped."""
    name = databases.clone(template)
    try:
        with turned_to(databases, name):
            yield name
    finally:
        databases.drop(name)


@contextmanager
def turned_to(databases: Databases, name: str) -> Iterator[None]:
    """Turn to a database, and back to the one in use before."""
    usual = str(connections.settings["default"]["NAME"])
    databases.use(name)
    try:
        yield
    finally:
        databases.use(usual)


@contextmanager
def served() -> Iterator[str]:
    """Serve the database in use, and give the address."""
    server = LiveServerThread("127.0.0.1", StaticFilesHandler, connections_override={})
    server.daemon = True
    server.start()
    server.is_ready.wait()
    if server.error:
        raise server.error
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.terminate()


def pytest_collection_finish() -> None:
    """Look for garbage from now on, less often than usual: the tests leave much, and have room for it."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


def pytest_unconfigure() -> None:
    """Let what is left be cleared away as usual."""
    gc.unfreeze()
    gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse pytest-django's way to real commits: the web role may not empty tables."""
    for item in items:
        marker = item.get_closest_marker("django_db")
        fixtures = getattr(item, "fixturenames", [])
        if (marker and marker.kwargs.get("transaction")) or "transactional_db" in fixtures:
            raise pytest.UsageError(f"{item.nodeid}: use the fixture fresh_database for tests that commit")
