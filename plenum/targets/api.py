"""The API of targets: standings with verdicts and reasons, targets, what reports state, and the acts on them."""

from typing import Any, Literal

from django.http import Http404
from ninja import Router, Status

from plenum.access.programs import (
    AmountIn,
    FlagIn,
    LineIn,
    Listed,
    NumberIn,
    PeriodIn,
    PieceIn,
    ReasonIn,
    Told,
    WordIn,
    indicator_named,
    lens,
    listed_of,
)
from plenum.access.reach import visible
from plenum.access.requests import AuthedRequest, unit_for
from plenum.directives.queries import readable
from plenum.figures.figure_rows import named_in
from plenum.figures.queries.latest import latest_year
from plenum.organisation.queries import in_reach
from plenum.packs import pack
from plenum.periods import Period
from plenum.targets.actions import (
    StatementFields,
    TargetFields,
    amend_target,
    record_statement,
    set_target,
    withdraw_statement,
    withdraw_target,
)
from plenum.targets.models import Statement, Target
from plenum.targets.powers import READ
from plenum.targets.queries import (
    history,
    league,
    live_target,
    live_targets,
    on_document,
    standing,
    statements_on,
)
from plenum.targets.queries.targets import as_view
from plenum.targets.rows import (
    BelowRow,
    RestingRow,
    StandingOfUnit,
    StatementRow,
    TargetHistory,
    TargetsOfUnit,
    below_row,
    deed_row,
    standing_of_unit,
    statement_row,
    target_row,
)
from plenum.tree.models import Unit
from plenum.tree.queries import unit_views

router = Router()
Comparison = Literal["value", "at_least", "more_than", "at_most", "less_than"]


class AmountTold(Told):
    """How much is to be reached, on what basis (the number of a document), given to whom."""

    comparison: Comparison
    amount: AmountIn
    basis: NumberIn | None = None
    given_to: LineIn = ""
    given_to_post: LineIn = ""
    illustrative: FlagIn = False

    def fields(self, indicator: str, period: Period) -> TargetFields:
        """The fields as the acts take them."""
        return TargetFields(
            indicator=indicator,
            period=period,
            comparison=self.comparison,
            amount=self.amount,
            basis_id=self.basis,
            given_to=self.given_to,
            given_to_post=self.given_to_post,
            illustrative=self.illustrative,
        )


class TargetTold(AmountTold):
    """A new target: a whole number, or percent from 0 to 100 for a share."""

    indicator: WordIn
    period: PeriodIn


class AmendmentTold(AmountTold):
    """The whole target as it is to be, and why."""

    reason: ReasonIn


class WhyTold(Told):
    """Why something is withdrawn."""

    reason: ReasonIn


class StatementTold(Told):
    """What a report states; `stated` as it was written, with its decimals."""

    indicator: WordIn
    period: PeriodIn
    what: Literal["value", "percent_of_target", "change"]
    stated: AmountIn
    said_unit: Literal["percent", "points", "count"]
    source: LineIn
    document: NumberIn | None = None


@router.get(
    "/units/{code}/standing",
    response=StandingOfUnit,
    operation_id="read_standing",
    summary="Figures of a unit with targets, verdicts and their reasons",
    openapi_extra=lens("period", "known_on", "as_of", "tree"),
)
def read_standing(request: AuthedRequest, code: WordIn) -> Any:
    """Every indicator that has a figure or a target in the period."""
    unit = unit_for(request, code, READ)
    known_on, tree = request.lens.known_on, request.lens.tree_on
    found = standing(unit.pk, _period(request, unit), known_on=known_on, tree=tree, today=request.lens.today)
    seen = in_reach(request.actor, request.lens.today, named_in(row.figure for row in found.rows))
    return standing_of_unit(unit.code, found, seen, known_on=known_on, tree=tree)


@router.get(
    "/units/{code}/targets",
    response=TargetsOfUnit,
    operation_id="list_targets",
    summary="The targets of a unit for a period",
    openapi_extra=lens("period", "known_on", "as_of"),
)
def list_targets(request: AuthedRequest, code: WordIn) -> Any:
    """In the order of the indicators."""
    unit = unit_for(request, code, READ)
    period = _period(request, unit)
    held = live_targets([unit.pk], {period}, known_on=request.lens.known_on)
    rows = sorted(held.values(), key=lambda target: pack().indicators[target.indicator].order)
    return {"unit": unit.code, "period": period.code, "targets": [target_row(row) for row in rows]}


@router.get(
    "/units/{code}/statements",
    response=Listed[StatementRow],
    operation_id="list_statements",
    summary="What reports state about a unit's figures",
    openapi_extra=lens("period", "known_on", "as_of"),
)
def list_statements(request: AuthedRequest, code: WordIn, piece: PieceIn) -> Any:
    """What has not been withdrawn, the oldest first."""
    unit = unit_for(request, code, READ)
    found = statements_on(unit.pk, _period(request, unit), known_on=request.lens.known_on)
    return listed_of([statement_row(each) for each in found], piece)


@router.get(
    "/units/{code}/indicators/{indicator}/targets-below",
    response=Listed[BelowRow],
    operation_id="list_targets_below",
    summary="The units directly below one with their targets and verdicts in an indicator",
    openapi_extra=lens("period", "known_on", "as_of", "tree"),
)
def list_below(request: AuthedRequest, code: WordIn, indicator: WordIn, piece: PieceIn) -> Any:
    """By name; then whoever else something has come through."""
    unit = unit_for(request, code, READ)
    watched = indicator_named(indicator)
    rows = league(
        unit.pk,
        watched.code,
        _period(request, unit),
        known_on=request.lens.known_on,
        tree=request.lens.tree_on,
        today=request.lens.today,
    )
    named = {row.unit.id for row in rows} | named_in(row.figure for row in rows)
    seen = in_reach(request.actor, request.lens.today, named)
    return listed_of([below_row(row, seen) for row in rows], piece)


@router.get(
    "/targets/{number}",
    response=TargetHistory,
    operation_id="read_target",
    summary="Everything that was done to a target",
)
def read_target(request: AuthedRequest, number: NumberIn) -> Any:
    """The oldest deed first; `live` is the one that stands."""
    return _history(_readable(request, number))


@router.get(
    "/documents/{number}/targets",
    response=Listed[RestingRow],
    operation_id="list_targets_on_document",
    summary="Targets that rest on a document",
    openapi_extra=lens("as_of"),
)
def list_on_document(request: AuthedRequest, number: NumberIn, piece: PieceIn) -> Any:
    """Of the units that you may see."""
    if not readable(request.actor, request.lens.today).filter(pk=number).exists():
        raise Http404
    rows = list(visible(on_document(number), request.actor, READ, request.lens.today))
    units = unit_views({row.unit_id for row in rows}, request.lens.as_of)
    rows.sort(key=lambda row: (units[row.unit_id].sort_key, row.period_code, row.indicator))
    found: list[RestingRow] = [
        {
            **target_row(as_view(row)),
            "unit": units[row.unit_id].code,
            "unit_name": units[row.unit_id].name,
        }
        for row in rows
    ]
    return listed_of(found, piece)


@router.post(
    "/units/{code}/targets",
    response={201: TargetHistory},
    operation_id="set_target",
    summary="Give a unit a target",
)
def set_one(request: AuthedRequest, code: WordIn, told: TargetTold) -> Any:
    """One that stands already is amended instead."""
    unit = unit_for(request, code, READ)
    fields = told.fields(told.indicator, told.period)
    made = set_target(unit, fields, on=request.lens.today, by=request.actor)
    return Status(201, _history(made))


@router.post(
    "/targets/{number}/amend",
    response=TargetHistory,
    operation_id="amend_target",
    summary="Change the amount, basis or leader of a target",
)
def amend(request: AuthedRequest, number: NumberIn, told: AmendmentTold) -> Any:
    """The number is that of the target as it was read: 409 if another stands by now."""
    target = _readable(request, number)
    fields = told.fields(target.indicator, Period.parse(target.period_code))
    made = amend_target(target, fields, reason=told.reason, on=request.lens.today, by=request.actor)
    return _history(made)


@router.post(
    "/targets/{number}/withdraw",
    response=TargetHistory,
    operation_id="withdraw_target",
    summary="End a target",
)
def withdraw(request: AuthedRequest, number: NumberIn, told: WhyTold) -> Any:
    """It stays readable as known before; it may be set again."""
    target = _readable(request, number)
    made = withdraw_target(target, reason=told.reason, on=request.lens.today, by=request.actor)
    return _history(made)


@router.post(
    "/units/{code}/statements",
    response={201: StatementRow},
    operation_id="record_statement",
    summary="Record what a report states about a figure",
)
def state(request: AuthedRequest, code: WordIn, told: StatementTold) -> Any:
    """It is kept beside the figure and never becomes it."""
    unit = unit_for(request, code, READ)
    fields = StatementFields(
        indicator=told.indicator,
        period=told.period,
        what=told.what,
        stated=told.stated,
        said_unit=told.said_unit,
        source=told.source,
        document_id=told.document,
    )
    made = record_statement(unit, fields, on=request.lens.today, by=request.actor)
    return Status(201, statement_row(made))


@router.post(
    "/statements/{number}/withdraw",
    response=StatementRow,
    operation_id="withdraw_statement",
    summary="Take back what was recorded as stated",
)
def withdraw_stated(request: AuthedRequest, number: NumberIn, told: WhyTold) -> Any:
    """It stays readable as known before."""
    rows = visible(Statement.objects.all(), request.actor, READ, request.lens.today)
    found = rows.select_related("unit").filter(pk=number).first()
    if found is None:
        raise Http404
    left = withdraw_statement(found, reason=told.reason, on=request.lens.today, by=request.actor)
    return statement_row(left)


def _readable(request: AuthedRequest, number: int) -> Target:
    rows = visible(Target.objects.all(), request.actor, READ, request.lens.today)
    found = rows.select_related("unit", "basis").filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def _history(target: Target) -> TargetHistory:
    period = Period.parse(target.period_code)
    indicator = pack().indicators[target.indicator]
    live = live_target(target)
    stated = statements_on(target.unit_id, period)
    return {
        "unit": target.unit.code,
        "indicator": indicator.code,
        "period": period.code,
        "live": live.pk if live is not None else None,
        "deeds": [deed_row(row, indicator) for row in history(target.unit_id, indicator.code, period)],
        "statements": [statement_row(each) for each in stated if each.indicator == indicator.code],
    }


def _period(request: AuthedRequest, unit: Unit) -> Period:
    return request.lens.period or latest_year(unit.pk, request.lens.as_of)
