"""Signing in and out, and choosing the unit one acts for."""

from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from plenum.access.actions import TooManyFailures, check_sign_in
from plenum.access.forms import SignInForm
from plenum.access.kept import FIELD, put_into_session
from plenum.access.queries import ACTING_FOR, account_for, units_to_act_for
from plenum.access.requests import AuthedRequest, account_of, signed_in
from plenum.tree.queries import unit_views


@sensitive_post_parameters("password")
@csrf_protect
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for login and password; the same answer whichever is wrong."""
    back = _safe(request, request.POST.get("next") or request.GET.get("next", ""))
    if account_for(request) is not None:
        return HttpResponseRedirect(back or reverse("site:home"))
    form, status, kept = SignInForm(request.POST or None), 200, request.POST.get(FIELD, "")
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                account = check_sign_in(request, form.cleaned_data["login"], form.cleaned_data["password"])
            except TooManyFailures:
                status = 429
                form.add_error(None, _("Too many attempts. Wait a quarter of an hour, then try again."))
            else:
                if account is not None:
                    login(request, account)
                    put_into_session(request, kept)
                    return HttpResponseRedirect(back or reverse("access:acting_for"))
                form.add_error(None, _("Login and password do not match. Check both and try again."))
    context = {"form": form, "next": back, "kept": kept}
    return render(request, "access/sign_in.html", context, status=status)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Forget the session."""
    logout(request)
    return redirect("access:sign_in")


@require_http_methods(["GET", "POST"])
@signed_in
def acting_for(request: AuthedRequest) -> HttpResponse:
    """Choose the unit one acts for; who has only one goes straight home."""
    units = {unit.pk for unit in units_to_act_for(account_of(request), request.lens.today)}
    if request.method == "POST":
        chosen = request.POST.get("unit", "")
        if chosen.isascii() and chosen.isdigit() and int(chosen) in units:
            request.session[ACTING_FOR] = int(chosen)
            return redirect("site:home")
        return _choice(request, units, wrong=True)
    return _choice(request, units) if len(units) > 1 else redirect("site:home")


def _choice(request: AuthedRequest, units: set[int], wrong: bool = False) -> HttpResponse:
    views = sorted(unit_views(units, request.lens.today).values(), key=lambda view: view.sort_key)
    context = {"units": views, "current": request.actor.acting_for, "wrong": wrong}
    return render(request, "access/acting_for.html", context, status=422 if wrong else 200)


def _safe(request: HttpRequest, address: str) -> str:
    safe = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if safe else ""
