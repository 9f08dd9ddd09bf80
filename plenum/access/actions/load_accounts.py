"""Loading accounts and their grants from rows of a table."""

from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from plenum.access import rules
from plenum.access.actions.accounts import create_account
from plenum.access.actions.grants import grant_powers
from plenum.access.cells import UnitCells, day_cell, day_cell_or_none
from plenum.access.models import Account
from plenum.access.powers import GRANT
from plenum.access.sheets import CellError, Cells, Faults, Progress, Read, Row, Sheet
from plenum.journal.actor import Actor
from plenum.packs import pack

SHEET = Sheet(("login", "name", "unit", "role", "from"), ("language", "until"))
NAMED = {"start": "from"}


def load_accounts(
    rows: Iterable[Cells], *, on: date, by: Actor, progress: Progress | None = None
) -> list[Account]:
    """Create the accounts of the rows and give each its grants: a row is a grant, a login may come again.

    What a person loads is done on the day `on`; the system grants each on the row's ``from``, as was done then. New
    accounts have no password yet. An account that exists already keeps its name and language. A row with neither
    unit nor role is an account without a grant. ValidationError lists every fault with its line and column, and
    nothing is written. ``progress`` is told rows done and rows in all.
    """
    lines = SHEET.numbered(rows)
    units = UnitCells(lines, "unit", powers=[GRANT], by=by, on=on)
    reads: dict[str, Read] = {
        "login": _login,
        "name": _name,
        "unit": units.or_none,
        "role": _role,
        "from": day_cell,
        "until": day_cell_or_none,
    }
    faults = Faults(NAMED)
    accounts = {
        account.login: account
        for account in Account.objects.filter(login__in={rules.plain_login(row["login"]) for row in lines})
    }
    loaded: dict[str, Account] = {}
    with transaction.atomic():
        readable = [row for row in lines if faults.read(row, reads)]
        for done, row in enumerate(sorted(readable, key=lambda row: day_cell(row, "from")), start=1):
            with faults.at(row.line), transaction.atomic():
                account = _loaded(row, accounts.get(_login(row, "login")), units, on, by)
                loaded[account.login] = accounts[account.login] = account
            if progress is not None:
                progress(done, len(lines))
        faults.refuse()
    return list(loaded.values())


def _loaded(row: Row, account: Account | None, units: UnitCells, on: date, by: Actor) -> Account:
    """The account of a row, made if there is none yet, with the grant of the row."""
    start, unit = day_cell(row, "from"), units.or_none(row, "unit")
    day = start if by.is_system else on
    if account is None:
        account = create_account(
            row["login"],
            name=row["name"],
            language=row["language"] or settings.LANGUAGE_CODE,
            unit=unit,
            on=day,
            by=by,
        )
    if unit is not None:
        until = day_cell_or_none(row, "until")
        grant_powers(account, unit, row["role"], start=start, until=until, on=day, by=by)
    return account


def _login(row: Cells, column: str) -> str:
    login = rules.plain_login(row[column])
    if rules.login_faults(login):
        raise CellError(column, _("This is not a login."))
    return login


def _name(row: Cells, column: str) -> str:
    if not row[column]:
        raise CellError(column, _("Write the name of the person."))
    return row[column]


def _role(row: Cells, column: str) -> str:
    if row["unit"] and row[column] not in pack().power_sets:
        raise CellError(column, _("There is no such role."))
    if row[column] and not row["unit"]:
        raise CellError("unit", _("There is no unit with this code."))
    return row[column]
