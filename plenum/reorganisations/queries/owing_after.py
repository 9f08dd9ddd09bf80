"""Which returns units owe no more, or again, because a plan makes them of another kind."""

from collections.abc import Iterator
from datetime import date

from plenum.figures.models import Obligation
from plenum.packs import pack
from plenum.reorganisations.rules import ChangeKind, Finding, Outcome, Plan, Problem
from plenum.reorganisations.rules.findings import Value

SEPARATOR = ", "


def owing_after(plan: Plan, came: Outcome) -> list[Finding]:
    """A finding for each unit and day on which what it owes ends or begins again with its kind. One query, if any does.

    A unit that leaves is not among them: who takes over what it owed is decided.
    """
    changes = list(_changes(came))
    ids = {number for code, *_rest in changes if (number := came.before.units[code].id) is not None}
    owed = list(Obligation.objects.filter(unit_id__in=ids).order_by("form", "span")) if ids else []
    steps = {step.unit: place for place, step in enumerate(plan.steps, 1) if isinstance(step, ChangeKind)}
    found = []
    for code, day, before, after in changes:
        own = [
            each
            for each in owed
            if each.unit_id == came.before.units[code].id and (each.span.end is None or each.span.end > day)
        ]
        for problem, loses, gains in (
            (Problem.FORMS_END, before, after),
            (Problem.FORMS_BEGIN, after, before),
        ):
            forms = {each.form for each in own if _may(loses, each.form) and not _may(gains, each.form)}
            if forms:
                values: dict[str, Value] = {"day": day, "forms": SEPARATOR.join(sorted(forms))}
                found.append(Finding(problem, steps.get(code), code, values))
    return found


def _changes(came: Outcome) -> Iterator[tuple[str, date, str, str]]:
    """The units that lived before and are of another kind from a day on: with the kinds before and after."""
    units = came.before.units
    for phase in came.phases:
        for each in phase.changes.rekinded:
            if each.code in came.before.units and each.code in units:
                yield each.code, phase.on, units[each.code].kind, each.kind
        units = phase.after.units


def _may(kind: str, form: str) -> bool:
    return form in pack().forms and kind in pack().forms[form].kinds
