"""The second factors of the own account, and confirming who one is before they are changed."""

import base64
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from allauth.account.internal.flows.reauthentication import (
    did_recently_reauthenticate,
    reauthenticate_by_password,
)
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import clear_totp_secret
from allauth.mfa.webauthn.internal.auth import begin_registration
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from plenum.access import actions, second_factor
from plenum.access.actions import TooManyFailures, check_sign_in
from plenum.access.answers import put_errors
from plenum.access.comings import has_confirmed, was_refused
from plenum.access.factor_forms import AppForm, FactorForms, NewKeyForm
from plenum.access.forms import ConfirmForm
from plenum.access.pages.sign_in import safe_address
from plenum.access.requests import AuthedRequest, account_of, signed_in

Rest = ParamSpec("Rest")


def confirmed(
    page: Callable[Concatenate[AuthedRequest, Rest], HttpResponseBase],
) -> Callable[Concatenate[AuthedRequest, Rest], HttpResponseBase]:
    """Let somebody pass who has shown within the last minutes who they are; others show it first."""

    @wraps(page)
    def guarded(request: AuthedRequest, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
        if not did_recently_reauthenticate(request):
            return HttpResponseRedirect(f"{reverse('access:confirm')}?{urlencode({'next': request.path})}")
        return page(request, *args, **kwargs)

    return cast("Callable[Concatenate[AuthedRequest, Rest], HttpResponseBase]", guarded)


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def confirm(request: AuthedRequest) -> HttpResponseBase:
    """Ask once more for the password or a second factor before something that matters."""
    own = account_of(request)
    back = safe_address(request, request.POST.get("next") or request.GET.get("next", "")) or reverse(
        "access:account"
    )
    form = ConfirmForm(request.POST if "password" in request.POST else None)
    forms = FactorForms.of(request, own)
    status = 422 if request.method == "POST" else 200
    if forms.right:
        forms.remember(request, again=True)
        has_confirmed(request, own, "code")
        return HttpResponseRedirect(back)
    if form.is_bound and form.is_valid():
        try:
            right = check_sign_in(request, own.login, form.cleaned_data["password"]) is not None
        except TooManyFailures:
            status = 429
            was_refused(request, "too many", own)
            form.add_error(None, _("Too many attempts. Wait a quarter of an hour, then try again."))
        else:
            if right:
                reauthenticate_by_password(request)
                has_confirmed(request, own, "password")
                return HttpResponseRedirect(back)
            was_refused(request, "password", own)
            form.add_error("password", _("This is not your current password."))
    context = {"form": form if own.has_usable_password() else None, "forms": forms, "next": back}
    return render(request, "access/confirm.html", context, status=status)


@require_http_methods(["GET"])
@signed_in
def overview(request: AuthedRequest) -> HttpResponse:
    """What the account has, what is required, and the ways to add or remove one."""
    own = account_of(request)
    found = list(Authenticator.objects.filter(user=own).order_by("created_at"))
    keys = [each for each in found if each.type == Authenticator.Type.WEBAUTHN]
    codes = next((each for each in found if each.type == Authenticator.Type.RECOVERY_CODES), None)
    context = {
        "app": next((each for each in found if each.type == Authenticator.Type.TOTP), None),
        "keys": [(each, each.wrap().name) for each in keys],
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else None,
        "missing": second_factor.is_missing(own.pk, request.lens.today),
        "required": settings.SECOND_FACTOR_REQUIRED,
        "next": safe_address(request, request.GET.get("next", "")),
    }
    return render(request, "access/second_factor.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@confirmed
def add_app(request: AuthedRequest) -> HttpResponse:
    """Show the secret to the app, and take the first code that it makes."""
    own = account_of(request)
    form = AppForm(user=own, data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            codes = actions.add_app(own, form.secret, on=request.lens.today, by=request.actor)
        except ValidationError as error:
            put_errors(form, error)
        else:
            clear_totp_secret(request)
            messages.success(request, _("The app is set up. From now on signing in asks for a code."))
            return _with_codes(request, codes)
    adapter = get_adapter()
    address = adapter.build_totp_url(own, form.secret)
    picture = base64.b64encode(adapter.build_totp_svg(address).encode()).decode()
    context = {"form": form, "secret": form.secret, "address": address, "picture": picture}
    return render(request, "access/add_app.html", context, status=422 if form.is_bound else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@confirmed
def add_key(request: AuthedRequest) -> HttpResponse:
    """Let a security key or the device itself make a credential for this site."""
    own = account_of(request)
    form = NewKeyForm(user=own, data=request.POST or None, initial={"name": ""})
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"] or _("Security key")
        try:
            codes = actions.add_key(
                own, name, form.cleaned_data["credential"], on=request.lens.today, by=request.actor
            )
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("The key is added. From now on signing in asks for it."))
            return _with_codes(request, codes)
    context = {"form": form, "options": begin_registration(own, False)}
    return render(request, "access/add_key.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@confirmed
def remove_factor(request: AuthedRequest, pk: int) -> HttpResponse:
    """Ask, then remove an app or a key of one's own."""
    own = account_of(request)
    found = Authenticator.objects.filter(user=own, type__in=second_factor.FACTORS, pk=pk).first()
    if found is None:
        raise Http404
    if request.method == "POST":
        actions.remove_factor(own, pk, on=request.lens.today, by=request.actor)
        messages.success(request, _("It is removed."))
        return redirect("access:second_factor")
    name = found.wrap().name if found.type == Authenticator.Type.WEBAUTHN else ""
    return render(request, "access/remove_factor.html", {"name": name})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@confirmed
def recovery_codes(request: AuthedRequest) -> HttpResponse:
    """Ask, then make recovery codes anew and show them once."""
    own = account_of(request)
    if not second_factor.has_second_factor(own.pk):
        return redirect("access:second_factor")
    if request.method == "POST":
        return _with_codes(request, actions.renew_codes(own, on=request.lens.today, by=request.actor))
    return render(request, "access/renew_codes.html")


def _with_codes(request: AuthedRequest, codes: list[str] | None) -> HttpResponse:
    """Show new recovery codes, which nobody sees again; without any go to the overview."""
    if not codes:
        return redirect("access:second_factor")
    text = "\n".join(codes) + "\n"
    context = {"codes": codes, "download": base64.b64encode(text.encode()).decode()}
    response = render(request, "access/recovery_codes.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response
