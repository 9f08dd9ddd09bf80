"""Who has a second factor, and which powers need one: what the pack says, unless the installation leaves it open."""

from datetime import date

from allauth.mfa.models import Authenticator
from django.conf import settings

from plenum.access.models import Grant
from plenum.access.sealed import CannotOpen, is_sealed, opened
from plenum.packs import pack
from plenum.packs.values import SecondFactor

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""What counts as one; recovery codes only stand in for it."""


SEALED = {Authenticator.Type.TOTP.value: "secret", Authenticator.Type.RECOVERY_CODES.value: "seed"}
"""What of which kind of factor is kept sealed; of a security key only what is public is kept."""


def has_second_factor(account_id: int) -> bool:
    """Whether the account has an app or a key."""
    return bool(Authenticator.objects.filter(user_id=account_id, type__in=FACTORS).exists())


def rule_on(on: date) -> SecondFactor | None:
    """Which powers need a second factor in this installation on a day; None when none does."""
    return pack().second_factor_on(on) if settings.SECOND_FACTOR_REQUIRED else None


def is_missing_for(account_id: int | None, power: str, on: date) -> bool:
    """Whether this power needs a second factor that the account has not."""
    rule = rule_on(on)
    return (
        rule is not None
        and power in rule.powers
        and account_id is not None
        and not has_second_factor(account_id)
    )


def is_missing(account_id: int, on: date) -> SecondFactor | None:
    """The rule for which the account should set up a second factor on a day; None if it need not."""
    rule = rule_on(on)
    if rule is None:
        return None
    held = Grant.objects.filter(account_id=account_id, span__contains=on, powers__overlap=list(rule.powers))
    return rule if held.exists() and not has_second_factor(account_id) else None


def cannot_be_opened() -> int:
    """How many factors were sealed with a key that this installation has not."""
    found = Authenticator.objects.filter(type__in=SEALED)
    return sum(not _opens(factor.data[SEALED[factor.type]]) for factor in found)


def lie_open() -> int:
    """How many factors are from before anything was sealed."""
    found = Authenticator.objects.filter(type__in=SEALED)
    return sum(not is_sealed(factor.data[SEALED[factor.type]]) for factor in found)


def _opens(text: str) -> bool:
    try:
        opened(text)
    except CannotOpen:
        return False
    return True
