"""Targets and what reports state, as the API answers."""

from typing import TypedDict

from plenum.client.rows.figures import Estimate, Part


class Reason(TypedDict):
    """Why a verdict is what it is."""

    code: str
    text: str


class Rule(TypedDict):
    """A rule that a verdict follows, and where it stands."""

    code: str
    source: str


class Projection(TypedDict):
    """Where the year would end if it went on like this."""

    low: str
    mid: str
    high: str


class Changes(TypedDict):
    """Against the end of last year and the same period of last year: points as strings, counts as numbers.

    `estimated`: which of them rest on a figure that is estimated; the flag `compared_estimated` says why.
    """

    since_start_of_year: str | int | None
    same_period_last_year: str | int | None
    estimated: list[str]
    unit: str


class Flag(TypedDict):
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
    reasons: list[Reason]
    rules: list[Rule]
    projection: Projection | None
    illustrative: bool
    value_illustrative: bool
    target_illustrative: bool
    basis: str | None
    given_to: str | None
    change: Changes
    parts: list[Part]
    reported_by: int
    estimated: list[Estimate]
    withheld: bool
    flags: list[Flag]


class Standing(TypedDict):
    """How a unit stands in a period; `tree` is the day on whose tree the figures are restated, if they are."""

    unit: str
    period: str
    known_on: str | None
    tree: str | None
    compared_on: str | None
    withheld: bool
    rows: list[StandingRow]


class Target(TypedDict):
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
    known_on: str
    amended: bool


class TargetsOfUnit(TypedDict):
    """The targets of a unit for a period."""

    unit: str
    period: str
    targets: list[Target]


class Deed(TypedDict):
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
    known_on: str


class Statement(TypedDict):
    """What a report states about a figure, with the decimals it was written with."""

    id: int
    indicator: str
    period: str
    what: str
    stated: str
    said_unit: str
    source: str
    document: int | None
    on: str
    withdrawn_on: str | None


class TargetHistory(TypedDict):
    """Everything that was done to a target, the oldest first; `live` is the number that now stands, if any."""

    unit: str
    indicator: str
    period: str
    live: int | None
    deeds: list[Deed]
    statements: list[Statement]


class Below(TypedDict):
    """A sub-unit in one indicator: what has come through it, and how all that it has reported is judged.

    `unit` is None if it is out of reach.
    """

    unit: str | None
    name: str
    stands: str
    value: int | None
    numerator: int | None
    denominator: int | None
    is_part: bool
    target: Target | None
    percent: str | None
    verdict: str | None
    reasons: list[Reason]
    illustrative: bool
    estimated: list[Estimate]
    withheld: bool


class Resting(Target):
    """A target that rests on a document, with its unit."""

    unit: str
    unit_name: str
