"""The obligations of units: which forms they owe, and by which schedule."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from plenum.figures.models import Obligation
from plenum.figures.queries.below import Shown
from plenum.figures.queries.holding import held, of_a_kind_that_may
from plenum.figures.queries.twice import owed_twice
from plenum.packs import Form, Schedule, Slot, pack
from plenum.periods import Span


@dataclass(frozen=True)
class Owed:
    """One obligation of a unit, with its form and schedule; ``twice`` names what a unit on its line owes as well.

    ``span`` is what was decided. ``barred_from``: the first day on which the unit does not owe it all the same, because
    it has become one of a kind that may not owe the form.
    """

    id: int
    form: Form
    schedule: Schedule
    span: Span
    twice: tuple[Slot, ...]
    barred_from: date | None = None

    @property
    def until(self) -> date | None:
        """The first day on which it is not owed any more, by what was decided or because of the kind."""
        return self.span.end if self.barred_from is None else self.barred_from


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
            barred_from=_barred_from(each, spans),
        )
        for each, spans in (
            (found.obligation, found.spans)
            for found in held(Obligation.objects.filter(unit=unit_id).order_by("form", "span"))
        )
    ]


def _barred_from(obligation: Obligation, spans: Sequence[Span]) -> date | None:
    """Where the last stretch ends on which an obligation holds, if it was decided for later days of its unit, too."""
    decided = obligation.span.intersection(obligation.unit.lifetime)
    if decided is None:
        return None
    last = spans[-1].end if spans else decided.start
    return None if last == decided.end else last


def obligations(shown: Shown, on: date) -> list[Obligation]:
    """The obligations of units on a day, with their units, by form. One query."""
    found = shown.filtered(Obligation.objects.filter(of_a_kind_that_may(on), span__contains=on))
    return list(found.select_related("unit").order_by("form", "unit__code"))
