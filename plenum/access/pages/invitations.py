"""Invitations: give one, withdraw it, and make the account that it promises."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from plenum.access import actions, powers
from plenum.access.answers import REFUSED, invitation_link, put_errors
from plenum.access.forms import AcceptForm, AccountForm, InvitationForm
from plenum.access.models import Invitation
from plenum.access.pages.sign_in import enter
from plenum.access.queries import invitation_by_key, role_name, state_of
from plenum.access.requests import AuthedRequest, signed_in, unit_for
from plenum.tree.queries import unit_view

NAMES = {"until": "last_day"}


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def invite(request: AuthedRequest, code: str) -> HttpResponse:
    """Invite a person to the unit; the link is shown once, to be handed over."""
    unit = unit_for(request, code, powers.GRANT)
    form = AccountForm(
        request.POST or None,
        initial={"start": request.lens.today, "language": request.LANGUAGE_CODE, "role": "secretary"},
    )
    view = unit_view(unit, request.lens.as_of)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made, key = actions.invite(
                actions.Invited(data["name"], data["login"], data["language"]),
                unit,
                data["role"],
                start=data["start"],
                until=form.until,
                on=request.lens.today,
                by=request.actor,
            )
        except ValidationError as error:
            put_errors(form, error, NAMES)
        else:
            context = {
                "unit": view,
                "door": "unit",
                "invitation": made,
                "link": invitation_link(request, key),
            }
            response = render(request, "access/invited.html", context)
            response.headers["Cache-Control"] = "no-store"
            return response
    context = {"unit": view, "door": "unit", "form": form}
    return render(request, "access/invite.html", context, status=422 if request.method == "POST" else 200)


@require_POST
@signed_in
def withdraw(request: AuthedRequest, code: str, pk: int) -> HttpResponse:
    """Withdraw an open invitation to the unit."""
    unit = unit_for(request, code, powers.GRANT)
    found = Invitation.objects.filter(unit=unit, pk=pk).first()
    if found is None:
        raise Http404
    try:
        actions.withdraw_invitation(found, on=request.lens.today, by=request.actor)
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        messages.success(request, _("The invitation is withdrawn."))
    return redirect("access:grants", code)


@sensitive_post_parameters("code", "password", "again")
@csrf_protect
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: AuthedRequest) -> HttpResponseBase:
    """Let an invited person choose login and password; then they are signed in.

    The code comes in the body only: addresses are written down on the way and told to other pages.
    """
    if request.method != "POST":
        return render(request, "access/invitation.html", {"form": InvitationForm()})
    door = InvitationForm(request.POST)
    invitation = invitation_by_key(door.cleaned_data["code"]) if door.is_valid() else None
    if invitation is None:
        if door.is_valid():
            door.add_error("code", _("This invitation cannot be used."))
        return render(request, "access/invitation.html", {"form": door}, status=REFUSED)
    state = state_of(invitation, request.lens.today)
    if state != "open":
        return render(request, "access/invitation_over.html", {"state": state}, status=410)
    if request.account is not None:
        return render(request, "access/invitation_signed_in.html", status=409)
    code = door.cleaned_data["code"]
    first = {"code": code, "login": invitation.login, "language": invitation.language}
    form = AcceptForm(request.POST if "login" in request.POST else None, initial=first)
    if form.is_valid():
        data = form.cleaned_data
        try:
            account = actions.accept_invitation(
                code,
                data["login"],
                data["password"],
                data["language"],
                on=request.lens.today,
                by=request.actor,
            )
        except ValidationError as error:
            put_errors(form, error)
        else:
            return enter(request, account)
    context = {
        "form": form,
        "invitation": invitation,
        "role_name": role_name(invitation.role),
        "place": unit_view(invitation.unit, request.lens.today),
    }
    return render(request, "access/accept_invitation.html", context, status=REFUSED if form.is_bound else 200)
