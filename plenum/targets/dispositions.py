"""What becomes of targets when their unit leaves.

A target that was set stays as it was: it is never changed, and the unit is judged by it for what it did. Whether a
successor is to reach something of the same sort is decided, and done by setting a target there.
"""

from collections.abc import Sequence
from datetime import date
from functools import partial

from django.utils.translation import gettext_lazy as _

from plenum.packs import naming
from plenum.periods import Period
from plenum.targets.models import Target
from plenum.tree.dispositions import LEAVE, TO, Becomes, Disposition, Leaving, Open, choices_of


def _target_called(indicator: str, period: str, language: str) -> str:
    return f"{naming.indicator(indicator, language)}, {naming.period(period, language)}"


def open_targets(leaving: Sequence[Leaving], on: date) -> list[Open]:
    """The targets whose period is not over when their unit ends; one that a successor takes over is set anew there."""
    units = {unit.id: unit for unit in leaving}
    rows = Target.objects.filter(unit_id__in=list(units)).order_by(
        "unit_id", "indicator", "period_code", "id"
    )
    standing = {(row.unit_id, row.indicator, row.period_code): row for row in rows}
    found: list[Open] = []
    for row in standing.values():
        unit = units[row.unit_id]
        if row.deed == Target.Deeds.WITHDRAW or Period.parse(row.period_code).last_day < unit.until:
            continue
        heir = unit.first_heir()
        name = partial(_target_called, row.indicator, row.period_code)
        subject = f"targets.Target:{row.pk}"
        found.append(Open(subject, unit.id, name, choices_of(unit), f"{TO}{heir.code}" if heir else LEAVE))
    return found


DISPOSITIONS = (
    Disposition("targets.Target", "unit", Becomes.NEEDS_DECISION, _("Targets"), open_targets),
    Disposition("targets.Statement", "unit", Becomes.STAYS, _("What reports have stated")),
)
