"""Acts on accounts: create, change language and password, close."""

import secrets
from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from plenum.access import powers, rules
from plenum.access.actions.faults import refuse_bad_login, refuse_weak_password
from plenum.access.actions.grants import end_grant, hold_last_grantors
from plenum.access.actions.sessions import close_doors
from plenum.access.models import Account, Grant
from plenum.access.reach import OutOfReach, powers_held_over, require, require_in_person
from plenum.journal.actions import hold_chains, record
from plenum.journal.actor import Actor
from plenum.tree.models import Unit


def new_password() -> str:
    """A password nobody can guess, of letters that are not mistaken for one another when read aloud."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _place in range(4)) for _group in range(4))


@transaction.atomic
def create_account(
    login: str,
    *,
    name: str,
    language: str,
    unit: Unit | None,
    password: str | None = None,
    chosen: bool = False,
    on: date,
    by: Actor,
) -> Account:
    """Create an account kept by a unit. Without a password nobody can sign in until one is set.

    ``chosen``: the person has chosen the password; another one is good for a few days, to choose one.

    Raises OutOfReach, or ValidationError on ``unit``, ``login``, ``name``, ``language``, ``password``.
    """
    if unit is not None:
        require(by, powers.GRANT, unit, on)
    elif not by.is_system:
        raise ValidationError({"unit": [_("Name the unit that keeps the account.")]})
    login = rules.plain_login(login)
    refuse_bad_login(login)
    _refuse_bad_language(language)
    if not name.strip():
        raise ValidationError({"name": [_("Write the name of the person.")]})
    if password is not None:
        refuse_weak_password(password, login, name, [unit.pk] if unit else [], on)
    account = Account(login=login, name=name.strip(), language=language, unit=unit)
    if password is None:
        account.set_unusable_password()
    else:
        account.set_password(password)
        account.password_given = None if chosen else on
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError as error:
        raise ValidationError({"login": [_("This login is taken. Choose another.")]}) from error
    record(
        powers.CREATE_ACCOUNT,
        by=by,
        power=powers.GRANT,
        unit_id=account.unit_id,
        on=on,
        subject=_subject(account),
        subject_label=account.name,
        change={"login": login, "name": account.name, "language": language},
    )
    return account


@transaction.atomic
def change_language(account: Account, language: str, *, on: date, by: Actor) -> Account:
    """Change the language of one's own account. Raises NotInPerson for somebody else's."""
    account = Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
    if not by.is_system:
        require_in_person(by, account.pk)
    _refuse_bad_language(language)
    before, account.language = account.language, language
    if before != language:
        account.save(update_fields=["language"])
        record(
            powers.CHANGE_LANGUAGE,
            by=by,
            power=None,
            unit_id=account.unit_id,
            on=on,
            subject=_subject(account),
            subject_label=account.name,
            change={"language": [before, language]},
        )
    return account


@transaction.atomic
def change_password(
    account: Account,
    password: str,
    *,
    current: str | None = None,
    chosen: bool = False,
    on: date,
    by: Actor,
) -> Account:
    """Change one's own password, which needs the current one, or that of an account one has charge of.

    What somebody else sets is good for a few days, in which its person chooses another, unless the operator
    knows it to be ``chosen`` by that person.

    Raises OutOfReach, or ValidationError on ``current`` or ``password``. Other sessions of the account end.
    """
    account = Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
    own = by.account_id == account.pk
    if own:
        require_in_person(by, account.pk)
    if own and not account.check_password(current or ""):
        raise ValidationError({"current": [_("This is not your current password.")]})
    if not own:
        require_charge_of(account, on=on, by=by)
    refuse_weak_password(password, account.login, account.name, _units_of(account), on)
    if own and account.check_password(password):
        raise ValidationError({"password": [_("This is the password you have now. Choose another.")]})
    account.set_password(password)
    account.password_given = None if own or (chosen and by.is_system) else on
    account.save(update_fields=["password", "password_given"])
    record(
        powers.CHANGE_PASSWORD,
        by=by,
        power=None if own else powers.GRANT,
        unit_id=account.unit_id,
        on=on,
        subject=_subject(account),
        subject_label=account.name,
        change={},
    )
    return account


@transaction.atomic
def deactivate_account(account: Account, *, even_if_last: bool = False, on: date, by: Actor) -> Account:
    """Close an account for good: nobody signs in with it, and its grants end on the day.

    Raises OutOfReach without charge of the account, ValidationError if it is closed already or holds the last
    right to give grants somewhere (unless ``even_if_last``).
    """
    hold_last_grantors()
    account = Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
    require_charge_of(account, on=on, by=by)
    if not account.is_active:
        raise ValidationError({"login": [_("This account is closed already.")]})
    grants = list(
        Grant.objects.filter(account=account).exclude(span__fully_lt=(on, None)).order_by("unit_id")
    )
    hold_chains([account.unit_id, *(grant.unit_id for grant in grants)])
    for grant in grants:
        end_grant(grant, until=on, even_if_last=even_if_last, on=on, by=by)
    account.is_active = False
    account.save(update_fields=["is_active"])
    close_doors(account, on)
    record(
        powers.DEACTIVATE_ACCOUNT,
        by=by,
        power=powers.GRANT,
        unit_id=account.unit_id,
        on=on,
        subject=_subject(account),
        subject_label=account.name,
        change={"is_active": [True, False]},
    )
    return account


def require_charge_of(account: Account, *, on: date, by: Actor) -> None:
    """Raise OutOfReach unless the actor may give every grant that the account has.

    Otherwise one could take over the account of a superior by giving it a new password.
    """
    if by.is_system:
        return
    if account.unit_id is None:
        raise OutOfReach(powers.GRANT, 0)
    require(by, powers.GRANT, account.unit_id, on)
    for grant in Grant.objects.filter(account=account).exclude(span__fully_lt=(on, None)):
        require(by, powers.GRANT, grant.unit_id, on)
        if not set(grant.powers) <= powers_held_over(by, grant.unit_id, on):
            raise OutOfReach(powers.GRANT, grant.unit_id)


def _refuse_bad_language(language: str) -> None:
    if language not in dict(settings.LANGUAGES):
        raise ValidationError({"language": [_("Choose one of the languages of this installation.")]})


def _units_of(account: Account) -> set[int]:
    found = {*Grant.objects.filter(account=account).values_list("unit_id", flat=True)}
    return found | ({account.unit_id} if account.unit_id else set())


def _subject(account: Account) -> str:
    return f"access.Account:{account.pk}"


@transaction.atomic
def hand_over_account(account: Account, unit: Unit, *, on: date, by: Actor) -> Account:
    """Let another unit keep an account: who may grant there may reset its password or close it.

    The power is needed at both units. Raises OutOfReach.
    """
    account = Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
    require(by, powers.GRANT, unit, on)
    if account.unit_id is not None:
        require(by, powers.GRANT, account.unit_id, on)
    elif not by.is_system:
        raise OutOfReach(powers.GRANT, unit.pk)
    before, account.unit = account.unit_id, unit
    if before != unit.pk:
        account.save(update_fields=["unit"])
        record(
            powers.HAND_OVER_ACCOUNT,
            by=by,
            power=powers.GRANT,
            unit_id=unit.pk,
            on=on,
            subject=_subject(account),
            subject_label=account.name,
            change={"login": account.login, "unit": [before, unit.pk]},
        )
    return account
