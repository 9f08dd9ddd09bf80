"""Loading the reference year through the same acts and formats that people use."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Protocol

from django.db import transaction

from plenum.access.actions.accounts import change_password
from plenum.access.actions.load_accounts import SHEET as ACCOUNTS
from plenum.access.actions.load_accounts import load_accounts
from plenum.access.guard import speaking
from plenum.access.models import Account
from plenum.access.sheets import Row, Sheet
from plenum.directives.actions.load_documents import SHEET as DOCUMENTS
from plenum.directives.actions.load_documents import load_documents
from plenum.figures.actions.load_obligations import SHEET as OBLIGATIONS
from plenum.figures.actions.load_obligations import load_obligations
from plenum.figures.actions.load_returns import SHEET as RETURNS
from plenum.figures.actions.load_returns import load_returns
from plenum.journal.actor import Actor
from plenum.organisation.actions.load_units import SHEET as UNITS
from plenum.organisation.actions.load_units import load_units
from plenum.reports.actions.load_reviews import SHEET as REVIEWS
from plenum.reports.actions.load_reviews import load_reviews
from plenum.site.demo import REFERENCE
from plenum.targets.actions.load_statements import SHEET as STATEMENTS
from plenum.targets.actions.load_statements import load_statements
from plenum.targets.actions.load_targets import SHEET as TARGETS
from plenum.targets.actions.load_targets import load_targets

PASSWORD = "plenum-demo"  # noqa: S105 — a demonstration's password is meant to be known
SET_UP_ON = date(2022, 1, 1)
"""The day on which the accounts of the demonstration begin."""

Say = Callable[[str], None]
LONG, TOLD = 200, 4
"""From how many rows a step says how far it is, and how often."""


class Loader(Protocol):
    """How every room loads rows of a file: all or nothing, telling rows done and rows in all."""

    def __call__(self, rows: Any, /, *, on: date, by: Actor, progress: Callable[[int, int], None]) -> Any: ...


@dataclass(frozen=True)
class Step:
    """One file of the reference year, what it holds, and the act that loads it."""

    file: str
    what: str
    load: Loader
    sheet: Sheet

    def rows(self) -> list[Row]:
        return self.sheet.read((REFERENCE / self.file).read_bytes())


STEPS = (
    Step("units.csv", "units", load_units, UNITS),
    Step("accounts.csv", "accounts", load_accounts, ACCOUNTS),
    Step("documents.csv", "documents", load_documents, DOCUMENTS),
    Step("obligations.csv", "obligations", load_obligations, OBLIGATIONS),
    Step("returns.csv", "returns", load_returns, RETURNS),
    Step("targets.csv", "targets", load_targets, TARGETS),
    Step("statements.csv", "statements", load_statements, STATEMENTS),
    Step("reviews.csv", "reviews", load_reviews, REVIEWS),
)


@dataclass(frozen=True)
class DemoAccount:
    """Who may sign in to the demonstration."""

    login: str
    password: str
    what: str


def load_reference_year(progress: Say) -> None:
    """Load the reference year into an empty, migrated database: everything, or nothing if it fails.

    `progress` is told in words what is being done. ValidationError names the lines and columns at fault.
    """
    by = Actor.system("reference year")
    with speaking(by, SET_UP_ON), transaction.atomic():
        for step in STEPS:
            progress(f"Loading {step.what}")
            step.load(step.rows(), on=SET_UP_ON, by=by, progress=partial(_tell, progress, step.what))
        progress("Setting the passwords of the demonstration")
        for account in Account.objects.order_by("login"):
            change_password(account, PASSWORD, chosen=True, on=SET_UP_ON, by=by)


def demo_accounts() -> Sequence[DemoAccount]:
    """Who may sign in to the demonstration, in the order in which to show them."""
    accounts = next(step for step in STEPS if step.file == "accounts.csv").rows()
    roles = {
        "officer": "officer at {unit}",
        "secretary": "secretary at {unit}",
        "auditor": "auditor at {unit}, may only read",
        "": "stranger without any grant",
    }
    return [
        DemoAccount(row["login"], PASSWORD, roles[row["role"]].format(unit=row["unit"])) for row in accounts
    ]


def _tell(progress: Say, what: str, done: int, total: int) -> None:
    """Pass on how far a long step is, but only a few times."""
    if total >= LONG and done < total and done * TOLD // total > (done - 1) * TOLD // total:
        progress(f"Loading {what}: {done} of {total}")
