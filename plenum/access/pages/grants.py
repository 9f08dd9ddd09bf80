"""Who holds what at a unit: give, end, create an account."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from plenum.access import actions, powers
from plenum.access.answers import put_errors
from plenum.access.forms import AccountForm, EndGrantForm, GrantForm
from plenum.access.models import Account, Grant
from plenum.access.queries import account_by_login, grants_at, invitations_at
from plenum.access.requests import AuthedRequest, signed_in, unit_for
from plenum.access.second_factor import has_second_factor
from plenum.tree.models import Unit
from plenum.tree.queries import unit_view

NAMES = {"until": "last_day"}
"""Acts count to the first day without; people name the last day with."""


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def grants(request: AuthedRequest, code: str) -> HttpResponse:
    """List the grants at a unit and give another."""
    unit = unit_for(request, code, powers.GRANT)
    form = GrantForm(request.POST or None, initial={"start": request.lens.today, "role": "secretary"})
    if request.method == "POST" and form.is_valid() and _give(request, unit, form):
        return redirect("access:grants", code)
    found = grants_at(unit.pk, request.lens.today)
    context = {
        "unit": unit_view(unit, request.lens.as_of),
        "door": "unit",
        "form": form,
        "running": [grant for grant in found if not grant.over],
        "over": [grant for grant in found if grant.over],
        "invitations": invitations_at(unit.pk, request.lens.today),
    }
    return render(request, "access/grants.html", context, status=422 if request.method == "POST" else 200)


def _give(request: AuthedRequest, unit: Unit, form: GrantForm) -> bool:
    data = form.cleaned_data
    try:
        actions.grant_powers(
            account_by_login(data["login"]),
            unit,
            data["role"],
            start=data["start"],
            until=form.until,
            on=request.lens.today,
            by=request.actor,
        )
    except Account.DoesNotExist:
        form.add_error("login", _("There is no account with this login. Check it, or create the account."))
    except ValidationError as error:
        put_errors(form, error, NAMES)
    else:
        messages.success(request, _("The grant is given."))
        return True
    return False


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def end_grant(request: AuthedRequest, code: str, pk: int) -> HttpResponse:
    """End one grant of the unit on a day."""
    unit = unit_for(request, code, powers.GRANT)
    grant = next(
        (each for each in grants_at(unit.pk, request.lens.today) if each.pk == pk and not each.over), None
    )
    if grant is None:
        raise Http404
    form = EndGrantForm(request.POST or None, initial={"last_day": request.lens.today})
    if request.method == "POST" and form.is_valid():
        try:
            actions.end_grant(
                Grant.objects.get(pk=pk),
                until=form.until(request.lens.today),
                even_if_last=form.cleaned_data["even_if_last"],
                on=request.lens.today,
                by=request.actor,
            )
        except ValidationError as error:
            put_errors(form, error, NAMES)
        else:
            messages.success(request, _("The end of the grant is recorded."))
            return redirect("access:grants", code)
    context = {
        "unit": unit_view(unit, request.lens.as_of),
        "door": "unit",
        "form": form,
        "grant": grant,
        "may_be_last": "even_if_last" in form.errors or "even_if_last" in form.data,
    }
    return render(request, "access/end_grant.html", context, status=422 if request.method == "POST" else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def create_account(request: AuthedRequest, code: str) -> HttpResponse:
    """Create an account kept by the unit, with its first grant there; its password is shown once."""
    unit = unit_for(request, code, powers.GRANT)
    form = AccountForm(
        request.POST or None,
        initial={"start": request.lens.today, "language": request.LANGUAGE_CODE, "role": "secretary"},
    )
    view = unit_view(unit, request.lens.as_of)
    if request.method == "POST" and form.is_valid() and (made := _create(request, unit, form)):
        new, password = made
        context = {"unit": view, "door": "unit", "new": new, "password": password}
        response = render(request, "access/account_created.html", context)
        response.headers["Cache-Control"] = "no-store"
        return response
    context = {"unit": view, "door": "unit", "form": form}
    return render(
        request, "access/create_account.html", context, status=422 if request.method == "POST" else 200
    )


def _create(request: AuthedRequest, unit: Unit, form: AccountForm) -> tuple[Account, str] | None:
    data, password = form.cleaned_data, actions.new_password()
    try:
        with transaction.atomic():
            new = actions.create_account(
                data["login"],
                name=data["name"],
                language=data["language"],
                unit=unit,
                password=password,
                on=request.lens.today,
                by=request.actor,
            )
            actions.grant_powers(
                new,
                unit,
                data["role"],
                start=data["start"],
                until=form.until,
                on=request.lens.today,
                by=request.actor,
            )
    except ValidationError as error:
        put_errors(form, error, NAMES)
        return None
    return new, password


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def lost_access(request: AuthedRequest, code: str, pk: int) -> HttpResponse:
    """Help a person who has lost password or second factor: a new password, shown once, or no second factor."""
    unit = unit_for(request, code, powers.GRANT)
    found = (each for each in grants_at(unit.pk, request.lens.today) if each.pk == pk and not each.over)
    grant = next(found, None)
    if grant is None:
        raise Http404
    view = {"unit": unit_view(unit, request.lens.as_of), "door": "unit", "grant": grant}
    asked, error = request.POST.get("form", ""), ""
    try:
        if asked == "password":
            password = actions.new_password()
            actions.change_password(grant.account, password, on=request.lens.today, by=request.actor)
            response = render(request, "access/new_password.html", {**view, "password": password})
            response.headers["Cache-Control"] = "no-store"
            return response
        if asked == "second_factor":
            actions.reset_second_factor(grant.account, on=request.lens.today, by=request.actor)
            messages.success(request, _("The second factor is reset. The person signs in with the password."))
            return redirect("access:grants", code)
    except ValidationError as refused:
        error = " ".join(refused.messages)
    context = {**view, "error": error, "has_factor": has_second_factor(grant.account.pk)}
    return render(
        request, "access/lost_access.html", context, status=422 if request.method == "POST" else 200
    )
