"""Which database is used, and which is refused."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from psycopg.conninfo import conninfo_to_dict

from plenum.site.database import embedded, resolve
from plenum.site.database.binaries import caller_for
from plenum.site.database.embedded import free_port
from plenum.site.database.trouble import DatabaseTrouble

OLD = Path("/usr/lib/postgresql/15/bin")


def test_a_url_names_the_owner_and_the_web_role_goes_beside_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PLENUM_HOME", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", "postgresql://boss:secret@db.example:5433/union?sslmode=require")
    resolve.make_web_password()
    aliases = resolve.databases()
    assert aliases["owner"]["USER"] == "boss"
    assert aliases["owner"]["PASSWORD"] == "secret"
    assert aliases["default"]["USER"] == "union_web"
    assert aliases["default"]["PASSWORD"] == (tmp_path / "web_password").read_text().strip()
    assert (tmp_path / "web_password").stat().st_mode & 0o777 == 0o600
    for alias in aliases.values():
        assert (alias["HOST"], alias["PORT"], alias["NAME"]) == ("db.example", "5433", "union")
        assert alias["OPTIONS"]["sslmode"] == "require"


def test_a_url_of_its_own_decides_over_the_web_role(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://boss@db.example/union")
    monkeypatch.setenv("DATABASE_WEB_URL", "postgresql://clerk:word@db.example/union")
    assert resolve.databases()["default"]["USER"] == "clerk"


@pytest.mark.parametrize("url", ["mysql://boss@db.example/union", "postgresql://boss@db.example"])
def test_what_is_no_address_of_a_database_is_refused(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(DatabaseTrouble, match="DATABASE_URL"):
        resolve.databases()


def test_a_server_that_does_not_answer_is_named() -> None:
    with pytest.raises(DatabaseTrouble, match="does not let us in"):
        resolve.refuse_unfit_server(
            {"host": "127.0.0.1", "port": str(free_port()), "dbname": "x", "user": "x"}
        )


@pytest.fixture
def old_server() -> Iterator[dict[str, str]]:
    """A server of PostgreSQL 15."""
    if not (OLD / "initdb").exists():
        pytest.skip(f"no PostgreSQL 15 in {OLD} to be refused")
    place = Path(tempfile.mkdtemp(prefix="plenum-old-"))
    place.chmod(0o711 if os.geteuid() == 0 else 0o700)
    caller, data, port = caller_for(place), place / "data", free_port()
    data.mkdir()
    caller.own(data)
    made = caller.run([OLD / "initdb", "-D", data, "-U", "boss", "--auth=trust", "--no-sync"])
    assert made.returncode == 0, made.stderr
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories="
    caller.run([OLD / "pg_ctl", "-D", data, "-w", "-l", data / "log", "-o", options, "start"])
    yield {"host": "127.0.0.1", "port": str(port), "dbname": "postgres", "user": "boss"}
    caller.run([OLD / "pg_ctl", "-D", data, "-m", "immediate", "stop"])
    shutil.rmtree(place)


def test_an_old_server_is_refused_with_both_versions(old_server: dict[str, str]) -> None:
    with pytest.raises(DatabaseTrouble, match=r"is PostgreSQL 15\.\d+; Plenum needs PostgreSQL 18 or newer"):
        resolve.refuse_unfit_server(old_server)


def test_a_database_that_is_not_in_utf_8_is_refused_with_the_way_to_one_that_is(databases: Any) -> None:
    with databases.server() as server:
        server.execute("CREATE DATABASE narrow ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0")
    parameters = conninfo_to_dict(embedded.connection_string(databases.access, "narrow"))
    try:
        with pytest.raises(DatabaseTrouble, match="keeps texts in SQL_ASCII; Plenum needs UTF8") as refused:
            resolve.refuse_unfit_server(parameters)
        way = str(refused.value).partition("Make it so: ")[2].replace("narrow", "wide")
        with databases.server() as server:
            server.execute(way)
            server.execute("DROP DATABASE wide")
    finally:
        with databases.server() as server:
            server.execute("DROP DATABASE narrow WITH (FORCE)")
