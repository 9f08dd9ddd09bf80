"""Ten thousand random questions straight at the database as the web role: not one row outside the reach.

Nothing of the pages is in between: for random accounts, units acted for, limits of tokens and days, SQL of many shapes
must give exactly the rows that counting by hand gives, and change none that it must not.
"""

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

import psycopg
import pytest
from django.db import Error, connection, transaction

import plenum.reports.powers
import plenum.targets.powers  # noqa: F401 — both declare what is dealt out
from plenum.access.doctor import guarded_tables
from plenum.access.guard import ALL_POWERS, Speaker, speaking_as
from plenum.access.powers import POWERS, Reach
from tests.faults.reach_oracle import Identity, Oracle
from tests.faults.small_country import make_country, rows, some_day

PROBES, IDENTITIES = 10_000, 1_000
RETURNS = {
    "figures.read",
    "reports.read",
    "figures.enter",
    "figures.submit",
    "figures.accept",
    "figures.oblige",
}
SUMS = RETURNS | {"targets.read"}
TARGETS = {"targets.read", "targets.set", "targets.state", "reports.read"}
REVIEWS = {"reports.read", "reports.write"}
ISSUED = REVIEWS | {"reports.issue"}

Keys = frozenset[int]


@dataclass(frozen=True)
class Table:
    """A guarded table: its key, what it belongs to, and with which powers it is read and written."""

    name: str
    key: str = "id"
    parent: str = "unit_id"
    read: Collection[str] = ()
    insert: Collection[str] = ()
    update: Collection[str] = ()
    delete: Collection[str] = ()
    column: str = ""
    """One that an update may write, if any may."""


TABLES = {
    table.name: table
    for table in (
        Table(
            "figures_return",
            read=RETURNS,
            insert={"figures.enter"},
            update={"figures.enter", "figures.submit", "figures.accept"},
            delete={"figures.enter"},
            column="remark",
        ),
        Table("figures_version", parent="return_id", insert={"figures.submit"}),
        Table("figures_step", parent="return_id", insert={"figures.submit"}),
        Table("figures_entry", parent="return_id", insert={"figures.accept"}),
        Table("figures_standing", key="return_id"),
        Table("figures_rollup"),
        Table(
            "figures_obligation",
            insert={"figures.oblige"},
            update={"figures.oblige"},
            delete={"figures.oblige"},
            column="schedule",
        ),
        Table("targets_target", read=TARGETS, insert={"targets.set"}),
        Table(
            "targets_statement",
            read=TARGETS,
            insert={"targets.state"},
            update={"targets.state"},
            delete={"targets.state"},
            column="source",
        ),
        Table(
            "reports_review",
            read=REVIEWS,
            insert={"reports.write"},
            update={"reports.write"},
            delete={"reports.write"},
            column="place",
        ),
        Table(
            "reports_reviewtext",
            parent="review_id",
            insert={"reports.write"},
            update={"reports.write"},
            delete={"reports.write"},
            column="text",
        ),
        Table("reports_issuedreport", read=ISSUED, insert={"reports.issue"}),
        Table("reports_issuedfile", parent="issue_id", insert={"reports.issue"}),
    )
}


class Truth:
    """All rows, read as the system, and which of them an identity may see and write, counted by hand."""

    def __init__(self) -> None:
        self.oracle = Oracle()
        self.unit = {
            name: dict(rows(f"SELECT {table.key}, {table.parent} FROM {name}"))
            for name, table in TABLES.items()
        }
        for name, parent in (
            ("figures_version", "figures_return"),
            ("figures_step", "figures_return"),
            ("figures_entry", "figures_return"),
            ("reports_reviewtext", "reports_review"),
            ("reports_issuedfile", "reports_issuedreport"),
        ):
            self.unit[name] = {key: self.unit[parent][above] for key, above in self.unit[name].items()}
        self.return_of = {
            name: dict(rows(f"SELECT {TABLES[name].key}, return_id FROM {name}"))
            for name in ("figures_version", "figures_step", "figures_entry")
        }
        self.what = dict(rows("SELECT id, what FROM figures_step"))
        self.version_of = dict(rows("SELECT id, version_id FROM figures_entry"))
        self.since: dict[str, dict[int, date]] = {
            name: dict(rows(f"SELECT {TABLES[name].key}, first_month FROM {name}"))
            for name in ("figures_standing", "figures_rollup")
        }
        self.held: dict[tuple[int, date], set[int]] = {
            (self.unit[name][key], since): self.oracle.held_since(self.unit[name][key], since)
            for name, of_table in self.since.items()
            for key, since in of_table.items()
        }
        self.rows = {
            name: {
                json.loads(text)[table.key]: text
                for (text,) in rows(f"SELECT to_jsonb(t)::text FROM {name} t")
            }
            for name, table in TABLES.items()
        }

    def seen_by(self, identity: Identity) -> dict[str, Keys]:
        """By table: the keys of the rows that the identity may read."""
        reached = self.oracle.reached
        seen: dict[str, set[int]] = {
            name: {key for key, unit in self.unit[name].items() if unit in within}
            for name, within in (
                (name, reached(identity, table.read)) for name, table in TABLES.items() if table.read
            )
        }
        sums = reached(identity, SUMS)
        for name, since in self.since.items():
            seen[name] = {
                key
                for key, unit in self.unit[name].items()
                if unit in sums or not sums.isdisjoint(self.held[unit, since[key]])
            }
        returns, standing = seen["figures_return"], seen["figures_standing"]
        seen["figures_entry"] = {
            key for key, of in self.return_of["figures_entry"].items() if of in returns or of in standing
        }
        accepted = {self.version_of[key] for key in seen["figures_entry"]}
        seen["figures_version"] = {
            key for key, of in self.return_of["figures_version"].items() if of in returns or key in accepted
        }
        seen["figures_step"] = {
            key
            for key, of in self.return_of["figures_step"].items()
            if of in returns or (self.what[key] == "accept" and of in standing)
        }
        seen["figures_obligation"] = set(self.unit["figures_obligation"])
        for part, whole in (
            ("reports_reviewtext", "reports_review"),
            ("reports_issuedfile", "reports_issuedreport"),
        ):
            units = {self.unit[whole][key] for key in seen[whole]}
            seen[part] = {key for key, unit in self.unit[part].items() if unit in units}
        return {name: frozenset(keys) for name, keys in seen.items()}

    def may(self, identity: Identity, name: str, powers: Collection[str]) -> Keys:
        """The keys of the rows whose unit is reached with one of the powers."""
        within = self.oracle.reached(identity, powers)
        return frozenset(key for key, unit in self.unit[name].items() if unit in within)


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
                powers = {"figures.accept"} if truth.what[key] == "accept" else {"figures.submit"}
            found = attempt(f"WITH added AS ({sql}) SELECT 1", [json.dumps(row)])
            if not powers or key not in truth.may(identity, name, powers):
                assert found is refusal, (identity, name, row)
            else:
                assert found is not refusal, (identity, name, row)


def some_identity(chance: Random, truth: Truth, accounts: list[int], powers: list[str]) -> Identity:
    limit = frozenset(code for code in powers if chance.random() < 0.6) if chance.random() < 0.2 else None
    account = chance.choice(accounts)
    held = [unit for holder, unit, _codes, _span in truth.oracle.grants if holder == account]
    acting_for = chance.choice([*held, *truth.oracle.lives]) if held and chance.random() < 0.4 else None
    return Identity(account, acting_for, limit, some_day(chance))


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
        write(chance, truth, identity, table, expected)
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


@pytest.mark.django_db
def test_ten_thousand_probes_find_not_one_row_outside_the_reach() -> None:
    chance = Random(16)
    powers = sorted(
        power.code
        for power in POWERS.values()
        if power.reach is not Reach.LINE and power.code.split(".")[0] in ("figures", "targets", "reports")
    )
    country = make_country(chance, powers)
    truth = Truth()
    assert set(guarded_tables()) == set(TABLES), "every guarded table is probed"
    sizes = {name: len(keys) for name, keys in truth.unit.items()}
    assert min(sizes.values()) >= 30, f"every table needs rows to hide: {sizes}"
    for name, table in TABLES.items():
        with connection.cursor() as cursor:
            cursor.execute(f"PREPARE of_{name} AS SELECT {table.key} FROM {name}")
    hidden = shown = 0
    for _ in range(IDENTITIES):
        identity = some_identity(chance, truth, country.accounts, powers)
        seen = truth.seen_by(identity)
        with speaking_as(told(identity)):
            for _ in range(PROBES // IDENTITIES):
                every, found = probe(chance, truth, identity, seen)
                hidden += every - found
                shown += found
    assert shown > 50_000 < hidden, "too little was shown or hidden for the test to mean anything"
