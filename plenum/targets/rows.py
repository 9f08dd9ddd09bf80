"""Standings, targets and statements as programs read them: the same on the command line and in the API."""

from collections.abc import Container
from datetime import date
from decimal import Decimal
from fractions import Fraction

from typing_extensions import TypedDict

from plenum.figures.figure_rows import EstimateRow, code_of, estimate_row
from plenum.packs import Indicator
from plenum.packs.wording import two_decimals
from plenum.targets.models import Statement, Target
from plenum.targets.queries import Change, Flag, LeagueRow, Row, Standing, TargetView
from plenum.targets.queries.rows import plain
from plenum.targets.queries.targets import as_view
from plenum.targets.rules import Projection, Verdict
from plenum.targets.wording import flag_text, language, target_text, verdict_reasons


class ReasonRow(TypedDict):
    """Why a verdict is what it is."""

    code: str
    text: str


class RuleRow(TypedDict):
    """A rule that a verdict follows, and where it stands."""

    code: str
    source: str


class ProjectionRow(TypedDict):
    """Where the year would end if it went on like this."""

    low: str
    mid: str
    high: str


class ChangesRow(TypedDict):
    """Against the end of last year and the same period of last year: points as strings, counts as numbers.

    `estimated`: which of them rest on a figure that is estimated; the flag `compared_estimated` says why.
    """

    since_start_of_year: str | int | None
    same_period_last_year: str | int | None
    estimated: list[str]
    unit: str


class StandingPart(TypedDict):
    """A part of a figure's breakdown."""

    code: str
    name: str
    value: int | None


class FlagRow(TypedDict):
    """Something that must be known about a figure."""

    code: str
    stated: str | None
    exact: str | None
    text: str


class StandingRow(TypedDict):
    """One indicator of a unit: its figure, its target, the verdict with its reasons, and what must be known."""

    indicator: str
    name: str
    value: str | int | None
    numerator: int | None
    denominator: int | None
    target: int | float | None
    comparison: str | None
    percent: str | None
    verdict: str | None
    reasons: list[ReasonRow]
    rules: list[RuleRow]
    projection: ProjectionRow | None
    illustrative: bool
    value_illustrative: bool
    target_illustrative: bool
    basis: str | None
    given_to: str | None
    change: ChangesRow
    parts: list[StandingPart]
    reported_by: int
    estimated: list[EstimateRow]
    withheld: bool
    flags: list[FlagRow]


class StandingOfUnit(TypedDict):
    """How a unit stands in a period; `tree` is the day on whose tree the figures are restated, if they are.

    `compared_on`: the day on whose tree the years are compared, if units came to this one or left it since last year.
    """

    unit: str
    period: str
    known_on: date | None
    tree: date | None
    compared_on: date | None
    withheld: bool
    rows: list[StandingRow]


class TargetRow(TypedDict):
    """A target as it stands."""

    id: int
    indicator: str
    period: str
    comparison: str
    amount: int | float
    basis: str | None
    given_to: str | None
    given_to_post: str | None
    illustrative: bool
    known_on: date
    amended: bool


class TargetsOfUnit(TypedDict):
    """The targets of a unit for a period."""

    unit: str
    period: str
    targets: list[TargetRow]


class DeedRow(TypedDict):
    """What was done to a target: set, amended or withdrawn; `text` says the target in words."""

    id: int
    deed: str
    comparison: str
    amount: int | float
    text: str
    basis: str | None
    given_to: str | None
    given_to_post: str | None
    illustrative: bool
    reason: str
    known_on: date


class StatementRow(TypedDict):
    """What a report states about a figure, with the decimals it was written with."""

    id: int
    indicator: str
    period: str
    what: str
    stated: str
    said_unit: str
    source: str
    document: int | None
    on: date
    withdrawn_on: date | None


class TargetHistory(TypedDict):
    """Everything that was done to a target, the oldest first; `live` is the number that now stands, if any."""

    unit: str
    indicator: str
    period: str
    live: int | None
    deeds: list[DeedRow]
    statements: list[StatementRow]


class RestingRow(TargetRow):
    """A target that rests on a document, with its unit."""

    unit: str
    unit_name: str


class BelowRow(TypedDict):
    """A sub-unit in one indicator: what has come through it, and how all that it has reported is judged.

    `unit` is null if it is out of reach.
    """

    unit: str | None
    name: str
    stands: str
    value: int | None
    numerator: int | None
    denominator: int | None
    is_part: bool
    target: TargetRow | None
    percent: str | None
    verdict: str | None
    reasons: list[ReasonRow]
    illustrative: bool
    estimated: list[EstimateRow]
    withheld: bool


def standing_row(row: Row, seen: Container[int]) -> StandingRow:
    """One indicator of a unit: plain numbers, percent as strings; `seen`: the units whose codes the reader may know."""
    indicator, figure, verdict = row.indicator, row.figure, row.verdict
    return {
        "indicator": indicator.code,
        "name": indicator.name.in_(language()),
        "value": row.percent if indicator.is_ratio else figure.value,
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "target": _number(row.target.amount) if row.target else None,
        "comparison": row.target.comparison.value if row.target else None,
        "percent": row.percent,
        "verdict": verdict.code.value if verdict else None,
        "reasons": _reasons(indicator, verdict),
        "rules": [{"code": each.code, "source": each.source} for each in verdict.citations]
        if verdict
        else [],
        "projection": _projection(verdict.projection) if verdict else None,
        "illustrative": row.illustrative,
        "value_illustrative": row.value_illustrative,
        "target_illustrative": row.target_illustrative,
        "basis": row.target.basis_label or None if row.target else None,
        "given_to": row.target.given_to or None if row.target else None,
        "change": {
            "since_start_of_year": _change(row.change.since_start_of_year),
            "same_period_last_year": _change(row.change.same_period_last_year),
            "estimated": [
                name
                for name in ("since_start_of_year", "same_period_last_year")
                if (change := getattr(row.change, name)) is not None and change.estimated
            ],
            "unit": "points" if indicator.is_ratio else "count",
        },
        "parts": [
            {"code": part.code, "name": part.name.in_(language()), "value": part.value}
            for part in figure.parts
        ],
        "reported_by": figure.reported_by,
        "estimated": [estimate_row(each, seen) for each in figure.estimated],
        "withheld": figure.withheld,
        "flags": [_flag(flag) for flag in row.flags],
    }


def standing_of_unit(
    code: str,
    stands: Standing,
    seen: Container[int],
    *,
    known_on: date | None = None,
    tree: date | None = None,
) -> StandingOfUnit:
    """A unit's standing as the command line and programs read it; `seen`: as in `standing_row`."""
    return {
        "unit": code,
        "period": stands.period.code,
        "known_on": known_on,
        "tree": tree,
        "compared_on": stands.compared_on,
        "withheld": stands.withheld,
        "rows": [standing_row(row, seen) for row in stands.rows],
    }


def target_row(target: TargetView) -> TargetRow:
    """A target."""
    return {
        "id": target.id,
        "indicator": target.indicator,
        "period": target.period.code,
        "comparison": target.comparison.value,
        "amount": _number(target.amount),
        "basis": target.basis_label or None,
        "given_to": target.given_to or None,
        "given_to_post": target.given_to_post or None,
        "illustrative": target.illustrative,
        "known_on": target.known_on,
        "amended": target.is_amended,
    }


def deed_row(row: Target, indicator: Indicator) -> DeedRow:
    """One deed in the history of a target; `basis` must have been read along."""
    target = as_view(row)
    return {
        "id": target.id,
        "deed": str(row.deed),
        "comparison": target.comparison.value,
        "amount": _number(target.amount),
        "text": target_text(indicator, target),
        "basis": target.basis_label or None,
        "given_to": target.given_to or None,
        "given_to_post": target.given_to_post or None,
        "illustrative": target.illustrative,
        "reason": row.reason,
        "known_on": target.known_on,
    }


def statement_row(each: Statement) -> StatementRow:
    """What a report states."""
    return {
        "id": each.pk,
        "indicator": each.indicator,
        "period": each.period_code,
        "what": str(each.what),
        "stated": f"{plain(Decimal(each.stated)):.{each.decimals}f}",
        "said_unit": str(each.said_unit),
        "source": each.source,
        "document": each.document_id,
        "on": each.on_date,
        "withdrawn_on": each.withdrawn_on,
    }


def below_row(row: LeagueRow, seen: Container[int]) -> BelowRow:
    """A sub-unit in one indicator; `seen`: as in `standing_row`."""
    return {
        "unit": code_of(row.unit, seen),
        "name": row.unit.name,
        "stands": row.stands.value,
        "value": row.figure.value,
        "numerator": row.figure.numerator,
        "denominator": row.figure.denominator,
        "is_part": row.is_part,
        "target": target_row(row.target) if row.target else None,
        "percent": row.percent,
        "verdict": row.verdict.code.value if row.verdict else None,
        "reasons": _reasons(row.figure.indicator, row.verdict),
        "illustrative": row.value_illustrative,
        "estimated": [estimate_row(each, seen) for each in row.figure.estimated],
        "withheld": row.figure.withheld,
    }


def _reasons(indicator: Indicator, verdict: Verdict | None) -> list[ReasonRow]:
    if verdict is None:
        return []
    texts = verdict_reasons(indicator, verdict)
    return [{"code": reason.code, "text": text} for reason, text in zip(verdict.reasons, texts, strict=True)]


def _flag(flag: Flag) -> FlagRow:
    return {"code": flag.code, "stated": flag.stated, "exact": flag.exact, "text": flag_text(flag)}


def _projection(projection: Projection | None) -> ProjectionRow | None:
    if projection is None:
        return None
    return {
        "low": two_decimals(projection.low),
        "mid": two_decimals(projection.middle),
        "high": two_decimals(projection.high),
    }


def _change(change: Change | None) -> str | int | None:
    """Percentage points as a string with two decimals, counts as whole numbers."""
    if change is None:
        return None
    return two_decimals(change.amount) if change.is_points else int(change.amount)


def _number(amount: Decimal) -> int | float:
    exact = Fraction(amount)
    return int(exact) if exact.denominator == 1 else float(amount)
