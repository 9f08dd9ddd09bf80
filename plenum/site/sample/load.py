"""Loading the national sample, past the acts: into an empty installation only, and journalled as one act of the system.

Rows go in by COPY as the owner of the database, in transactions of one step each, through all its constraints and
triggers: ancestry and sums are kept by the database as always. What is done is written down in the transaction of the
step, so that an interrupted load goes on after the last finished one.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import psycopg
from django.db import connection, transaction
from psycopg import sql
from psycopg.types.json import Jsonb

from plenum.access.guard import speaking
from plenum.journal.actions import record
from plenum.journal.actor import Actor
from plenum.site.database import opening, roles
from plenum.site.database.trouble import DatabaseTrouble
from plenum.site.demonstration import LOADED, LOADING, NATIONAL_SAMPLE, remember
from plenum.site.home import CONFIGURATION, configuration, home
from plenum.site.powers import LOAD_SAMPLE
from plenum.site.sample.country import SEED, Country, Made
from plenum.site.sample.people import load_people, load_targets_of
from plenum.site.sample.rows import COLUMNS, LABEL, NUMBERED, Lines, return_lines, tree_lines

PROGRESS = "site_sample_progress"
"""The table that lists finished steps. It is there only while a sample is being loaded."""

BLOCK = 2000
"""Lines that are sent to the database at once."""

SETTINGS = "settings"
ELSEWHERE = "Name another folder: PLENUM_HOME=/path/to/folder ./dev plenum sample national"
TURN = 0x73616D70
"""The lock of whoever loads a sample, so that nobody else does at the same time."""

Say = Callable[[str], None]
Connection = psycopg.Connection[Any]


@dataclass(frozen=True)
class Wanted:
    """Which sample: its scale, the year of its returns and the seed of what is made up."""

    scale: float = 1.0
    year: int = 2024
    seed: int = SEED

    @property
    def today(self) -> date:
        """The day on which the sample stands still: the returns of December are coming in."""
        return date(self.year + 1, 1, 8)

    @property
    def country(self) -> Country:
        return Country(self.scale, self.seed)


class SampleRefused(DatabaseTrouble):
    """The sample cannot be loaded into this installation; the message says what to do."""


def load(wanted: Wanted, *, resume: bool, say: Say) -> None:
    """Load a sample into the open, migrated database, or go on with one that was interrupted.

    `SampleRefused` when the installation holds anything, or another sample was begun.
    """
    with psycopg.connect(opening.owner_conninfo()) as owner, _alone(owner):
        if resume:
            _refuse_other(owner, wanted)
        else:
            _refuse_full(owner)
            _begin(owner, wanted)
        remember(LOADING, day=wanted.today, holds=NATIONAL_SAMPLE)
        _let_web_role_mark(owner)
        done = _done(owner)
        for name, step in _steps(owner, wanted, say):
            if name not in done:
                step()
        say("Counting what is there")
        _finish(owner)
    remember(LOADED, day=wanted.today, holds=NATIONAL_SAMPLE)


def begun(owner: Connection) -> Wanted | None:
    """The sample that was begun in this database and not finished."""
    if owner.execute("SELECT to_regclass(%s)", [PROGRESS]).fetchone() == (None,):
        return None
    row = owner.execute(f"SELECT said FROM {PROGRESS} WHERE step = %s", [SETTINGS]).fetchone()  # noqa: S608
    return Wanted(**row[0]) if row else None


def _steps(owner: Connection, wanted: Wanted, say: Say) -> Iterator[tuple[str, Callable[[], None]]]:
    """Every step with its name, in order. Steps of the tree come before those of the returns on it."""
    branches = [(name, len(units)) for name, units in wanted.country.branches()]
    total = len(branches)
    for number, (name, units) in enumerate(wanted.country.branches(), start=1):

        def tree(step: str = f"tree {name}", units: list[Made] = units, number: int = number) -> None:
            say(f"Tree, branch {number} of {total}: {len(units)} units")
            _copy(owner, step, tree_lines(units))

        yield f"tree {name}", tree
    yield "analyze", lambda: _analyze(owner, "analyze")
    for number, (name, units) in enumerate(wanted.country.branches(), start=1):

        def returns(step: str = f"returns {name}", units: list[Made] = units, number: int = number) -> None:
            owing = sum(1 for unit in units if unit.reports)
            say(f"Returns of {wanted.year}, branch {number} of {total}: {owing} organisations")
            _copy(owner, step, return_lines(units, wanted.year, wanted.today, wanted.seed))

        yield f"returns {name}", returns
    yield "analyze again", lambda: _analyze(owner, "analyze again")
    yield "people", lambda: _acts("people", wanted, say)


def _acts(step: str, wanted: Wanted, say: Say) -> None:
    """What is loaded by acts: targets and accounts; then the journal tells of the whole."""
    by = Actor.system(LABEL)
    say("Targets and accounts")
    with speaking(by, wanted.today), transaction.atomic():
        load_targets_of(wanted.country, wanted.year, on=date(wanted.year, 1, 15), by=by)
        load_people(wanted.country, on=date(wanted.year, 1, 2), by=by)
        with connection.cursor() as cursor:
            cursor.execute("SELECT (SELECT count(*) FROM tree_unit), (SELECT count(*) FROM figures_return)")
            units, returns = cursor.fetchone() or (0, 0)
            cursor.execute(f"INSERT INTO {PROGRESS} (step) VALUES (%s)", [step])  # noqa: S608
        record(
            LOAD_SAMPLE,
            by=by,
            power=None,
            unit_id=None,
            on=wanted.today,
            subject="site.sample",
            subject_label=LABEL,
            change={**asdict(wanted), "units": units, "returns": returns},
        )


def _copy(owner: Connection, step: str, lines: Lines) -> None:
    """Write the rows of one step, and that it is done, in one transaction."""
    with owner.transaction():
        owner.execute("SET LOCAL work_mem = '256MB'")
        for table, rows in lines.tables():
            columns = sql.SQL(", ").join(map(sql.Identifier, COLUMNS[table]))
            statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), columns)
            with owner.cursor() as cursor, cursor.copy(statement) as copy:
                for start in range(0, len(rows), BLOCK):
                    copy.write("\n".join(rows[start : start + BLOCK]) + "\n")
        _mark(owner, step)
    owner.commit()


def _analyze(owner: Connection, step: str) -> None:
    """Tell the planner what is there: the plans of the next steps depend on it."""
    with owner.transaction():
        owner.execute("ANALYZE")
        _mark(owner, step)
    owner.commit()


def _mark(owner: Connection, step: str) -> None:
    owner.execute(f"INSERT INTO {PROGRESS} (step) VALUES (%s)", [step])  # noqa: S608


def _begin(owner: Connection, wanted: Wanted) -> None:
    """Make the list of finished steps."""
    table = sql.Identifier(PROGRESS)
    owner.execute(sql.SQL("CREATE TABLE {} (step text PRIMARY KEY, said jsonb)").format(table))
    owner.execute(sql.SQL("INSERT INTO {} VALUES (%s, %s)").format(table), [SETTINGS, Jsonb(asdict(wanted))])
    owner.commit()


def _let_web_role_mark(owner: Connection) -> None:
    """The web role writes down the step that consists of acts, in their transaction. Migrations take this right."""
    web = sql.Identifier(str(connection.settings_dict["USER"]))
    owner.execute(sql.SQL("GRANT SELECT, INSERT ON {} TO {}").format(sql.Identifier(PROGRESS), web))
    owner.commit()


def _done(owner: Connection) -> set[str]:
    return {row[0] for row in owner.execute(f"SELECT step FROM {PROGRESS}").fetchall()}  # noqa: S608


def _finish(owner: Connection) -> None:
    """Let the next numbers come after those of the sample, and forget the steps."""
    for table in NUMBERED:
        owner.execute(
            sql.SQL("SELECT setval(pg_get_serial_sequence(%s, 'id'), max(id)) FROM {}").format(
                sql.Identifier(table)
            ),
            [table],
        )
    owner.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(PROGRESS)))
    roles.grant_web_role(owner, str(connection.settings_dict["USER"]))
    owner.commit()


def _refuse_full(owner: Connection) -> None:
    earlier = begun(owner)
    if earlier is not None:
        raise SampleRefused(
            f"A sample of scale {earlier.scale:g} and year {earlier.year} was begun here and not finished. "
            "Go on with it: add --resume. To begin anew, name another folder by PLENUM_HOME."
        )
    if owner.execute("SELECT EXISTS (SELECT FROM tree_unit)").fetchone() == (True,):
        raise SampleRefused(
            f"This installation holds units; a sample is loaded into an empty one only. {ELSEWHERE}"
        )
    found = configuration()
    if found and "demo" not in found:
        raise SampleRefused(
            f"{home() / CONFIGURATION} holds settings that a sample would replace by its own. {ELSEWHERE}"
        )


def _refuse_other(owner: Connection, wanted: Wanted) -> None:
    earlier = begun(owner)
    if earlier is None:
        raise SampleRefused("No sample was interrupted here. Load one: leave --resume out.")
    if earlier != wanted:
        raise SampleRefused(
            f"The sample that was interrupted here is another one. Go on with it: "
            f"--resume --scale {earlier.scale:g} --year {earlier.year} --seed {earlier.seed}"
        )


@contextmanager
def _alone(owner: Connection) -> Iterator[None]:
    """Keep everybody else from loading a sample meanwhile. The lock ends with the session, however it ends."""
    if owner.execute("SELECT pg_try_advisory_lock(%s)", [TURN]).fetchone() != (True,):
        raise SampleRefused("Somebody is loading a sample here just now. Wait until that is done.")
    yield
