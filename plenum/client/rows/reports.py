"""Boards and review reports, as the API answers."""

from typing import Any, TypedDict

from plenum.client.rows.targets import StandingRow


class Tally(TypedDict):
    """How many targets stand how."""

    total: int
    reached: int
    on_course: int
    at_risk: int
    missed: int
    unknown: int


class Point(TypedDict):
    """A point in the course of an indicator."""

    period: str
    value: int | None


class Late(TypedDict):
    """A return that is late."""

    unit: str
    unit_name: str
    form: str
    period: str
    due_on: str
    days_late: int


Waiting = TypedDict(
    "Waiting",
    {
        "what": str,
        "unit": str,
        "unit_name": str,
        "form": str,
        "period": str,
        "since": str,
        "return": int | None,
    },
)
"""Something that waits for whoever asks."""


class Board(TypedDict):
    """The board of a unit: how the period stands, who is late, what waits for whoever asks."""

    unit: str
    period: str
    compared_on: str | None
    tally: Tally
    rows: list[StandingRow]
    courses: dict[str, list[Point]]
    late: list[Late]
    late_count: int
    waiting: list[Waiting]
    waiting_count: int
    withheld: bool


class ReviewReport(TypedDict):
    """A review report: its facts under stable names and, in `written`, the same in words."""

    schema: str
    language: str
    unit: dict[str, Any]
    period: str
    next_period: str
    is_over: bool
    view: dict[str, Any]
    heading: dict[str, Any]
    basis: list[dict[str, Any]]
    results: list[dict[str, Any]]
    course: dict[str, Any] | None
    sub_units: list[dict[str, Any]]
    returns: dict[str, Any]
    achievements: list[str]
    shortcomings: list[str]
    texts: list[dict[str, Any]]
    edition: int
    written: dict[str, Any]


class ReviewTexts(TypedDict):
    """What the officer has written into a report: the texts of one language, head and foot, and the edition."""

    unit: str
    period: str
    language: str
    edition: int
    texts: dict[str, str]
    number: str
    place: str
    dated: str | None
    signer_post: str
    signer_name: str
    recipients: str


class IssuedFile(TypedDict):
    """A document of an issue; `size` in bytes."""

    format: str
    size: int
    sha256: str


class Issue(TypedDict):
    """An issue of a report: what was handed out; `newer` is the edition that has superseded it."""

    id: int
    unit: str
    unit_name: str
    period: str
    language: str
    edition: int
    code: str
    issued_by: str
    issued_post: str
    issued_on: str
    reason: str
    newer: int | None
    files: list[IssuedFile]


class IssueWithFacts(Issue):
    """An issue with the facts that were frozen in it, under the names that the JSON of a report has."""

    facts: dict[str, Any]


class Difference(TypedDict):
    """One thing that the record says otherwise now; None where one of both says nothing.

    `about` is what it belongs to (indicator, unit, late, text, basis, head, returns), `key` its code, `what` the
    figure or statement.
    """

    about: str
    key: list[str]
    name: str
    what: str
    before: Any
    now: Any


class Line(TypedDict):
    """One difference in the words of the reader."""

    about: str
    what: str
    before: str
    now: str


class Differences(TypedDict):
    """What an issued report would say otherwise today, or what its issue `other` says otherwise: as facts, in words."""

    issue: int
    other: int | None
    differences: list[Difference]
    lines: list[Line]


class Verified(TypedDict):
    """What the public may know of an issued document: no figure and no person.

    `hashes`: SHA-256 by format; `identical_to`: the format whose hash was asked for; `newer_edition`: the edition that
    has superseded it.
    """

    code: str
    unit_name: str
    period: str
    language: str
    edition: int
    issued_on: str
    newer_edition: int | None
    newer_on: str | None
    hashes: dict[str, str]
    identical_to: str | None
