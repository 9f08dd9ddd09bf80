"""Many writers of the tree at once, most of them around Django: no overlap, no gap, no cycle, whatever gets through.

Straight SQL of the owner and of the web role changes places, lives, names and lineage at random; officers found, move
and dissolve; reforms are rehearsed, executed and undone among them. `PLENUM_TEST_RACES=10000` asks for so many writes;
otherwise as many as a run of all tests has time for.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from functools import partial
from random import Random
from typing import Any

import psycopg
import pytest
from django.core.exceptions import ValidationError
from django.db import connections
from psycopg.conninfo import make_conninfo

from plenum.access.guard import speaking
from plenum.journal.actor import Actor
from plenum.journal.doctor import checks as journal_checks
from plenum.organisation.actions import dissolve_unit, found_unit, move_unit, rename_unit
from plenum.periods import Span
from plenum.reorganisations.actions import (
    Stale,
    execute_reform,
    rehearse_reform,
    undo_reform,
)
from plenum.reorganisations.rules import Merge, NewUnit, Plan
from plenum.reorganisations.tests.factories import prepared
from plenum.site.database import opening
from plenum.tree import doctor as tree_doctor
from plenum.tree import ledger
from plenum.tree.models import Unit
from plenum.tree.tests.oracle import assert_tree_at_every_date

WRITES = int(os.environ.get("PLENUM_TEST_RACES", "1200"))
FOUNDED, TODAY = date(2020, 1, 1), date(2022, 6, 1)
SYSTEM = Actor.system("races")
TRIES = 10
"""How often a reform is rehearsed again because somebody else has changed the tree meanwhile."""
Said = list[tuple[str, tuple[Any, ...]]]
REFUSED = (
    psycopg.errors.IntegrityError,
    psycopg.errors.InsufficientPrivilege,
    psycopg.errors.DataError,
    psycopg.errors.RaiseException,
)
"""What the database may answer; a deadlock, or anything else, is a fault."""


@pytest.fixture
def units(committing: None) -> Iterator[list[int]]:
    """A centre with provinces, districts, communes and cells, by number."""
    with speaking(SYSTEM, TODAY):
        root = ledger.found(code="root", name="Root", kind="centre", parent=None, on=FOUNDED)
        found = [root]
        for kind, code, many, above in (
            ("province", "province", 3, "root"),
            ("district", "district", 6, "province"),
            ("commune_committee", "commune", 15, "district"),
            ("cell", "cell", 15, "commune"),
        ):
            for number in range(many):
                same = [unit for unit in found if unit.code.startswith(above)]
                parent = same[number % len(same)]
                found.append(
                    ledger.found(code=f"{code}-{number}", name=kind, kind=kind, parent=parent, on=FOUNDED)
                )
        yield [unit.pk for unit in found]
    connections.close_all()


def some_day(chance: Random) -> date:
    return FOUNDED + timedelta(days=30 * chance.randrange(-2, 60))


def statements(chance: Random, units: list[int], mark: str) -> Said:
    """One transaction of straight SQL; most of them break a rule, alone or with what another does meanwhile."""
    (unit, other), day = chance.sample(units, 2), some_day(chance)
    later = day + timedelta(days=chance.randrange(1, 400))
    table = chance.choice(("tree_unitname", "tree_unitkind", "tree_placement"))
    place = "UPDATE tree_placement SET "
    choices: list[Said] = [
        [(place + "parent_id = %s WHERE unit_id = %s", (other, unit))],
        [(place + "parent_id = %s WHERE unit_id = %s AND span @> %s::date", (other, unit, day))],
        [(place + "parent_id = %s WHERE parent_id = %s", (other, unit))],
        [(place + "parent_id = NULL WHERE unit_id = %s", (unit,))],
        [(f"UPDATE {table} SET span = daterange(%s, %s) WHERE unit_id = %s", (day, later, unit))],
        [(f"DELETE FROM {table} WHERE unit_id = %s AND span @> %s::date", (unit, day))],
        [("UPDATE tree_unit SET lifetime = daterange(lower(lifetime), %s) WHERE id = %s", (later, unit))],
        [("UPDATE tree_ancestry SET depth = depth + 1 WHERE descendant_id = %s", (unit,))],
        [("DELETE FROM tree_unit WHERE id = %s", (unit,))],
        [
            (
                "INSERT INTO tree_lineage (predecessor_id, successor_id, on_date, how, numerator, denominator, by)"
                " VALUES (%s, %s, %s, 'split', 2, 3, 'area') ON CONFLICT DO NOTHING",
                (unit, other, day),
            )
        ],
        [
            (
                place + "span = daterange(lower(span), %s) WHERE unit_id = %s AND span @> %s::date"
                " AND lower(span) < %s",
                (day, unit, day, day),
            ),
            (
                "INSERT INTO tree_placement (unit_id, parent_id, span) SELECT %s, %s, daterange(%s,"
                " (SELECT min(lower(span)) FROM tree_placement WHERE unit_id = %s AND lower(span) > %s))",
                (unit, other, day, unit, day),
            ),
        ],
        [
            ("INSERT INTO tree_unit (code, lifetime) VALUES (%s, daterange(%s, NULL))", (mark, day)),
            (
                "INSERT INTO tree_unitname (unit_id, name, short, sort_key, search_key, illustrative, span)"
                " SELECT id, 'N', '', 'n', 'n', false, lifetime FROM tree_unit WHERE code = %s",
                (mark,),
            ),
            (
                "INSERT INTO tree_unitkind (unit_id, kind, span)"
                " SELECT id, 'cell', lifetime FROM tree_unit WHERE code = %s",
                (mark,),
            ),
            (
                "INSERT INTO tree_placement (unit_id, parent_id, span)"
                " SELECT id, %s, lifetime FROM tree_unit WHERE code = %s",
                (unit, mark),
            ),
        ],
        [
            (f"UPDATE {strand} SET span = daterange(lower(span), %s) WHERE unit_id = %s", (later, unit))
            for strand in ("tree_unitname", "tree_unitkind", "tree_placement")
        ]
        + [("UPDATE tree_unit SET lifetime = daterange(lower(lifetime), %s) WHERE id = %s", (later, unit))],
    ]
    return chance.choice(choices)


def straight_sql(seed: int, writes: int, conninfo: str, units: list[int]) -> Counter[str]:
    """So many transactions over a connection that knows nothing of Django."""
    chance, done = Random(seed), Counter[str]()
    with psycopg.connect(conninfo, autocommit=True) as connection:
        for number in range(writes):
            said = statements(chance, units, f"sql-{seed}-{number}")
            try:
                with connection.transaction():
                    for statement, values in said:
                        connection.execute(statement, values)
            except REFUSED:
                done["SQL refused"] += 1
            else:
                done["SQL done"] += 1
    return done


def acts(seed: int, writes: int, units: list[int]) -> Counter[str]:
    """So many acts, as the pages do them."""
    chance, done = Random(seed), Counter[str]()
    with speaking(SYSTEM, TODAY):
        for number in range(writes):
            done[_tried("act", partial(act, chance, f"{seed}-{number}", units))] += 1
    connections.close_all()
    return done


def act(chance: Random, mark: str, units: list[int]) -> object:
    """One act of the system on some units on some day."""
    unit, other = Unit.objects.filter(pk__in=chance.sample(units, 2)).order_by("?")
    since, code = some_day(chance), f"act-{mark}"
    match chance.choice(("move", "dissolve", "rename", "found")):
        case "move":
            return move_unit(unit, parent=other, since=since, on=TODAY, by=SYSTEM)
        case "dissolve":
            return dissolve_unit(unit, since=since, on=TODAY, by=SYSTEM)
        case "rename":
            return rename_unit(unit, name=f"N {mark}", since=since, on=TODAY, by=SYSTEM)
        case _:
            return found_unit(code=code, name="A", kind="cell", parent=unit, since=since, on=TODAY, by=SYSTEM)


def reforms(seed: int, writes: int) -> Counter[str]:
    """So many reforms that merge two communes of a living district into a new one; half of what is done is undone."""
    chance, done = Random(seed), Counter[str]()
    with speaking(SYSTEM, TODAY):
        for number in range(writes):

            def execute(mark: str = f"{seed}-{number}") -> None:
                parent = chance.choice(
                    list(Unit.objects.filter(lifetime=Span(FOUNDED), code__startswith="district-"))
                )
                merged = [
                    found_unit(
                        code=f"{name}-{mark}",
                        name=name,
                        kind="commune_committee",
                        parent=parent,
                        since=TODAY - timedelta(days=1),
                        on=TODAY,
                        by=SYSTEM,
                    ).code
                    for name in ("one", "two")
                ]
                new = NewUnit(code=f"new-{mark}", name="New", kind="commune_committee", parent=parent.code)
                on = TODAY + timedelta(days=chance.randrange(1, 400))
                plan = Plan(
                    code=f"reform-{mark}",
                    title="Merge",
                    on=on,
                    owner="root",
                    steps=(Merge(from_=tuple(merged), into=new),),
                )
                reform = prepared(plan, by=SYSTEM, on=TODAY)
                _until_done(reform.pk)
                if chance.random() < 0.5:
                    undo_reform(reform.pk, reason="By chance", on=TODAY, by=SYSTEM)

            done[_tried("reform", execute)] += 1
    connections.close_all()
    return done


def _until_done(reform: int) -> None:
    """Execute it; when others have changed the tree since its rehearsal, rehearse it again."""
    for again in range(TRIES):
        try:
            execute_reform(reform, on=TODAY, by=SYSTEM)
            return
        except Stale:
            if again == TRIES - 1:
                raise
            rehearse_reform(reform, on=TODAY, by=SYSTEM)


def _tried(what: str, deed: Callable[[], Any]) -> str:
    try:
        deed()
    except Stale:
        return f"{what} stale"
    except ValidationError:
        return f"{what} refused"
    return f"{what} done"


def test_no_overlap_no_gap_and_no_cycle_come_of_writing_at_once(units: list[int]) -> None:
    web = connections.settings["default"]
    strings = [
        opening.owner_conninfo(),
        make_conninfo(
            "",
            host=web["HOST"],
            port=web["PORT"],
            dbname=web["NAME"],
            user=web["USER"],
            password=web["PASSWORD"],
        ),
    ]
    by_act, by_reform = WRITES // 8, WRITES // 60
    by_sql = (WRITES - 2 * by_act - by_reform + 3) // 4
    with ThreadPoolExecutor(7) as threads:
        racing = [threads.submit(straight_sql, seed, by_sql, strings[seed % 2], units) for seed in range(4)]
        racing += [threads.submit(acts, seed, by_act, units) for seed in (10, 11)]
        racing += [threads.submit(reforms, 20, by_reform)]
        outcomes = sum((each.result() for each in racing), Counter[str]())
    assert outcomes.total() >= WRITES
    common = ("SQL done", "SQL refused", "act done", "act refused")
    assert all(outcomes[what] > WRITES // 60 for what in common), outcomes
    assert outcomes["reform done"] > 0, outcomes
    assert_tree_at_every_date()
    assert_nothing_overlaps()
    assert_indexes_find_every_row()
    with speaking(SYSTEM, TODAY):
        for check in (*tree_doctor.checks, *journal_checks):
            assert list(check.run()) == [], check.code


def assert_nothing_overlaps() -> None:
    """By comparing every span with every other of its unit; the oracle looks at days alone."""
    with psycopg.connect(opening.owner_conninfo()) as connection:
        for table in ("tree_unitname", "tree_unitkind", "tree_placement"):
            held: dict[int, list[tuple[date, date]]] = {}
            rows = connection.execute(
                f"SELECT unit_id, lower(span), coalesce(upper(span), '9999-12-31') FROM {table}"
            ).fetchall()
            for unit, start, end in rows:
                assert all(end <= other or start >= until for other, until in held.get(unit, [])), table
                held.setdefault(unit, []).append((start, end))


def assert_indexes_find_every_row() -> None:
    """What the doctor finds missing must be missing in the tables, and not only where an index looks."""
    with psycopg.connect(opening.owner_conninfo(), autocommit=True) as connection:
        connection.execute("CREATE EXTENSION amcheck")
        found = connection.execute(
            "SELECT relname, msg FROM pg_class, verify_heapam(oid) WHERE relname LIKE 'tree%' AND relkind = 'r'"
        ).fetchall()
        assert found == []
        connection.execute(
            "SELECT bt_index_check(indexrelid, heapallindexed => true) FROM pg_index"
            " JOIN pg_class ON oid = indexrelid JOIN pg_am ON pg_am.oid = relam"
            " WHERE amname = 'btree' AND indrelid::regclass::text LIKE 'tree%'"
        )
        for table in ("tree_unitname", "tree_unitkind", "tree_placement"):
            rows = connection.execute(f"SELECT id, unit_id FROM {table}").fetchall()
            connection.execute("SET enable_seqscan = off; SET enable_bitmapscan = off")
            for number, unit in rows:
                for by_days in (
                    "",
                    "AND span && '(,)'::daterange",
                ):  # the plain index, and the one that knows days
                    looked_up = connection.execute(
                        f"SELECT id FROM {table} WHERE unit_id = %s {by_days}", (unit,)
                    ).fetchall()
                    assert (number,) in looked_up, table
            connection.execute("RESET ALL")
