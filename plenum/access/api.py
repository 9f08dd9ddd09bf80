"""The API of accounts and grants: who one is, one's tokens, who holds what at a unit; give, end, invite, create."""

from datetime import date
from typing import Annotated, Any

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.utils.translation import gettext as _
from ninja import Router, Status
from pydantic import Field

from plenum.access import actions, powers, queries
from plenum.access.answers import invitation_link
from plenum.access.forms import day_after
from plenum.access.models import Account, ApiToken, Grant, Invitation
from plenum.access.programs import (
    DayIn,
    FlagIn,
    LineIn,
    Listed,
    LoginIn,
    NumberIn,
    PieceIn,
    Told,
    WordIn,
    listed_of,
)
from plenum.access.reach import require_in_person
from plenum.access.requests import AuthedRequest, unit_for
from plenum.access.rows import (
    AccountGiven,
    AccountRow,
    GrantOfUnit,
    InvitationGiven,
    InvitationRow,
    TokenGiven,
    TokenRow,
    account_row,
    grant_of_unit,
    invitation_row,
    token_row,
)
from plenum.tree.queries import unit_views

router = Router()


class GrantTold(Told):
    """A grant to give: the powers of a role of the rule pack, from a day, through a last day if one is known."""

    login: LoginIn
    role: WordIn
    start: DayIn
    last_day: DayIn | None = None


class PersonTold(GrantTold):
    """A person to invite or to make an account for, with the first grant."""

    name: LineIn
    language: WordIn


class TokenTold(Told):
    """A token to issue: what it is for, codes of powers, a unit if it is for one, and its last day."""

    name: LineIn
    powers: Annotated[list[WordIn], Field(max_length=200)]
    unit: WordIn | None = None
    last_day: DayIn


class EndTold(Told):
    """When a grant ends: through its last day, or at once."""

    last_day: DayIn | None = None
    even_if_last: FlagIn = False


@router.get("/account", response=AccountRow, operation_id="read_account", summary="Who I am and what I hold")
def account(request: AuthedRequest) -> Any:
    """The account of the token or session, with its grants."""
    found = _own(request)
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


@router.get(
    "/units/{code}/invitations",
    response=Listed[InvitationRow],
    operation_id="list_invitations",
    summary="Invitations to a unit that are open",
)
def invitations(request: AuthedRequest, code: WordIn, piece: PieceIn) -> Any:
    """The newest first. Nobody is told the link again."""
    unit = unit_for(request, code, powers.GRANT)
    found = queries.invitations_at(unit.pk, request.lens.today)
    return listed_of([invitation_row(view, unit.code) for view in found], piece)


@router.post(
    "/units/{code}/invitations",
    response={201: InvitationGiven},
    operation_id="invite_person",
    summary="Invite a person to make an account with a grant at a unit",
)
def invite(request: AuthedRequest, code: WordIn, told: PersonTold) -> Any:
    """The link is told this once; it works once, within seven days."""
    unit = unit_for(request, code, powers.GRANT)
    made, key = actions.invite(
        actions.Invited(told.name, told.login, told.language),
        unit,
        told.role,
        start=told.start,
        until=day_after(told.last_day),
        on=request.lens.today,
        by=request.actor,
    )
    view = next(each for each in queries.invitations_at(unit.pk, request.lens.today) if each.pk == made.pk)
    return Status(201, {**invitation_row(view, unit.code), "link": invitation_link(request, key)})


@router.post(
    "/units/{code}/invitations/{number}/withdraw",
    response={204: None},
    operation_id="withdraw_invitation",
    summary="Withdraw an open invitation",
)
def withdraw(request: AuthedRequest, code: WordIn, number: NumberIn) -> Any:
    """Its link opens nothing any more."""
    unit = unit_for(request, code, powers.GRANT)
    found = Invitation.objects.filter(unit=unit, pk=number).first()
    if found is None:
        raise Http404
    actions.withdraw_invitation(found, on=request.lens.today, by=request.actor)
    return Status(204, None)


@router.post(
    "/units/{code}/accounts",
    response={201: AccountGiven},
    operation_id="create_account",
    summary="Create an account with a grant at a unit",
)
def create(request: AuthedRequest, code: WordIn, told: PersonTold) -> Any:
    """The password is told this once; it is good for seven days, to choose another at the first sign-in."""
    unit, today, password = unit_for(request, code, powers.GRANT), request.lens.today, actions.new_password()
    made = actions.create_account(
        told.login,
        name=told.name,
        language=told.language,
        unit=unit,
        password=password,
        on=today,
        by=request.actor,
    )
    actions.grant_powers(
        made,
        unit,
        told.role,
        start=told.start,
        until=day_after(told.last_day),
        on=today,
        by=request.actor,
    )
    row = account_row(made, queries.grants_of(made, today), {unit.pk: unit.code})
    return Status(201, {**row, "password": password})


@router.get(
    "/account/tokens",
    response=Listed[TokenRow],
    operation_id="list_tokens",
    summary="The tokens of my account",
)
def tokens(request: AuthedRequest, piece: PieceIn) -> Any:
    """Those that run first, the newest first; nobody is told their text again."""
    own, today = _own(request), request.lens.today
    found = queries.tokens_of(own, today)
    places = unit_views({each.unit_id for each in found if each.unit_id}, today)
    codes = {view.id: view.code for view in places.values()}
    return listed_of([token_row(view, codes) for view in found], piece)


@router.post(
    "/account/tokens",
    response={201: TokenGiven},
    operation_id="issue_token",
    summary="Issue a token for a program that acts for me",
)
def issue(request: AuthedRequest, told: TokenTold) -> Any:
    """Only in the session of the person, shortly after signing in or confirming; a token makes no other token."""
    own, today = _own(request), request.lens.today
    require_in_person(request.actor, own.pk)
    if not did_recently_reauthenticate(request):
        raise PermissionDenied(_("Confirm first on the page of your account that it is you."))
    unit = None
    if told.unit is not None:
        unit = queries.units_to_act_for(own, today).filter(code=told.unit).first()
        if unit is None:
            raise ValidationError({"unit": [_("You have no grant at this unit today. Choose another.")]})
    made, text = actions.issue_token(
        own,
        name=told.name,
        chosen=told.powers,
        unit=unit,
        until=day_after(told.last_day) or date.max,
        on=today,
        by=request.actor,
    )
    view = next(each for each in queries.tokens_of(own, today) if each.pk == made.pk)
    codes = {} if unit is None else {unit.pk: unit.code}
    return Status(201, {**token_row(view, codes), "token": text})


@router.post(
    "/account/tokens/{number}/end",
    response={204: None},
    operation_id="end_token",
    summary="End a token of my account",
)
def end_token(request: AuthedRequest, number: NumberIn) -> Any:
    """At once. Only in the session of the person: a token ends no token, not even itself."""
    found = ApiToken.objects.filter(account=_own(request), pk=number).first()
    if found is None:
        raise Http404
    actions.end_token(found, on=request.lens.today, by=request.actor)
    return Status(204, None)


def _own(request: AuthedRequest) -> Account:
    found = Account.objects.filter(pk=request.actor.account_id or 0).first()
    if found is None:
        raise Http404
    return found


def _grant(request: AuthedRequest, unit_id: int, code: str, number: int) -> GrantOfUnit:
    found = queries.grants_at(unit_id, request.lens.today)
    return next(grant_of_unit(view, code) for view in found if view.pk == number)
