"""The page of what a unit and those below it owe: what has come in, what is late."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.views.decorators.http import require_safe

from plenum.access.paging import page_of
from plenum.access.requests import AuthedRequest, may, signed_in, unit_for
from plenum.figures.forms import DueFilterForm
from plenum.figures.powers import ACCEPT, COLLECT, ENTER, OBLIGE, READ
from plenum.figures.queries import Due, owing
from plenum.figures.rules import running_year
from plenum.figures.wording import state_name
from plenum.tree.queries import unit_view

ON_A_PAGE = 50


@dataclass(frozen=True)
class Line:
    """One return that is owed, with the name of its state."""

    due: Due
    state: str | Promise


@require_safe
@signed_in
def returns_page(request: AuthedRequest, code: str) -> HttpResponse:
    """What the unit itself owes, and what those below it owe, by state and period."""
    unit = unit_for(request, code, READ)
    today = request.lens.today
    period = request.lens.period or running_year(today)
    found = owing(request.actor, READ, unit.pk, today, as_of=request.lens.as_of, period=period)
    filtered = DueFilterForm(request.GET)
    filtered.is_valid()
    chosen = found.chosen(filtered.cleaned_data.get("q", ""), filtered.cleaned_data.get("state", ""))
    page = page_of(request, chosen, ON_A_PAGE)
    accepts = bool(found.others) and may(request, ACCEPT, found.others[0].unit.id)
    return render(
        request,
        "figures/returns.html",
        {
            "unit": unit_view(unit, request.lens.as_of),
            "door": "returns",
            "period": period,
            "found": found,
            "own": _lines(found.own),
            "page": page,
            "lines": _lines(page.object_list),
            "filter": filtered,
            "may_enter": may(request, ENTER, unit),
            "may_collect": may(request, COLLECT, unit) if found.others else False,
            "may_oblige": may(request, OBLIGE, unit),
            "waiting": found.submitted if accepts else 0,
        },
    )


def _lines(dues: Iterable[Due]) -> list[Line]:
    return [Line(each, state_name(each.state)) for each in dues]
