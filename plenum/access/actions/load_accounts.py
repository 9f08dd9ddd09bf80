"""Loading accounts and their grants from rows of a table."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from plenum.access import rules
from plenum.access.actions.accounts import create_account
from plenum.access.actions.grants import grant_powers
from plenum.access.models import Account
from plenum.journal.actor import Actor
from plenum.packs import pack
from plenum.tree.models import Unit

COLUMNS = ("login", "name", "language", "unit", "role", "from", "until")


@dataclass(frozen=True)
class _Line:
    number: int
    login: str
    name: str
    language: str
    unit: Unit | None
    role: str
    start: date
    until: date | None


@transaction.atomic
def load_accounts(
    rows: Sequence[Mapping[str, str]],
    *,
    by: Actor,
    progress: Callable[[int, int], None] | None = None,
) -> list[Account]:
    """Create the accounts of the rows and give each its grants: a row is a grant, a login may come again.

    The day of each act is the row's ``from``. New accounts have no password yet. An account that exists
    already keeps its name and language. A row with neither unit nor role is an account without a grant. All
    rows are looked at first: ValidationError lists every fault with its line (the heading is line 1) and
    column, and nothing is written. ``progress`` is told rows done and rows in all.
    """
    lines, faults = _read(rows)
    if faults:
        raise ValidationError(faults)
    accounts = {each.login: each for each in Account.objects.filter(login__in={line.login for line in lines})}
    for done, line in enumerate(sorted(lines, key=lambda line: line.start), start=1):
        try:
            if line.login not in accounts:
                accounts[line.login] = create_account(
                    line.login, name=line.name, language=line.language, unit=line.unit, on=line.start, by=by
                )
            if line.unit is not None:
                grant_powers(
                    accounts[line.login],
                    line.unit,
                    line.role,
                    start=line.start,
                    until=line.until,
                    on=line.start,
                    by=by,
                )
        except ValidationError as error:
            found = error.message_dict.items()
            faults += [_at(line.number, column, text) for column, texts in found for text in texts]
            raise ValidationError(faults) from error
        if progress:
            progress(done, len(lines))
    return list(accounts.values())


def _read(rows: Sequence[Mapping[str, str]]) -> tuple[list[_Line], list[str]]:
    units = {unit.code: unit for unit in Unit.objects.filter(code__in={row.get("unit", "") for row in rows})}
    lines: list[_Line] = []
    faults = [
        _at(1, column, _("This column is missing.")) for column in COLUMNS if rows and column not in rows[0]
    ]
    if faults:
        return lines, faults
    for number, row in enumerate(rows, start=2):
        found = _faults(row, units)
        faults += [_at(number, column, text) for column, text in found]
        if not found:
            lines.append(
                _Line(
                    number=number,
                    login=rules.plain_login(row["login"]),
                    name=row["name"],
                    language=row.get("language") or "vi",
                    unit=units.get(row["unit"]),
                    role=row["role"],
                    start=date.fromisoformat(row["from"]),
                    until=date.fromisoformat(row["until"]) if row.get("until") else None,
                )
            )
    return lines, faults


def _faults(row: Mapping[str, str], units: Mapping[str, Unit]) -> list[tuple[str, str]]:
    faults: list[tuple[str, str]] = []
    if rules.login_faults(rules.plain_login(row.get("login") or "")):
        faults.append(("login", _("This is not a login.")))
    if not (row.get("name") or "").strip():
        faults.append(("name", _("Write the name of the person.")))
    if row.get("unit") or row.get("role"):
        if row.get("unit") not in units:
            faults.append(("unit", _("There is no unit with this code.")))
        if row.get("role") not in pack().power_sets:
            faults.append(("role", _("There is no such role.")))
    for column in ("from", "until"):
        text = row.get(column) or ""
        if (column == "from" or text) and not _is_day(text):
            faults.append((column, _("Write the day as YEAR-MONTH-DAY, such as 2024-10-08.")))
    return faults


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _at(line: int, column: str, text: str) -> str:
    return _("Line %(line)s, column %(column)s: %(text)s") % {"line": line, "column": column, "text": text}
