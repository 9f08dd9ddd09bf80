"""The journal of a unit: who did what, when, by which power, and what it changed."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from plenum.access.paging import page_of
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
    page = page_of(request, found, ON_A_PAGE)
    return render(
        request,
        "organisation/journal.html",
        {
            "unit": unit_view(unit, request.lens.as_of),
            "door": "journal",
            "page": page,
            "lines": queries.journal_lines(list(page.object_list), request.lens.as_of),
            "acts": queries.acts_done(request.actor, request.lens.today, unit, below=below),
            "act": act,
            "text": text,
            "below": below,
        },
    )
