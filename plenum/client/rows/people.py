"""Accounts, grants, invitations and tokens, as the API answers."""

from typing import TypedDict

Grant = TypedDict(
    "Grant",
    {
        "unit": str,
        "role": str,
        "powers": list[str],
        "from": str,
        "until": str | None,
    },
)
"""A grant of an account: the powers of a role at a unit; `until` is the first day after it."""


class Account(TypedDict):
    """An account with what it holds, held or will hold."""

    login: str
    name: str
    language: str
    active: bool
    grants: list[Grant]


class AccountGiven(Account):
    """An account that has just been made, with its password, which is told only now."""

    password: str


GrantOfUnit = TypedDict(
    "GrantOfUnit",
    {
        "number": int,
        "login": str,
        "name": str,
        "unit": str,
        "role": str,
        "powers": list[str],
        "from": str,
        "until": str | None,
    },
)
"""A grant at a unit, with who holds it; `until` is the first day after it."""


class Invitation(TypedDict):
    """One open invitation; `until` is the first day on which its link opens nothing."""

    number: int
    unit: str
    name: str
    login: str
    role: str
    inviter: str
    until: str | None


class InvitationGiven(Invitation):
    """An invitation that has just been given, with its link, which is told only now."""

    link: str


class Token(TypedDict):
    """One token; `unit` is empty if it is for all units of the account."""

    number: int
    id: str
    name: str
    powers: list[str]
    unit: str | None
    last_day: str | None
    last_used: str | None
    runs: bool
