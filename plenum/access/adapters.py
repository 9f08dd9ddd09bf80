"""What we tell allauth about our accounts: they sign in by login, have no e-mail and do not sign up by themselves.

allauth keeps the stages of a sign-in, the second factors and the list of sessions; pages, words and acts are ours.
"""

import base64
import logging
import secrets
from typing import Any, NoReturn

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.stages import LoginStage
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.stages import AuthenticateStage
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plenum.access.actions.identities import link_identity
from plenum.access.comings import Why, came_in, was_refused
from plenum.access.models import Account
from plenum.access.provider import WithNonce, repeats_nonce
from plenum.access.queries import account_by_login, has_left
from plenum.access.requests import client_address
from plenum.access.sealed import CannotOpen, opened, seal
from plenum.journal.actor import Actor

UNKNOWN_ADDRESS = "::"
TOO_MANY = gettext_lazy("Too many attempts. Wait a few minutes, then try again.")


log = logging.getLogger("plenum.sign_in")


class SecondStep(AuthenticateStage):  # type: ignore[misc]
    """After the password: the second factor, on our page."""

    urlname = "access:second_step"

    def handle(self) -> tuple[HttpResponseRedirect | None, bool]:
        """Send to the page if the account has a second factor."""
        if not self._should_handle(self.request):
            return None, True
        self.state["authentication_required"] = True
        return redirect(self.urlname), True


class OwnPassword(LoginStage):  # type: ignore[misc]
    """After that: another password, if the one that was typed was set by somebody else."""

    key = "own_password"
    urlname = "access:own_password"

    def handle(self) -> tuple[HttpResponseRedirect | None, bool]:
        """Send to the page if it was by such a password that the person has come."""
        account = self.login.user
        records = get_authentication_records(self.request, account)
        by_password = any(each.get("method") == "password" for each in records)
        if not by_password or account.password_given is None:
            return None, True
        return redirect(self.urlname), True


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are created by officers or by invitation; nothing is sent by e-mail."""

    error_messages = {**DefaultAccountAdapter.error_messages, "too_many_login_attempts": TOO_MANY}

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up by themselves."""
        return False

    def get_login_stages(self) -> list[str]:
        """What follows the password."""
        return [f"{stage.__module__}.{stage.__qualname__}" for stage in (SecondStep, OwnPassword)]

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address of the browser, as far as trusted proxies say."""
        return client_address(request) or UNKNOWN_ADDRESS

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Begin the session, and say so in the log."""
        super().login(request, user)
        assert isinstance(user, Account)
        came_in(request, user)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Our own pages say what has happened."""

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """The journal tells what others are told by e-mail."""


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors of our accounts."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("This was not right, or it was used before. Try again."),
        "rate_limited": TOO_MANY,
    }

    def encrypt(self, text: str) -> str:
        """How the secret of an app and the seed of recovery codes are kept."""
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """What was kept. If no key here opens it, a secret that nobody has: then every code is wrong."""
        try:
            return opened(encrypted_text)
        except CannotOpen:
            log.error("a second factor cannot be opened: run the doctor")
            return base64.b32encode(secrets.token_bytes(20)).decode()

    def get_totp_issuer(self) -> str:
        """What the app of the person shows beside the login."""
        return "Plenum"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """For which site a key is made: only there it opens anything."""
        return {"id": super().get_public_key_credential_rp_entity()["id"], "name": "Plenum"}

    def get_public_key_credential_user_entity(self, user: AbstractBaseUser) -> dict[str, Any]:
        """How the account is called on the person's key."""
        assert isinstance(user, Account)
        return {"id": str(user.pk).encode(), "display_name": user.name, "name": user.login}


class Identities(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Signing in through the provider of the organisation: only into accounts that exist."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Nobody signs up by themselves."""
        return False

    def get_provider(self, request: HttpRequest, provider: str, client_id: str | None = None) -> Any:
        """The provider of the settings, asked our way."""
        found = super().get_provider(request, provider, client_id=client_id)
        return WithNonce(request, app=found.app) if isinstance(found, OpenIDConnectProvider) else found

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Find the account: the one linked before, else the one whose login the provider says, which is linked now."""
        today = request.lens.today  # type: ignore[attr-defined]
        if not repeats_nonce(sociallogin):
            _refuse(request, "provider", _no_answer())
        if not sociallogin.is_existing:
            account = _account_said(sociallogin)
            if account is None:
                _refuse(
                    request,
                    "no account",
                    _("There is no account for you here yet. Ask an officer of your unit to invite you."),
                )
            said = sociallogin.account
            link_identity(account, said.provider, said.uid, on=today, by=Actor.system("OpenID Connect"))
            sociallogin.lookup()
        if not sociallogin.user.is_active or has_left(sociallogin.user.pk, today):
            _refuse(
                request, "left", _("All your grants have ended. Ask an officer of your unit for a new one.")
            )

    def on_authentication_error(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Back to our sign-in page, whatever went wrong at the provider."""
        _refuse(
            request,
            "provider",
            _no_answer(),
        )


def _account_said(sociallogin: Any) -> Account | None:
    claim = sociallogin.provider.app.settings["login_claim"]
    data = sociallogin.account.extra_data
    said = (data.get("userinfo") or {}).get(claim) or (data.get("id_token") or {}).get(claim)
    if not isinstance(said, str):
        return None
    try:
        return account_by_login(said)
    except Account.DoesNotExist:
        return None


def _no_answer() -> str:
    return _("Signing in there did not work. Try again, or sign in here with login and password.")


def _refuse(request: HttpRequest, why: Why, reason: str) -> NoReturn:
    was_refused(request, why)
    messages.error(request, reason)
    raise ImmediateHttpResponse(redirect("access:sign_in"))
