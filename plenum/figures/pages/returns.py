"""The page of what a unit and those below it owe: what has come in, what is late."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.views.decorators.http import require_safe

from plenum.access.requests import AuthedRequest, may, signed_in, unit_for
from plenum.figures.forms import DueFilterForm
from plenum.figures.powers import ACCEPT, ENTER, OBLIGE, READ
from plenum.figures.queries import Due, below, due
from plenum.figures.wording import state_name
from plenum.periods import Period
from plenum.tree.queries import unit_view
from plenum.tree.sorting import search_key

ON_A_PAGE = 50


@dataclass(frozen=True)
class Line:
    """One return that is owed, with the name of its state."""

    due: Due
    state: str | Promise
    is_late: bool


@require_safe
@signed_in
def returns_page(request: AuthedRequest, code: str) -> HttpResponse:
    """What the unit itself owes, and what those below it owe, by state and period."""
    unit = unit_for(request, code, READ)
    today = request.lens.today
    period = request.lens.period or Period.of_year(today.year)
    # What has left the reach since the day looked at shows its past elsewhere, not what it does today.
    shown = below(request.actor, READ, unit, today, as_of=request.lens.as_of)
    filtered = DueFilterForm(request.GET)
    filtered.is_valid()
    lines = [_line(each) for each in due(shown, today, period=period)]
    own = [line for line in lines if line.due.unit.id == unit.pk]
    others = [line for line in lines if line.due.unit.id != unit.pk]
    chosen = _filtered(others, filtered.cleaned_data.get("q", ""), filtered.cleaned_data.get("state", ""))
    page = Paginator(chosen, ON_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "figures/returns.html",
        {
            "unit": unit_view(unit, request.lens.as_of),
            "door": "returns",
            "period": period,
            "own": list(reversed(own)),
            "others": others,
            "page": page,
            "filter": filtered,
            "counts": _counts(others),
            "may_enter": may(request, ENTER, unit),
            "may_oblige": may(request, OBLIGE, unit),
            "waiting": sum(1 for line in others if line.due.state == "submitted")
            if _accepts_below(request, others)
            else 0,
        },
    )


def _accepts_below(request: AuthedRequest, others: list[Line]) -> bool:
    return bool(others) and may(request, ACCEPT, others[0].due.unit.id)


def _line(each: Due) -> Line:
    return Line(each, state_name(each.state), each.outstanding and each.days_late > 0)


def _filtered(lines: list[Line], text: str, state: str) -> list[Line]:
    sought = search_key(text)
    tests: dict[str, Callable[[Line], bool]] = {
        "late": lambda line: line.is_late,
        "outstanding": lambda line: line.due.outstanding,
        "submitted": lambda line: line.due.state == "submitted",
        "accepted": lambda line: line.due.state == "accepted",
    }
    passes = tests.get(state)
    return [
        line
        for line in lines
        if (passes is None or passes(line)) and sought in search_key(line.due.unit.name)
    ]


def _counts(lines: list[Line]) -> dict[str, int]:
    """How many returns are owed, in and late, for the sentence at the top."""
    return {
        "owed": len(lines),
        "accepted": sum(1 for line in lines if line.due.state == "accepted"),
        "late": sum(1 for line in lines if line.is_late),
    }
