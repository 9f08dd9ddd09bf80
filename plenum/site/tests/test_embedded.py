"""The embedded server on a real disk: made, shared, left behind by a crash, stopped by the last."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from plenum.site.database import embedded
from plenum.site.database.binaries import UNSHARE, Caller, caller_for, clean_environment
from plenum.site.database.embedded import OPTIONS_FOR_TESTS, Cluster
from plenum.site.database.keeper import Keeper
from plenum.site.database.trouble import DatabaseTrouble
from plenum.site.database.turns import Use

ROOT = Path(__file__).parents[3]
CLIENT = """
import sys
from pathlib import Path
from plenum.site.database.embedded import OPTIONS_FOR_TESTS, Cluster
from plenum.site.database.turns import Use
use = Use(Cluster(Path(sys.argv[1]), OPTIONS_FOR_TESTS))
print("here", flush=True)
sys.stdin.readline()
use.close()
"""


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """A cluster that has not been made yet, in a folder with a space in its name."""
    place = Path(tempfile.mkdtemp(prefix="plenum cluster "))
    place.chmod(0o711 if os.geteuid() == 0 else 0o700)
    cluster = Cluster(place / "postgres", OPTIONS_FOR_TESTS)
    yield cluster
    if cluster.running():
        cluster.stop()
    shutil.rmtree(place)


def client(cluster: Cluster) -> "subprocess.Popen[str]":
    """Another process that uses the cluster until it reads a line."""
    process = subprocess.Popen(
        [sys.executable, "-c", CLIENT, str(cluster.folder)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "here\n"
    return process


def test_the_last_client_stops_the_server(cluster: Cluster) -> None:
    first = Use(cluster, create=True)
    second = Use(cluster)
    first.close()
    assert cluster.running()
    second.close()
    assert not cluster.running()


def test_a_client_in_another_process_keeps_the_server(cluster: Cluster) -> None:
    use = Use(cluster, create=True)
    other = client(cluster)
    use.close()
    assert cluster.running()
    other.communicate("leave\n", timeout=30)
    assert not cluster.running()


def test_a_server_left_by_a_crash_is_used_and_stopped_by_the_next_client(cluster: Cluster) -> None:
    Use(cluster, create=True).close()
    crashing = client(cluster)
    crashing.send_signal(signal.SIGKILL)
    crashing.communicate(timeout=30)
    assert cluster.running()
    port = cluster.access()["port"]
    use = Use(cluster)
    assert cluster.access()["port"] == port
    use.close()
    assert not cluster.running()


def test_whose_folder_was_thrown_away_leaves_the_new_server_alone(cluster: Cluster) -> None:
    """Somebody removes the home of a running installation and sets up anew; then the old one ends."""
    old = Use(cluster, create=True)
    cluster.stop(at_once=True)
    shutil.rmtree(cluster.folder)
    new = Use(cluster, create=True)
    old.close()
    assert cluster.running()
    new.close()
    assert not cluster.running()


def test_a_killed_server_is_started_again_under_its_clients(cluster: Cluster) -> None:
    use = Use(cluster, create=True)
    moves: list[int] = []
    keeper = Keeper(cluster, lambda: moves.append(1))
    keeper.start()
    pid = int((cluster.data / "postmaster.pid").read_text().split("\n", 1)[0])
    os.kill(pid, signal.SIGKILL)
    end = time.monotonic() + 20
    while not (cluster.running() and cluster._pid() != pid) and time.monotonic() < end:
        time.sleep(0.1)
    keeper.stop()
    assert cluster.running()
    assert moves == [], "it has come back where it was"
    use.close()
    assert not cluster.running()


@pytest.mark.parametrize(
    ("gigabytes", "limit", "shared"),
    [(24, "max", 2048), (8, "max", 1024), (0.5, "max", 128), (24, str(4 * 2**30), 512)],
)
def test_pages_are_kept_in_an_eighth_of_the_memory(
    gigabytes: float, limit: str, shared: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = {"SC_PAGE_SIZE": 4096, "SC_PHYS_PAGES": int(gigabytes * 2**30 / 4096)}
    monkeypatch.setattr(os, "sysconf", known.__getitem__)
    monkeypatch.setattr(embedded, "MEMORY_LIMIT", tmp_path / "memory.max")
    embedded.MEMORY_LIMIT.write_text(f"{limit}\n")
    assert embedded.shared_megabytes() == shared


def test_the_server_takes_the_memory_that_the_machine_allows(cluster: Cluster) -> None:
    use = Use(cluster, create=True)
    with psycopg.connect(embedded.connection_string(cluster.access(), "postgres")) as connection:
        set_to = connection.execute(
            "SELECT setting::int * 8 / 1024 FROM pg_settings WHERE name = 'shared_buffers'"
        )
        assert set_to.fetchone() == (embedded.shared_megabytes(),)
    use.close()


def test_data_is_kept_from_one_start_to_the_next(cluster: Cluster) -> None:
    use = Use(cluster, create=True)
    with psycopg.connect(embedded.connection_string(cluster.access(), "postgres")) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS seven")
    use.close()
    use = Use(cluster)
    with psycopg.connect(embedded.connection_string(cluster.access(), "postgres")) as connection:
        assert connection.execute("SELECT seven FROM kept").fetchone() == (7,)
    use.close()


def test_another_port_is_found_when_the_remembered_one_is_taken(cluster: Cluster) -> None:
    cluster.create()
    with socket.socket() as squatter:
        squatter.bind(("127.0.0.1", cluster.access()["port"]))
        squatter.listen()
        taken = cluster.access()["port"]
        use = Use(cluster)
        assert cluster.running()
        assert cluster.access()["port"] != taken
        use.close()


def test_the_mark_of_a_server_that_is_gone_does_not_stop_a_start(cluster: Cluster) -> None:
    cluster.create()
    mark = cluster.data / "postmaster.pid"
    mark.write_text(f"{os.getpid()}\n{cluster.data}\n0\n{cluster.access()['port']}\n\n127.0.0.1\n\n")
    use = Use(cluster)
    assert cluster.running()
    use.close()


def test_what_an_interrupted_start_left_is_cleared_away(cluster: Cluster) -> None:
    cluster.data.mkdir(parents=True)
    (cluster.data / "PG_VERSION").write_text("half")
    use = Use(cluster, create=True)
    assert cluster.running()
    use.close()


def test_nobody_is_let_in_without_the_password(cluster: Cluster) -> None:
    use = Use(cluster, create=True)
    access = cluster.access() | {"owner_password": "guessed"}
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(embedded.connection_string(access, "postgres"))
    assert (cluster.folder / "access.json").stat().st_mode & 0o777 == 0o600
    assert not list(cluster.folder.glob(".password*"))
    use.close()


def test_a_full_disk_is_named_before_anything_is_written(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "ROOM_NEEDED_MB", 10**9)
    with pytest.raises(DatabaseTrouble, match=r"has \d+ MB left.*Make room"):
        cluster.create()
    assert not cluster.exists


def test_a_server_that_does_not_start_says_why_and_where(cluster: Cluster) -> None:
    cluster.create()
    with (cluster.data / "postgresql.conf").open("a") as configuration:
        configuration.write("no_such_setting = on\n")
    with pytest.raises(DatabaseTrouble, match=r"(?s)no_such_setting.*server\.log"):
        cluster.start()


def test_variables_of_the_caller_do_not_lead_to_another_server() -> None:
    environment = clean_environment(
        {"PGPORT": "1", "PGDATA": "/elsewhere", "LANG": "cs_CZ.UTF-8", "PATH": "/bin"}
    )
    assert environment == {"PATH": "/bin", "LC_ALL": "C"}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another account to run PostgreSQL")
def test_root_runs_postgres_as_another_account_or_in_a_namespace(tmp_path: Path) -> None:
    """The folder of pytest is closed to others: either a user namespace helps, or the remedy is named."""
    tmp_path.chmod(0o700)
    if not Caller(UNSHARE).can(["true"]):
        with pytest.raises(DatabaseTrouble, match="PLENUM_HOME"):
            caller_for(tmp_path)
        return
    caller = caller_for(tmp_path)
    assert caller.run(["id", "-u"]).stdout.strip() not in ("0", "")
    assert caller.can(["test", "-x", tmp_path])
