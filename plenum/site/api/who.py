"""How a program shows for whom it asks: by a token, or by the session of a person who is signed in."""

from datetime import date
from typing import Any, cast

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.security import APIKeyCookie, HttpBearer
from ninja.utils import check_csrf

from plenum.access.comings import was_refused
from plenum.access.models import Account
from plenum.access.requests import AuthedRequest
from plenum.access.tokens import program_of_token
from plenum.journal.actor import Actor
from plenum.site.api.problems import is_for_program


def program_in(request: HttpRequest, day: date) -> tuple[Actor, Account | None] | None:
    """Who a program is that has sent a token, and its account; nobody if the token opens nothing.

    None for whoever comes without: only the API takes tokens, and who sends one there is asked for no session.
    """
    kind, _space, text = request.headers.get("Authorization", "").partition(" ")
    if not is_for_program(request) or kind.lower() != "bearer":
        return None
    program = program_of_token(text.strip(), day)
    if program is None:
        was_refused(request, "token")
        return Actor.nobody(), None
    return program


READING = ("GET", "HEAD", "OPTIONS")


class Token(HttpBearer):
    """A token of an account, issued on its page: `Authorization: Bearer plenum_…`."""

    def __call__(self, request: HttpRequest) -> Any | None:
        """The actor of the token that the frame of the site has recognised."""
        actor = cast(AuthedRequest, request).actor
        return actor if actor.token_id is not None else None

    def authenticate(self, request: HttpRequest, token: str) -> Any | None:
        """Tokens are read by the frame of the site, once for language, lens and database."""
        return self(request)


class Session(APIKeyCookie):
    """The session of a person who is signed in; what writes needs the CSRF token of the site as well."""

    param_name = settings.SESSION_COOKIE_NAME

    def __call__(self, request: HttpRequest) -> Actor | None:
        """The actor of the session. Raises PermissionDenied for a request that another site may have made."""
        actor = cast(AuthedRequest, request).actor
        if actor.account_id is None or actor.token_id is not None:
            return None
        if request.method not in READING and check_csrf(request) is not None:
            raise PermissionDenied(_("Send the CSRF token of the session in the header X-CSRFToken."))
        return actor

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:
        """As the call: the cookie itself is read by the session of the site."""
        return self(request)
