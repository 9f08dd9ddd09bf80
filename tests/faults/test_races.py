"""Ten thousand acts of many at once, and straight SQL of the web role among them, all really committed.

Afterwards the tree is a tree on every day, every sum is what a recount gives, every act that was confirmed is there and
none that was not, and nobody has been told of a deadlock.
"""

import threading
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

import psycopg
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import Error, connection, connections, transaction

from plenum.access.actions import create_account, grant_powers
from plenum.access.guard import speaking
from plenum.access.queries import actor_of
from plenum.figures import doctor as figures_doctor
from plenum.figures.actions import accept_return, correct_return, save_draft, send_back, submit_return
from plenum.figures.models import Entry, Return, Version
from plenum.figures.queries import figures
from plenum.figures.rules import State
from plenum.figures.tests.factories import MONTHLY, oblige
from plenum.journal.actor import Actor
from plenum.journal.doctor import checks as journal_checks
from plenum.journal.models import Entry as Act
from plenum.organisation.actions import dissolve_unit, found_unit, move_unit, rename_unit
from plenum.periods import Period
from plenum.tree import doctor as tree_doctor
from plenum.tree import ledger
from plenum.tree.models import Unit
from plenum.tree.tests.oracle import assert_tree_at_every_date

ACTS, PEOPLE = 10_000, 8
FOUNDED = date(2020, 1, 1)
TODAY = date(2024, 10, 8)
PERIODS = [Period.month(2024, month) for month in range(1, 7)]
SYSTEM = Actor.system("races")
NEVER = (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure, psycopg.OperationalError)
JOURNALLED = {
    "saved": "figures.save_draft",
    "submitted": "figures.submit_return",
    "accepted": "figures.accept_return",
    "sent back": "figures.send_back",
    "correction begun": "figures.correct_return",
    "founded": "organisation.found_unit",
    "moved": "organisation.move_unit",
    "renamed": "organisation.rename_unit",
    "dissolved": "organisation.dissolve_unit",
}
"""What is told of an act that was confirmed, and what the journal calls it."""


@dataclass
class Confirmed:
    """What the database has confirmed, as those who asked remember it."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    changes: Counter[int] = field(default_factory=Counter)
    drafts: dict[int, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))
    submitted: dict[tuple[int, int], int] = field(default_factory=dict)
    accepted: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    founded: set[str] = field(default_factory=set)
    outcomes: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Country:
    """Where they race: communes that report and move between districts, and who acts."""

    root: Unit
    districts: list[Unit]
    communes: list[Unit]
    officer: Actor
    secretaries: dict[int, Actor]


@pytest.fixture
def country(fresh_database: str, django_db_blocker: Any) -> Iterator[Country]:
    with django_db_blocker.unblock(), speaking(SYSTEM, TODAY):
        root = ledger.found(code="root", name="Root", kind="centre", parent=None, on=FOUNDED)

        def found(code: str, kind: str, parent: Unit) -> Unit:
            return ledger.found(code=code, name=code, kind=kind, parent=parent, on=FOUNDED)

        provinces = [found(f"p{number}", "province", root) for number in range(3)]
        districts = [found(f"d{number}", "district", provinces[number % 3]) for number in range(6)]
        communes = [found(f"c{number}", "commune_committee", districts[number % 6]) for number in range(24)]
        secretaries = {}
        for unit in communes:
            oblige(unit)
            secretaries[unit.pk] = person(f"secretary-{unit.code}", "secretary", unit)
        yield Country(root, districts, communes, person("officer", "officer", root), secretaries)
        connections.close_all()


def person(login: str, role: str, unit: Unit) -> Actor:
    account = create_account(login, name=login, language="en", unit=unit, on=FOUNDED, by=SYSTEM)
    grant_powers(account, unit, role, start=FOUNDED, on=FOUNDED, by=SYSTEM)
    return actor_of(account)


class Racer:
    """One of those who act at the same time, by chance."""

    def __init__(self, number: int, country: Country, confirmed: Confirmed) -> None:
        self.number, self.country, self.confirmed = number, country, confirmed
        self.chance = Random(number)
        self.made = 0

    def run(self, acts: int) -> None:
        """So many acts; only what the rules or somebody else's act refuse may fail."""
        try:
            for _ in range(acts):
                act = self.chance.choices(
                    (self.work_on_a_return, self.change_the_tree, self.write_sql), weights=(30, 6, 64)
                )[0]
                try:
                    outcome = act()
                except (ValidationError, PermissionDenied):
                    outcome = f"{act.__name__} refused"
                with self.confirmed.lock:
                    self.confirmed.outcomes[outcome] += 1
        finally:
            connections.close_all()

    def work_on_a_return(self) -> str:
        """The next step of some return, by whoever takes it; another may be quicker."""
        unit, period = self.chance.choice(self.country.communes), self.chance.choice(PERIODS)
        secretary, officer = self.country.secretaries[unit.pk], self.country.officer
        with speaking(secretary, TODAY):
            returned = Return.objects.filter(unit=unit, period_code=period.code).first()
            if returned is None or (
                returned.state in (State.DRAFT, State.SENT_BACK) and self.chance.random() < 0.5
            ):
                return self.save(unit, period, returned, secretary)
            edition, pk = returned.edition, returned.pk
            if returned.state in (State.DRAFT, State.SENT_BACK):
                done = submit_return(pk, edition=edition, on=TODAY, by=secretary)
                with self.confirmed.lock:
                    self.confirmed.changes[pk] += 1
                    self.confirmed.submitted[pk, done.version] = int(done.draft_values[1] or 0)
                return "submitted"
            if returned.state == State.ACCEPTED:
                correct_return(pk, "by chance", edition=edition, on=TODAY, by=secretary)
                return self.changed(pk, "correction begun")
        with speaking(officer, TODAY):
            if self.chance.random() < 0.25:
                send_back(pk, "by chance", edition=edition, on=TODAY, by=officer)
                return self.changed(pk, "sent back")
            done = accept_return(pk, edition=edition, on=TODAY, by=officer)
            with self.confirmed.lock:
                self.confirmed.accepted[pk].append(done.version)
            return self.changed(pk, "accepted")

    def save(self, unit: Unit, period: Period, returned: Return | None, by: Actor) -> str:
        value = self.chance.randrange(1000)
        saved = save_draft(
            unit.pk,
            MONTHLY,
            period,
            {"members_admitted": value},
            remark="by chance",
            edition=returned.edition if returned else 0,
            on=TODAY,
            by=by,
        )
        with self.confirmed.lock:
            self.confirmed.drafts[saved.pk][saved.edition] = value
        return self.changed(saved.pk, "saved")

    def changed(self, pk: int, what: str) -> str:
        with self.confirmed.lock:
            self.confirmed.changes[pk] += 1
        return what

    def change_the_tree(self) -> str:
        officer, since = self.country.officer, FOUNDED + timedelta(days=150 * self.chance.randrange(12))
        commune, district = (
            self.chance.choice(self.country.communes),
            self.chance.choice(self.country.districts),
        )
        with speaking(officer, TODAY):
            match self.chance.choice(("found", "move", "move", "rename", "dissolve")):
                case "found":
                    self.made += 1
                    code = f"n{self.number}-{self.made}"
                    found_unit(
                        code=code, name=code, kind="cell", parent=commune, since=since, on=TODAY, by=officer
                    )
                    with self.confirmed.lock:
                        self.confirmed.founded.add(code)
                    return "founded"
                case "move":
                    move_unit(commune, parent=district, since=since, on=TODAY, by=officer)
                    return "moved"
                case "rename":
                    name = f"{commune.code} of {self.number}, {self.chance.random()}"
                    rename_unit(commune, name=name, since=since, on=TODAY, by=officer)
                    return "renamed"
                case _:
                    cell = Unit.objects.filter(code__startswith=f"n{self.number}-").order_by("?").first()
                    if cell is None:
                        return "nothing to dissolve"
                    dissolve_unit(cell, since=since, on=TODAY, by=officer)
                    return "dissolved"

    def write_sql(self) -> str:
        """What a careless program might send as the web role: some of it is refused, none of it does harm."""
        with speaking(self.country.officer, TODAY):
            if self.chance.random() < 0.4:
                return self.mark_a_return()
            try:
                with transaction.atomic(), connection.cursor() as cursor:
                    for statement, parameters in self.chance.choice(self.statements()):
                        cursor.execute(statement, parameters)
            except Error as error:
                if isinstance(error.__cause__, NEVER):
                    raise
                return "SQL refused"
            return "SQL done"

    def mark_a_return(self) -> str:
        """A change that builds on what is there: if one is lost, the count is wrong."""
        unit, period = self.chance.choice(self.country.communes), self.chance.choice(PERIODS)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE figures_return SET edition = edition + 1 WHERE unit_id = %s AND period_code = %s RETURNING id",
                [unit.pk, period.code],
            )
            for (pk,) in cursor.fetchall():
                self.changed(pk, "marked")
        return "marked"

    def statements(self) -> list[list[tuple[str, list[Any]]]]:
        ids = [unit.pk for unit in (*self.country.communes, *self.country.districts)]
        unit, other = self.chance.sample(ids, 2)
        day = FOUNDED + timedelta(days=150 * self.chance.randrange(12))
        place = "UPDATE tree_placement SET "
        return [
            [(place + "parent_id = %s WHERE unit_id = %s AND span @> %s::date", [other, unit, day])],
            [(place + "parent_id = %s WHERE parent_id = %s", [other, unit])],
            [(place + "span = daterange(lower(span), %s) WHERE unit_id = %s", [day, unit])],
            [("DELETE FROM tree_placement WHERE unit_id = %s AND span @> %s::date", [unit, day])],
            [
                (
                    place + "span = daterange(lower(span), %s) WHERE unit_id = %s AND span @> %s::date"
                    " AND lower(span) < %s",
                    [day, unit, day, day],
                ),
                (
                    "INSERT INTO tree_placement (unit_id, parent_id, span) SELECT %s, %s, daterange(%s,"
                    " (SELECT min(lower(span)) FROM tree_placement WHERE unit_id = %s AND lower(span) > %s))",
                    [unit, other, day, unit, day],
                ),
            ],
            [("UPDATE figures_standing SET sums = '{}'", [])],
            [("UPDATE figures_rollup SET sums = '{}'", [])],
            [("DELETE FROM figures_entry WHERE true", [])],
            [
                (
                    "INSERT INTO figures_entry (return_id, version_id, known_on, delta, delta_counts,"
                    " delta_illustrative) SELECT return_id, version_id, known_on, delta, delta_counts,"
                    " delta_illustrative FROM figures_entry WHERE id % 7 = %s LIMIT 1",
                    [self.chance.randrange(7)],
                )
            ],
            [("UPDATE journal_entry SET change = '{}' WHERE unit_id = %s", [unit])],
        ]


def test_ten_thousand_acts_at_once_lose_nothing_and_break_nothing(country: Country) -> None:
    confirmed = Confirmed()
    with ThreadPoolExecutor(PEOPLE) as threads:
        racers = [Racer(number, country, confirmed) for number in range(PEOPLE)]
        for racing in [threads.submit(racer.run, ACTS // PEOPLE) for racer in racers]:
            racing.result()
    outcomes = confirmed.outcomes
    assert sum(outcomes.values()) == ACTS
    assert all(outcomes[what] > 20 for what in (*JOURNALLED, "marked", "SQL done", "SQL refused")), outcomes
    with speaking(SYSTEM, TODAY):
        assert_tree_at_every_date()
        for check in (*tree_doctor.checks, *figures_doctor.checks, *journal_checks):
            if check.code == "figures.once":
                continue  # straight SQL may put who reports below another who does, as a move may: the doctor tells
            assert list(check.run()) == [], check.code
        assert_every_confirmed_act_is_there(confirmed)
        assert_the_sum_is_that_of_what_was_accepted(confirmed, country)


def assert_every_confirmed_act_is_there(confirmed: Confirmed) -> None:
    """No update is lost, and nothing is there that nobody was told of."""
    returns = Return.objects.in_bulk()
    assert {pk: each.edition for pk, each in returns.items()} == dict(confirmed.changes)
    last_saved = {
        pk: confirmed.drafts[pk][each.edition]
        for pk, each in returns.items()
        if each.edition in confirmed.drafts[pk]
    }
    assert {pk: returns[pk].draft_values[1] for pk in last_saved} == last_saved
    assert len(last_saved) > 5
    versions = Version.objects.values_list("of_return_id", "number", "values")
    assert {(pk, number): values[1] or 0 for pk, number, values in versions} == confirmed.submitted
    accepted = {pk: max(numbers) for pk, numbers in confirmed.accepted.items()}
    assert {pk: each.accepted_version for pk, each in returns.items() if each.accepted_version} == accepted
    assert Entry.objects.count() == sum(len(numbers) for numbers in confirmed.accepted.values())
    assert set(Unit.objects.filter(code__startswith="n").values_list("code", flat=True)) == confirmed.founded
    for what, act in JOURNALLED.items():
        assert Act.objects.filter(act=act, on_date=TODAY).count() == confirmed.outcomes[what], what


def assert_the_sum_is_that_of_what_was_accepted(confirmed: Confirmed, country: Country) -> None:
    admitted = sum(confirmed.submitted[pk, max(numbers)] for pk, numbers in confirmed.accepted.items())
    found = figures(country.root.pk, Period.parse("2024-H1"))["members.admitted"]
    assert (found.value or 0) == admitted
