"""Figures as programs read them."""

from collections.abc import Container, Iterable, Sequence
from datetime import date, datetime

from typing_extensions import TypedDict

from plenum.figures.queries import Behind, Estimate, Figure, League, Point, Share
from plenum.figures.wording import estimate_sentence, said
from plenum.journal.wording import actor_name
from plenum.packs import Indicator
from plenum.packs.wording import two_decimals
from plenum.periods import Period
from plenum.tree.queries import UnitView


class PartRow(TypedDict):
    """A part of a figure's breakdown."""

    code: str
    name: str
    value: int | None


class EstimateRow(TypedDict):
    """Returns that are counted whole at one place although they could belong to several, or by shares; `text` says why.

    `reason`: moved (others: from where, to where), successors, split, joined, divided. `counted`: with whom they are
    counted. `share`: which part of what a divided unit reported is in the figure, as a fraction; `by`: area, members,
    list.
    Units out of reach are named in `text` only.
    """

    reason: str
    unit: str | None
    on: date
    others: list[str]
    counted: str | None
    returns: int
    share: str | None
    by: str
    text: str


class FigureRow(TypedDict):
    """A figure: `value` for counts; numerator, denominator and `percent` for shares. Null is not known.

    `estimated`: what cannot be attributed exactly. `withheld`: on the tree asked for, units that you do not reach count
    here; then nothing is told.
    """

    period: str
    value: int | None
    numerator: int | None
    denominator: int | None
    percent: str | None
    reported_by: int
    carried_from: int
    illustrative: bool
    estimated: list[EstimateRow]
    withheld: bool
    parts: list[PartRow]


class IndicatorRow(TypedDict):
    """An indicator of a unit: its figure, what it is held against, and its course through two years.

    `compared_on`: the day on whose tree both years are compared, if units came to this one or left it since last year;
    `same_units`: the figure on that tree, if it is another; `series_same_units`: the course of this year on it.
    """

    unit: str
    indicator: str
    name: str
    compared_on: date | None
    same_units: FigureRow | None
    figure: FigureRow
    start_of_year: FigureRow
    same_period_last_year: FigureRow
    series: list[FigureRow]
    series_last_year: list[FigureRow]
    series_same_units: list[FigureRow] | None


class ShareRow(TypedDict):
    """What has come to a figure through one unit; `stands` says where it is now: below, left, itself.

    `unit` is null if it is out of reach.
    """

    unit: str | None
    name: str
    stands: str
    rank: int | None
    figure: FigureRow
    is_part: bool


class LeagueRow(TypedDict):
    """The units below beside each other; the figures of `places` and `others` add up to that of the unit."""

    unit: str
    indicator: str
    period: str
    places: list[ShareRow]
    others: list[ShareRow]
    silent: list[ShareRow]
    withheld: list[ShareRow]


BehindRow = TypedDict(
    "BehindRow",
    {
        "return": int,
        "unit": str | None,
        "unit_name": str,
        "form": str,
        "period": str,
        "values": dict[str, int],
        "illustrative": bool,
        "carried": bool,
        "share": str | None,
        "whole": dict[str, int],
        "version": int,
        "entered_by": str,
        "entered_on": date,
        "accepted_by": str,
        "accepted_on": date,
        "recorded_at": datetime,
    },
)


def named_in(figures: Iterable[Figure]) -> set[int]:
    """The units that the rows of some figures would name by their codes: ask for them who of these is in reach."""
    doubts = [each for figure in figures for each in figure.estimated]
    return {
        unit.id for each in doubts for unit in (each.unit, *each.others, each.counted) if unit is not None
    }


def named_in_league(found: League) -> set[int]:
    """The same of a league."""
    listed = [*(place.of for place in found.places), *found.others, *found.silent, *found.withheld]
    return {each.unit.id for each in listed} | named_in(each.figure for each in listed)


def code_of(unit: UnitView | None, seen: Container[int]) -> str | None:
    """The code of a unit that is among those whose codes the reader may know."""
    return unit.code if unit is not None and unit.id in seen else None


def estimate_row(each: Estimate, seen: Container[int]) -> EstimateRow:
    """Why a figure is estimated; `seen`: the units whose codes the reader may know."""
    return {
        "reason": each.reason.value,
        "unit": code_of(each.unit, seen),
        "on": each.on,
        "others": [unit.code for unit in each.others if unit.id in seen],
        "counted": code_of(each.counted, seen),
        "returns": each.returns,
        "share": str(each.share) if each.share else None,
        "by": each.by,
        "text": estimate_sentence(each),
    }


def figure_row(figure: Figure, seen: Container[int]) -> FigureRow:
    """A figure of a unit; `seen`: as in `estimate_row`."""
    return {
        "period": figure.period.code,
        "value": figure.value,
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "percent": None if figure.ratio is None else two_decimals(figure.ratio * 100),
        "reported_by": figure.reported_by,
        "carried_from": figure.carried_from,
        "illustrative": figure.illustrative,
        "estimated": [estimate_row(each, seen) for each in figure.estimated],
        "withheld": figure.withheld,
        "parts": [{"code": part.code, "name": said(part.name), "value": part.value} for part in figure.parts],
    }


def series_rows(points: Sequence[Point], seen: Container[int]) -> list[FigureRow]:
    """The figures of a series; `seen`: as in `estimate_row`."""
    return [figure_row(point.figure, seen) for point in points]


def share_row(share: Share, seen: Container[int], rank: int | None = None) -> ShareRow:
    """What has come to a figure through one unit; `seen`: as in `estimate_row`."""
    return {
        "unit": code_of(share.unit, seen),
        "name": share.unit.name,
        "stands": share.stands.value,
        "rank": rank,
        "figure": figure_row(share.figure, seen),
        "is_part": share.is_part,
    }


def league_row(
    code: str, indicator: Indicator, period: Period, found: League, seen: Container[int]
) -> LeagueRow:
    """The league below the unit with this code; `seen`: as in `estimate_row`."""
    return {
        "unit": code,
        "indicator": indicator.code,
        "period": period.code,
        "places": [share_row(place.of, seen, place.rank) for place in found.places],
        "others": [share_row(share, seen) for share in found.others],
        "silent": [share_row(share, seen) for share in found.silent],
        "withheld": [share_row(share, seen) for share in found.withheld],
    }


def behind_row(each: Behind, seen: Container[int]) -> BehindRow:
    """A return that a figure is made of; `seen`: as in `estimate_row`.

    When its unit has been divided since, `values` is the part that counts here and `whole` what the return says.
    """
    return {
        "return": each.return_id,
        "unit": code_of(each.unit, seen),
        "unit_name": each.unit.name,
        "form": each.form.code,
        "period": each.period.code,
        "values": each.values,
        "illustrative": each.illustrative,
        "carried": each.carried,
        "share": str(each.share) if each.share else None,
        "whole": each.whole,
        "version": each.version,
        "entered_by": actor_name(each.entered_by),
        "entered_on": each.entered_on,
        "accepted_by": each.accepted_by,
        "accepted_on": each.accepted_on,
        "recorded_at": each.recorded_at,
    }
