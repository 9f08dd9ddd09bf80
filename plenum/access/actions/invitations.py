"""Acts on invitations: give a one-time link, withdraw it, and make the account that it promises."""

import secrets
import string
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from plenum.access import powers, rules
from plenum.access.actions.accounts import create_account
from plenum.access.actions.faults import refuse_bad_login
from plenum.access.actions.grants import grant_powers, refuse_what_cannot_be_granted
from plenum.access.models import Account, Invitation
from plenum.access.queries import invitation_by_key, inviter_of, state_of
from plenum.access.reach import OutOfReach, require
from plenum.journal.actions import record
from plenum.journal.actor import Actor
from plenum.journal.acts import Act
from plenum.periods import Span
from plenum.tree.models import Unit

LIFE = timedelta(days=7)
LETTERS = string.ascii_letters + string.digits


@dataclass(frozen=True)
class Invited:
    """Whom one invites, with the login and language proposed."""

    name: str
    login: str
    language: str


@transaction.atomic
def invite(
    person: Invited,
    unit: Unit,
    role: str,
    *,
    start: date,
    until: date | None = None,
    on: date,
    by: Actor,
) -> tuple[Invitation, str]:
    """Invite a person to make an account with a grant at a unit, and return the key of the link, seen only now.

    The link is good for seven days, and for as long as its giver may give the grant. Raises OutOfReach, or
    ValidationError on ``name``, ``login``, ``language``, ``role``, ``start``, ``until``.
    """
    require(by, powers.GRANT, unit, on)
    refuse_what_cannot_be_granted(unit, role, start, until, on=on, by=by)
    login = rules.plain_login(person.login)
    refuse_bad_login(login)
    _refuse_bad_person(person, login)
    public_id, secret = _chance(16), _chance(43)
    invitation = Invitation.objects.create(
        unit=unit,
        inviter_id=by.account_id,
        public_id=public_id,
        secret_hash=rules.hashed(secret),
        name=person.name.strip(),
        login=login,
        language=person.language,
        role=role,
        start=start,
        until=until,
        days=Span(on, on + LIFE),
    )
    change = {"login": login, "role": role, "from": start, "until": until, "valid_until": on + LIFE}
    _record(powers.INVITE, invitation, on, by, change)
    return invitation, f"{public_id}-{secret}"


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, on: date, by: Actor) -> Invitation:
    """Withdraw an invitation that nobody has used. Raises OutOfReach, or ValidationError if it is open no more."""
    invitation = _locked(invitation)
    require(by, powers.GRANT, invitation.unit_id, on)
    if state_of(invitation, on) != "open":
        raise ValidationError(_("This invitation is open no more."))
    invitation.withdrawn = on
    invitation.save(update_fields=["withdrawn"])
    _record(powers.WITHDRAW_INVITATION, invitation, on, by, {"login": invitation.login})
    return invitation


@transaction.atomic
def accept_invitation(key: str, login: str, password: str, language: str, *, on: date, by: Actor) -> Account:
    """Make the account and its grant that a link promises, in the name of who gave it; the link is used up.

    ``by`` is a visitor: the link says what they may. Raises ValidationError on ``login``, ``password`` or
    ``language``, or on no field if the link opens nothing (any more) or its giver may not give the grant any more.
    """
    found = invitation_by_key(key)
    if found is None or by.account_id is not None:
        raise ValidationError(_("This invitation cannot be used."))
    invitation = _locked(found)
    if state_of(invitation, on) != "open":
        raise ValidationError(_("This invitation is open no more."))
    giver = inviter_of(invitation)
    start = max(invitation.start, on)
    try:
        account = create_account(
            login,
            name=invitation.name,
            language=language,
            unit=invitation.unit,
            password=password,
            chosen=True,
            on=on,
            by=giver,
        )
        grant_powers(
            account, invitation.unit, invitation.role, start=start, until=invitation.until, on=on, by=giver
        )
    except OutOfReach as error:
        raise ValidationError(_gone()) from error
    except ValidationError as error:
        own = {"login", "password", "language"}
        fields: Mapping[str, object] = getattr(error, "error_dict", {})
        raise error if fields and set(fields) <= own else ValidationError(_gone()) from error
    invitation.account = account
    invitation.save(update_fields=["account"])
    person = Actor(account_id=account.pk, label=account.name)
    _record(powers.ACCEPT_INVITATION, invitation, on, person, {"login": account.login}, power=None)
    return account


def _gone() -> str:
    return _("Whoever invited you may not give this grant any more. Ask for another invitation.")


def _refuse_bad_person(person: Invited, login: str) -> None:
    faults: dict[str, list[str]] = {}
    if not 1 <= len(person.name.strip()) <= 200:
        faults["name"] = [_("Write the name of the person.")]
    if person.language not in dict(settings.LANGUAGES):
        faults["language"] = [_("Choose one of the languages of this installation.")]
    if Account.objects.filter(login=login).exists():
        faults["login"] = [_("This login is taken. Choose another.")]
    if faults:
        raise ValidationError(faults)


def _chance(length: int) -> str:
    return "".join(secrets.choice(LETTERS) for _place in range(length))


def _locked(invitation: Invitation) -> Invitation:
    return (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("unit", "inviter")
        .get(pk=invitation.pk)
    )


def _record(
    act: Act,
    invitation: Invitation,
    on: date,
    by: Actor,
    change: dict[str, object],
    power: powers.Power | None = powers.GRANT,
) -> None:
    record(
        act,
        by=by,
        power=power,
        unit_id=invitation.unit_id,
        on=on,
        subject=f"access.Invitation:{invitation.pk}",
        subject_label=invitation.name,
        change=change,
    )
