"""Pages that belong to no room: the way home, the choice of language, and what is said when something is wrong."""

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST

from plenum.access.requests import AuthedRequest, signed_in
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
    """400, with the reason if there is one that a person can read."""
    reason = str(exception) if isinstance(exception, BadRequest) else ""
    return render(request, "400.html", {"reason": reason}, status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403, with what power is lacking."""
    return render(request, "403.html", {"reason": str(exception)}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404; the same for what does not exist and for what one may not know of."""
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, without anything that could fail again."""
    return render(request, "500.html", status=500)
