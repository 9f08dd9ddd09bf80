"""Accounts and grants as programs read them: the same on the command line and in the API."""

from datetime import date

from typing_extensions import TypedDict

from plenum.access.models import Account
from plenum.access.queries import GrantView, InvitationView, TokenView

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


class AccountGiven(AccountRow):
    """An account that has just been made, with its password, which is told only now."""

    password: str


class InvitationRow(TypedDict):
    """One open invitation; `until` is the first day on which its link opens nothing."""

    number: int
    unit: str
    name: str
    login: str
    role: str
    inviter: str
    until: date | None


class InvitationGiven(InvitationRow):
    """An invitation that has just been given, with its link, which is told only now."""

    link: str


class TokenRow(TypedDict):
    """One token; `unit` is empty if it is for all units of the account."""

    number: int
    id: str
    name: str
    powers: list[str]
    unit: str | None
    last_day: date | None
    last_used: date | None
    runs: bool


class TokenGiven(TokenRow):
    """A token that has just been issued, with its text, which is told only now."""

    token: str


def invitation_row(view: InvitationView, code: str) -> InvitationRow:
    """One open invitation to the unit with this code."""
    return {
        "number": view.pk,
        "unit": code,
        "name": view.name,
        "login": view.login,
        "role": view.role,
        "inviter": view.inviter,
        "until": view.days.end,
    }


def token_row(view: TokenView, codes: dict[int, str]) -> TokenRow:
    """One token; `codes` names units."""
    return {
        "number": view.pk,
        "id": view.public_id,
        "name": view.name,
        "powers": list(view.powers),
        "unit": codes.get(view.unit_id or 0),
        "last_day": view.last_day,
        "last_used": view.last_used,
        "runs": view.runs,
    }


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
