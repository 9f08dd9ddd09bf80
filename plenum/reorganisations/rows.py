"""Reforms as programs read them: the same on the command line and in the API."""

from collections.abc import Container, Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import get_language
from typing_extensions import TypedDict

from plenum.organisation.wording import by_rank
from plenum.packs.wording import language
from plenum.reorganisations.models import Rehearsal, Work
from plenum.reorganisations.notes import note_in_words
from plenum.reorganisations.queries import Progress, ReformView
from plenum.reorganisations.queries.report import finding_from
from plenum.reorganisations.wording import choice_in_words, finding_in_words, nobody_may_approve
from plenum.tree.dispositions import DECLARED


class AskedRow(TypedDict):
    """A unit that has to approve; `on` is null until it has.

    `by_nobody`: nobody at the unit may approve now; `said` is then what to do.
    """

    unit: str
    on: date | None
    by: str
    by_nobody: bool
    said: str


class ReformRow(TypedDict):
    """A reform. `state` is draft, submitted, approved, executed or undone; `on` the first day on which it holds."""

    number: int
    code: str
    title: str
    on: date
    owner: str
    basis: str
    state: str
    edition: int
    rehearsed: bool
    asked: list[AskedRow]
    executed_on: date | None
    digest: str


class WholeReform(ReformRow):
    """A reform with its plan, as a plan is written; `document` is the registered document that is its legal basis."""

    document: int | None
    plan: dict[str, Any]


class PlanFindingRow(TypedDict):
    """What speaks against a plan, or should be seen; `step` counts from 1, and is null for the plan as a whole."""

    problem: str
    step: int | None
    unit: str
    blocks: bool
    text: str


class ChoiceRow(TypedDict):
    """What can be decided, as a code and in words."""

    choice: str
    text: str


class ObjectRow(TypedDict):
    """Something that nobody would have: `title` says of what sort it is; `decided` is null until it is."""

    of: str
    becomes: str
    title: str
    subject: str
    label: str
    choices: list[ChoiceRow]
    proposal: str
    decided: str | None
    decided_text: str


class RehearsalRow(TypedDict):
    """What a rehearsal has found. `digest` is what an execution has to come to; `objects_hidden` are of units that the
    reader does not reach.

    `kinds`: units of each kind before and after; `changes`: how many units are founded, ended, moved and so on.
    """

    digest: str
    tree_digest: str
    blocking: int
    open_objects: int
    undecided: int
    changes: dict[str, int]
    kinds: dict[str, list[int]]
    asked: list[str]
    findings: list[PlanFindingRow]
    objects: list[ObjectRow]
    objects_hidden: int


class WorkRow(TypedDict):
    """Something that a unit has to look at after a reform; `done_on` is null until it has."""

    number: int
    reform: str
    unit: str
    what: str
    text: str
    about: str
    note: str
    done_on: date | None


class WorkProgressRow(TypedDict):
    """How much of its work after reforms a unit has done; `state` is todo, current or done."""

    unit: str
    unit_name: str
    done: int
    of: int
    state: str


def reform_row(view: ReformView) -> ReformRow:
    """A reform in a list."""
    reform = view.reform
    return {
        "number": reform.pk,
        "code": reform.code,
        "title": reform.title,
        "on": reform.on_date,
        "owner": view.owner.code,
        "basis": reform.basis,
        "state": view.state,
        "edition": reform.edition,
        "rehearsed": view.rehearsed,
        "asked": [
            {
                "unit": each.unit.code,
                "on": each.on,
                "by": each.by,
                "by_nobody": each.by_nobody,
                "said": nobody_may_approve() if each.by_nobody else "",
            }
            for each in view.asked
        ],
        "executed_on": reform.executed_on,
        "digest": reform.digest,
    }


def whole_reform(view: ReformView) -> WholeReform:
    """A reform with its plan."""
    return {**reform_row(view), "document": view.reform.document_id, "plan": view.reform.plan}


def rehearsal_row(
    rehearsal: Rehearsal, decisions: Mapping[str, str], reached: Container[int] | None = None
) -> RehearsalRow:
    """A rehearsal that was kept. `reached`: the numbers of the units whose objects are told; None: of all."""
    return report_row(rehearsal.report, rehearsal.digest, rehearsal.tree_digest, decisions, reached)


def report_row(
    report: Mapping[str, Any],
    digest: str,
    tree_digest: str,
    decisions: Mapping[str, str],
    reached: Container[int] | None = None,
) -> RehearsalRow:
    """What a rehearsal reports, with what has been decided since."""
    names = report["names"]
    objects = [_object_row(each, names, decisions) for each in report["objects"]]
    shown = [
        row
        for row, each in zip(objects, report["objects"], strict=True)
        if reached is None or each["unit"] in reached
    ]
    findings = [finding_from(each) for each in report["findings"]]
    return {
        "digest": digest,
        "tree_digest": tree_digest,
        "blocking": sum(finding.blocks for finding in findings),
        "open_objects": len(objects),
        "undecided": sum(each["decided"] is None for each in objects),
        "changes": report["changes"],
        "kinds": {kind: report["kinds"][kind] for kind in by_rank(report["kinds"])},
        "asked": report["asked"],
        "findings": [
            {
                "problem": finding.problem.value,
                "step": finding.step,
                "unit": finding.unit,
                "blocks": finding.blocks,
                "text": finding_in_words(finding, names),
            }
            for finding in findings
        ],
        "objects": shown,
        "objects_hidden": len(objects) - len(shown),
    }


def work_rows(work: Iterable[Work]) -> list[WorkRow]:
    """What units have to look at."""
    return [
        {
            "number": each.pk,
            "reform": each.reform.code,
            "unit": each.unit.code,
            "what": each.what,
            "text": str(each.get_what_display()),
            "about": each.about,
            "note": note_in_words(each.note),
            "done_on": each.done_on,
        }
        for each in work
    ]


def work_progress_row(progress: Progress) -> WorkProgressRow:
    """How far a unit is."""
    return {
        "unit": progress.unit.code,
        "unit_name": progress.unit.name,
        "done": progress.done,
        "of": progress.of,
        "state": progress.state,
    }


def _object_row(each: Mapping[str, Any], names: Mapping[str, str], decisions: Mapping[str, str]) -> ObjectRow:
    decided = decisions.get(each["subject"])
    if decided not in each["choices"]:
        decided = None
    return {
        "of": each["of"],
        "title": str(DECLARED[each["of"], "unit"].title),
        "becomes": each["becomes"],
        "subject": each["subject"],
        "label": each["label"][language(get_language())],
        "choices": [{"choice": choice, "text": choice_in_words(choice, names)} for choice in each["choices"]],
        "proposal": each["proposal"],
        "decided": decided,
        "decided_text": "" if decided is None else choice_in_words(decided, names),
    }
