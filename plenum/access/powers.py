"""Powers: the right to one kind of act, with how far it extends from the unit where it is granted."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plenum.journal.acts import Act
from plenum.journal.words import Field
from plenum.packs import naming

POWERS: dict[str, "Power"] = {}


class Reach(StrEnum):
    """How far a power extends from the unit of the grant."""

    UNIT = "unit"
    UNIT_AND_BELOW = "unit_and_below"
    BELOW = "below"
    LINE = "line"
    """Ancestors, the unit and everything below: for documents issued above."""


@dataclass(frozen=True)
class Power:
    """The right to one kind of act. Creating it registers it; a code used twice raises ValueError."""

    code: str
    reach: Reach
    label: Any

    def __post_init__(self) -> None:
        if self.code in POWERS:
            raise ValueError(f"The power {self.code} is declared twice")
        POWERS[self.code] = self


def label_of(code: str) -> Any:
    """The name of a power as people read it; the code itself if no domain declares it."""
    power = POWERS.get(code)
    return power.label if power else code


def power_names(codes: str, _language: str) -> str:
    """The names of powers whose codes are separated by blanks."""
    return ", ".join(str(label_of(code)) for code in codes.split())


def language_name(code: str, _language: str) -> str:
    """What a language of the installation is called."""
    return str(dict(settings.LANGUAGES).get(code, code))


FACTORS = {
    "totp": _("Authenticator app"),
    "webauthn": _("Security key"),
    "recovery_codes": _("Recovery codes"),
}
"""What the kinds of second factors are called."""

GRANT = Power("access.grant", Reach.UNIT_AND_BELOW, _("Give and end grants"))

CREATE_ACCOUNT = Act("access.create_account", _("Account created"))
CHANGE_LANGUAGE = Act("access.change_language", _("Language changed"))
CHANGE_PASSWORD = Act("access.change_password", _("Password changed"))
HAND_OVER_ACCOUNT = Act("access.hand_over_account", _("Account handed over to another unit"))
DEACTIVATE_ACCOUNT = Act("access.deactivate_account", _("Account closed"))
GRANT_POWERS = Act("access.grant_powers", _("Grant given"))
END_GRANT = Act("access.end_grant", _("Grant ended"))

ADD_FACTOR = Act("access.add_factor", _("Second factor added"))
REMOVE_FACTOR = Act("access.remove_factor", _("Second factor removed"))
RESEAL = Act("access.reseal", _("Second factors sealed with another key"))
RENEW_CODES = Act("access.renew_codes", _("Recovery codes made anew"))
RESET_FACTORS = Act("access.reset_factors", _("Second factor reset"))
END_SESSIONS = Act("access.end_sessions", _("Sessions ended"))
LINK_IDENTITY = Act("access.link_identity", _("Identity linked"))
INVITE = Act("access.invite", _("Invitation given"))
WITHDRAW_INVITATION = Act("access.withdraw_invitation", _("Invitation withdrawn"))
ACCEPT_INVITATION = Act("access.accept_invitation", _("Invitation accepted"))
ISSUE_TOKEN = Act("access.issue_token", _("Token issued"))
END_TOKEN = Act("access.end_token", _("Token ended"))

Field("access.name", pgettext_lazy("person", "Name"))
Field("access.login", _("Login"))
Field("access.language", _("Language"), reads=language_name)
Field("access.role", _("Role"), reads=naming.power_set)
Field("access.powers", _("Powers"), reads=power_names)
Field("access.from", _("First day"), reads=naming.day)
Field("access.until", _("Last day"), reads=naming.day_before)
Field("access.token", _("Token"))
Field("access.factor", _("Second factor"), reads=FACTORS)
Field("access.key", _("Security key"))
Field("access.count", _("How many"))
Field("access.provider", _("Provider"))
Field("access.valid_until", _("Valid until"), reads=naming.day_before)
Field("access.unit", hidden=True)
Field("access.is_active", hidden=True)
