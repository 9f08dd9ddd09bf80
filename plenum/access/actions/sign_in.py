"""Checking a login and password, slowly for those who guess."""

from datetime import timedelta

from django.contrib.auth import authenticate
from django.db.models.functions import Now
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from plenum.access.models import Account, FailedSignIn
from plenum.access.rules import plain_login

FAILURES_ALLOWED = 5
WAIT = timedelta(minutes=15)


class TooManyFailures(Exception):
    """This login has failed too often from this address; the password was not even looked at."""


def check_sign_in(request: HttpRequest, login: str, password: str) -> Account | None:
    """The account with this login and password, or None, whichever of the two is wrong.

    After five failures of a login from one address within a quarter of an hour raises TooManyFailures, for an
    account that exists as for one that does not.
    """
    who = _who(login, request.META.get("REMOTE_ADDR", ""))
    FailedSignIn.objects.filter(failed_at__lt=Now() - WAIT).delete()
    if FailedSignIn.objects.filter(who=who).count() >= FAILURES_ALLOWED:
        raise TooManyFailures
    account = authenticate(request, username=plain_login(login), password=password)
    if not isinstance(account, Account):
        FailedSignIn.objects.create(who=who)
        return None
    FailedSignIn.objects.filter(who=who).delete()
    return account


def _who(login: str, address: str) -> str:
    return salted_hmac(
        "plenum.access.sign_in", f"{plain_login(login)}\n{address}", algorithm="sha256"
    ).hexdigest()
