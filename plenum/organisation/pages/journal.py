"""The journal of a unit: who did what, when, by which power, and what it changed."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from plenum.access.requests import AuthedRequest, signed_in, unit_for
from plenum.organisation import queries
from plenum.organisation.powers import JOURNAL_READ
from plenum.tree.queries import unit_view

ON_A_PAGE = 50
LONGEST_SEARCH = 100


@require_safe
@signed_in
def journal(request: AuthedRequest, code: str) -> HttpResponse:
    """The entries of a unit, newest first; with `?below=1` also of the units below it."""
    unit = unit_for(request, code, JOURNAL_READ)
    below = request.GET.get("below") == "1"
    act = request.GET.get("act", "")
    text = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    found = queries.journal(request.actor, request.lens.today, unit, below=below, act=act, text=text)
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "organisation/journal.html",
        {
            "unit": unit_view(unit, request.lens.as_of),
            "door": "journal",
            "page": page,
            "lines": queries.journal_lines(list(page.object_list), field_labels(), request.lens.as_of),
            "acts": queries.acts_done(request.actor, request.lens.today, unit, below=below),
            "act": act,
            "text": text,
            "below": below,
        },
    )


def field_labels() -> dict[str, str]:
    """What people call the things that acts change; what is missing here is shown under its own name."""
    return {
        "name": _("Name"),
        "short": _("Short name"),
        "kind": _("Kind"),
        "parent": _("Superior unit"),
        "since": _("From"),
        "until": _("Until before"),
        "predecessors": _("Predecessors"),
        "reason": _("Reason"),
        "title": _("Title"),
        "number": _("Number"),
        "symbol": _("Symbol"),
        "date": _("Date"),
        "account": _("Account"),
        "role": _("Role"),
        "powers": _("Powers"),
        "unit": _("Unit"),
        "form": _("Form"),
        "period": _("Period"),
        "state": _("State"),
        "indicator": _("Indicator"),
        "amount": _("Amount"),
        "schedule": _("Schedule"),
        "values": _("Values"),
        "language": _("Language"),
        "login": _("Login"),
    }
