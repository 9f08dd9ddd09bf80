"""Who has come in, by what, and who was refused: lines of the log, with the number of the account and nothing else."""

import logging
from typing import Literal

from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest

from plenum.access.models import Account

Why = Literal["password", "code", "too many", "left", "run out", "no account", "provider", "token"]
"""What was wrong: login or password, second factor, too many failures, no grant left, a given
password that has run out, nobody here for whom the provider
said, the provider's own answer, a token that opens nothing."""

log = logging.getLogger("plenum.sign_in")


def came_in(request: HttpRequest, account: Account) -> None:
    """Note that somebody has signed in, by which factors: `password`, `password+totp`, `socialaccount`…"""
    factors = [
        str(each.get("type") or each.get("method")) for each in get_authentication_records(request, account)
    ]
    log.info(
        "signed in",
        extra={"request": request, "account": account.pk, "factor": "+".join(dict.fromkeys(factors))},
    )


def has_confirmed(request: HttpRequest, account: Account, factor: str) -> None:
    """Note that somebody who is signed in has shown once more who they are."""
    log.info("confirmed", extra={"request": request, "account": account.pk, "factor": factor})


def was_refused(request: HttpRequest, why: Why, account: Account | None = None) -> None:
    """Note that somebody was not let in and why; of whom only if the account is known without doubt."""
    known = {} if account is None else {"account": account.pk}
    log.info("refused", extra={"request": request, "reason": why, **known})


def went_out(request: HttpRequest, account: Account) -> None:
    """Note that somebody has signed out."""
    log.info("signed out", extra={"request": request, "account": account.pk})
