"""Rows of a standing with everything that needs words, as pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from plenum.packs import Indicator
from plenum.packs.wording import half_up
from plenum.periods import Period
from plenum.targets.queries import Flag, Row, TargetView
from plenum.targets.rules import Projection, Verdict, percent_of
from plenum.targets.wording import (
    citation_text,
    flag_text,
    projection_text,
    target_text,
    verdict_reasons,
)

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


def line_of(row: Row, period: Period) -> Line:
    """A row with its words and the geometry of its bar."""
    projection = row.verdict.projection if row.verdict else None
    return Line(
        row=row,
        target=target_text(row.indicator, row.target) if row.target else "",
        explanation=explain(row.indicator, row.verdict, period),
        percent=of_target(row.judged, row.target),
        low=_bound(projection, row.target, "low"),
        high=_bound(projection, row.target, "high"),
        flags=[flag for flag in row.flags if flag.code not in SHOWN_BY_MARKS],
    )


def notes_on(lines: Sequence[Line]) -> list[Note]:
    """The flags of all rows, each text once with every indicator it is about."""
    found: dict[str, Note] = {}
    for line in lines:
        for flag in line.flags:
            text = flag_text(flag)
            known = found.get(text)
            about = (*known.indicators, line.row.indicator) if known else (line.row.indicator,)
            found[text] = Note(flag, text, about)
    return list(found.values())


def of_target(value: Fraction | None, target: TargetView | None) -> str | None:
    """A value in percent of its target, with two decimals; None when there is no target or it is 0."""
    if value is None or target is None:
        return None
    exact = percent_of(value, Fraction(target.amount))
    return None if exact is None else str(half_up(exact))


def _bound(projection: Projection | None, target: TargetView | None, side: str) -> str | None:
    return None if projection is None else of_target(getattr(projection, side), target)
