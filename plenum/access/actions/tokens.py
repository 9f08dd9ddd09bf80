"""Acts on tokens: issue one for a program that acts for an account, end it; and noting the last day of its use."""

import secrets
import string
from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from plenum.access import powers, rules
from plenum.access.actions.accounts import require_charge_of
from plenum.access.models import Account, ApiToken
from plenum.access.queries import actor_of
from plenum.access.reach import require_in_person, running_grants
from plenum.journal.actions import record
from plenum.journal.actor import Actor
from plenum.journal.acts import Act
from plenum.periods import Span
from plenum.tree.models import Unit

MOST_TOKENS = 20
"""So many tokens of an account may run at a time: who needs more has lost sight of them."""
LETTERS = string.ascii_letters + string.digits


@transaction.atomic
def issue_token(
    account: Account,
    *,
    name: str,
    chosen: Iterable[str],
    unit: Unit | None = None,
    until: date,
    on: date,
    by: Actor,
) -> tuple[ApiToken, str]:
    """Issue a token with some of the powers of one's own account, and return it with its text, which nobody sees again.

    ``chosen``: codes of powers held today, at ``unit`` if one is given; ``until``: the first day without, at most a
    year on. What the account loses later its tokens lose with it. Raises NotInPerson, or ValidationError on ``name``,
    ``powers``, ``unit``, ``until``.
    """
    require_in_person(by, account.pk)
    account = Account.objects.select_for_update(of=("self",)).get(pk=account.pk, is_active=True)
    given = tuple(sorted(set(chosen)))
    _refuse_bad_name(name)
    _refuse_bad_life(on, until)
    _refuse_what_is_not_held(account, given, unit, on)
    running = ApiToken.objects.filter(account=account, span__contains=on, ended=None)
    if running.count() >= MOST_TOKENS:
        raise ValidationError(
            {
                "name": [
                    _("You have %(count)s tokens already. End one of them first.") % {"count": MOST_TOKENS}
                ]
            }
        )
    public_id, secret = _chance(16), _chance(43)
    token = ApiToken.objects.create(
        account=account,
        public_id=public_id,
        secret_hash=rules.hashed(secret),
        name=name.strip(),
        powers=list(given),
        unit=unit,
        span=Span(on, until),
    )
    _record(powers.ISSUE_TOKEN, token, on, by, {"powers": " ".join(given), "until": until})
    return token, rules.written_token(public_id, secret)


@transaction.atomic
def end_token(token: ApiToken, *, on: date, by: Actor) -> ApiToken:
    """End a token at once: one's own, or that of an account one has charge of.

    Raises NotInPerson or OutOfReach, or ValidationError if it has ended already.
    """
    token = ApiToken.objects.select_for_update(of=("self",)).select_related("account").get(pk=token.pk)
    own = by.account_id == token.account_id
    if own:
        require_in_person(by, token.account_id)
    else:
        require_charge_of(token.account, on=on, by=by)
    if token.ended is not None:
        raise ValidationError(_("This token has ended already."))
    token.ended = on
    token.save(update_fields=["ended"])
    _record(powers.END_TOKEN, token, on, by, {}, own=own)
    return token


def note_use(token: ApiToken, on: date) -> None:
    """Note the day on which a token was used last, once a day."""
    if token.last_used != on:
        ApiToken.objects.filter(pk=token.pk).update(last_used=on)


def _chance(length: int) -> str:
    return "".join(secrets.choice(LETTERS) for _place in range(length))


def _refuse_bad_name(name: str) -> None:
    if not 1 <= len(name.strip()) <= 100:
        raise ValidationError({"name": [_("Write what the token is for, in at most 100 characters.")]})


def _refuse_bad_life(on: date, until: date) -> None:
    if not on < until <= on + rules.LONGEST_TOKEN_LIFE:
        raise ValidationError({"until": [_("Choose a last day from today to a year from today.")]})


def _refuse_what_is_not_held(account: Account, given: tuple[str, ...], unit: Unit | None, on: date) -> None:
    if not given:
        raise ValidationError({"powers": [_("Choose at least one power.")]})
    grants = list(running_grants(actor_of(account, unit.pk if unit else None), on))
    if unit is not None and not grants:
        raise ValidationError({"unit": [_("You have no grant at this unit today. Choose another.")]})
    if missing := set(given) - {code for grant in grants for code in grant.powers}:
        labels = ", ".join(sorted(str(powers.label_of(code)) for code in missing))
        raise ValidationError(
            {"powers": [_("You cannot give what you do not have. Missing: %(powers)s.") % {"powers": labels}]}
        )


def _record(
    act: Act, token: ApiToken, on: date, by: Actor, change: dict[str, object], own: bool = True
) -> None:
    record(
        act,
        by=by,
        power=None if own else powers.GRANT,
        unit_id=token.account.unit_id,
        on=on,
        subject=f"access.ApiToken:{token.pk}",
        subject_label=token.account.name,
        change={"token": token.name, **change},
    )
