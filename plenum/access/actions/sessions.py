"""Acts on sessions: end one's own, and close the doors behind somebody whose last grant has ended."""

from datetime import date

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction

from plenum.access import powers
from plenum.access.models import Account, ApiToken
from plenum.access.reach import require_in_person
from plenum.journal.actions import record
from plenum.journal.actor import Actor


@transaction.atomic
def end_sessions(
    account: Account, *, only: int | None = None, but: str | None = None, on: date, by: Actor
) -> int:
    """End sessions of one's own account: ``only`` the one with this number, or all ``but`` the one with this key.

    Returns how many have ended. Raises NotInPerson for somebody else's.
    """
    require_in_person(by, account.pk)
    found = UserSession.objects.filter(user=account)
    found = found.exclude(session_key=but) if only is None else found.filter(pk=only)
    ended = _end(list(found.values_list("session_key", flat=True)))
    if ended:
        record(
            powers.END_SESSIONS,
            by=by,
            power=None,
            unit_id=account.unit_id,
            on=on,
            subject=f"access.Account:{account.pk}",
            subject_label=account.name,
            change={"count": ended},
        )
    return ended


def close_doors(account: Account, on: date) -> None:
    """End every session and token of an account: a part of acts that journal why."""
    _end(list(UserSession.objects.filter(user=account).values_list("session_key", flat=True)))
    ApiToken.objects.filter(account=account, ended=None).update(ended=on)


def _end(keys: list[str]) -> int:
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(session_key__in=keys).delete()
    return len(keys)
