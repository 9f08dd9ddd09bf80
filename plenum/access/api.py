"""The API of accounts and grants: who one is, who holds what at a unit; give and end grants."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.translation import gettext as _
from ninja import Router, Status

from plenum.access import actions, powers, queries
from plenum.access.forms import day_after
from plenum.access.models import Account, Grant
from plenum.access.programs import (
    DayIn,
    FlagIn,
    Listed,
    NumberIn,
    PieceIn,
    Told,
    WordIn,
    listed_of,
)
from plenum.access.requests import AuthedRequest, unit_for
from plenum.access.rows import AccountRow, GrantOfUnit, account_row, grant_of_unit
from plenum.tree.queries import unit_views

router = Router()


class GrantTold(Told):
    """A grant to give: the powers of a role of the rule pack, from a day, through a last day if one is known."""

    login: WordIn
    role: WordIn
    start: DayIn
    last_day: DayIn | None = None


class EndTold(Told):
    """When a grant ends: through its last day, or at once."""

    last_day: DayIn | None = None
    even_if_last: FlagIn = False


@router.get("/account", response=AccountRow, operation_id="read_account", summary="Who I am and what I hold")
def account(request: AuthedRequest) -> Any:
    """The account of the token or session, with its grants."""
    found = Account.objects.filter(pk=request.actor.account_id or 0).first()
    if found is None:
        raise Http404
    held = queries.grants_of(found, request.lens.today)
    codes = {
        view.id: view.code for view in unit_views({g.unit_id for g in held}, request.lens.today).values()
    }
    return account_row(found, held, codes)


@router.get(
    "/units/{code}/grants",
    response=Listed[GrantOfUnit],
    operation_id="list_grants",
    summary="Who holds what at a unit",
)
def grants(request: AuthedRequest, code: WordIn, piece: PieceIn) -> Any:
    """Grants that run, then those to come, then those that are over."""
    unit = unit_for(request, code, powers.GRANT)
    found = queries.grants_at(unit.pk, request.lens.today)
    return listed_of([grant_of_unit(view, unit.code) for view in found], piece)


@router.post(
    "/units/{code}/grants",
    response={201: GrantOfUnit},
    operation_id="grant_powers",
    summary="Give an account the powers of a role at a unit",
)
def give(request: AuthedRequest, code: WordIn, told: GrantTold) -> Any:
    """Nobody gives a power they have not been given themselves at the unit or above it."""
    unit = unit_for(request, code, powers.GRANT)
    try:
        holder = queries.account_by_login(told.login)
    except Account.DoesNotExist as error:
        said = _("There is no account with this login. Check it, or create the account.")
        raise ValidationError({"login": [said]}) from error
    given = actions.grant_powers(
        holder,
        unit,
        told.role,
        start=told.start,
        until=day_after(told.last_day),
        on=request.lens.today,
        by=request.actor,
    )
    return Status(201, _grant(request, unit.pk, unit.code, given.pk))


@router.post(
    "/units/{code}/grants/{number}/end",
    response={200: GrantOfUnit, 204: None},
    operation_id="end_grant",
    summary="End a grant",
)
def end(request: AuthedRequest, code: WordIn, number: NumberIn, told: EndTold) -> Any:
    """A grant that has not begun by then is taken back: nothing is left of it but the journal (204)."""
    unit = unit_for(request, code, powers.GRANT)
    today = request.lens.today
    if not any(each.pk == number and not each.over for each in queries.grants_at(unit.pk, today)):
        raise Http404
    left = actions.end_grant(
        Grant.objects.get(pk=number),
        until=day_after(told.last_day) or today,
        even_if_last=told.even_if_last,
        on=today,
        by=request.actor,
    )
    return Status(204, None) if left is None else Status(200, _grant(request, unit.pk, unit.code, number))


def _grant(request: AuthedRequest, unit_id: int, code: str, number: int) -> GrantOfUnit:
    found = queries.grants_at(unit_id, request.lens.today)
    return next(grant_of_unit(view, code) for view in found if view.pk == number)
