"""Reads: what is owed, returns, and every view of a figure down to the returns behind it."""

from datetime import date
from typing import Any, Literal

from django.core.exceptions import ValidationError
from django.http import Http404

from plenum.access.programs import (
    Listed,
    NumberIn,
    PeriodIn,
    PieceIn,
    SearchIn,
    WordIn,
    indicator_named,
    lens,
    listed,
    listed_of,
    piece_of,
)
from plenum.access.reach import require
from plenum.access.requests import AuthedRequest, unit_for
from plenum.figures.actions import check_reportable
from plenum.figures.api.routing import returned, router, sheet_of
from plenum.figures.figure_rows import (
    BehindRow,
    IndicatorRow,
    LeagueRow,
    behind_row,
    figure_row,
    league_row,
    named_in,
    named_in_league,
    series_rows,
)
from plenum.figures.powers import ENTER, READ
from plenum.figures.queries import (
    Figure,
    below,
    beside_last_year,
    figures,
    league,
    of_same_units,
    owed_by,
    owing,
    own_returns,
    returns_behind,
    series,
    start_of_year,
    submissions,
    to_accept,
)
from plenum.figures.queries.latest import latest_year
from plenum.figures.rows import (
    DueRow,
    EntrySheet,
    ObligationRow,
    OneReturn,
    SheetRow,
    SubmissionRow,
    due_row,
    entry_sheet,
    owed_row,
    sheet_row,
    submission_row,
)
from plenum.figures.rules import running_year
from plenum.figures.wording import said
from plenum.organisation.queries import in_reach
from plenum.periods import Period
from plenum.tree.models import Unit


@router.get(
    "/units/{code}/obligations",
    response=Listed[ObligationRow],
    operation_id="list_obligations",
    summary="Which returns a unit owes",
)
def list_obligations(request: AuthedRequest, code: WordIn, piece: PieceIn) -> Any:
    """Obligations of the past and of the future, too; `until` is the first day without."""
    unit = unit_for(request, code, READ)
    found = owed_by(unit.pk, request.lens.today)
    return listed_of([owed_row(each, unit.code) for each in found], piece)


@router.get(
    "/units/{code}/dues",
    response=Listed[DueRow],
    operation_id="list_dues",
    summary="Returns that a unit and those below it owe for a period",
    openapi_extra=lens("period", "as_of"),
)
def list_dues(
    request: AuthedRequest,
    code: WordIn,
    piece: PieceIn,
    own: bool = False,
    state: Literal["late", "outstanding", "submitted", "accepted"] | None = None,
    q: SearchIn = "",
) -> Any:
    """With `own` what the unit itself owes, the latest first; else what those below it owe, the earliest due first,
    of one state or of units whose name has `q` in it. Without a period, of the year of the last month that is over.
    """
    unit = unit_for(request, code, READ)
    today = request.lens.today
    period = request.lens.period or running_year(today)
    found = owing(request.actor, READ, unit.pk, today, as_of=request.lens.as_of, period=period)
    dues = found.own if own else found.chosen(q, state or "")
    return listed([due_row(each) for each in piece_of(dues, piece, len(dues))], piece, len(dues))


@router.get(
    "/units/{code}/returns",
    response=Listed[SheetRow],
    operation_id="list_returns",
    summary="Returns of a unit and of those below it that have been begun",
    openapi_extra=lens("period"),
)
def list_returns(request: AuthedRequest, code: WordIn, piece: PieceIn) -> Any:
    """For the period and whatever lies in it, the latest month first; by itself, the year of the last month over."""
    unit = unit_for(request, code, READ)
    today = request.lens.today
    period = request.lens.period or running_year(today)
    shown = below(request.actor, READ, unit, today, as_of=min(today, period.last_day))
    found = own_returns(shown, today, period=period)
    return listed([sheet_row(each) for each in piece_of(found, piece, len(found))], piece, len(found))


@router.get(
    "/units/{code}/acceptance",
    response=Listed[SubmissionRow],
    operation_id="list_submissions",
    summary="Returns that wait for me to accept them",
)
def list_submissions(request: AuthedRequest, code: WordIn, piece: PieceIn) -> Any:
    """Of the units below one, the longest waiting first."""
    unit = unit_for(request, code, READ)
    waiting = to_accept(request.actor, unit.pk, request.lens.today)
    rows = submissions(piece_of(waiting, piece, len(waiting)))
    return listed([submission_row(each) for each in rows], piece, len(waiting))


@router.get(
    "/returns/{number}",
    response=OneReturn,
    operation_id="read_return",
    summary="One return with its versions and its course",
)
def read_return(request: AuthedRequest, number: NumberIn) -> Any:
    """The figures are those of the draft as it stands now."""
    return returned(request, number)


@router.get(
    "/units/{code}/returns/{form}/{period}",
    response=EntrySheet,
    operation_id="read_entry_sheet",
    summary="A return of a unit as it is filled in, begun or not",
)
def read_entry_sheet(request: AuthedRequest, code: WordIn, form: WordIn, period: PeriodIn) -> Any:
    """404 when the unit owes no such return; one that is not begun is for those who may enter it."""
    unit = unit_for(request, code, READ)
    found = sheet_of(request, unit, form, period)
    if found.return_id is None:
        require(request.actor, ENTER, unit, request.lens.today)
        try:
            check_reportable(unit.pk, form, period)
        except ValidationError:
            raise Http404 from None
    return entry_sheet(found)


@router.get(
    "/units/{code}/indicators/{indicator}",
    response=IndicatorRow,
    operation_id="read_indicator",
    summary="An indicator of a unit, its parts and its course",
    openapi_extra=lens("period", "known_on", "as_of", "tree"),
)
def read_indicator(request: AuthedRequest, code: WordIn, indicator: WordIn) -> Any:
    """The unit with everything below it, beside the start of the year and the same period of last year.

    If units have come to it or left it since, these are of the same units: on the tree of the day `compared_on`. What
    they have reported in the period is `same_units`, if that is another figure; `series_last_year` goes with
    `series_same_units` then, and else with `series`.
    """
    unit = unit_for(request, code, READ)
    watched, period = indicator_named(indicator), _period(request, unit)
    known_on, tree = request.lens.known_on, request.lens.tree_on

    def figure(of: Period, on_tree: date | None) -> Figure:
        return figures(unit.pk, of, known_on=known_on, tree=on_tree)[watched.code]

    basis = beside_last_year(unit.pk, period, request.lens.today, tree)
    past, compared_on = basis.tree, basis.compared_on
    shown = figure(period, tree)
    same_units = of_same_units(unit.pk, shown, compared_on, known_on=known_on)
    three = {
        "figure": shown,
        "start_of_year": start_of_year(unit.pk, period, known_on=known_on, tree=past)[watched.code],
        "same_period_last_year": figure(period.same_last_year(), past),
    }
    courses = {
        "series": series(unit.pk, watched, period.year, known_on=known_on, tree=tree),
        "series_last_year": series(unit.pk, watched, period.year - 1, known_on=known_on, tree=past),
    }
    restated = (
        None if compared_on is None else series(unit.pk, watched, period.year, known_on=known_on, tree=past)
    )
    points = [point.figure for course in (*courses.values(), restated or []) for point in course]
    also = [] if same_units is None else [same_units]
    seen = _seen(request, named_in([*three.values(), *also, *points]))
    return {
        "unit": unit.code,
        "indicator": watched.code,
        "name": said(watched.name),
        "compared_on": compared_on,
        "same_units": None if same_units is None else figure_row(same_units, seen),
        **{name: figure_row(each, seen) for name, each in three.items()},
        **{name: series_rows(course, seen) for name, course in courses.items()},
        "series_same_units": None if restated is None else series_rows(restated, seen),
    }


@router.get(
    "/units/{code}/indicators/{indicator}/league",
    response=LeagueRow,
    operation_id="read_league",
    summary="The units directly below one beside each other in an indicator",
    openapi_extra=lens("period", "known_on", "as_of", "tree"),
)
def read_league(
    request: AuthedRequest, code: WordIn, indicator: WordIn, order: Literal["rank", "name"] = "rank"
) -> Any:
    """`others` are units that have left since, and the unit itself; `silent` have reported nothing; `withheld` are not
    told on the tree asked for.
    """
    unit = unit_for(request, code, READ)
    watched, period = indicator_named(indicator), _period(request, unit)
    found = league(
        unit.pk,
        watched,
        period,
        known_on=request.lens.known_on,
        tree=request.lens.tree_on,
        by_name=order == "name",
    )
    return league_row(unit.code, watched, period, found, _seen(request, named_in_league(found)))


@router.get(
    "/units/{code}/indicators/{indicator}/returns",
    response=Listed[BehindRow],
    operation_id="list_returns_behind",
    summary="The returns that a figure is made of",
    openapi_extra=lens("period", "known_on", "as_of", "tree"),
)
def list_returns_behind(request: AuthedRequest, code: WordIn, indicator: WordIn, piece: PieceIn) -> Any:
    """Their values add up to the figure; by name of the unit and month. 403 when the figure is withheld on the tree
    asked for.
    """
    unit = unit_for(request, code, READ)
    watched, period = indicator_named(indicator), _period(request, unit)
    found = returns_behind(
        unit.pk, watched, period, known_on=request.lens.known_on, tree=request.lens.tree_on
    )
    total = len(found)
    some = piece_of(found, piece, total)
    seen = _seen(request, {each.unit.id for each in some})
    return listed([behind_row(each, seen) for each in some], piece, total)


def _seen(request: AuthedRequest, unit_ids: set[int]) -> set[int]:
    """Which of some units the program may know by their codes; the others have left its reach, or were never in it."""
    return in_reach(request.actor, request.lens.today, unit_ids)


def _period(request: AuthedRequest, unit: Unit) -> Period:
    return request.lens.period or latest_year(unit.pk, request.lens.as_of)
