"""Where people may sign in besides here: an OpenID Connect provider of the organisation, named by settings.

`PLENUM_OIDC_ISSUER`, `PLENUM_OIDC_CLIENT_ID` and `PLENUM_OIDC_CLIENT_SECRET` turn it on; `PLENUM_OIDC_NAME` is what
people read on the sign-in page, `PLENUM_OIDC_CLAIM` the claim that holds the login of the account
(`preferred_username`).
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from plenum.site.home import HomeTrouble, setting


@dataclass(frozen=True)
class Provider:
    """A provider of identities as the settings name it."""

    issuer: str
    client_id: str
    secret: str
    name: str
    claim: str

    @property
    def id(self) -> str:
        """Its name in addresses (`/sign-in/oidc/<id>/login/callback/`) and beside the identities linked to accounts.

        Made of the issuer, so that another provider does not find the accounts linked by the one before.
        """
        return re.sub(r"[^A-Za-z0-9.-]+", "-", self.issuer.removeprefix("https://"))


def provider() -> Provider | None:
    """Return the provider of the settings; None without one. Raises HomeTrouble if the settings make no sense."""
    issuer = setting("OIDC_ISSUER").rstrip("/")
    if not issuer:
        return None
    if urlsplit(issuer).scheme != "https":
        raise HomeTrouble(
            f"PLENUM_OIDC_ISSUER is {issuer!r}. Write the address of the provider; it begins with https://."
        )
    found = Provider(
        issuer=issuer,
        client_id=setting("OIDC_CLIENT_ID"),
        secret=setting("OIDC_CLIENT_SECRET"),
        name=setting("OIDC_NAME", urlsplit(issuer).hostname or issuer),
        claim=setting("OIDC_CLAIM", "preferred_username"),
    )
    if not (found.client_id and found.secret):
        raise HomeTrouble(
            "PLENUM_OIDC_ISSUER is set; PLENUM_OIDC_CLIENT_ID and PLENUM_OIDC_CLIENT_SECRET are needed."
        )
    return found


def for_allauth(found: Provider | None) -> dict[str, Any]:
    """Return the provider as `SOCIALACCOUNT_PROVIDERS` wants it."""
    if found is None:
        return {}
    app = {
        "provider_id": found.id,
        "name": found.name,
        "client_id": found.client_id,
        "secret": found.secret,
        "settings": {"server_url": found.issuer, "oauth_pkce_enabled": True, "login_claim": found.claim},
    }
    return {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True, "SCOPE": ["openid", "profile"]}}


def wanted(name: str, default: str, words: dict[str, bool]) -> bool:
    """Return what a setting of two words says. Raises HomeTrouble for another word."""
    said = setting(name, default)
    if said not in words:
        raise HomeTrouble(f"PLENUM_{name} is {said!r}; write one of: {', '.join(words)}.")
    return words[said]


def hours(name: str, default: int) -> int:
    """Return a setting that is a whole number of hours, in seconds."""
    said = setting(name, str(default))
    if not said.isdecimal() or int(said) == 0:
        raise HomeTrouble(f"PLENUM_{name} is {said!r}; write a whole number of hours, such as {default}.")
    return int(said) * 3600


def of_a_minute(name: str, default: int) -> int:
    """Return a setting that is a number of requests in a minute; 0 for no limit."""
    said = setting(name, str(default))
    if not said.isdecimal() or len(said) > 9:
        raise HomeTrouble(f"PLENUM_{name} is {said!r}; write a number such as {default}, or 0 for no limit.")
    return int(said)


def known_words(host: str) -> list[str]:
    """Return the words of the installation that make a password easy to guess: its name, and those of the setting.

    One on a machine of its own, without an address, is tried out with the password that demonstrations have.
    """
    own = ["plenum", *re.split(r"[.-]", host)] if host else []
    return [word.strip() for word in (*own, *setting("PASSWORD_WORDS").split(",")) if word.strip()]


def password_list() -> Path | None:
    """Return the operator's file of passwords that nobody may choose; None without one."""
    said = setting("PASSWORD_LIST")
    if said and not os.access(said, os.R_OK):
        raise HomeTrouble(f"PLENUM_PASSWORD_LIST is {said!r}, and no such file can be read.")
    return Path(said) if said else None
