"""Returns as programs read them: the same on the command line and in the API."""

from datetime import date

from typing_extensions import TypedDict

from plenum.figures.models import Obligation
from plenum.figures.queries import (
    Due,
    Owed,
    ReturnView,
    Sheet,
    Submission,
)
from plenum.figures.wording import finding_sentences, said
from plenum.journal.wording import actor_name

ObligationRow = TypedDict(
    "ObligationRow",
    {"id": int, "unit": str, "form": str, "schedule": str, "from": date, "until": date | None},
)


DueRow = TypedDict(
    "DueRow",
    {
        "unit": str,
        "form": str,
        "period": str,
        "due_on": date,
        "state": str,
        "days_late": int,
        "submitted_on": date | None,
        "return": int | None,
    },
)


class SheetRow(TypedDict):
    """A return with the figures of its draft, by slot; null is not reported."""

    id: int | None
    unit: str
    form: str
    period: str
    state: str
    figures: dict[str, int | None]
    illustrative: list[str]
    remark: str


class SlotRow(TypedDict):
    """One figure to enter, beside that of the period before and the one that stands as accepted."""

    slot: str
    number: int
    name: str
    value: int | None
    illustrative: bool
    previous: int | None
    accepted: int | None


class FindingRow(TypedDict):
    """What does not fit in a return, in words."""

    slots: list[str]
    severity: str
    text: str


class EntrySheet(SheetRow):
    """A return as it is filled in; `edition` goes back with what is saved, 0 when nothing has been entered."""

    edition: int
    deeds: list[str]
    due_on: date
    slots: list[SlotRow]
    findings: list[FindingRow]
    reason: str
    sent_back_reason: str
    entered_by: str


class VersionRow(TypedDict):
    """A version that was submitted; `changes` are against the one before."""

    number: int
    figures: dict[str, int | None]
    changes: dict[str, list[int | None]]
    reason: str
    remark: str
    entered_by: str
    submitted_by: str
    on: date
    accepted_on: date | None


class StepRow(TypedDict):
    """A step in the course of a return."""

    what: str
    version: int
    by: str
    on: date
    reason: str


class ReturnRow(SheetRow):
    """A return with its versions, the newest first, and its course."""

    accepted_version: int | None
    versions: list[VersionRow]
    steps: list[StepRow]


class OneReturn(EntrySheet):
    """A return with everything about it."""

    accepted_version: int | None
    versions: list[VersionRow]
    steps: list[StepRow]


class SubmissionRow(TypedDict):
    """A return that waits to be accepted: the edition that is weighed, and what it reports other than zero."""

    id: int
    unit: str
    unit_name: str
    form: str
    period: str
    submitted_on: date
    edition: int
    remark: str
    reported: dict[str, int]


def obligation_row(each: Obligation) -> ObligationRow:
    """An obligation; its unit must have been read along."""
    return {
        "id": each.pk,
        "unit": each.unit.code,
        "form": each.form,
        "schedule": each.schedule,
        "from": each.span.start,
        "until": each.span.end,
    }


def owed_row(each: Owed, code: str) -> ObligationRow:
    """An obligation of the unit with this code."""
    return {
        "id": each.id,
        "unit": code,
        "form": each.form.code,
        "schedule": each.schedule.code,
        "from": each.span.start,
        "until": each.until,
    }


def due_row(each: Due) -> DueRow:
    """A return that is owed."""
    return {
        "unit": each.unit.code,
        "form": each.form.code,
        "period": each.period.code,
        "due_on": each.due_on,
        "state": each.state,
        "days_late": each.days_late,
        "submitted_on": each.submitted_on,
        "return": each.return_id,
    }


def sheet_row(sheet: Sheet) -> SheetRow:
    """A return with the figures of its draft."""
    return {
        "id": sheet.return_id,
        "unit": sheet.unit.code,
        "form": sheet.form.code,
        "period": sheet.period.code,
        "state": sheet.state,
        "figures": {row.slot.code: row.value for row in sheet.rows},
        "illustrative": [row.slot.code for row in sheet.rows if row.illustrative],
        "remark": sheet.remark,
    }


def entry_sheet(sheet: Sheet) -> EntrySheet:
    """A return as it is filled in."""
    return {
        **sheet_row(sheet),
        "edition": sheet.edition,
        "deeds": sorted(deed.value for deed in sheet.deeds),
        "due_on": sheet.due_on,
        "slots": [
            {
                "slot": row.slot.code,
                "number": row.slot.number,
                "name": said(row.slot.name),
                "value": row.value,
                "illustrative": row.illustrative,
                "previous": row.previous,
                "accepted": row.accepted,
            }
            for row in sheet.rows
        ],
        "findings": [
            {"slots": list(finding.slots), "severity": finding.severity.value, "text": text}
            for finding, text in finding_sentences(sheet.findings, sheet.form)
        ],
        "reason": sheet.reason,
        "sent_back_reason": sheet.sent_back_reason,
        "entered_by": actor_name(sheet.entered_by),
    }


def version_rows(view: ReturnView) -> list[VersionRow]:
    """The versions of a return, the newest first."""
    return [
        {
            "number": each.number,
            "figures": each.values,
            "changes": {change.slot.code: [change.before, change.after] for change in each.changes},
            "reason": each.reason,
            "remark": each.remark,
            "entered_by": actor_name(each.entered_by),
            "submitted_by": actor_name(each.submitted_by),
            "on": each.on_date,
            "accepted_on": each.accepted_on,
        }
        for each in view.versions
    ]


def step_rows(view: ReturnView) -> list[StepRow]:
    """The course of a return, the first step first."""
    return [
        {
            "what": each.what.value,
            "version": each.version,
            "by": actor_name(each.by),
            "on": each.on_date,
            "reason": each.reason,
        }
        for each in view.steps
    ]


def return_row(view: ReturnView) -> ReturnRow:
    """A return with its versions and its course."""
    return {
        **sheet_row(view.sheet),
        "accepted_version": view.accepted_version,
        "versions": version_rows(view),
        "steps": step_rows(view),
    }


def one_return(view: ReturnView) -> OneReturn:
    """A return with everything about it."""
    return {
        **entry_sheet(view.sheet),
        "accepted_version": view.accepted_version,
        "versions": version_rows(view),
        "steps": step_rows(view),
    }


def submission_row(each: Submission) -> SubmissionRow:
    """A return that waits to be accepted."""
    waiting = each.waiting
    return {
        "id": waiting.return_id or 0,
        "unit": waiting.unit.code,
        "unit_name": waiting.unit.name,
        "form": waiting.form.code,
        "period": waiting.period.code,
        "submitted_on": waiting.since,
        "edition": each.edition,
        "remark": each.remark,
        "reported": {slot.code: value for slot, value in each.reported},
    }
