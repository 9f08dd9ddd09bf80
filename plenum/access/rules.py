"""What a login and a password must look like, and how spans of grants may be ended."""

import hashlib
import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Literal

from plenum.periods import Span

LOGIN_PATTERN = re.compile(r"[a-z0-9](?:[a-z0-9._@-]*[a-z0-9])?")
SHORTEST_LOGIN, LONGEST_LOGIN = 3, 64
SHORTEST_PASSWORD, LONGEST_PASSWORD = 10, 200
SHORTEST_WORD, LEAST_OF_ONES_OWN = 4, 6
"""Shorter words are syllables of everything; so many letters must stand beside a known word."""

GIVEN_PASSWORD_LIFE = timedelta(days=7)
"""So long somebody may sign in with a password that an officer has set, to choose another."""

LoginFault = Literal["length", "characters"]
PasswordFault = Literal["short", "long", "like_login", "one_character"]
EndFault = Literal["past", "later", "over"]


def plain_login(typed: str) -> str:
    """A login as it is kept: without spaces around it, in lower case."""
    return typed.strip().lower()


def login_faults(login: str) -> list[LoginFault]:
    """What is wrong with a login. Only what every keyboard has is allowed: no two logins look alike."""
    faults: list[LoginFault] = []
    if not SHORTEST_LOGIN <= len(login) <= LONGEST_LOGIN:
        faults.append("length")
    if not LOGIN_PATTERN.fullmatch(login):
        faults.append("characters")
    return faults


def password_faults(password: str, login: str) -> list[PasswordFault]:
    """What is wrong with a password: length counts, not the mixture of signs."""
    faults: list[PasswordFault] = []
    if len(password) < SHORTEST_PASSWORD:
        faults.append("short")
    if len(password) > LONGEST_PASSWORD:
        faults.append("long")
    if login and login in password.lower():
        faults.append("like_login")
    if password and len(set(password)) == 1:
        faults.append("one_character")
    return faults


def is_made_of(password: str, words: Iterable[str]) -> bool:
    """Whether little is left of a password beside words that everybody knows; all without accents and signs."""
    rest = password
    for word in sorted({word for word in words if len(word) >= SHORTEST_WORD}, key=len, reverse=True):
        rest = rest.replace(word, " ")
    return rest != password and sum(letter.isalpha() for letter in rest) < LEAST_OF_ONES_OWN


def password_has_run_out(given: date | None, on: date) -> bool:
    """Whether a password that was set by somebody else on a day opens nothing any more."""
    return given is not None and on >= given + GIVEN_PASSWORD_LIFE


def end_fault(span: Span, until: date, on: date) -> EndFault | None:
    """Why a grant of this span may not end on the day ``on`` so that ``until`` is its first day without.

    Ending it in the past would take back the power from acts already done; making it longer is a new grant.
    """
    if span.end is not None and span.end <= on:
        return "over"
    if until < on:
        return "past"
    if span.end is not None and until > span.end:
        return "later"
    return None


def shortened(span: Span, until: date) -> Span | None:
    """The span that is left when it ends at ``until``; None if it never began."""
    return Span(span.start, until) if until > span.start else None


LONGEST_TOKEN_LIFE = timedelta(days=366)
TOKEN_SIGN = "plenum"  # noqa: S105 - how every token begins
TOKEN_PATTERN = re.compile(r"plenum_([A-Za-z0-9]{16})_([A-Za-z0-9]{43})")


def written_token(public_id: str, secret: str) -> str:
    """A token as its owner keeps it; it begins so that a search finds tokens left in files by mistake."""
    return f"{TOKEN_SIGN}_{public_id}_{secret}"


def read_token(text: str) -> tuple[str, str] | None:
    """The public id and the secret of a token; None for what is none."""
    found = TOKEN_PATTERN.fullmatch(text)
    return (found[1], found[2]) if found else None


def hashed(secret: str) -> str:
    """What is kept of a secret. It has 256 bits of chance, so no salt and no slowness are needed."""
    return hashlib.sha256(secret.encode()).hexdigest()
