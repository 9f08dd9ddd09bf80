"""More than ten thousand random questions straight at the database as the web role: not one row outside the reach.

Nothing of the pages is in between: for random accounts, units acted for, limits of tokens and days, SQL of many shapes
must give exactly the rows that counting by hand gives, and change none that it must not.
"""

import json
from collections.abc import Callable
from random import Random
from typing import Any

import psycopg
from django.db import Error, connection, connections, transaction

import plenum.jobs.powers
import plenum.reorganisations.powers
import plenum.reports.powers
import plenum.targets.powers  # noqa: F401 — they declare what is dealt out
from plenum.access.doctor import guarded_tables
from plenum.access.guard import ALL_POWERS, GUARDED_ROOMS, Speaker, speaking_as
from plenum.access.powers import POWERS, Reach
from tests.faults.reach_oracle import Identity
from tests.faults.small_country import make_country, some_day
from tests.faults.truth import JOBS_CHANGED, TABLES, Keys, Table, Truth

PROBES, IDENTITIES, SWEEP = 10_400, 650, 65
Probe = Callable[[Random, Table, dict[str, Keys], Keys], tuple[str, list[Any], Keys]]
"""Makes a query, given what is seen in every table and all keys of one; gives it with the keys it must return."""


def plainly(_chance: Random, table: Table, seen: dict[str, Keys], _every: Keys) -> Any:
    return f"SELECT {table.key} FROM {table.name}", [], seen[table.name]


def by_key(chance: Random, table: Table, seen: dict[str, Keys], every: Keys) -> Any:
    wanted = chance.sample(sorted(every), 20)
    sql = f"SELECT {table.key} FROM {table.name} WHERE {table.key} = ANY(%s) OR NOT ({table.key} <> ALL(%s))"
    return sql, [wanted, wanted], seen[table.name] & set(wanted)


def with_a_leaking_condition(chance: Random, table: Table, seen: dict[str, Keys], every: Keys) -> Any:
    """A condition that fails on a row that is hidden must never be asked of it."""
    hidden = sorted(every - seen[table.name])
    if not hidden:
        return plainly(chance, table, seen, every)
    sql = f"SELECT {table.key} FROM {table.name} WHERE 1 / ({table.key} - %s) IS NOT NULL"
    return sql, [chance.choice(hidden)], seen[table.name]


def summed(_chance: Random, table: Table, seen: dict[str, Keys], _every: Keys) -> Any:
    return f"SELECT unnest(array_agg({table.key})) FROM {table.name}", [], seen[table.name]


def from_within(_chance: Random, table: Table, seen: dict[str, Keys], _every: Keys) -> Any:
    sql = (
        f"WITH asked AS MATERIALIZED (SELECT * FROM {table.name}) SELECT {table.key} FROM asked"
        f" WHERE {table.key} IN (SELECT {table.key} FROM {table.name})"
        f" UNION SELECT max({table.key}) OVER (PARTITION BY {table.key}) FROM ONLY {table.name}"
    )
    return sql, [], seen[table.name]


def by_every_unit(_chance: Random, table: Table, seen: dict[str, Keys], _every: Keys) -> Any:
    """Every unit or parent there is, hidden ones too, and for each what can be had of it."""
    above = {
        "unit_id": "tree_unit",
        "return_id": "figures_return",
        "review_id": "reports_review",
        "issue_id": "reports_issuedreport",
        "reform_id": "reorganisations_reform",
        "job_id": "jobs_job",
        "file_id": "jobs_jobfile",
    }[table.parent]
    column = "return_id" if table.key == "return_id" else table.key
    sql = (
        f"SELECT mine.{column} FROM {above} above RIGHT JOIN {table.name} mine ON mine.{table.parent} = above.id"
        f" CROSS JOIN LATERAL (SELECT t.{table.key} FROM {table.name} t LIMIT 1) others"
    )
    return sql, [], seen[table.name]


def by_function(_chance: Random, table: Table, seen: dict[str, Keys], _every: Keys) -> Any:
    """A function of the server that runs the query it is given as text."""
    query = f"SELECT to_tsvector('simple', {table.key}::text) FROM {table.name}"
    return "SELECT word::bigint FROM ts_stat(%s)", [query], seen[table.name]


def locked(chance: Random, table: Table, seen: dict[str, Keys], every: Keys) -> Any:
    if not table.update:
        return plainly(chance, table, seen, every)
    return f"SELECT {table.key} FROM {table.name} FOR UPDATE", [], seen[table.name]


READS: tuple[Probe, ...] = (
    plainly,
    by_key,
    with_a_leaking_condition,
    summed,
    from_within,
    by_every_unit,
    by_function,
    locked,
)


def read(sql: str, parameters: list[Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [key for (key,) in cursor.fetchall()]


def copied(table: Table) -> list[int]:
    with connection.cursor() as cursor, cursor.copy(f"COPY {table.name} ({table.key}) TO STDOUT") as lines:
        return [int(bytes(line)) for line in lines]


def prepared(table: Table) -> list[int]:
    """A statement prepared by the system, whose plan is used by somebody else."""
    return read(f"EXECUTE of_{table.name}", [])


def attempt(sql: str, parameters: list[Any]) -> set[int] | type[BaseException]:
    """What a statement changes, or how it is refused; nothing of it remains."""
    found: set[int] | type[BaseException]
    with transaction.atomic():
        try:
            with transaction.atomic():
                found = set(read(sql, parameters))
        except Error as error:
            found = type(error.__cause__ or error)
        transaction.set_rollback(True)
    return found


def write(chance: Random, truth: Truth, identity: Identity, table: Table, seen: Keys) -> None:
    """Try to change or add rows; what is changed must be seen and permitted, and everything else refused."""
    name, every = table.name, sorted(truth.unit[table.name])
    chosen = set(chance.sample(every, chance.choice((1, 1, 3))))
    refusal = psycopg.errors.InsufficientPrivilege
    match chance.choice(("update", "delete", "insert", "insert")):
        case "update":
            column = table.column or table.key
            sql = f"UPDATE {name} SET {column} = {column} WHERE {table.key} = ANY(%s) RETURNING {table.key}"
            found = attempt(sql, [list(chosen)])
            touched = chosen & seen
            allowed = bool(table.update) and touched <= truth.may(identity, name, table.update)
            assert found == (touched if allowed else refusal), (identity, sql, chosen)
        case "delete":
            sql = f"DELETE FROM {name} WHERE {table.key} = ANY(%s) RETURNING {table.key}"
            found = attempt(sql, [list(chosen)])
            if table.delete:
                assert found == chosen & seen & truth.may(identity, name, table.delete), (
                    identity,
                    sql,
                    chosen,
                )
            else:
                assert found is refusal, (identity, sql)
        case _:
            key = chance.choice(every)
            row = json.loads(truth.rows[name][key]) | {table.key: -1}
            sql = f"INSERT INTO {name} SELECT (jsonb_populate_record(NULL::{name}, %s)).*"
            powers = table.insert
            if name == "figures_step":
                powers = {"figures.accept"} if truth.what[key] == "accept" else table.insert
            found = attempt(f"WITH added AS ({sql}) SELECT 1", [json.dumps(row)])
            if not powers or key not in truth.may(identity, name, powers):
                assert found is refusal, (identity, name, row)
            else:
                assert found is not refusal, (identity, name, row)


def write_job(chance: Random, truth: Truth, identity: Identity, table: Table, seen: Keys) -> None:
    """The same of jobs: one's own are written; those of a unit are cancelled with a power; nobody removes any."""
    name, every = table.name, sorted(truth.unit[table.name])
    chosen = set(chance.sample(every, chance.choice((1, 1, 3))))
    refusal, own = psycopg.errors.InsufficientPrivilege, truth.started(identity, name)
    match chance.choice(("update", "delete", "insert")):
        case "update":
            sql = f"UPDATE {name} SET {table.key} = {table.key} WHERE {table.key} = ANY(%s) RETURNING {table.key}"
            found, touched = attempt(sql, [list(chosen)]), chosen & seen
            if name == "jobs_job":
                allowed = touched <= own | truth.may(identity, name, JOBS_CHANGED)
                assert found == (touched if allowed else refusal), (identity, sql, chosen)
            else:
                assert found in (set(), refusal), (identity, sql, chosen)
        case "delete":
            sql = f"DELETE FROM {name} WHERE {table.key} = ANY(%s) RETURNING {table.key}"
            assert attempt(sql, [list(chosen)]) == set(), (identity, sql, chosen)
        case _:
            key = chance.choice(every)
            row = json.loads(truth.rows[name][key]) | {table.key: -1}
            sql = f"INSERT INTO {name} SELECT (jsonb_populate_record(NULL::{name}, %s)).*"
            found = attempt(f"WITH added AS ({sql}) SELECT 1", [json.dumps(row)])
            assert (found is refusal) == (key not in own), (identity, name, row)


def some_identity(chance: Random, truth: Truth, accounts: list[int], powers: list[str]) -> Identity:
    limit = frozenset(code for code in powers if chance.random() < 0.6) if chance.random() < 0.2 else None
    account = chance.choice(accounts)
    held = [unit for holder, unit, _codes, _span in truth.oracle.grants if holder == account]
    acting_for = chance.choice([*held, *truth.oracle.lives]) if held and chance.random() < 0.4 else None
    return Identity(account, acting_for, limit, some_day(chance))


def sweep() -> None:
    """Clear away what was written and not kept, and let the planner know the tables."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def told(identity: Identity) -> Speaker:
    return Speaker(
        account=str(identity.account),
        acting_for="" if identity.acting_for is None else str(identity.acting_for),
        powers=ALL_POWERS if identity.powers is None else " ".join(identity.powers),
        day=identity.on.isoformat(),
    )


def probe(chance: Random, truth: Truth, identity: Identity, seen: dict[str, Keys]) -> tuple[int, int]:
    """Ask one thing of one table; gives how many rows there are, and how many were shown."""
    table = chance.choice(list(TABLES.values()))
    every, expected = frozenset(truth.unit[table.name]), seen[table.name]
    kind = chance.random()
    if kind < 0.25:
        (write_job if table.name in truth.starter else write)(chance, truth, identity, table, expected)
        return 0, 0
    if kind < 0.3:
        found, what = copied(table), "COPY"
    elif kind < 0.35:
        found, what = prepared(table), "EXECUTE"
    else:
        what, parameters, expected = chance.choice(READS)(chance, table, seen, every)
        found = read(what, parameters)
    assert sorted(found) == sorted(expected), (identity, what)
    return len(every), len(found)


def test_ten_thousand_probes_find_not_one_row_outside_the_reach(committing: None) -> None:
    """The country is committed, and what is tried is swept away: in one transaction it would slow down all the rest."""
    chance = Random(16)
    powers = sorted(
        power.code
        for power in POWERS.values()
        if power.reach is not Reach.LINE and power.code.split(".")[0] in GUARDED_ROOMS
    )
    with transaction.atomic():
        country = make_country(chance, powers)
    truth = Truth()
    assert set(guarded_tables()) == set(TABLES), "every guarded table is probed"
    sizes = {name: len(keys) for name, keys in truth.unit.items()}
    assert min(sizes.values()) >= 30, f"every table needs rows to hide: {sizes}"
    for name, table in TABLES.items():
        with connection.cursor() as cursor:
            cursor.execute(f"PREPARE of_{name} AS SELECT {table.key} FROM {name}")
    hidden = shown = 0
    for number in range(IDENTITIES):
        if number % SWEEP == 0:
            sweep()
        identity = some_identity(chance, truth, country.accounts, powers)
        seen = truth.seen_by(identity)
        with speaking_as(told(identity)):
            for _ in range(PROBES // IDENTITIES):
                every, found = probe(chance, truth, identity, seen)
                hidden += every - found
                shown += found
    assert shown > 50_000 < hidden, (
        f"too little was shown or hidden for the test to mean anything: {shown}, {hidden}"
    )
