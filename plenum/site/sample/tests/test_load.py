"""Loading the sample: sound as examined, refused where something is, and whole after every interruption."""

import signal
import socket
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from plenum.access.models import Account
from plenum.figures.models import Return, Rollup
from plenum.journal.models import Entry
from plenum.journal.queries import broken_links
from plenum.site import clock, demonstration
from plenum.site.database import opening
from plenum.site.database.trouble import DatabaseTrouble
from plenum.site.operations.examination import all_checks
from plenum.site.sample import load as loading
from plenum.site.sample.commands import national
from plenum.site.sample.load import SampleRefused, Wanted, load
from plenum.site.sample.rows import COLUMNS, NUMBERED, Lines, return_lines, tree_lines
from plenum.site.tests.conftest import homes  # noqa: F401 — where installations are
from plenum.site.tests.installations import Installation
from plenum.targets.models import Target
from plenum.tree.models import Unit

SMALL = Wanted(scale=0.001)
OF_ROOMS = ("tree.", "figures.", "journal.", "access.", "targets.", "site.guards", "site.web_role")


@pytest.fixture
def home(fresh_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty installation."""
    monkeypatch.setenv("PLENUM_HOME", str(tmp_path))
    return tmp_path


def quiet(_step: str) -> None:
    """Says nothing."""


def generated(wanted: Wanted) -> dict[str, list[str]]:
    """All rows that a sample has, by table."""
    every = Lines()
    for _branch, units in wanted.country.branches():
        for lines in (tree_lines(units), return_lines(units, wanted.year, wanted.today, wanted.seed)):
            for table, rows in lines.tables():
                every.by_table.setdefault(table, []).extend(rows)
    return every.by_table


def stored() -> dict[str, list[str]]:
    """The same as the database gives them back."""
    found = {}
    with psycopg.connect(opening.owner_conninfo()) as owner, owner.cursor() as cursor:
        for table, columns in COLUMNS.items():
            named = ", ".join(f'"{column}"' for column in columns)
            with cursor.copy(f"COPY (SELECT {named} FROM {table} ORDER BY 1) TO STDOUT") as copy:
                found[table] = b"".join(map(bytes, copy)).decode().splitlines()
    return found


def faults() -> list[str]:
    """What an examination of the rooms finds."""
    return [
        finding.what for check in all_checks() if check.code.startswith(OF_ROOMS) for finding in check.run()
    ]


def test_what_is_loaded_is_what_was_generated_and_everything_is_sound(home: Path) -> None:
    said: list[str] = []
    load(SMALL, resume=False, say=said.append)
    assert stored() == generated(SMALL)
    assert faults() == []
    assert broken_links() == []
    assert Rollup.objects.exists()
    assert {"2024"} == set(Target.objects.values_list("period_code", flat=True))
    assert [line for line in said if line.startswith("Returns of 2024, branch 1 of 3")]


def test_the_load_is_one_act_and_people_go_on_from_there(home: Path) -> None:
    """The journal tells of it, the clock stands still, new rows get their own numbers, and nothing is loaded twice."""
    load(SMALL, resume=False, say=quiet)
    entry = Entry.objects.get(act="site.load_sample")
    assert (entry.unit_id, entry.actor_label, entry.on_date) == (None, "national sample", date(2025, 1, 8))
    assert entry.change == {
        "scale": 0.001,
        "year": 2024,
        "seed": 2024,
        "units": Unit.objects.count(),
        "returns": Return.objects.count(),
    }
    assert clock.today() == date(2025, 1, 8)
    assert demonstration.state() == demonstration.LOADED
    with pytest.raises(DatabaseTrouble, match="national sample"):
        demonstration.refuse_other_installation()
    assert set(Account.objects.values_list("login", flat=True)) == {"trung-uong", "tinh", "huyen", "chi-bo"}
    with psycopg.connect(opening.owner_conninfo()) as owner:
        for table in NUMBERED:
            row = owner.execute(
                f"SELECT nextval(pg_get_serial_sequence('{table}', 'id')) > max(id) FROM {table}"
            ).fetchone()
            assert row == (True,), table
        assert loading.begun(owner) is None
    before = stored()
    with pytest.raises(SampleRefused, match="holds units"):
        load(SMALL, resume=False, say=quiet)
    with pytest.raises(SampleRefused, match="leave --resume out"):
        load(SMALL, resume=True, say=quiet)
    assert stored() == before


def test_settings_of_somebody_are_not_replaced(home: Path) -> None:
    (home / "plenum.toml").write_text('hosts = "plenum.example"\n', encoding="utf-8")
    with pytest.raises(SampleRefused, match=r"plenum\.toml holds settings"):
        load(SMALL, resume=False, say=quiet)
    assert not Unit.objects.exists()


def test_a_load_that_is_interrupted_again_and_again_ends_the_same(home: Path) -> None:
    said: list[str] = []
    for word in ("Tree, branch 3", "Returns of 2024, branch 2", "Targets", "Counting"):

        def stop(step: str, word: str = word) -> None:
            if step.startswith(word):
                raise KeyboardInterrupt
            said.append(step)

        with pytest.raises(KeyboardInterrupt):
            load(SMALL, resume=bool(said), say=stop)
        assert demonstration.state() == demonstration.LOADING
        with pytest.raises(SampleRefused, match="--resume"):
            load(SMALL, resume=False, say=quiet)
        with pytest.raises(SampleRefused, match=r"--scale 0\.001 --year 2024 --seed 2024"):
            load(Wanted(scale=0.002), resume=True, say=quiet)
        opening.migrate()
    load(SMALL, resume=True, say=said.append)
    assert demonstration.state() == demonstration.LOADED
    assert len(said) == len(set(said)), "no finished step is done again"
    assert stored() == generated(SMALL)
    assert Entry.objects.filter(act="site.load_sample").count() == 1
    assert faults() == []


def test_nobody_else_loads_at_the_same_time(home: Path) -> None:
    with psycopg.connect(opening.owner_conninfo()) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [loading.TURN])
        with pytest.raises(SampleRefused, match="just now"):
            load(SMALL, resume=False, say=quiet)
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [loading.PROGRESS])
        assert cursor.fetchone() == (None,)


def free_port() -> str:
    """A port that nobody listens on."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return str(held.getsockname()[1])


def killed_at(installation: Installation, word: str) -> None:
    """Begin to load, and kill the process without warning when it says a word."""
    process = subprocess.Popen(
        installation.command("sample", "national", "--scale", "0.001"),
        env=installation.environment(),
        cwd="/",
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    assert process.stderr is not None
    for line in process.stderr:
        if word in line:
            process.send_signal(signal.SIGKILL)
    assert process.wait(60) == -signal.SIGKILL


def test_a_killed_load_is_resumed_from_the_command_line(homes: Path) -> None:  # noqa: F811
    own = Installation(homes / "sample", {})
    killed_at(own, "Returns of 2024, branch 2")
    served = own.run("serve", "--port", free_port())
    assert served.returncode == 1
    assert "sample national --resume" in served.stderr
    done = own.run("sample", "national", "--scale", "0.001", "--resume")
    assert done.returncode == 0, done.stderr
    assert "Tree, branch" not in done.stderr
    assert [line.split()[0] for line in done.stdout.splitlines() if "plenum-demo" in line] == [
        "trung-uong",
        "tinh",
        "huyen",
        "chi-bo",
    ]
    sound = own.run("doctor")
    assert sound.returncode == 0, sound.stdout
    again = own.run("demo", "--no-serve")
    assert again.returncode == 1
    assert "national sample" in again.stderr


def test_the_scale_has_limits() -> None:
    scale: Callable[..., object] = next(each for each in national.params if each.name == "scale").type.convert
    assert scale("0.5", None, None) == 0.5
    with pytest.raises(Exception, match="range"):
        scale("2", None, None)
