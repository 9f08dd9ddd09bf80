"""Accounts and grants as programs read them: the same on the command line and in the API."""

from datetime import date

from typing_extensions import TypedDict

from plenum.access.models import Account
from plenum.access.queries import GrantView

GrantRow = TypedDict(
    "GrantRow",
    {"unit": str, "role": str, "powers": list[str], "from": date, "until": date | None},
)


class AccountRow(TypedDict):
    """An account with what it holds, held or will hold."""

    login: str
    name: str
    language: str
    active: bool
    grants: list[GrantRow]


GrantOfUnit = TypedDict(
    "GrantOfUnit",
    {
        "number": int,
        "login": str,
        "name": str,
        "unit": str,
        "role": str,
        "powers": list[str],
        "from": date,
        "until": date | None,
    },
)


def grant_row(view: GrantView, code: str) -> GrantRow:
    """One grant at the unit with this code; `until` is the first day without it."""
    return {
        "unit": code,
        "role": view.role,
        "powers": list(view.powers),
        "from": view.span.start,
        "until": view.span.end,
    }


def grant_of_unit(view: GrantView, code: str) -> GrantOfUnit:
    """One grant with who holds it."""
    return {
        "number": view.pk,
        "login": view.account.login,
        "name": view.account.name,
        **grant_row(view, code),
    }


def account_row(account: Account, held: list[GrantView], codes: dict[int, str]) -> AccountRow:
    """An account with its grants; `codes` names their units."""
    return {
        "login": account.login,
        "name": account.name,
        "language": account.language,
        "active": account.is_active,
        "grants": [grant_row(each, codes[each.unit_id]) for each in held],
    }
