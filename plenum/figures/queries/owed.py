"""The obligations of units: which forms they owe, and by which schedule."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from plenum.figures.models import Obligation
from plenum.figures.queries.below import Shown
from plenum.figures.queries.twice import owed_twice
from plenum.packs import Form, Schedule, Slot, pack
from plenum.periods import Span


@dataclass(frozen=True)
class Owed:
    """One obligation of a unit, with its form and schedule; ``twice`` names what a unit on its line owes as well."""

    id: int
    form: Form
    schedule: Schedule
    span: Span
    twice: tuple[Slot, ...]


def owed_by(unit_id: int, on: date) -> list[Owed]:
    """Every obligation of a unit, past and future ones too, by form; on which a move has put another. Two queries."""
    twice: dict[str, set[str]] = defaultdict(set)
    for each in owed_twice(on, unit_id=unit_id):
        twice[each.form if each.upper_id == unit_id else each.other_form].update(each.slots)
    rules = pack()
    return [
        Owed(
            id=each.pk,
            form=rules.forms[each.form],
            schedule=rules.schedules[each.schedule],
            span=each.span,
            twice=tuple(
                slot
                for slot in rules.forms[each.form].slots
                if on in each.span and slot.code in twice[each.form]
            ),
        )
        for each in Obligation.objects.filter(unit=unit_id).order_by("form", "span")
    ]


def obligations(shown: Shown, on: date) -> list[Obligation]:
    """The obligations of units on a day, with their units, by form. One query."""
    found = shown.filtered(Obligation.objects.filter(span__contains=on))
    return list(found.select_related("unit").order_by("form", "unit__code"))
