"""A demonstration: an installation that holds the reference year, on a day that stands still."""

from datetime import date

import psycopg
from django.conf import settings
from django.db import connections

from plenum.site.database import opening
from plenum.site.database.trouble import DatabaseTrouble
from plenum.site.demo.load import demo_accounts, load_reference_year
from plenum.site.home import CONFIGURATION, configuration, home, make_home
from plenum.tree.models import Unit

DAY = date(2024, 10, 8)
"""The day of the nine-month conference in Đắk Nông: returns are late and projections mean something."""

LOADING = "loading"
LOADED = "loaded"
REFERENCE_YEAR = "reference year"
NATIONAL_SAMPLE = "national sample"


def state() -> str | None:
    """Return how far the demonstration of this installation is loaded; None if it is no demonstration."""
    found = configuration().get("demo")
    return str(found["state"]) if isinstance(found, dict) and "state" in found else None


def content() -> str | None:
    """Return what the demonstration of this installation holds; None if it is no demonstration."""
    found = configuration().get("demo")
    return str(found.get("content", REFERENCE_YEAR)) if isinstance(found, dict) else None


def refuse_other_installation() -> None:
    """Raise DatabaseTrouble if the database holds units that no demonstration loaded, or a sample."""
    if content() == NATIONAL_SAMPLE:
        raise DatabaseTrouble(
            f"The installation in {home()} holds the national sample. Serve it with ./dev plenum serve, "
            "or name another folder for the demonstration: PLENUM_HOME=/path/to/folder ./dev demo"
        )
    if state() is None and Unit.objects.exists():
        raise DatabaseTrouble(
            f"The installation in {home()} holds units that no demonstration loaded; they are left as they are. "
            "Name another folder for the demonstration: PLENUM_HOME=/path/to/folder ./dev demo"
        )


def start_over(progress: opening.Progress) -> None:
    """Empty the database and load the reference year. Interrupted, it is started over the next time."""
    if Unit.objects.exists() or state() == LOADING:
        progress("Emptying the database")
        empty_database()
        opening.migrate()
    remember(LOADING)
    load_reference_year(progress)
    remember(LOADED)


def remember(how_far: str, *, day: date = DAY, holds: str = REFERENCE_YEAR) -> None:
    """Write down the day that stands still, what the demonstration holds and how far that is loaded."""
    path = make_home() / CONFIGURATION
    draft = path.with_name(f".{CONFIGURATION}.draft")
    draft.write_text(
        "# This installation is a demonstration: its clock stands still.\n"
        "# Its people are made up and have no phones: nobody needs a second factor.\n"
        f'today = {day.isoformat()}\nsecond_factor = "optional"\n\n[demo]\n'
        f'state = "{how_far}"\ncontent = "{holds}"\n',
        encoding="utf-8",
    )
    draft.replace(path)
    # This process has read its settings before there was a demonstration.
    settings.SECOND_FACTOR_REQUIRED = False


def empty_database() -> None:
    """Drop every table. Raises DatabaseTrouble if another process uses the database."""
    connections.close_all()
    with psycopg.connect(opening.owner_conninfo(), autocommit=True) as connection:
        opening.refuse_company(connection)
        opening.empty_schema(connection)


def welcome(address: str | None) -> str:
    """Return what to tell whoever started the demonstration: where it is and who may sign in."""
    accounts = demo_accounts()
    width = max(len(account.login) for account in accounts)
    lines = [f"  {account.login:<{width}}  {account.password}  {account.what}" for account in accounts]
    where = (
        f"Plenum is at {address}  (stop it with Ctrl-C)"
        if address
        else "Plenum is ready: ./dev demo serves it."
    )
    return "\n".join(["", where, f"The day is {DAY.isoformat()}. Sign in as:", *lines, ""])
