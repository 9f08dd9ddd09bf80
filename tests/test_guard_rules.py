"""The rules of row-level security: what they let be written, how far they reach, that no table is without them."""

import re
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, connections, transaction

from plenum.access.doctor import checks, guarded_tables, rows_guarded, sees_everything, web_role_plain
from plenum.access.guard import GUARDED_ROOMS, speaking
from plenum.access.models import Account, Grant
from plenum.access.powers import POWERS, Power, Reach
from plenum.access.reach import reachable
from plenum.figures.models import Return
from plenum.figures.tests.factories import MONTHLY, oblige
from plenum.jobs import powers as _of_jobs  # noqa: F401 — declares what the rules name
from plenum.journal.actor import Actor
from plenum.periods import Span
from plenum.reorganisations import powers as _of_reorganisations  # noqa: F401 — declares what the rules name
from plenum.reports import powers as _of_reports  # noqa: F401 — declares what the rules name
from plenum.site.database import opening
from plenum.targets import powers as _of_targets  # noqa: F401 — declares what the rules name
from plenum.tree import ledger
from plenum.tree.models import Became, Unit
from plenum.tree.rules import Refused
from tests.cast import DAY, Cast
from tests.faults.reach_oracle import Identity, Oracle

OPEN = {
    "tree_ancestry": "the tree is no secret inside an installation; pages show of it what is reached",
    "tree_heir": "the tree",
    "tree_placement": "the tree",
    "tree_unitkind": "the tree",
    "tree_unitname": "the tree",
    "tree_reshaped": "what changed in the tree, for taking it back",
    "access_grant": "reach itself is read from it",
    "access_apitoken": "a token is looked up before anybody speaks",
    "access_invitation": "an invitation is looked up before anybody speaks",
    "access_account": "signing in reads it before anybody speaks",
    "directives_document": "documents are read along the line; pages show what is reached",
    "journal_entry": "chains are verified across units; pages show what is reached",
}
"""Tables with a unit in rooms that are not guarded, and why. A new one must be guarded or named here."""


class TestWriting:
    def refused(self, sql: str, *parameters: Any) -> str:
        with pytest.raises(DatabaseError) as error, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, parameters)
        assert isinstance(error.value.__cause__, psycopg.errors.InsufficientPrivilege)
        return str(error.value)

    def changed(self, sql: str, *parameters: Any) -> int:
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return int(cursor.rowcount)

    def test_who_reads_cannot_write(self, cast: Cast, returned: Return) -> None:
        with speaking(cast.auditor.actor, DAY):
            assert "row-level security" in self.refused("UPDATE figures_return SET remark = 'x'")
            assert self.changed("DELETE FROM figures_return WHERE state = 'submitted'") == 0

    def test_who_does_not_see_changes_nothing(self, cast: Cast, returned: Return) -> None:
        with speaking(cast.sibling.actor, DAY):
            assert self.changed("UPDATE figures_return SET remark = 'x'") == 1
            assert self.changed("UPDATE figures_return SET remark = 'x' WHERE id = %s", returned.pk) == 0
        assert Return.objects.get(pk=returned.pk).remark == "test"

    def test_each_step_needs_its_power(self, cast: Cast, returned: Return) -> None:
        add = (
            "INSERT INTO figures_step (return_id, number, what, version, reason, by, on_date)"
            " VALUES (%s, %s, %s, 1, '', 'me', '2024-10-08')"
        )
        with speaking(cast.insider.actor, DAY):
            self.refused(add, returned.pk, 90, "accept")
            assert self.changed(add, returned.pk, 90, "correct") == 1
        with speaking(replace(cast.superior.actor, powers=frozenset({"figures.accept"})), DAY):
            self.refused(add, returned.pk, 91, "submit")
            assert self.changed(add, returned.pk, 91, "accept") == 1
        with speaking(replace(cast.superior.actor, powers=frozenset({"figures.collect"})), DAY):
            self.refused(add, returned.pk, 93, "accept")
            self.refused(add, returned.pk, 93, "discard")
            assert self.changed(add, returned.pk, 93, "submit") == 1
        with speaking(cast.neighbour.actor, DAY):
            self.refused(add, returned.pk, 92, "accept")

    def test_a_return_is_begun_only_by_its_unit_and_by_who_collects(self, cast: Cast) -> None:
        add = (
            "INSERT INTO figures_return (unit_id, form, period_code, first_month, month, state, edition, sitting,"
            " version, draft_values, draft_illustrative, remark, reason, sent_back_reason, entered_by, changed_by,"
            " changed_on, steps_taken) VALUES (%s, %s, '2024-09', '2024-09-01', '2024-09-01', 'draft', 1, '', 0,"
            " '{}', '{}', '', '', '', '', '', '2024-10-08', 0)"
        )
        powers = frozenset({"figures.read", "figures.enter", "figures.submit", "figures.accept"})
        above = replace(cast.superior.actor, powers=powers)
        for actor in (above, *(cast.members[login].actor for login in ("auditor", "sibling", "stranger"))):
            with speaking(actor, DAY):
                self.refused(add, cast.unit("hill-school").pk, MONTHLY)
        with speaking(cast.insider.actor, DAY):
            assert self.changed(add, cast.unit("hill-school").pk, MONTHLY) == 1
        with speaking(replace(cast.superior.actor, powers=frozenset({"figures.collect"})), DAY):
            assert self.changed(add, cast.unit("hill-river").pk, MONTHLY) == 1
            self.refused(add, cast.unit("coast-port").pk, MONTHLY)

    def test_obligations_are_read_by_whoever_speaks_and_written_from_above(self, cast: Cast) -> None:
        oblige(cast.unit("hill-school"))
        with speaking(cast.sibling.actor, DAY):
            assert self.changed("SELECT 1 FROM figures_obligation") == 1
            self.refused("UPDATE figures_obligation SET schedule = 'year'")
        with speaking(cast.superior.actor, DAY):
            assert self.changed("UPDATE figures_obligation SET schedule = 'year'") == 1
        with speaking(Actor.nobody(), DAY):
            assert self.changed("SELECT 1 FROM figures_obligation") == 0


PROBES = [
    power
    for power in POWERS.values()
    if power.code.split(".")[0] in GUARDED_ROOMS and power.reach is not Reach.LINE
]


def as_the_database_knows(actor: Actor, power: Power, on: date) -> set[int]:
    at = [power.code] if power.reach is not Reach.BELOW else []
    below = [power.code] if power.reach is not Reach.UNIT else []
    with speaking(actor, on), connection.cursor() as cursor:
        found = []
        for rule in (
            "access_below(id, access_holders(%s), access_day())",
            "id IN (SELECT access_all_below(access_holders(%s), access_day()))",
        ):
            cursor.execute(
                "SELECT id FROM tree_unit WHERE id = ANY (access_holders(%s))"
                f" OR id <> access_topmost(access_holders(%s)) OR {rule}",
                [at, below, below],
            )
            found.append({unit for (unit,) in cursor.fetchall()})
        assert found[0] == found[1], "one by one and all together others are reached"
        return found[0]


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(4))
def test_the_database_and_the_pages_know_the_same_reach(seed: int) -> None:
    """Random trees, grants, days, closed accounts, units acted for and limits of tokens."""
    chance = Random(seed)
    tree = random_tree(chance)
    units = list(tree)
    accounts = [
        Account.objects.create(login=f"a{number}", name="", is_active=number > 0) for number in range(6)
    ]
    for number in range(40):
        start = date(2019, 1, 1) + timedelta(days=chance.randrange(2200))
        Grant.objects.create(
            account=chance.choice(accounts),
            unit_id=chance.choice(units),
            role=f"r{number}",
            powers=[power.code for power in PROBES if chance.random() < 0.8],
            span=Span(
                start, start + timedelta(days=chance.randrange(1, 2000)) if chance.random() < 0.5 else None
            ),
        )
    seen, oracle = 0, Oracle()
    for _ in range(250):
        limit = frozenset(p.code for p in PROBES if chance.random() < 0.6) if chance.random() < 0.3 else None
        actor = limited(
            Actor(chance.choice(accounts).pk, "x", chance.choice([None, None, chance.choice(units)])), limit
        )
        on = date(2018, 6, 1) + timedelta(days=chance.randrange(3000))
        power = chance.choice(PROBES)
        expected = set(reachable(actor, power, on).values_list("pk", flat=True))
        assert as_the_database_knows(actor, power, on) == expected, (actor, power, on)
        by_hand = oracle.reached(
            Identity(actor.account_id or 0, actor.acting_for, actor.powers, on), [power.code]
        )
        assert by_hand == expected, (actor, power, on)
        seen += len(expected)
    assert seen > 150, "too little was reached for the test to mean anything"


def limited(actor: Actor, powers: frozenset[str] | None) -> Actor:
    return replace(actor, powers=powers)


def random_tree(chance: Random) -> list[int]:
    """A tree of thirty units that are founded, moved and dissolved, and go on in others, on random days."""
    root = ledger.found(code="root", name="Root", kind="centre", parent=None, on=date(2018, 1, 1))
    units = [root]
    for number in range(120):
        on = date(2018, 1, 1) + timedelta(days=chance.randrange(2800))
        try:
            match chance.choice(["found", "found", "move", "dissolve", "link"]) if number > 10 else "found":
                case "found":
                    kind = chance.choice(("province", "district", "commune_committee", "cell"))
                    units.append(
                        ledger.found(
                            code=f"u{number}", name="U", kind=kind, parent=chance.choice(units), on=on
                        )
                    )
                case "move":
                    ledger.move(chance.choice(units), chance.choice(units), on=on)
                case "link":
                    link_somehow(chance, units, on)
                case _:
                    unit = chance.choice(units[1:])
                    ledger.dissolve(unit, on=on)
                    link_somehow(chance, units, on, unit)
        except Refused:
            continue
    return [unit.pk for unit in units]


def link_somehow(chance: Random, units: list[Unit], on: date, old: Unit | None = None) -> None:
    """Let a unit go on in one or two others."""
    old = old or chance.choice(units)
    for new in chance.sample(units, chance.choice((1, 1, 2))):
        ledger.link(old, new, on=on, how=chance.choice(Became.values))


@pytest.mark.django_db
class TestEveryTable:
    def test_every_table_of_a_guarded_room_has_its_rules(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT relname, relrowsecurity,"
                " array(SELECT polcmd::text FROM pg_policy WHERE polrelid = pg_class.oid) FROM pg_class"
                " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
            )
            rules = {name: (on, set(commands)) for name, on, commands in cursor.fetchall()}
        for table in guarded_tables():
            on, commands = rules[table]
            assert on, f"{table} shows everything to everybody: enable row security in a migration"
            assert "r" in commands, f"{table} has no rule for reading"

    def test_a_table_with_a_unit_is_guarded_or_said_to_be_open(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT DISTINCT attrelid::regclass::text FROM pg_attribute"
                " JOIN pg_class ON pg_class.oid = attrelid"
                " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm')"
                " AND NOT attisdropped AND attname IN ('unit_id', 'ancestor_id')"
            )
            with_unit = {table for (table,) in cursor.fetchall()}
        assert with_unit - set(guarded_tables()) <= set(OPEN)

    def test_the_rules_let_each_power_extend_as_far_as_it_is_declared(self) -> None:
        """Powers by which the SQL reaches a unit itself, and those by which it reaches below, are declared so."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT qual, with_check FROM pg_policies WHERE schemaname = 'public'")
            rules = [rule for row in cursor.fetchall() for rule in row if rule]
        reach = {power.code: power.reach for power in PROBES}
        named: set[str] = set()
        for rule in rules:
            at, below = (
                {code for codes in re.findall(pattern, rule) for code in codes.split(",")}
                for pattern in (
                    r"unit_id = ANY \(+ SELECT access_holders\('\{(.*?)\}'",
                    r"(?:access_below\([a-z_.]+, \(|access_all_below\(\(|line\.ancestor_id = ANY \(\(+)"
                    r" SELECT access_holders\('\{(.*?)\}'",
                )
            )
            assert {reach[code] for code in at} <= {Reach.UNIT, Reach.UNIT_AND_BELOW}, rule
            assert {reach[code] for code in below} <= {Reach.BELOW, Reach.UNIT_AND_BELOW}, rule
            both = {code for code in at | below if reach[code] is Reach.UNIT_AND_BELOW}
            assert both <= at & below, rule
            named |= at | below
        assert named == set(reach)

    def test_no_function_that_runs_as_the_owner_hands_out_rows(self) -> None:
        """Those that do are triggers, or named here: a function of the owner passes every rule."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef"
                " AND prorettype <> 'trigger'::regtype AND proconfig IS NOT NULL"
                " AND has_function_privilege('plenum_web', oid, 'EXECUTE')"
            )
            assert {name for (name,) in cursor.fetchall()} <= {
                "access_forget_keys",
                "journal_hold_chain",
                "reports_verified",
                "tree_count_rows",
            }
            cursor.execute(
                "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef"
                " AND proconfig IS NULL"
            )
            assert cursor.fetchall() == []


class TestTheDoctor:
    def test_a_sound_database_has_no_finding(self, committing: None) -> None:
        assert [list(check.run()) for check in checks] == [[]] * len(checks)

    def test_an_examination_that_is_not_shown_everything_says_so(self, committing: None) -> None:
        with speaking(Actor(1, "somebody"), DAY):
            assert len(list(sees_everything())) == 1

    def test_a_table_that_shows_everything_is_found(self, committing: None) -> None:
        with connections["owner"].cursor() as cursor:
            cursor.execute("ALTER TABLE targets_target DISABLE ROW LEVEL SECURITY")
            cursor.execute("DROP POLICY seen ON figures_rollup")
        found = list(rows_guarded())
        assert [finding.what.split()[2] for finding in found] == ["figures_rollup", "targets_target"]
        assert "ALTER TABLE targets_target" in found[1].remedy

    def test_a_mighty_role_is_found(self, committing: None, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("plenum.access.doctor.connection", connections["owner"])
        assert len(list(web_role_plain())) == 1


class TestTheJournal:
    CHANGES = (
        "UPDATE journal_entry SET act = 'x'",
        "DELETE FROM journal_entry",
        "TRUNCATE journal_entry",
        "DELETE FROM journal_head",
        "TRUNCATE journal_head",
        "UPDATE journal_entry SET act = 'x' WHERE false",
    )

    @pytest.mark.parametrize("alias", ["default", "owner"])
    @pytest.mark.parametrize("statement", CHANGES)
    def test_no_role_of_the_application_changes_it(
        self, alias: str, statement: str, committing: None
    ) -> None:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            run_as(alias, statement)


def run_as(alias: str, statement: str) -> None:
    """Run a statement in a session of its own and take it back."""
    if alias == "owner":
        conninfo = opening.owner_conninfo()
    else:
        settings = connections.settings["default"]
        conninfo = psycopg.conninfo.make_conninfo(
            host=settings["HOST"],
            port=settings["PORT"],
            dbname=settings["NAME"],
            user=settings["USER"],
            password=settings["PASSWORD"],
        )
    with psycopg.connect(conninfo) as session:
        try:
            session.execute(statement)
        finally:
            session.rollback()
