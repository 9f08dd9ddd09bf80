"""Reads about accounts and grants, and who a request comes from."""

import hmac
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import get_language

from plenum.access import powers, rules
from plenum.access.models import Account, ApiToken, Grant, Invitation
from plenum.access.powers import Power
from plenum.access.reach import running_grants
from plenum.journal.actor import Actor
from plenum.journal.acts import label_of as act_label
from plenum.journal.queries import entries_by
from plenum.journal.words import subject_in_words
from plenum.packs import pack
from plenum.packs.wording import language
from plenum.periods import Span
from plenum.tree.models import Ancestry, Unit

ACTING_FOR = "acting_for"
"""The key of the session that holds the id of the unit the person has chosen to act for."""


def account_for(request: HttpRequest) -> Account | None:
    """The active account of the session, or None for a visitor."""
    user = getattr(request, "user", None)
    return user if isinstance(user, Account) and user.is_active else None


def has_left(account_id: int, on: date) -> bool:
    """Whether all that an account was ever granted has ended by a day: then nobody signs in with it.

    Who never had a grant waits for the first one and may sign in.
    """
    spans = Grant.objects.filter(account_id=account_id).values_list("span", flat=True)
    ends = [span.end for span in spans]
    return bool(ends) and all(end is not None and end <= on for end in ends)


def actor_for(request: HttpRequest, on: date) -> Actor:
    """Who the request comes from on a day: the account of the session, acting for the chosen unit.

    A chosen unit where the account has no grant any more is forgotten; without a choice the first unit of the
    running grants that lives is taken, so that the journal always says for whom somebody acted.
    """
    account = account_for(request)
    if account is None:
        return Actor.nobody()
    lives = ExpressionWrapper(Q(unit__lifetime__contains=on), output_field=BooleanField())
    grants = running_grants(actor_of(account), on).order_by(lives.desc(), "unit_id")
    units = list(dict.fromkeys(grants.values_list("unit_id", flat=True)))
    chosen = request.session.get(ACTING_FOR)
    return actor_of(account, acting_for=chosen if chosen in units else next(iter(units), None))


def actor_of(account: Account, acting_for: int | None = None) -> Actor:
    """The actor of an account; without ``acting_for`` all its grants count, as on the command line."""
    return Actor(account_id=account.pk, label=account.name, acting_for=acting_for)


def account_by_login(login: str) -> Account:
    """The account with this login, whatever its case; raises Account.DoesNotExist."""
    return Account.objects.get(login=login.strip().lower())


def units_to_act_for(account: Account, on: date) -> QuerySet[Unit]:
    """The units where the account has a running grant, between which it may switch."""
    grants = running_grants(actor_of(account), on).values("unit_id")
    return Unit.objects.filter(pk__in=grants).order_by("pk")


def grantors_over(unit_id: int, on: date) -> QuerySet[Grant]:
    """The grants by which somebody may give grants for a unit on a day, held there or above it."""
    line = Ancestry.objects.filter(descendant_id=unit_id, span__contains=on).values("ancestor_id")
    return Grant.objects.filter(
        unit_id__in=line, powers__contains=[powers.GRANT.code], span__contains=on, account__is_active=True
    )


def units_with_holders(power: Power, unit_ids: Collection[int], on: date) -> set[int]:
    """The units among these at which somebody with an open account has been given a power on a day. One query."""
    found = Grant.objects.filter(
        unit_id__in=list(unit_ids),
        powers__contains=[power.code],
        span__contains=on,
        account__is_active=True,
    )
    return set(found.values_list("unit_id", flat=True))


def role_choices() -> list[tuple[str, str]]:
    """The power sets of the pack as (code, name in the language of the reader)."""
    return [(code, each.name.in_(get_language() or "en")) for code, each in pack().power_sets.items()]


def role_name(role: str) -> str:
    """The name of a power set in the language of the reader; its code if the pack has it no more."""
    return dict(role_choices()).get(role, role)


@dataclass(frozen=True)
class Deed:
    """One entry of the journal, as the person who did it reads it."""

    label: Any
    unit_id: int | None
    on_date: date
    recorded_at: datetime
    subject_label: str


def deeds_of(account: Account, limit: int = 20) -> list[Deed]:
    """What an account did last, newest first."""
    return [
        Deed(
            act_label(entry.act),
            entry.unit_id,
            entry.on_date,
            entry.recorded_at,
            subject_in_words(entry.subject, entry.subject_label, language(get_language())),
        )
        for entry in entries_by(account.pk)[:limit]
    ]


@dataclass(frozen=True)
class GrantView:
    """One grant as people read it; ``runs`` on the day asked for, ``over`` if it ended before."""

    pk: int
    account: Account
    unit_id: int
    role: str
    role_name: str
    powers: tuple[str, ...]
    span: Span
    runs: bool
    over: bool

    @property
    def power_labels(self) -> list[str]:
        """The names of the powers, sorted as people read them."""
        return sorted(str(powers.label_of(code)) for code in self.powers)


def grants_at(unit_id: int, on: date) -> list[GrantView]:
    """Who holds, held or will hold what at a unit: running first, then to come, then over."""
    grants = Grant.objects.filter(unit_id=unit_id).select_related("account")
    return sorted((_view(grant, on) for grant in grants), key=_order)


def grants_of(account: Account, on: date) -> list[GrantView]:
    """What an account holds, held or will hold: running first, then to come, then over."""
    grants = Grant.objects.filter(account=account).select_related("account")
    return sorted((_view(grant, on) for grant in grants), key=_order)


def grants_of_all(accounts: QuerySet[Account], on: date) -> dict[int, list[GrantView]]:
    """The grants of many accounts by the number of the account, each list as :func:`grants_of` gives it."""
    held: dict[int, list[GrantView]] = defaultdict(list)
    for grant in Grant.objects.filter(account__in=accounts).select_related("account"):
        held[grant.account_id].append(_view(grant, on))
    return {account_id: sorted(views, key=_order) for account_id, views in held.items()}


def _view(grant: Grant, on: date) -> GrantView:
    over = grant.span.end is not None and grant.span.end <= on
    return GrantView(
        pk=grant.pk,
        account=grant.account,
        unit_id=grant.unit_id,
        role=grant.role,
        role_name=role_name(grant.role),
        powers=tuple(grant.powers),
        span=grant.span,
        runs=on in grant.span,
        over=over,
    )


def _order(view: GrantView) -> tuple[bool, bool, str, date]:
    return (view.over, not view.runs, view.account.login, view.span.start)


InvitationState = Literal["open", "used", "withdrawn", "over"]


@dataclass(frozen=True)
class InvitationView:
    """One invitation as people read it."""

    pk: int
    name: str
    login: str
    role: str
    role_name: str
    inviter: str
    days: Span


def invitations_at(unit_id: int, on: date) -> list[InvitationView]:
    """The invitations to a unit that are open on a day, newest first."""
    found = Invitation.objects.filter(
        unit_id=unit_id, account=None, withdrawn=None, days__contains=on
    ).select_related("inviter")
    return [
        InvitationView(
            each.pk,
            each.name,
            each.login,
            each.role,
            role_name(each.role),
            each.inviter.name if each.inviter else "",
            each.days,
        )
        for each in found.order_by("-pk")
    ]


def invitation_by_key(key: str) -> Invitation | None:
    """The invitation that a link opens or once opened; None if nobody gave this link."""
    public_id, _dash, secret = key.partition("-")
    found = Invitation.objects.select_related("unit", "inviter").filter(public_id=public_id).first()
    kept = found.secret_hash if found is not None else rules.hashed("")
    return found if hmac.compare_digest(kept, rules.hashed(secret)) else None


def state_of(invitation: Invitation, on: date) -> InvitationState:
    """What has become of an invitation by a day."""
    if invitation.account_id is not None:
        return "used"
    if invitation.withdrawn is not None:
        return "withdrawn"
    return "open" if on in invitation.days else "over"


def inviter_of(invitation: Invitation) -> Actor:
    """Who has given an invitation, with all the grants of their account; the operator is the system."""
    return Actor.system("invitation") if invitation.inviter is None else actor_of(invitation.inviter)


@dataclass(frozen=True)
class TokenView:
    """One token as its owner reads it; ``runs`` on the day asked for."""

    pk: int
    name: str
    public_id: str
    powers: tuple[str, ...]
    power_labels: list[str]
    unit_id: int | None
    last_day: date | None
    last_used: date | None
    runs: bool


def tokens_of(account: Account, on: date) -> list[TokenView]:
    """The tokens of an account, those that run first, newest first."""
    views = [
        TokenView(
            each.pk,
            each.name,
            each.public_id,
            tuple(each.powers),
            sorted(str(powers.label_of(code)) for code in each.powers),
            each.unit_id,
            each.ended or each.span.last_day,
            each.last_used,
            each.ended is None and on in each.span,
        )
        for each in ApiToken.objects.filter(account=account).order_by("-pk")
    ]
    return sorted(views, key=lambda view: not view.runs)
