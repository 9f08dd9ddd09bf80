"""The page of one indicator of a unit: its course over the year, its sub-units, and the returns behind it."""

from collections.abc import Iterable, Sequence

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from plenum.access.paging import page_of
from plenum.access.reach import reachable
from plenum.access.requests import AuthedRequest, signed_in, unit_for
from plenum.figures.powers import READ
from plenum.figures.queries import (
    Behind,
    Figure,
    beside_last_year,
    figures,
    league,
    of_same_units,
    returns_behind,
    series,
    start_of_year,
)
from plenum.figures.queries.latest import latest_year
from plenum.figures.wording import estimate_sentences
from plenum.packs import Behaviour, Indicator, pack, wording
from plenum.tree.queries import unit_view

ON_A_PAGE = 60


@require_safe
@signed_in
def indicator_page(request: AuthedRequest, code: str, indicator: str) -> HttpResponse:
    """What an indicator is made of: months, sub-units, and every return with who entered it."""
    unit = unit_for(request, code, READ)
    watched = pack().indicators.get(indicator)
    if watched is None:
        raise Http404
    period = request.lens.period or latest_year(unit.pk, request.lens.as_of)
    known_on, tree = request.lens.known_on, request.lens.tree_on
    figure = figures(unit.pk, period, known_on=known_on, tree=tree)[watched.code]
    behind: Sequence[Behind] = []
    if not figure.withheld:
        behind = returns_behind(unit.pk, watched, period, known_on=known_on, tree=tree)
    by_name = request.GET.get("order") == "name"
    found = league(unit.pk, watched, period, known_on=known_on, tree=tree, by_name=by_name)
    page = page_of(request, behind, ON_A_PAGE)
    lines = _lines(watched, page.object_list)
    shares = [*(place.of for place in found.places), *found.others, *found.silent, *found.withheld]
    within = _readable(
        request, [*(share.unit.id for share in shares), *(each.unit.id for each, *_values in lines)]
    )
    basis = beside_last_year(unit.pk, period, request.lens.today, tree)
    past, compared_on = basis.tree, basis.compared_on
    same_units = of_same_units(unit.pk, figure, compared_on, known_on=known_on)
    start = start_of_year(unit.pk, period, known_on=known_on, tree=past)[watched.code]
    last_year = figures(unit.pk, period.same_last_year(), known_on=known_on, tree=past)[watched.code]
    compared = [each for each in (last_year, same_units) if each is not None and last_year.is_known]
    if watched.behaviour is Behaviour.STOCK and start.is_known:
        compared.append(start)
    # Both years of the chart of the same units, as what is said above it.
    points = series(unit.pk, watched, period.year, known_on=known_on, tree=past)
    return render(
        request,
        "figures/indicator.html",
        {
            "unit": unit_view(unit, request.lens.as_of),
            "door": "targets",
            "indicator": watched,
            "period": period,
            "figure": figure,
            "estimates": estimate_sentences(figure.estimated),
            "estimates_before": _other_estimates(figure, compared),
            "estimates_below": _other_estimates(figure, [share.figure for share in shares]),
            "start": start,
            "last_year": last_year,
            "points": points if any(point.figure.is_known for point in points) else [],
            "points_before": series(unit.pk, watched, period.year - 1, known_on=known_on, tree=past),
            "compared_on": compared_on,
            "same_units": same_units,
            "league": found,
            "within": within,
            "by_name": by_name,
            "behind": page,
            "lines": lines,
        },
    )


def _other_estimates(figure: Figure, others: list[Figure]) -> list[str]:
    """Why figures beside the one of the page are estimated, without what is said of that one."""
    return estimate_sentences(
        each for other in others for each in other.estimated if each not in figure.estimated
    )


def _readable(request: AuthedRequest, unit_ids: list[int]) -> set[int]:
    """Of some units those whose figures the reader may open: on another tree, others may stand beside them."""
    found = reachable(request.actor, READ, request.lens.today).filter(pk__in=unit_ids)
    return set(found.values_list("pk", flat=True))


def _lines(indicator: Indicator, behind: Iterable[Behind]) -> list[tuple[Behind, list[int | None], str]]:
    """Each return with what it adds, in the order of the indicator's slots; of a divided one also the whole."""
    language = wording.language(get_language())

    def whole(each: Behind) -> str:
        values = [each.whole.get(slot) for slot in indicator.slots]
        return " / ".join(
            wording.MISSING if value is None else wording.number(value, language) for value in values
        )

    return [
        (each, [each.values.get(slot) for slot in indicator.slots], whole(each) if each.share else "")
        for each in behind
    ]
