"""Returns and figures, as the API answers."""

from typing import TypedDict

Obligation = TypedDict(
    "Obligation",
    {
        "id": int,
        "unit": str,
        "form": str,
        "schedule": str,
        "from": str,
        "until": str | None,
    },
)
"""Which form a unit owes by which schedule; `until` is the first day after it."""


Due = TypedDict(
    "Due",
    {
        "unit": str,
        "form": str,
        "period": str,
        "due_on": str,
        "state": str,
        "days_late": int,
        "submitted_on": str | None,
        "return": int | None,
    },
)
"""A return that is owed."""


class SavedFigures(TypedDict):
    """A return with the figures of its draft, by slot; None is not reported."""

    id: int | None
    unit: str
    form: str
    period: str
    state: str
    figures: dict[str, int | None]
    illustrative: list[str]
    remark: str


class Slot(TypedDict):
    """One figure to enter, beside that of the period before and the one that stands as accepted."""

    slot: str
    number: int
    name: str
    value: int | None
    illustrative: bool
    previous: int | None
    accepted: int | None


class Finding(TypedDict):
    """What does not fit in a return, in words."""

    slots: list[str]
    severity: str
    text: str


class Sheet(SavedFigures):
    """A return as it is filled in; `edition` goes back with what is saved, 0 when nothing has been entered."""

    edition: int
    deeds: list[str]
    due_on: str
    slots: list[Slot]
    findings: list[Finding]
    reason: str
    sent_back_reason: str
    entered_by: str


class Version(TypedDict):
    """A version that was submitted; `changes` are against the one before."""

    number: int
    figures: dict[str, int | None]
    changes: dict[str, list[int | None]]
    reason: str
    remark: str
    entered_by: str
    submitted_by: str
    on: str
    accepted_on: str | None


class Step(TypedDict):
    """A step in the course of a return."""

    what: str
    version: int
    by: str
    on: str
    reason: str


class Return(Sheet):
    """A return with everything about it."""

    accepted_version: int | None
    versions: list[Version]
    steps: list[Step]


class Submission(TypedDict):
    """A return that waits to be accepted: the edition that is weighed, and what it reports other than zero."""

    id: int
    unit: str
    unit_name: str
    form: str
    period: str
    submitted_on: str
    edition: int
    remark: str
    reported: dict[str, int]


class Taken(TypedDict):
    """What became of one return of the workbook."""

    name: str
    number: int | None
    changed: bool
    submitted: bool


class Collection(TypedDict):
    """A form that units below owe for a period; how many they are."""

    form: str
    period: str
    units: int


class Collected(TypedDict):
    """What became of the returns of a workbook of many units."""

    changed: int
    submitted: int
    same: int


class Estimate(TypedDict):
    """Returns that are counted whole at one place although they could belong to several, or by shares; `text` says why.

    `reason`: moved (others: from where, to where), successors, split, joined, divided. `counted`: with whom they are
    counted. `share`: which part of what a divided unit reported is in the figure, as a fraction; `by`: area, members,
    list.
    Units out of reach are named in `text` only.
    """

    reason: str
    unit: str | None
    on: str
    others: list[str]
    counted: str | None
    returns: int
    share: str | None
    by: str
    text: str


class Part(TypedDict):
    """A part of a figure's breakdown."""

    code: str
    name: str
    value: int | None


class Figure(TypedDict):
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
    estimated: list[Estimate]
    withheld: bool
    parts: list[Part]


class IndicatorOfUnit(TypedDict):
    """An indicator of a unit: its figure, what it is held against, and its course through two years.

    `compared_on`: the day on whose tree both years are compared, if units came to this one or left it since last year;
    `same_units`: the figure on that tree, if it is another.
    """

    unit: str
    indicator: str
    name: str
    compared_on: str | None
    same_units: Figure | None
    figure: Figure
    start_of_year: Figure
    same_period_last_year: Figure
    series: list[Figure]
    series_last_year: list[Figure]
    series_same_units: list[Figure] | None


class Share(TypedDict):
    """What has come to a figure through one unit; `stands` says where it is now: below, left, itself.

    `unit` is None if it is out of reach.
    """

    unit: str | None
    name: str
    stands: str
    rank: int | None
    figure: Figure
    is_part: bool


class League(TypedDict):
    """The units below beside each other; the figures of `places` and `others` add up to that of the unit."""

    unit: str
    indicator: str
    period: str
    places: list[Share]
    others: list[Share]
    silent: list[Share]
    withheld: list[Share]


Behind = TypedDict(
    "Behind",
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
        "entered_on": str,
        "accepted_by": str,
        "accepted_on": str,
        "recorded_at": str,
    },
)
"""A return behind a figure, with who entered and who accepted it; `unit` is None if it is out of reach."""
