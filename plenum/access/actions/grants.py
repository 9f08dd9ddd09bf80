"""Acts on grants: give powers to an account at a unit, end them on a date."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from plenum.access import powers, rules
from plenum.access.actions.sessions import close_doors
from plenum.access.models import Account, Grant
from plenum.access.queries import grantors_over, has_left
from plenum.access.reach import powers_held_over, require
from plenum.journal.actions import record
from plenum.journal.actor import Actor
from plenum.packs import pack
from plenum.periods import Span
from plenum.periods.span import SpanError
from plenum.tree.models import Unit

LAST_GRANTORS = 0x61636365
"""The number of the lock of :func:`hold_last_grantors` in this database."""


@transaction.atomic
def grant_powers(
    account: Account,
    unit: Unit,
    role: str,
    *,
    start: date,
    until: date | None = None,
    on: date,
    by: Actor,
) -> Grant:
    """Give an account the powers of a set of the rule pack at a unit, from ``start`` up to before ``until``.

    Nobody gives a power they have not been given themselves at the unit or above it. Raises OutOfReach, or
    ValidationError on ``role``, ``start``, ``until``, ``login``.
    """
    given, span = refuse_what_cannot_be_granted(unit, role, start, until, on=on, by=by)
    if not account.is_active:
        raise ValidationError({"login": [_("This account is closed. Create another.")]})
    if has_left(account.pk, on):
        close_doors(account, on)
    try:
        with transaction.atomic():
            grant = Grant.objects.create(account=account, unit=unit, role=role, powers=list(given), span=span)
    except IntegrityError as error:
        raise ValidationError(
            {"role": [_("This account has this role here already in these days. End that grant first.")]}
        ) from error
    record(
        powers.GRANT_POWERS,
        by=by,
        power=powers.GRANT,
        unit_id=unit.pk,
        on=on,
        subject=_subject(grant),
        subject_label=account.name,
        change={
            "login": account.login,
            "role": role,
            "powers": " ".join(given),
            "from": span.start,
            "until": span.end,
        },
    )
    return grant


@transaction.atomic
def end_grant(grant: Grant, *, until: date, even_if_last: bool = False, on: date, by: Actor) -> Grant | None:
    """End a grant so that ``until`` is its first day without; ``until=on`` ends it at once.

    A grant that has not begun by then is taken back: its row goes, the journal keeps it, and None is
    returned. Raises OutOfReach, or ValidationError on ``until``, and on ``even_if_last`` if nobody would be
    left to give grants for the unit.
    """
    if powers.GRANT.code in grant.powers:
        hold_last_grantors()
    grant = Grant.objects.select_for_update(of=("self",)).select_related("account").get(pk=grant.pk)
    require(by, powers.GRANT, grant.unit_id, on)
    words = {
        "over": _("This grant has ended already."),
        "past": _("A grant cannot end in the past. Choose today or a later day."),
        "later": _("The grant ends earlier than this. To make it longer, give a new one that follows it."),
    }
    if fault := rules.end_fault(grant.span, until, on):
        raise ValidationError({"until": [words[fault]]})
    if not even_if_last and _leaves_nobody(grant, until):
        raise ValidationError(
            {
                "even_if_last": [
                    _("Nobody would be left to give grants for this unit. Name a successor or confirm.")
                ]
            },
            code="last_officer",
        )
    before, left = grant.span.end, rules.shortened(grant.span, until)
    subject = _subject(grant)
    if left is None:
        grant.delete()
    else:
        grant.span = left
        grant.save(update_fields=["span"])
    if has_left(grant.account_id, on):
        close_doors(grant.account, on)
    record(
        powers.END_GRANT,
        by=by,
        power=powers.GRANT,
        unit_id=grant.unit_id,
        on=on,
        subject=subject,
        subject_label=grant.account.name,
        change={"login": grant.account.login, "role": grant.role, "until": [before, until]},
    )
    return None if left is None else grant


def refuse_what_cannot_be_granted(
    unit: Unit, role: str, start: date, until: date | None, *, on: date, by: Actor
) -> tuple[tuple[str, ...], Span]:
    """The powers and the span of a grant that the actor may give; else OutOfReach or ValidationError, as there."""
    require(by, powers.GRANT, unit, on)
    given = _powers_of(role)
    if not by.is_system and (missing := set(given) - powers_held_over(by, unit.pk, on)):
        labels = ", ".join(sorted(str(powers.label_of(code)) for code in missing))
        raise ValidationError(
            {"role": [_("You cannot give what you do not have. Missing: %(powers)s.") % {"powers": labels}]}
        )
    return given, _span(unit, start, until, on)


def hold_last_grantors() -> None:
    """Let acts that take the right to give grants from somebody wait for each other until the transaction ends.

    Two that looked at the same time would each find the other's officer still there, and leave nobody. Whoever needs
    it takes it first of all locks.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LAST_GRANTORS])


def _powers_of(role: str) -> tuple[str, ...]:
    if role not in pack().power_sets:
        known = ", ".join(sorted(pack().power_sets))
        raise ValidationError(
            {"role": [_("There is no such role. Choose one of: %(roles)s.") % {"roles": known}]}
        )
    return tuple(pack().power_sets[role].powers)


def _span(unit: Unit, start: date, until: date | None, on: date) -> Span:
    if start < on:
        raise ValidationError(
            {"start": [_("A grant cannot begin in the past. Choose today or a later day.")]}
        )
    if start not in unit.lifetime:
        raise ValidationError({"start": [_("The unit does not exist on this day. Choose another day.")]})
    try:
        return Span(start, until)
    except SpanError as error:
        raise ValidationError(
            {"until": [_("The grant must end after it begins. Choose a later day.")]}
        ) from error


def _leaves_nobody(grant: Grant, until: date) -> bool:
    if powers.GRANT.code not in grant.powers:
        return False
    return not grantors_over(grant.unit_id, until).exclude(pk=grant.pk).exists()


def _subject(grant: Grant) -> str:
    return f"access.Grant:{grant.pk}"
