"""Who a program is that comes with a token."""

import hmac
from datetime import date

from plenum.access import rules
from plenum.access.actions.tokens import note_use
from plenum.access.models import Account, ApiToken
from plenum.access.queries import has_left
from plenum.journal.actor import Actor


def program_of_token(text: str, on: date) -> tuple[Actor, Account] | None:
    """The actor whom a token stands for on a day, with its account; it is noted that the token was used.

    None if it opens nothing. Why is not said: unknown, wrong, ended, run out, and an account that is closed or has
    left are all the same. The actor has the powers of the token as far as its account still has them; for the journal
    the token is named beside the person.
    """
    parts = rules.read_token(text)
    if parts is None:
        return None
    public_id, secret = parts
    token = ApiToken.objects.select_related("account").filter(public_id=public_id).first()
    kept = token.secret_hash if token is not None else rules.hashed("")
    right = hmac.compare_digest(kept, rules.hashed(secret))
    if token is None or not right or token.ended is not None or on not in token.span:
        return None
    if not token.account.is_active or has_left(token.account_id, on):
        return None
    note_use(token, on)
    actor = Actor(
        account_id=token.account_id,
        label=f"{token.account.name} [{token.name}]",
        acting_for=token.unit_id,
        token_id=token.pk,
        powers=frozenset(token.powers),
    )
    return actor, token.account
