"""Where one is signed in, and ending it there."""

import re

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from plenum.access import actions
from plenum.access.requests import AuthedRequest, account_of, signed_in

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
"""How browsers name themselves, the more particular first."""
SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Macintosh", "Linux")


def device(user_agent: str) -> str:
    """A browser and its system in two words that their owner recognises; empty if neither is known."""
    browser = next((name for sign, name in BROWSERS if re.search(rf"\b{sign}\w*/", user_agent)), "")
    system = next((name for name in SYSTEMS if name in user_agent), "")
    return ", ".join(filter(None, (browser, system)))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def sessions(request: AuthedRequest) -> HttpResponse:
    """List the sessions of the account; end one of the others, or all of them."""
    own = account_of(request)
    if request.method == "POST":
        chosen = request.POST.get("session", "")
        only = int(chosen) if chosen.isascii() and chosen.isdigit() else None
        ended = actions.end_sessions(
            own, only=only, but=request.session.session_key, on=request.lens.today, by=request.actor
        )
        text = ngettext("%(count)s session is ended.", "%(count)s sessions are ended.", ended)
        messages.success(request, text % {"count": ended})
        return redirect("access:sessions")
    found = sorted(UserSession.objects.purge_and_list(own), key=lambda each: each.last_seen_at, reverse=True)
    rows = [
        {
            "pk": each.pk,
            "device": device(each.user_agent) or _("Unknown browser"),
            "address": each.ip,
            "began": each.created_at,
            "seen": each.last_seen_at,
            "current": each.session_key == request.session.session_key,
        }
        for each in found
    ]
    return render(
        request, "access/sessions.html", {"sessions": rows, "others": any(not row["current"] for row in rows)}
    )
