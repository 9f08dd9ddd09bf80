"""Reads about accounts and grants, and who a request comes from."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.http import HttpRequest

from plenum.access import powers
from plenum.access.models import Account, Grant
from plenum.access.reach import running_grants
from plenum.journal.actor import Actor
from plenum.periods import Span
from plenum.tree.models import Ancestry, Unit

ACTING_FOR = "acting_for"
"""The key of the session that holds the id of the unit the person has chosen to act for."""


def account_for(request: HttpRequest) -> Account | None:
    """The active account of the session, or None for a visitor."""
    user = getattr(request, "user", None)
    return user if isinstance(user, Account) and user.is_active else None


def actor_for(request: HttpRequest, on: date) -> Actor:
    """Who the request comes from on a day: the account of the session, acting for the chosen unit.

    A chosen unit where the account has no grant any more is forgotten; without a choice the first unit of the
    running grants is taken, so that the journal always says for whom somebody acted.
    """
    account = account_for(request)
    if account is None:
        return Actor.nobody()
    units = list(
        running_grants(actor_of(account), on).order_by("unit_id").values_list("unit_id", flat=True).distinct()
    )
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


@dataclass(frozen=True)
class GrantView:
    """One grant as people read it; ``runs`` on the day asked for, ``over`` if it ended before."""

    pk: int
    account: Account
    unit_id: int
    role: str
    powers: tuple[str, ...]
    span: Span
    runs: bool
    over: bool


def grants_at(unit_id: int, on: date) -> list[GrantView]:
    """Who holds, held or will hold what at a unit: running first, then to come, then over."""
    grants = Grant.objects.filter(unit_id=unit_id).select_related("account")
    return sorted((_view(grant, on) for grant in grants), key=_order)


def grants_of(account: Account, on: date) -> list[GrantView]:
    """What an account holds, held or will hold: running first, then to come, then over."""
    grants = Grant.objects.filter(account=account).select_related("account")
    return sorted((_view(grant, on) for grant in grants), key=_order)


def _view(grant: Grant, on: date) -> GrantView:
    over = grant.span.end is not None and grant.span.end <= on
    return GrantView(
        pk=grant.pk,
        account=grant.account,
        unit_id=grant.unit_id,
        role=grant.role,
        powers=tuple(grant.powers),
        span=grant.span,
        runs=on in grant.span,
        over=over,
    )


def _order(view: GrantView) -> tuple[bool, bool, str, date]:
    return (view.over, not view.runs, view.account.login, view.span.start)
