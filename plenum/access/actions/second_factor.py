"""Acts on second factors: add an app or a key, remove one, make recovery codes anew, reset them all for somebody."""

from datetime import date
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from plenum.access import powers
from plenum.access.actions.accounts import require_charge_of
from plenum.access.models import Account
from plenum.access.reach import require_in_person
from plenum.access.second_factor import FACTORS, has_second_factor
from plenum.journal.actions import record
from plenum.journal.actor import Actor
from plenum.journal.acts import Act

MOST_KEYS = 10


@transaction.atomic
def add_app(account: Account, secret: str, *, on: date, by: Actor) -> list[str] | None:
    """Add the app that shares this secret and has just proved it; return new recovery codes unless there are some.

    Raises NotInPerson, or ValidationError if there is an app already.
    """
    require_in_person(by, account.pk)
    account = _locked(account)
    if Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).exists():
        raise ValidationError(_("There is an app already. Remove it first."))
    TOTP.activate(account, secret)
    _record(powers.ADD_FACTOR, account, on, by, {"factor": Authenticator.Type.TOTP.value})
    return _first_codes(account)


@transaction.atomic
def add_key(
    account: Account, name: str, credential: dict[str, Any], *, on: date, by: Actor
) -> list[str] | None:
    """Add the key that has just made this credential; return new recovery codes unless there are some.

    Raises NotInPerson, or ValidationError if there are too many keys.
    """
    require_in_person(by, account.pk)
    account = _locked(account)
    if Authenticator.objects.filter(user=account, type=Authenticator.Type.WEBAUTHN).count() >= MOST_KEYS:
        raise ValidationError(
            _("You have %(count)s keys already. Remove one of them first.") % {"count": MOST_KEYS}
        )
    from allauth.mfa.webauthn.internal.auth import WebAuthn  # its cryptography makes every start slower

    WebAuthn.add(account, name, credential)
    _record(powers.ADD_FACTOR, account, on, by, {"factor": Authenticator.Type.WEBAUTHN.value, "key": name})
    return _first_codes(account)


@transaction.atomic
def remove_factor(account: Account, factor_id: int, *, on: date, by: Actor) -> None:
    """Remove one app or key; with the last of them the recovery codes go as well.

    Raises NotInPerson, or ValidationError if there is none with this number.
    """
    require_in_person(by, account.pk)
    account = _locked(account)
    found = Authenticator.objects.filter(user=account, type__in=FACTORS, pk=factor_id).first()
    if found is None:
        raise ValidationError(_("This is removed already."))
    change = {"factor": found.type}
    if found.type == Authenticator.Type.WEBAUTHN:
        change["key"] = found.wrap().name
    found.delete()
    if not has_second_factor(account.pk):
        Authenticator.objects.filter(user=account).delete()
    _record(powers.REMOVE_FACTOR, account, on, by, change)


@transaction.atomic
def renew_codes(account: Account, *, on: date, by: Actor) -> list[str]:
    """Make ten recovery codes that nobody has seen; the ones before open nothing any more.

    Raises NotInPerson, or ValidationError without a factor for which they could stand in.
    """
    require_in_person(by, account.pk)
    account = _locked(account)
    if not has_second_factor(account.pk):
        raise ValidationError(_("Set up an app or a key first: recovery codes stand in for it."))
    Authenticator.objects.filter(user=account, type=Authenticator.Type.RECOVERY_CODES).delete()
    codes: list[str] = RecoveryCodes.activate(account).get_unused_codes()
    _record(powers.RENEW_CODES, account, on, by, {})
    return codes


@transaction.atomic
def reset_second_factor(account: Account, *, on: date, by: Actor) -> None:
    """Take all second factors from an account one has charge of, for a person who has lost them.

    Raises OutOfReach without charge of the account, ValidationError if it has none.
    """
    account = _locked(account)
    require_charge_of(account, on=on, by=by)
    found = Authenticator.objects.filter(user=account)
    kinds = sorted(set(found.values_list("type", flat=True)))
    if not kinds:
        raise ValidationError(_("This account has no second factor."))
    found.delete()
    _record(powers.RESET_FACTORS, account, on, by, {}, power=powers.GRANT)


def _first_codes(account: Account) -> list[str] | None:
    if Authenticator.objects.filter(user=account, type=Authenticator.Type.RECOVERY_CODES).exists():
        return None
    codes: list[str] = RecoveryCodes.activate(account).get_unused_codes()
    return codes


def _locked(account: Account) -> Account:
    return Account.objects.select_for_update(of=("self",)).get(pk=account.pk)


def _record(
    act: Act,
    account: Account,
    on: date,
    by: Actor,
    change: dict[str, str],
    power: powers.Power | None = None,
) -> None:
    record(
        act,
        by=by,
        power=power,
        unit_id=account.unit_id,
        on=on,
        subject=f"access.Account:{account.pk}",
        subject_label=account.name,
        change=change,
    )
