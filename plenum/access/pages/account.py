"""The own account: language, password, what one has been granted, what one has done."""

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from plenum.access import actions, second_factor
from plenum.access.answers import put_errors
from plenum.access.forms import LanguageForm, PasswordForm
from plenum.access.models import Account
from plenum.access.queries import deeds_of, grants_of
from plenum.access.requests import AuthedRequest, account_of, signed_in
from plenum.tree.queries import unit_views


@sensitive_post_parameters("current", "password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def account(request: AuthedRequest) -> HttpResponse:
    """Everything the installation knows of the person's account, and what they may change in it."""
    own = account_of(request)
    asked = request.POST.get("form", "")
    language = LanguageForm(
        request.POST if asked == "language" else None, initial={"language": own.language}, prefix=None
    )
    password = PasswordForm(request.POST if asked == "password" else None)
    if asked == "language" and language.is_valid() and (done := _change_language(request, own, language)):
        return done
    if asked == "password" and password.is_valid() and (done := _change_password(request, own, password)):
        return done
    today = request.lens.today
    grants = grants_of(own, today)
    deeds = deeds_of(own)
    units = unit_views(
        {grant.unit_id for grant in grants} | {deed.unit_id for deed in deeds if deed.unit_id is not None},
        today,
    )
    context = {
        "language_form": language,
        "password_form": password,
        "grants": [(grant, units[grant.unit_id]) for grant in grants],
        "missing": second_factor.is_missing(own.pk, today),
        "protected": second_factor.has_second_factor(own.pk),
        "deeds": [(deed, units.get(deed.unit_id or 0)) for deed in deeds],
    }
    return render(request, "access/account.html", context, status=422 if request.method == "POST" else 200)


def _change_language(request: AuthedRequest, own: Account, form: LanguageForm) -> HttpResponse | None:
    language = form.cleaned_data["language"]
    try:
        actions.change_language(own, language, on=request.lens.today, by=request.actor)
    except ValidationError as error:
        put_errors(form, error)
        return None
    with translation.override(language):
        messages.success(request, _("The language is changed."))
    response = redirect("access:account")
    response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Lax")
    return response


def _change_password(request: AuthedRequest, own: Account, form: PasswordForm) -> HttpResponse | None:
    data = form.cleaned_data
    try:
        changed = actions.change_password(
            own, data["password"], current=data["current"], on=request.lens.today, by=request.actor
        )
    except ValidationError as error:
        put_errors(form, error)
        return None
    update_session_auth_hash(request, changed)
    UserSession.objects.create_from_request(request)
    messages.success(request, _("The password is changed. You are signed out everywhere else."))
    return redirect("access:account")
