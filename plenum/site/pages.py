"""Pages that belong to no room: the way home, the choice of language, and what is said when something is wrong."""

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST

from plenum.access.answers import Changed, TooMany
from plenum.access.kept import ask_to_sign_in, is_own_form, typed
from plenum.access.requests import AuthedRequest, signed_in
from plenum.site.api.problems import answer_to, is_for_program, problem
from plenum.tree.models import Unit

YEAR = 365 * 24 * 3600


@signed_in
def home(request: AuthedRequest) -> HttpResponse:
    """Go to the board of the unit that the person acts for; without any unit, to the account."""
    unit = Unit.objects.filter(pk=request.actor.acting_for or 0).first()
    if unit is None:
        return redirect("access:account")
    return redirect("reports:board", unit.code)


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Keep the language chosen on this device in a cookie; go back to the page."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    language = request.POST.get("language", "")
    if check_for_language(language) and language in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=YEAR,
            samesite="Lax",
            httponly=True,
            secure=settings.LANGUAGE_COOKIE_SECURE,
        )
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, with the reason if there is one that a person can read; 413 for what is too large to be read."""
    if is_for_program(request):
        return answer_to(request, exception) or problem(request, 400)
    if isinstance(exception, RequestDataTooBig):
        return too_large(request)
    reason = str(exception) if isinstance(exception, BadRequest) else ""
    return render(request, "400.html", {"reason": reason}, status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403, with what power is lacking."""
    return render(request, "403.html", {"reason": str(exception)}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404; the same for what does not exist and for what one may not know of."""
    return render(request, "404.html", status=404)


def too_large(request: HttpRequest) -> HttpResponse:
    """413, with how much is taken."""
    context = {"largest": settings.DATA_UPLOAD_MAX_MEMORY_SIZE}
    return render(request, "413.html", context, status=413)


def changed(request: HttpRequest, found: Changed) -> HttpResponse:
    """409: both versions side by side, and a way to save mine over theirs after looking, where there is one."""
    again = None
    if found.renewed is not None:
        fields = typed(request)
        for name, value in found.renewed.items():
            fields[name] = value
        again = _pairs(fields)
    return render(request, "409.html", {"found": found, "again": again}, status=409)


def too_many(request: HttpRequest, found: TooMany) -> HttpResponse:
    """429, with when it may be tried again."""
    context = {"reason": found.reason, "minutes": max(1, -(-found.wait // 60))}
    response = render(request, "429.html", context, status=429)
    response.headers["Retry-After"] = str(found.wait)
    return response


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that does not prove to come from us; one that does come from us can be sent again as it was."""
    if getattr(request, "account", None) is None and is_own_form(request):
        return ask_to_sign_in(request)
    again = _pairs(typed(request)) if is_own_form(request) else None
    return render(request, "403_csrf.html", {"again": again}, status=403)


def _pairs(fields: QueryDict) -> list[tuple[str, str]]:
    return [(name, str(value)) for name, values in fields.lists() for value in values]


def server_error(request: HttpRequest) -> HttpResponse:
    """500, with the number under which the operator finds it, and without anything that could fail again."""
    return HttpResponse(
        render_to_string("500.html", {"number": getattr(request, "request_id", "")}), status=500
    )
