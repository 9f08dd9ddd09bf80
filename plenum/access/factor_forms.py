"""The forms that ask for a second factor: a code typed in, or what a security key has signed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm
from allauth.mfa.webauthn.internal.auth import begin_authentication
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from plenum.access.models import Account

CODE = forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True})


def _code_field(help_text: Any) -> forms.CharField:
    return forms.CharField(label=_("Code"), max_length=20, widget=CODE, help_text=help_text)


class CodeForm(AuthenticateForm):  # type: ignore[misc]
    """A code of the app, or a recovery code."""

    code = _code_field(_("Six digits that the app shows now, or one of your recovery codes."))


class AppForm(ActivateTOTPForm):  # type: ignore[misc]
    """The first code of an app that has just been given the secret."""

    code = _code_field(_("Six digits that the app shows now."))


class KeyForm(AuthenticateWebAuthnForm):  # type: ignore[misc]
    """What a key has signed, as JSON; whatever else arrives is refused like a wrong signature."""

    def clean_credential(self) -> Authenticator:
        """The authenticator that has signed."""
        try:
            return super().clean_credential()
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise get_adapter().validation_error("incorrect_code") from error


class NewKeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A key that has just made a credential for this site."""

    name = forms.CharField(
        label=_("Name of the key"),
        max_length=60,
        required=False,
        help_text=_("So that you can tell your keys apart."),
    )

    def clean(self) -> dict[str, Any]:
        """The credential, checked against what was asked."""
        try:
            data: dict[str, Any] = super().clean()
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise get_adapter().validation_error("incorrect_code") from error
        return data


@dataclass(frozen=True)
class FactorForms:
    """The ways in which an account can show its second factor; None for a way it does not have.

    ``options`` is what the browser asks the key to sign; ``sent`` the form that has arrived.
    """

    code: Any
    key: Any
    options: Mapping[str, Any] | None
    sent: Any

    @classmethod
    def of(cls, request: HttpRequest, account: Account) -> "FactorForms":
        """The forms for an account, one of them filled in if it has been sent."""
        kinds = set(Authenticator.objects.filter(user=account).values_list("type", flat=True))
        with_key = Authenticator.Type.WEBAUTHN in kinds
        with_code = bool(kinds - {Authenticator.Type.WEBAUTHN})
        code_data = request.POST if with_code and "code" in request.POST else None
        key_data = request.POST if with_key and "credential" in request.POST else None
        code = CodeForm(user=account, data=code_data) if with_code else None
        key = KeyForm(user=account, data=key_data) if with_key else None
        sent = code if code_data is not None else key if key_data is not None else None
        if sent is not None and sent.is_valid():
            return cls(code, key, None, sent)
        return cls(code, key, begin_authentication(account) if with_key else None, sent)

    @property
    def right(self) -> bool:
        """Whether a second factor has been shown."""
        return self.sent is not None and bool(self.sent.is_valid())

    def remember(self, request: HttpRequest, *, again: bool) -> None:
        """Note in the session that it was shown; ``again`` by somebody who is signed in already."""
        shown = self.sent.authenticator if self.sent is self.code else self.sent.cleaned_data["credential"]
        post_authentication(request, shown, reauthenticated=again)
