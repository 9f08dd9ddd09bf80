"""The act of linking an account with the identity of its person at the provider of the organisation."""

from datetime import date

from allauth.socialaccount.models import SocialAccount
from django.db import transaction

from plenum.access import powers
from plenum.access.models import Account
from plenum.access.reach import NotInPerson
from plenum.journal.actions import record
from plenum.journal.actor import Actor


@transaction.atomic
def link_identity(account: Account, provider: str, subject: str, *, on: date, by: Actor) -> None:
    """Remember that this account belongs to whom the provider calls `subject`, whatever login it says later.

    Raises NotInPerson unless the installation itself does it, which has heard it from the provider, or if the account
    is linked with somebody else there.
    """
    account = Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
    taken = SocialAccount.objects.filter(user=account, provider=provider).exists()
    if not by.is_system or taken:
        raise NotInPerson()
    SocialAccount.objects.create(user=account, provider=provider, uid=subject)
    record(
        powers.LINK_IDENTITY,
        by=by,
        power=None,
        unit_id=account.unit_id,
        on=on,
        subject=f"access.Account:{account.pk}",
        subject_label=account.name,
        change={"provider": provider},
    )
