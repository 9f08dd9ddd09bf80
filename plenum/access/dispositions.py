"""What becomes of grants, accounts, invitations and tokens when their unit leaves.

A grant at a unit that has ended still opens its past, and lets its people finish what they owe for it. Who works on in
a successor needs a grant there: each person is decided about.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial

from django.utils.translation import gettext_lazy as _

from plenum.access.actions.accounts import hand_over_account
from plenum.access.actions.grants import end_grant, grant_powers
from plenum.access.models import Account, Grant
from plenum.journal.actor import Actor
from plenum.packs.naming import power_set
from plenum.tree.dispositions import (
    LEAVE,
    TO,
    Becomes,
    Decided,
    Disposition,
    Leaving,
    Open,
    Undo,
    choices_of,
    same_in_all,
)
from plenum.tree.models import Unit


def _grant_called(person: str, role: str, language: str) -> str:
    return f"{person} ({power_set(role, language)})"


def open_grants(leaving: Sequence[Leaving], on: date) -> list[Open]:
    """The grants that run on or after the end of their unit; `on` is the day on which one asks."""
    units = {unit.id: unit for unit in leaving}
    found: list[Open] = []
    grants = Grant.objects.filter(unit_id__in=list(units), account__is_active=True).select_related("account")
    for grant in grants.order_by("pk"):
        unit = units[grant.unit_id]
        if grant.span.end is not None and grant.span.end <= max(unit.until, on):
            continue
        heir = unit.first_heir()
        found.append(
            Open(
                subject=f"access.Grant:{grant.pk}",
                unit_id=unit.id,
                label=partial(_grant_called, grant.account.name, grant.role),
                choices=choices_of(unit),
                proposal=f"{TO}{heir.code}" if heir else LEAVE,
            )
        )
    return found


def carry_out_grants(
    decided: Sequence[Decided], units: Mapping[str, int], since: date, on: date, by: Actor
) -> dict[str, Undo]:
    """Give each person the same role where they go on, unless they have it there already."""
    undo: dict[str, Undo] = {}
    grants = {grant.pk: grant for grant in _grants([each.row for each in decided if each.to])}
    places = Unit.objects.in_bulk([units[each.to] for each in decided if each.to])
    given: set[tuple[int, int, str]] = set()
    for each in decided:
        if each.to is None:
            continue
        grant, unit = grants[each.row], places[units[each.to]]
        key = (grant.account_id, unit.pk, grant.role)
        start = max(since, on)
        if key in given or _has_already(key, start):
            continue
        given.add(key)
        new = grant_powers(grant.account, unit, grant.role, start=start, until=grant.span.end, on=on, by=by)
        undo[each.subject] = {"grant": new.pk}
    return undo


def take_back_grants(undo: Mapping[str, Undo], on: date, by: Actor) -> None:
    """Take back the grants that were given; none has begun yet."""
    for grant in _grants([int(each["grant"]) for each in undo.values()]):
        end_grant(grant, until=on, even_if_last=True, on=on, by=by)


def _grants(numbers: Sequence[int]) -> list[Grant]:
    return list(Grant.objects.filter(pk__in=numbers).select_related("account").order_by("pk"))


def _has_already(key: tuple[int, int, str], start: date) -> bool:
    account, unit, role = key
    held = Grant.objects.filter(account=account, unit=unit, role=role)
    return any(grant.span.end is None or grant.span.end > start for grant in held)


def open_accounts(leaving: Sequence[Leaving], on: date) -> list[Open]:
    """The accounts that a leaving unit keeps: somebody has to be able to give them a new password, or close them."""
    units = {unit.id: unit for unit in leaving}
    found: list[Open] = []
    for account in Account.objects.filter(unit_id__in=list(units), is_active=True).order_by("pk"):
        unit = units[account.unit_id or 0]
        taker = unit.first_heir() or unit.above
        if taker is not None:
            choices = choices_of(unit, also=(), above=True)
            subject = f"access.Account:{account.pk}"
            found.append(Open(subject, unit.id, same_in_all(account.name), choices, f"{TO}{taker.code}"))
    return found


def carry_out_accounts(
    decided: Sequence[Decided], units: Mapping[str, int], since: date, on: date, by: Actor
) -> dict[str, Undo]:
    """Let each account be kept by the unit that was decided."""
    undo: dict[str, Undo] = {}
    for each in decided:
        if each.to is not None:
            account = Account.objects.get(pk=each.row)
            undo[each.subject] = {"account": account.pk, "unit": account.unit_id, "given": units[each.to]}
            hand_over_account(account, Unit.objects.get(pk=units[each.to]), on=on, by=by)
    return undo


def take_back_accounts(undo: Mapping[str, Undo], on: date, by: Actor) -> None:
    """Give the accounts back to the units that kept them; one that was handed on since stays where it is."""
    for each in undo.values():
        account = Account.objects.get(pk=each["account"])
        if account.unit_id != each["given"]:
            continue
        hand_over_account(account, Unit.objects.get(pk=each["unit"]), on=on, by=by)


DISPOSITIONS = (
    Disposition(
        "access.Grant",
        "unit",
        Becomes.SPLIT_BY_PERSON,
        _("Grants"),
        open_grants,
        carry_out_grants,
        take_back_grants,
        meanwhile=True,
    ),
    Disposition(
        "access.Account",
        "unit",
        Becomes.FOLLOWS,
        _("Accounts"),
        open_accounts,
        carry_out_accounts,
        take_back_accounts,
    ),
    # An invitation can be accepted, and a token used, only where the unit exists: both end with it by themselves.
    Disposition("access.Invitation", "unit", Becomes.ENDS, _("Invitations")),
    Disposition("access.ApiToken", "unit", Becomes.ENDS, _("Tokens of programs")),
)
