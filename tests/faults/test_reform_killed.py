"""Killed in the middle of executing a reform: the tree of before is left, and the reform can be executed again."""

import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from tests.faults.installation import Served, settles

PLAN = """
code = "merging"
title = "Merge the provinces"
on = 2025-02-01
owner = "centre"

[[steps]]
do = "merge"
from = ["north", "south"]
into = { code = "highlands", name = "Đảng bộ tỉnh Cao Nguyên", kind = "province", parent = "centre" }
"""
TABLES = (
    "tree_unit",
    "tree_unitname",
    "tree_unitkind",
    "tree_placement",
    "tree_ancestry",
    "tree_lineage",
    "tree_heir",
    "tree_reshaping",
    "tree_reshaped",
    "access_grant",
    "access_account",
    "figures_obligation",
    "figures_return",
    "figures_entry",
    "figures_standing",
    "figures_rollup",
    "targets_target",
    "reorganisations_work",
)
WAITS = """
    SELECT activity.pid FROM pg_stat_activity activity
    WHERE activity.wait_event_type = 'Lock' AND activity.query ILIKE 'INSERT INTO "reorganisations_work"%'
      AND EXISTS (SELECT FROM pg_locks held WHERE held.pid = activity.pid AND held.granted
                  AND held.relation = 'tree_placement'::regclass AND held.mode = 'RowExclusiveLock')
"""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are found as Linux lists them")


def killed_process(served: Served, executing: "subprocess.Popen[str]", backend: int) -> None:
    executing.kill()


def killed_backend(served: Served, executing: "subprocess.Popen[str]", backend: int) -> None:
    """PostgreSQL ends all of its processes after that and recovers, as after a power cut."""
    os.kill(backend, signal.SIGKILL)


@pytest.mark.parametrize("kill", [killed_process, killed_backend])
def test_the_old_tree_is_left(
    served: Served, tmp_path: Path, kill: Callable[[Served, "subprocess.Popen[str]", int], None]
) -> None:
    plan = tmp_path / "plan.toml"
    plan.write_text(PLAN, encoding="utf-8")
    tmp_path.chmod(0o755)
    command = served.installation.command("reform", "execute", str(plan), "--accept-proposals")
    before = hashes(served)
    with suppress(psycopg.OperationalError), served.sql() as other:
        other.execute("LOCK TABLE reorganisations_work IN SHARE MODE")
        executing = subprocess.Popen(
            command,
            env=served.installation.environment(),
            cwd="/",
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert settles(lambda: waiting(served) is not None, 60), executing.communicate(timeout=1)
        kill(served, executing, waiting(served) or 0)
        assert executing.wait(60) != 0
    executing.communicate(timeout=20)
    assert settles(served.healthy, 40)
    assert settles(lambda: waiting(served) is None, 20)
    assert hashes(served) == before
    with served.sql() as connection:
        states = connection.execute("SELECT state, executed_on FROM reorganisations_reform").fetchall()
        assert states == [("submitted", None)], "what was done before in transactions of its own"

    done = served.installation.run("reform", "execute", "merging", "--accept-proposals")
    assert done.returncode == 0, done.stderr
    with served.sql() as connection:
        ended = connection.execute(
            "SELECT array_agg(code ORDER BY code) FROM tree_unit WHERE upper(lifetime) = '2025-02-01'"
        ).fetchone()
        assert ended == (["north", "south"],)
    assert served.stop() == 0
    examined = served.doctor()
    assert examined.returncode == 0, examined.stdout


def waiting(served: Served) -> int | None:
    """The process of the database that has written the tree and cannot go on."""
    try:
        with served.sql() as connection:
            row = connection.execute(WAITS).fetchone()
    except psycopg.OperationalError:
        return None
    return row[0] if row else None


def hashes(served: Served) -> dict[str, str]:
    """A hash of all rows of each table; of the journal, of what is not about the reform itself."""
    found = {}
    with served.sql() as connection:
        for table in TABLES:
            rows = connection.execute(f"SELECT t::text FROM {table} t ORDER BY 1").fetchall()
            found[table] = hashlib.sha256(repr(rows).encode()).hexdigest()
        journal = connection.execute(
            "SELECT t::text FROM journal_entry t WHERE act NOT LIKE 'reorganisations.%' ORDER BY id"
        ).fetchall()
    return found | {"journal_entry": hashlib.sha256(repr(journal).encode()).hexdigest()}
