"""The targets of a unit in a period, those of its sub-units, and those that rest on a document."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from plenum.access.reach import visible
from plenum.access.requests import AuthedRequest, may, signed_in, unit_for
from plenum.directives.queries import readable, view
from plenum.figures.queries.latest import latest_year
from plenum.packs import Indicator, pack
from plenum.packs.wording import half_up
from plenum.periods import Period
from plenum.targets.models import Target
from plenum.targets.powers import READ, SET, STATE
from plenum.targets.queries import Flag, LeagueRow, Row, TargetView, league, on_document, standing
from plenum.targets.queries.rows import value_of
from plenum.targets.queries.targets import as_view
from plenum.targets.rules import Code, Projection, Verdict, percent_of
from plenum.targets.wording import (
    citation_text,
    flag_text,
    projection_text,
    target_text,
    verdict_reasons,
)
from plenum.tree.queries import UnitView, unit_view, unit_views

SHOWN_BY_MARKS = ("illustrative_value", "illustrative_target")


@dataclass(frozen=True)
class Explanation:
    """A verdict in words: its reasons, the projection, the rules it follows."""

    code: str
    reasons: list[str]
    projection: str
    rules: list[str]


@dataclass(frozen=True)
class Line:
    """A row of the table of targets with everything that needs words; percent for the bar are of the target."""

    row: Row
    target: str
    explanation: Explanation | None
    percent: str | None
    low: str | None
    high: str | None
    flags: list[Flag]


@dataclass(frozen=True)
class Note:
    """What must be known about one or several indicators; the marks beside the numbers say what is illustrative."""

    flag: Flag
    text: str
    indicators: tuple[Indicator, ...]


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
    rows = standing(unit.pk, period, known_on=request.lens.known_on, today=request.lens.today).rows
    lines = [_line(row, period) for row in rows]
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
            "notes": _notes(lines),
            "reached": sum(1 for each in judged if each in (Code.MET, Code.EXCEEDED)),
            "lacking": sum(1 for each in judged if each in (Code.MISSED, Code.AT_RISK)),
            "has_illustrative": any(row.illustrative for row in rows),
            "indicators": pack().indicators.values(),
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
    rows = league(unit.pk, indicator, period, known_on=request.lens.known_on, today=request.lens.today)
    lines = [_league_line(row, period) for row in rows]
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


def explain(indicator: Indicator, verdict: Verdict | None, period: Period) -> Explanation | None:
    """A verdict in words, with the rules as they hold at the end of the period."""
    if verdict is None:
        return None
    return Explanation(
        code=verdict.code.value,
        reasons=verdict_reasons(indicator, verdict),
        projection=projection_text(indicator, verdict.projection) if verdict.projection else "",
        rules=[citation_text(each, period.last_day) for each in verdict.citations],
    )


def _line(row: Row, period: Period) -> Line:
    projection = row.verdict.projection if row.verdict else None
    return Line(
        row=row,
        target=target_text(row.indicator, row.target) if row.target else "",
        explanation=explain(row.indicator, row.verdict, period),
        percent=_of_target(row.judged, row.target),
        low=_bound(projection, row.target, "low"),
        high=_bound(projection, row.target, "high"),
        flags=[flag for flag in row.flags if flag.code not in SHOWN_BY_MARKS],
    )


def _notes(lines: Sequence[Line]) -> list[Note]:
    """The flags of all rows, each text once with every indicator it is about."""
    found: dict[str, Note] = {}
    for line in lines:
        for flag in line.flags:
            text = flag_text(flag)
            known = found.get(text)
            about = (*known.indicators, line.row.indicator) if known else (line.row.indicator,)
            found[text] = Note(flag, text, about)
    return list(found.values())


def _league_line(row: LeagueRow, period: Period) -> LeagueLine:
    indicator = row.figure.indicator
    return LeagueLine(
        row=row,
        target=target_text(indicator, row.target) if row.target else "",
        explanation=explain(indicator, row.verdict, period),
        percent=row.percent if not indicator.is_ratio else _of_target(value_of(row.figure), row.target),
    )


def _resting(rows: Sequence[Target], request: AuthedRequest) -> list[Resting]:
    units = unit_views({row.unit_id for row in rows}, request.lens.as_of)
    found = []
    for row in rows:
        target, indicator = as_view(row), pack().indicators[row.indicator]
        found.append(Resting(units[row.unit_id], indicator, target, target_text(indicator, target)))
    return sorted(found, key=lambda each: (each.unit.sort_key, each.target.period.code, each.indicator.order))


def _of_target(value: Fraction | None, target: TargetView | None) -> str | None:
    if value is None or target is None:
        return None
    exact = percent_of(value, Fraction(target.amount))
    return None if exact is None else str(half_up(exact))


def _bound(projection: Projection | None, target: TargetView | None, side: str) -> str | None:
    return None if projection is None else _of_target(getattr(projection, side), target)
