"""Boards and reports as programs read them."""

from collections.abc import Container, Sequence
from datetime import date
from typing import Any

from typing_extensions import TypedDict

from plenum.figures.queries import Due, Waiting
from plenum.journal.wording import actor_name
from plenum.reports.comparison import Difference
from plenum.reports.models import Review
from plenum.reports.queries.board import Board
from plenum.reports.queries.issued import IssueView, Verified
from plenum.reports.wording.differences import lines
from plenum.targets.rows import StandingRow, standing_row

MOST_LISTED = 100
"""Late returns, and returns that wait, in the board of a unit; their number is told beside them."""


class TallyRow(TypedDict):
    """How many targets stand how."""

    total: int
    reached: int
    on_course: int
    at_risk: int
    missed: int
    unknown: int


class LateRow(TypedDict):
    """A return that is late."""

    unit: str
    unit_name: str
    form: str
    period: str
    due_on: date
    days_late: int


WaitingRow = TypedDict(
    "WaitingRow",
    {
        "what": str,
        "unit": str,
        "unit_name": str,
        "form": str,
        "period": str,
        "since": date,
        "return": int | None,
    },
)


class PointRow(TypedDict):
    """A point in the course of an indicator."""

    period: str
    value: int | None


class BoardRow(TypedDict):
    """The board of a unit: how the period stands, who is late, what waits for the reader.

    Of each list at most the first hundred: all are in `dues` and `acceptance`. `withheld`: on the tree asked for,
    figures count here that the reader does not reach. `compared_on`: the day on whose tree the years are compared, if
    units came to this one or left it since last year.
    """

    unit: str
    period: str
    compared_on: date | None
    tally: TallyRow
    rows: list[StandingRow]
    courses: dict[str, list[PointRow]]
    late: list[LateRow]
    late_count: int
    waiting: list[WaitingRow]
    waiting_count: int
    withheld: bool


class ReviewRow(TypedDict):
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


class TextsRow(TypedDict):
    """What the officer has written into a report: the texts of one language, head and foot, and the edition."""

    unit: str
    period: str
    language: str
    edition: int
    texts: dict[str, str]
    number: str
    place: str
    dated: date | None
    signer_post: str
    signer_name: str
    recipients: str


class FileRow(TypedDict):
    """A document of an issue; `size` in bytes."""

    format: str
    size: int
    sha256: str


class IssueRow(TypedDict):
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
    issued_on: date
    reason: str
    newer: int | None
    files: list[FileRow]


class IssueWithFacts(IssueRow):
    """An issue with the facts that were frozen in it, under the names that the JSON of a report has."""

    facts: dict[str, Any]


class DifferenceRow(TypedDict):
    """One thing that the record says otherwise now; null where one of both says nothing.

    `about` is what it belongs to (indicator, unit, late, text, basis, head, returns), `key` its code, `what` the
    figure or statement.
    """

    about: str
    key: list[str]
    name: str
    what: str
    before: Any
    now: Any


class LineRow(TypedDict):
    """One difference in the words of the reader."""

    about: str
    what: str
    before: str
    now: str


class DifferencesRow(TypedDict):
    """What an issued report would say otherwise today, or what its issue `other` says otherwise: as facts, in words."""

    issue: int
    other: int | None
    differences: list[DifferenceRow]
    lines: list[LineRow]


class VerifiedRow(TypedDict):
    """What the public may know of an issued document: no figure and no person.

    `hashes`: SHA-256 by format; `identical_to`: the format whose hash was asked for; `newer_edition`: the edition that
    has superseded it.
    """

    code: str
    unit_name: str
    period: str
    language: str
    edition: int
    issued_on: date
    newer_edition: int | None
    newer_on: date | None
    hashes: dict[str, str]
    identical_to: str | None


def differences_row(
    number: int, found: Sequence[Difference], lang: str, *, other: int | None = None
) -> DifferencesRow:
    """What is different from the issue with this number, today or in another issue."""
    return {
        "issue": number,
        "other": other,
        "differences": [
            {
                "about": each.about,
                "key": list(each.key),
                "name": each.name,
                "what": each.what,
                "before": each.before,
                "now": each.now,
            }
            for each in found
        ],
        "lines": [
            {"about": line.about, "what": line.what, "before": line.before, "now": line.now}
            for line in lines(found, lang)
        ],
    }


def verified_row(found: Verified, sha256: str) -> VerifiedRow:
    """An issued document that was found by its code, or by the hash of a file."""
    return {
        "code": found.code,
        "unit_name": found.unit_name,
        "period": found.period.code,
        "language": found.language,
        "edition": found.edition,
        "issued_on": found.issued_on,
        "newer_edition": found.newer_edition,
        "newer_on": found.newer_on,
        "hashes": dict(found.hashes),
        "identical_to": found.format_of(sha256) if sha256 else None,
    }


def issue_row(each: IssueView) -> IssueRow:
    """An issue of a report."""
    return {
        "id": each.id,
        "unit": each.unit_code,
        "unit_name": each.unit_name,
        "period": each.period.code,
        "language": each.language,
        "edition": each.edition,
        "code": each.code,
        "issued_by": actor_name(each.issued_by),
        "issued_post": each.issued_post,
        "issued_on": each.issued_on,
        "reason": each.reason,
        "newer": each.newer,
        "files": [{"format": file.format, "size": file.size, "sha256": file.sha256} for file in each.files],
    }


def board_row(code: str, found: Board, seen: Container[int]) -> BoardRow:
    """The board of the unit with this code; `seen`: the units whose codes the reader may know."""
    tally = found.tally
    return {
        "unit": code,
        "period": found.period.code,
        "compared_on": found.compared_on,
        "tally": {
            "total": tally.total,
            "reached": tally.reached,
            "on_course": tally.on_course,
            "at_risk": tally.at_risk,
            "missed": tally.missed,
            "unknown": tally.unknown,
        },
        "rows": [standing_row(row, seen) for row in found.rows],
        "courses": {
            indicator: [{"period": point.period.code, "value": point.figure.value} for point in points]
            for indicator, points in found.sparks.items()
        },
        "late": [_late(each) for each in found.late[:MOST_LISTED]],
        "late_count": len(found.late),
        "waiting": [_waiting(each) for each in (*found.own[:MOST_LISTED], *found.to_accept[:MOST_LISTED])],
        "waiting_count": len(found.own) + len(found.to_accept),
        "withheld": found.withheld,
    }


def texts_row(code: str, period: str, language: str, review: Review | None) -> TextsRow:
    """What has been written into the report of a unit; nothing yet where there is none."""
    texts = {} if review is None else {t.section: t.text for t in review.texts.filter(language=language)}
    return {
        "unit": code,
        "period": period,
        "language": language,
        "edition": 0 if review is None else review.edition,
        "texts": texts,
        "number": review.number if review else "",
        "place": review.place if review else "",
        "dated": review.dated if review else None,
        "signer_post": review.signer_post if review else "",
        "signer_name": review.signer_name if review else "",
        "recipients": review.recipients if review else "",
    }


def _late(each: Due) -> LateRow:
    return {
        "unit": each.unit.code,
        "unit_name": each.unit.name,
        "form": each.form.code,
        "period": each.period.code,
        "due_on": each.due_on,
        "days_late": each.days_late,
    }


def _waiting(each: Waiting) -> WaitingRow:
    return {
        "what": each.what,
        "unit": each.unit.code,
        "unit_name": each.unit.name,
        "form": each.form.code,
        "period": each.period.code,
        "since": each.since,
        "return": each.return_id,
    }
