"""The act of sealing the second factors of all accounts with the key that the installation has now."""

from datetime import date

from allauth.mfa.models import Authenticator
from django.db import transaction

from plenum.access import powers
from plenum.access.reach import NotInPerson
from plenum.access.sealed import CannotOpen, is_current, opened, seal
from plenum.access.second_factor import SEALED
from plenum.journal.actions import record
from plenum.journal.actor import Actor


@transaction.atomic
def reseal_factors(*, on: date, by: Actor) -> tuple[int, int]:
    """Seal anew what an older key has sealed, or none; return how many, and how many no key here opens.

    Those stay as they are, so that their key can still be brought. Raises NotInPerson unless the operator does it.
    """
    if not by.is_system:
        raise NotInPerson()
    sealed, closed = 0, 0
    for factor in Authenticator.objects.select_for_update().filter(type__in=SEALED).order_by("pk"):
        field = SEALED[factor.type]
        if is_current(factor.data[field]):
            continue
        try:
            factor.data[field] = seal(opened(factor.data[field]))
        except CannotOpen:
            closed += 1
            continue
        factor.save(update_fields=["data"])
        sealed += 1
    if sealed:
        record(
            powers.RESEAL,
            by=by,
            power=None,
            unit_id=None,
            on=on,
            subject="access.Account",
            change={"count": sealed},
        )
    return sealed, closed
