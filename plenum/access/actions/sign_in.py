"""Checking a login and password, slowly for those who guess."""

from datetime import timedelta

from django.contrib.auth import authenticate
from django.contrib.sessions.models import Session
from django.db.models import Q
from django.db.models.functions import Now
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from plenum.access.models import Account, FailedSignIn
from plenum.access.requests import client_address, network_of
from plenum.access.rules import plain_login

WAIT = timedelta(minutes=15)
FAILURES_ALLOWED = 5
"""Failures of one login from one network: a person who has forgotten."""
OF_A_NETWORK = 30
"""Failures from one network, whatever the logins: somebody who tries one password on many."""
OF_A_LOGIN = 60
"""Failures of one login, whatever the networks: many machines that guess together. So high that nobody is easily shut
out by others."""


class TooManyFailures(Exception):
    """Too much has failed; the password was not even looked at. ``wait``: seconds to wait at most."""

    wait = int(WAIT.total_seconds())


def check_sign_in(request: HttpRequest, login: str, password: str) -> Account | None:
    """The account with this login and password, or None, whichever of the two is wrong.

    After too many failures within a quarter of an hour raises TooManyFailures, for an account that exists as for one
    that does not. Failures and sessions whose time is over are cleared away on the occasion.
    """
    login = plain_login(login)
    network = network_of(client_address(request))
    who, of_login, of_network = _hash(f"{login}\n{network}"), _hash(login), _hash(network)
    FailedSignIn.objects.filter(failed_at__lt=Now() - WAIT).delete()
    Session.objects.filter(expire_date__lt=Now()).delete()
    for same, most in (
        (Q(who=who), FAILURES_ALLOWED),
        (Q(network=of_network), OF_A_NETWORK),
        (Q(login=of_login), OF_A_LOGIN),
    ):
        if FailedSignIn.objects.filter(same).count() >= most:
            raise TooManyFailures
    account = authenticate(request, username=login, password=password)
    if not isinstance(account, Account):
        FailedSignIn.objects.create(who=who, login=of_login, network=of_network)
        return None
    FailedSignIn.objects.filter(who=who).delete()
    return account


def _hash(text: str) -> str:
    return salted_hmac("plenum.access.sign_in", text, algorithm="sha256").hexdigest()
