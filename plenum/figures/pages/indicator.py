"""The page of one indicator of a unit: its course over the year, its sub-units, and the returns behind it."""

from dataclasses import dataclass
from fractions import Fraction

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from plenum.access.requests import AuthedRequest, signed_in, unit_for
from plenum.figures.powers import READ
from plenum.figures.queries import Behind, Figure, by_child, figures, returns_behind, series, start_of_year
from plenum.figures.queries.latest import latest_year
from plenum.packs import Indicator, pack
from plenum.tree.queries import UnitView, unit_view

ON_A_PAGE = 60


@dataclass(frozen=True)
class Place:
    """A sub-unit in the league: its figure, and its size in per cent of the largest for the bar beside it."""

    rank: int | None
    unit: UnitView
    figure: Figure
    share: Fraction | None


@require_safe
@signed_in
def indicator_page(request: AuthedRequest, code: str, indicator: str) -> HttpResponse:
    """What an indicator is made of: months, sub-units, and every return with who entered it."""
    unit = unit_for(request, code, READ)
    watched = pack().indicators.get(indicator)
    if watched is None:
        raise Http404
    period = request.lens.period or latest_year(unit.pk, request.lens.as_of)
    known_on = request.lens.known_on
    behind = returns_behind(unit.pk, watched, period, known_on=known_on)
    order = request.GET.get("order", "value")
    league = _league(watched, by_child(unit.pk, watched, period, known_on=known_on), order)
    points = series(unit.pk, watched, period.year, known_on=known_on)
    return render(
        request,
        "figures/indicator.html",
        {
            "unit": unit_view(unit, request.lens.as_of),
            "door": "targets",
            "indicator": watched,
            "period": period,
            "figure": figures(unit.pk, period, known_on=known_on)[watched.code],
            "start": start_of_year(unit.pk, period, known_on=known_on)[watched.code],
            "last_year": figures(unit.pk, period.same_last_year(), known_on=known_on)[watched.code],
            "points": points if any(point.figure.is_known for point in points) else [],
            "points_before": series(unit.pk, watched, period.year - 1, known_on=known_on),
            "league": [place for place in league if place.rank is not None],
            "silent": [place for place in league if place.rank is None],
            "order": order,
            "behind": Paginator(_lines(watched, behind), ON_A_PAGE).get_page(request.GET.get("page")),
        },
    )


def _amount(figure: Figure) -> Fraction | None:
    """What sub-units are ranked by: the ratio, or the count."""
    if figure.indicator.is_ratio:
        return figure.ratio
    return None if figure.value is None else Fraction(figure.value)


def _league(indicator: Indicator, found: list[tuple[UnitView, Figure]], order: str) -> list[Place]:
    """The sub-units with their ranks, best first; those without a figure have no rank and come last.

    Equal figures share a rank. Order `name` keeps the order of names.
    """
    best_first = indicator.better != "lower"
    amounts = {unit.id: _amount(figure) for unit, figure in found}
    known = sorted((amount for amount in amounts.values() if amount is not None), reverse=best_first)
    largest = max((abs(amount) for amount in known), default=Fraction(0))
    places = [
        Place(
            None if (amount := amounts[unit.id]) is None else known.index(amount) + 1,
            unit,
            figure,
            None if amount is None or not largest else amount / largest * 100,
        )
        for unit, figure in found
    ]
    return places if order == "name" else sorted(places, key=lambda place: place.rank or len(places) + 1)


def _lines(indicator: Indicator, behind: list[Behind]) -> list[tuple[Behind, list[int | None]]]:
    """Each return with what it adds, in the order of the indicator's slots."""
    return [(each, [each.values.get(slot) for slot in indicator.slots]) for each in behind]
