"""What becomes of obligations, returns and figures when their unit leaves.

Accepted figures stay with the unit that reported them; a view of another tree divides them by the shares of the
lineage when it is read. An obligation ends with its unit; whether a successor owes the same form is decided.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from plenum.figures.actions.oblige import oblige_unit, take_back_obligation
from plenum.figures.models import Obligation, Return
from plenum.figures.queries.holding import held
from plenum.figures.rules import State
from plenum.journal.actor import Actor
from plenum.packs import naming, pack
from plenum.periods import Span
from plenum.tree.dispositions import (
    FINISH,
    LEAVE,
    TO,
    Becomes,
    Decided,
    Disposition,
    Leaving,
    Open,
    Undo,
)
from plenum.tree.models import UnitKind


def _obligation_called(form: str, schedule: str, language: str) -> str:
    return f"{naming.form(form, language)}, {naming.schedule(schedule, language)}"


def _return_called(form: str, period: str, language: str) -> str:
    return f"{naming.form(form, language)}, {naming.period(period, language)}"


def open_obligations(leaving: Sequence[Leaving], on: date) -> list[Open]:
    """The obligations that hold on the day on which their unit ends. Only who may owe the form can take one over."""
    units = {unit.id: unit for unit in leaving}
    found: list[Open] = []
    for each in held(Obligation.objects.filter(unit_id__in=list(units)).order_by("pk")):
        owed = each.obligation
        unit = units[owed.unit_id]
        if not any(span.end is None or span.end > unit.until for span in each.spans):
            continue
        kinds = pack().forms[owed.form].kinds if owed.form in pack().forms else ()
        able = tuple(heir for heir in unit.heirs if heir.kind in kinds)
        choices = (*(f"{TO}{heir.code}" for heir in able), LEAVE)
        heir = unit.first_heir()
        proposal = f"{TO}{heir.code}" if heir in able and heir else choices[0]
        name = partial(_obligation_called, owed.form, owed.schedule)
        found.append(Open(f"figures.Obligation:{owed.pk}", unit.id, name, choices, proposal))
    return found


def carry_out_obligations(
    decided: Sequence[Decided], units: Mapping[str, int], since: date, on: date, by: Actor
) -> dict[str, Undo]:
    """Let each unit that was decided owe the form, as soon as its kind may, unless it owes it already."""
    undo: dict[str, Undo] = {}
    rows = Obligation.objects.in_bulk([each.row for each in decided if each.to])
    takers = [units[each.to] for each in decided if each.to]
    owing = {
        (owed.unit_id, owed.form)
        for owed in Obligation.objects.filter(unit_id__in=takers)
        if owed.span.end is None or owed.span.end > since
    }
    from_then = Q(span__endswith__isnull=True) | Q(span__endswith__gt=since)
    kinds = list(UnitKind.objects.filter(from_then, unit_id__in=takers).order_by("span"))
    for each in decided:
        if each.to is None or (units[each.to], rows[each.row].form) in owing:
            continue
        owed, unit_id = rows[each.row], units[each.to]
        able = [
            max(since, held.span.start)
            for held in kinds
            if held.unit_id == unit_id and held.kind in pack().forms[owed.form].kinds
        ]
        if not able:
            continue
        new = oblige_unit(unit_id, owed.form, owed.schedule, Span(able[0], owed.span.end), on=on, by=by)
        owing.add((unit_id, owed.form))
        undo[each.subject] = {"obligation": new.pk}
    return undo


def take_back_obligations(undo: Mapping[str, Undo], on: date, by: Actor) -> None:
    """Take back the obligations that were made, as far as nobody has since; none holds yet."""
    made = [int(each["obligation"]) for each in undo.values()]
    for number in Obligation.objects.filter(pk__in=made).order_by("pk").values_list("pk", flat=True):
        take_back_obligation(number, on=on, by=by)


def open_returns(leaving: Sequence[Leaving], on: date) -> list[Open]:
    """The returns that are begun, submitted, sent back or being corrected: whoever has to do with them is leaving."""
    units = {unit.id: unit for unit in leaving}
    waiting = Return.objects.filter(unit_id__in=list(units)).exclude(state=State.ACCEPTED)
    return [
        Open(
            subject=f"figures.Return:{each.pk}",
            unit_id=each.unit_id,
            label=partial(_return_called, each.form, each.period_code),
            choices=(FINISH, LEAVE),
            proposal=FINISH,
        )
        for each in waiting.order_by("pk")
    ]


DISPOSITIONS = (
    Disposition(
        "figures.Obligation",
        "unit",
        Becomes.NEEDS_DECISION,
        _("Obligations to report"),
        open_obligations,
        carry_out_obligations,
        take_back_obligations,
        meanwhile=True,
    ),
    Disposition("figures.Return", "unit", Becomes.NEEDS_DECISION, _("Returns"), open_returns),
    Disposition("figures.Standing", "unit", Becomes.SPLIT_BY_SHARE, _("Accepted figures")),
    Disposition("figures.Rollup", "unit", Becomes.STAYS, _("Sums of accepted figures")),
    Disposition("figures.Rollup", "branch", Becomes.STAYS, _("Sums of accepted figures")),
    Disposition("figures.PastRollup", "unit", Becomes.STAYS, _("Sums of accepted figures")),
    Disposition("figures.PastRollup", "branch", Becomes.STAYS, _("Sums of accepted figures")),
    Disposition("figures.YearLine", "unit", Becomes.STAYS, _("Sums of accepted figures")),
    Disposition("figures.MixedYear", "unit", Becomes.STAYS, _("Sums of accepted figures")),
    Disposition("figures.Handed", "unit", Becomes.STAYS, _("Returns")),
)
