"""Signing in and out, and choosing the unit one acts for."""

from datetime import date

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.internal.flows.logout import logout
from allauth.account.models import Login
from allauth.account.stages import LoginStageController
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from plenum.access import actions, second_factor
from plenum.access.actions import TooManyFailures, check_sign_in
from plenum.access.adapters import OwnPassword, SecondStep
from plenum.access.answers import put_errors
from plenum.access.comings import Why, was_refused, went_out
from plenum.access.factor_forms import FactorForms
from plenum.access.forms import PasswordForm, SignInForm
from plenum.access.kept import FIELD, put_into_session
from plenum.access.models import Account
from plenum.access.queries import ACTING_FOR, account_for, actor_of, has_left, units_to_act_for
from plenum.access.requests import AuthedRequest, account_of, signed_in
from plenum.access.rules import password_has_run_out
from plenum.tree.queries import unit_views


@sensitive_post_parameters("password")
@csrf_protect
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: AuthedRequest) -> HttpResponseBase:
    """Ask for login and password; the same answer whichever is wrong."""
    back = safe_address(request, request.POST.get("next") or request.GET.get("next", ""))
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
                was_refused(request, "too many")
                form.add_error(None, _("Too many attempts. Wait a quarter of an hour, then try again."))
            else:
                refused = _kept_out(account, request.lens.today)
                if account is not None and refused is None:
                    put_into_session(request, kept)
                    return enter(request, account, back)
                why, said = refused or ("password", _no_match())
                was_refused(request, why, account)
                form.add_error(None, said)
    context = {"form": form, "next": back, "kept": kept, "provider": settings.IDENTITY_PROVIDER}
    response = render(request, "access/sign_in.html", context, status=status)
    if status == 429:
        response.headers["Retry-After"] = str(TooManyFailures.wait)
    return response


def enter(request: AuthedRequest, account: Account, back: str = "") -> HttpResponseBase:
    """Sign in an account whose password is right, or ask for its second factor first; then go `back`."""
    # "reauthenticated" lets what needs the password again be done without it right after signing in
    record_authentication(request, account, method="password", reauthenticated=True)
    aim = back or reverse("access:acting_for")
    if second_factor.is_missing(account.pk, request.lens.today):
        aim = f"{reverse('access:second_factor')}?{urlencode({'next': aim})}"
    response: HttpResponseBase = perform_login(request, Login(user=account, redirect_url=aim))
    return response


def _no_match() -> str:
    return _("Login and password do not match. Check both and try again.")


def _kept_out(account: Account | None, today: date) -> tuple[Why, str] | None:
    """Why an account whose password is right is not let in, for the log and for the person."""
    if account is None:
        return None
    if has_left(account.pk, today):
        return "left", _("All your grants have ended. Ask an officer of your unit for a new one.")
    if password_has_run_out(account.password_given, today):
        return "run out", _("This password was good for seven days. Ask the officer for another one.")
    return None


@csrf_protect
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def second_step(request: AuthedRequest) -> HttpResponseBase:
    """After the password: a code of the app, a recovery code, or the key."""
    stage = None if account_for(request) else LoginStageController.enter(request, SecondStep.key)
    if stage is None or not isinstance(stage.login.user, Account):
        return redirect("access:sign_in")
    forms = FactorForms.of(request, stage.login.user)
    if forms.right:
        forms.remember(request, again=False)
        response: HttpResponseBase = stage.exit()
        return response
    status = 422 if request.method == "POST" else 200
    if status == 422:
        was_refused(request, "code", stage.login.user)
    return render(request, "access/second_step.html", {"forms": forms}, status=status)


@sensitive_post_parameters("current", "password", "again")
@csrf_protect
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own_password(request: AuthedRequest) -> HttpResponseBase:
    """Before the session begins: a password of one's own in place of the one that was handed over."""
    stage = None if account_for(request) else LoginStageController.enter(request, OwnPassword.key)
    if stage is None or not isinstance(stage.login.user, Account):
        return redirect("access:sign_in")
    form, account = PasswordForm(request.POST or None), stage.login.user
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            stage.login.user = actions.change_password(
                account,
                data["password"],
                current=data["current"],
                on=request.lens.today,
                by=actor_of(account),
            )
        except ValidationError as error:
            put_errors(form, error)
        else:
            response: HttpResponseBase = stage.exit()
            return response
    status = 422 if request.method == "POST" else 200
    return render(request, "access/own_password.html", {"form": form}, status=status)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Forget the session, and a sign-in that waits for its second step; the browser forgets what it was shown."""
    account = account_for(request)
    logout(request)
    request.session.flush()
    if account is not None:
        went_out(request, account)
    response = redirect("access:sign_in")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
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


def safe_address(request: HttpRequest, address: str) -> str:
    """The address if it leads to this site, else nothing."""
    safe = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if safe else ""
