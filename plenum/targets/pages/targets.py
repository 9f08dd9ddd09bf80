"""The targets of a unit in a period, those of its sub-units, and those that rest on a document."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from plenum.access.reach import reachable, visible
from plenum.access.requests import AuthedRequest, may, signed_in, unit_for
from plenum.directives.queries import readable, view
from plenum.figures.queries.latest import latest_year
from plenum.figures.wording import compared_sentence, estimate_sentences
from plenum.packs import Indicator, pack
from plenum.periods import Period
from plenum.targets.lines import Explanation, explain, line_of, notes_on, of_target
from plenum.targets.models import Target
from plenum.targets.powers import READ, SET, STATE
from plenum.targets.queries import LeagueRow, TargetView, league, on_document, standing
from plenum.targets.queries.rows import value_of
from plenum.targets.queries.targets import as_view
from plenum.targets.rules import Code
from plenum.targets.wording import target_text
from plenum.tree.queries import UnitView, children, unit_view, unit_views


@dataclass(frozen=True)
class LeagueLine:
    """A sub-unit's row with its words; `percent` is of the target."""

    row: LeagueRow
    target: str
    explanation: Explanation | None
    percent: str | None


@dataclass(frozen=True)
class Resting:
    """A target that rests on a document, with the unit it belongs to."""

    unit: UnitView
    indicator: Indicator
    target: TargetView
    text: str


@require_safe
@signed_in
def targets_page(request: AuthedRequest, code: str) -> HttpResponse:
    """Targets against figures, with verdicts that explain themselves; figures without a target below."""
    unit = unit_for(request, code, READ)
    period = request.lens.period or latest_year(unit.pk, request.lens.as_of)
    look = request.lens
    stands = standing(unit.pk, period, known_on=look.known_on, tree=look.tree_on, today=look.today)
    rows = stands.rows
    lines = [line_of(row, period) for row in rows]
    with_target = [line for line in lines if line.row.target is not None]
    judged = [line.row.verdict.code for line in with_target if line.row.verdict is not None]
    return render(
        request,
        "targets/list.html",
        {
            "unit": unit_view(unit, request.lens.as_of),
            "door": "targets",
            "period": period,
            "lines": with_target,
            "others": [line for line in lines if line.row.target is None],
            "notes": notes_on(lines),
            "reached": sum(1 for each in judged if each in (Code.MET, Code.EXCEEDED)),
            "lacking": sum(1 for each in judged if each in (Code.MISSED, Code.AT_RISK)),
            "has_illustrative": any(row.illustrative for row in rows),
            "has_estimated": any(row.has_estimate for row in rows),
            "compared": compared_sentence(stands.compared_on),
            "is_withheld": stands.withheld,
            "indicators": pack().indicators.values(),
            "has_units_below": bool(children(unit.pk, request.lens.as_of)),
            "may_set": may(request, SET, unit),
            "may_state": may(request, STATE, unit),
        },
    )


@require_safe
@signed_in
def below_page(request: AuthedRequest, code: str, indicator: str) -> HttpResponse:
    """The units directly below beside each other in one indicator."""
    unit = unit_for(request, code, READ)
    watched = pack().indicators.get(indicator)
    if watched is None:
        raise Http404
    period = request.lens.period or latest_year(unit.pk, request.lens.as_of)
    look = request.lens
    rows = league(unit.pk, indicator, period, known_on=look.known_on, tree=look.tree_on, today=look.today)
    lines = [_league_line(row, period) for row in rows]
    within = reachable(request.actor, READ, look.today).filter(pk__in=[row.unit.id for row in rows])
    return render(
        request,
        "targets/below.html",
        {
            "unit": unit_view(unit, request.lens.as_of),
            "door": "targets",
            "period": period,
            "indicator": watched,
            "indicators": pack().indicators.values(),
            "lines": lines,
            "has_illustrative": any(row.value_illustrative for row in rows),
            "estimates": estimate_sentences(each for row in rows for each in row.figure.estimated),
            "has_withheld": any(row.figure.withheld for row in rows),
            "within": set(within.values_list("pk", flat=True)),
        },
    )


@require_safe
@signed_in
def of_document_page(request: AuthedRequest, pk: int) -> HttpResponse:
    """The targets that rest on a document, of the units the reader reaches."""
    document = readable(request.actor, request.lens.today).filter(pk=pk).first()
    if document is None:
        raise Http404
    rows = visible(on_document(pk), request.actor, READ, request.lens.today)
    return render(
        request,
        "targets/of_document.html",
        {
            "unit": unit_view(document.unit_id, request.lens.as_of),
            "door": "documents",
            "document": view(document),
            "resting": _resting(list(rows), request),
        },
    )


def _league_line(row: LeagueRow, period: Period) -> LeagueLine:
    indicator = row.figure.indicator
    return LeagueLine(
        row=row,
        target=target_text(indicator, row.target) if row.target else "",
        explanation=explain(indicator, row.verdict, period),
        percent=row.percent if not indicator.is_ratio else of_target(value_of(row.whole), row.target),
    )


def _resting(rows: Sequence[Target], request: AuthedRequest) -> list[Resting]:
    units = unit_views({row.unit_id for row in rows}, request.lens.as_of)
    found = []
    for row in rows:
        target, indicator = as_view(row), pack().indicators[row.indicator]
        found.append(Resting(units[row.unit_id], indicator, target, target_text(indicator, target)))
    return sorted(found, key=lambda each: (each.unit.sort_key, each.target.period.code, each.indicator.order))
