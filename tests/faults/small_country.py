"""A small country with everything in it, at random: units that move and end, accounts, returns, targets, reports."""

from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from random import Random
from typing import Any

from django.db import connection

from plenum.access.models import Account, Grant
from plenum.figures.models import Entry, Obligation, Return, Step, Version
from plenum.figures.rules import State
from plenum.figures.tests.factories import MONTHLY, SUMMARY
from plenum.jobs.models import Job, JobFile, JobPiece
from plenum.packs import pack
from plenum.periods import Span
from plenum.reorganisations.models import Approval, Decision, Reform, Rehearsal, Work
from plenum.reports.models import IssuedFile, IssuedReport, Review, ReviewText
from plenum.targets.models import Statement, Target
from plenum.tree import ledger
from plenum.tree.models import Unit
from plenum.tree.rules import Refused

BEGIN = date(2020, 1, 1)
DAYS = 1400
KINDS = ("province", "district", "commune_committee", "cell")
MONTHS = [date(2021 + number // 12, number % 12 + 1, 1) for number in (0, 9, 20)]


@dataclass(frozen=True)
class Country:
    """What has been made, by primary key."""

    units: list[int]
    accounts: list[int]


def some_day(chance: Random) -> date:
    return BEGIN + timedelta(days=chance.randrange(-60, DAYS + 200))


def make_country(chance: Random, powers: list[str]) -> Country:
    """Found it in the database that is open; ``powers`` are dealt out at random."""
    units = plant(chance)
    file_returns(chance, units)
    for unit in units:
        Target.objects.create(
            unit=unit,
            indicator="members.admitted",
            period_code="2021",
            comparison="at_least",
            amount=1,
            known_on=BEGIN,
        )
        Statement.objects.create(
            unit=unit,
            indicator="members.admitted",
            period_code="2021",
            what="value",
            stated=1,
            decimals=0,
            said_unit="count",
            source="a report",
            on_date=BEGIN,
        )
        review = Review.objects.create(unit=unit, period_code="2021")
        ReviewText.objects.create(
            review=review, section="tasks", language="en", text="More.", written_by="x", on_date=BEGIN
        )
        issue = IssuedReport.objects.create(
            unit=unit,
            period_code="2021",
            language="en",
            edition=1,
            code=unit.code,
            unit_name="U",
            issued_by="x",
            issued_on=BEGIN,
            content={},
        )
        body = unit.code.encode()
        IssuedFile.objects.create(issue=issue, format="md", body=body, sha256=sha256(body).hexdigest())
        Obligation.objects.create(unit=unit, form=MONTHLY, schedule="month", span=Span(BEGIN))
    plan_reforms(chance, units)
    accounts = people(chance, units, powers)
    start_jobs(chance, units, accounts)
    return Country([unit.pk for unit in units], [account.pk for account in accounts])


def plant(chance: Random) -> list[Unit]:
    """Units of four levels, founded, moved and dissolved on random days."""
    units = [ledger.found(code="root", name="Root", kind="centre", parent=None, on=BEGIN)]
    above = units[:]
    for kind, each in zip(KINDS, (3, 2, 2, 1), strict=True):
        below = [
            ledger.found(
                code=f"{kind[0]}{unit.pk}-{number}",
                name=kind,
                kind=kind,
                parent=unit,
                on=unit.lifetime.start + timedelta(days=chance.choice((0, 0, chance.randrange(200)))),
            )
            for unit in above
            for number in range(each)
        ]
        units, above = units + below, below
    for _ in range(160):
        try:
            if chance.random() < 0.7:
                ledger.move(chance.choice(units), chance.choice(units), on=some_day(chance))
            else:
                ledger.dissolve(chance.choice(units[1:]), on=some_day(chance))
        except Refused:
            continue
    return units


def file_returns(chance: Random, units: list[Unit]) -> None:
    """A return of every unit for every month: drafts, submitted ones and accepted ones."""
    mostly_accepted = [State.DRAFT, State.SUBMITTED, State.ACCEPTED, State.ACCEPTED]
    file_form(chance, units, MONTHLY, MONTHS, mostly_accepted)
    file_form(chance, units, SUMMARY, MONTHS[::2], [State.ACCEPTED])


def file_form(chance: Random, units: list[Unit], form: str, months: list[date], states: list[State]) -> None:
    """The same of one form; a part of what is accepted is corrected later."""
    slots = len(pack().forms[form].slots)
    zeros, none = [0] * slots, [False] * slots
    returns = Return.objects.bulk_create(
        Return(
            unit=unit,
            form=form,
            period_code=f"{month:%Y-%m}",
            first_month=month,
            month=month,
            state=(state := chance.choice(states)),
            version=0 if state == State.DRAFT else 1,
            accepted_version=1 if state == State.ACCEPTED else None,
            draft_values=zeros,
            draft_illustrative=none,
            changed_on=month,
        )
        for unit in units
        for month in months
    )
    submitted = [each for each in returns if each.version]
    versions = [version(each, 1, slots) for each in submitted]
    accepted = [each for each in versions if each.of_return.state == State.ACCEPTED]
    corrected = [version(each.of_return, 2, slots) for each in accepted[::4]]
    Version.objects.bulk_create(versions + corrected)
    for number, what, those in ((1, "submit", versions), (2, "accept", accepted)):
        Step.objects.bulk_create(
            Step(
                of_return_id=each.of_return_id,
                number=number,
                what=what,
                version=1,
                by="x",
                on_date=each.on_date,
            )
            for each in those
        )
    for those, known, counts in ((accepted, None, [1] * slots), (corrected, [1] * slots, zeros)):
        Entry.objects.bulk_create(
            Entry(
                of_return_id=each.of_return_id,
                version=each,
                known_on=each.on_date,
                delta=known or [value or 0 for value in each.values],
                delta_counts=counts,
                delta_illustrative=zeros,
            )
            for each in those
        )


def version(of_return: Return, number: int, slots: int) -> Version:
    """What a return says: its own number in every place, and one more with each version."""
    return Version(
        of_return=of_return,
        number=number,
        values=[of_return.pk + number - 1] * slots,
        illustrative=[False] * slots,
        entered_by="x",
        submitted_by="x",
        on_date=of_return.month + timedelta(days=40 * (number - 1)),
    )


def plan_reforms(chance: Random, units: list[Unit]) -> None:
    """A reform of every unit, with units that are asked, decisions, a rehearsal and work, wherever they stand."""
    for unit in units:
        reform = Reform.objects.create(
            code=unit.code, title="R", unit=unit, on_date=BEGIN, plan={}, changed_by="x", changed_on=BEGIN
        )
        Approval.objects.create(reform=reform, unit=chance.choice(units), edition=1)
        Work.objects.create(reform=reform, unit=chance.choice(units), what=Work.What.TARGETS)
        Decision.objects.create(
            reform=reform, subject="access.Grant:1", choice="leave", decided_by="x", on_date=BEGIN
        )
        Rehearsal.objects.create(
            reform=reform,
            edition=1,
            tree_changes=0,
            blocking=0,
            open_objects=0,
            report={},
            made_by="x",
            on_date=BEGIN,
        )


def people(chance: Random, units: list[Unit], powers: list[str]) -> list[Account]:
    """Accounts with random powers at random units for random spans; some are closed, some have nothing."""
    accounts = [
        Account.objects.create(login=f"person-{number}", name="", is_active=number % 8 > 0)
        for number in range(24)
    ]
    for number in range(90):
        start = some_day(chance)
        end = start + timedelta(days=chance.randrange(1, 900)) if chance.random() < 0.4 else None
        Grant.objects.create(
            account=chance.choice(accounts[:22]),
            unit=chance.choice(units),
            role=f"role-{number}",
            powers=[code for code in powers if chance.random() < chance.choice((0.1, 0.4, 0.9))],
            span=Span(start, end),
        )
    return accounts


def start_jobs(chance: Random, units: list[Unit], accounts: list[Account]) -> None:
    """Jobs of all sorts of people for all sorts of units, each with a file that was given."""
    for unit in [*units, *units, *units]:
        account = chance.choice(accounts)
        job = Job.objects.create(
            kind="none", unit=unit, account=account, actor_label=account.name, language="en", on_date=BEGIN
        )
        file = JobFile.objects.create(
            job=job, role=JobFile.Role.GIVEN, name="form.xlsx", media_type="text/csv"
        )
        JobPiece.objects.create(file=file, number=1, body=b"x")


def rows(sql: str) -> list[Any]:
    """What a query gives."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())
