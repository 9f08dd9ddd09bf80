"""The provider of identities as we ask it: with a number used once, and nothing that an address of ours could add."""

import hmac
import secrets
from typing import Any

from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.http import HttpRequest, HttpResponseBase


class WithNonce(OpenIDConnectProvider):  # type: ignore[misc]
    """Sends a number with each request, which its identity token must repeat: one from elsewhere signs nobody in."""

    def get_scope_from_request(self, request: HttpRequest) -> list[str]:
        """What we ask for, whatever the address of our page says."""
        return list(self.get_scope())

    def get_auth_params_from_request(self, request: HttpRequest, action: Any) -> dict[str, Any]:
        """What goes with the request, whatever the address of our page says."""
        return dict(self.get_auth_params())

    def redirect(self, request: HttpRequest, process: str, **kwargs: Any) -> HttpResponseBase:
        """Send to the provider; the number waits in the session beside the state."""
        nonce = secrets.token_urlsafe(32)
        asked = {**(kwargs.pop("auth_params", None) or self.get_auth_params()), "nonce": nonce}
        response: HttpResponseBase = super().redirect(
            request, process, auth_params=asked, nonce=nonce, **kwargs
        )
        return response


def repeats_nonce(sociallogin: Any) -> bool:
    """Whether the identity token of an answer repeats the number of the request that it answers."""
    token = sociallogin.account.extra_data.get("id_token") or {}
    sent, said = sociallogin.state.get("nonce"), token.get("nonce")
    return isinstance(said, str) and bool(sent) and hmac.compare_digest(sent.encode(), said.encode())
