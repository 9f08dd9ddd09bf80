"""Approving a reform for a unit, and withdrawing that."""

from collections.abc import Collection
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from plenum.access.reach import require
from plenum.journal.actions import record
from plenum.journal.actor import Actor
from plenum.reorganisations.actions.turn import refuse_other_edition, refuse_other_state
from plenum.reorganisations.models import Approval, Reform, State
from plenum.reorganisations.powers import ANSWER, APPROVE_REFORM, WITHDRAW_APPROVAL
from plenum.tree.models import Unit


@transaction.atomic
def approve_reform(
    reform_id: int, unit: Unit, *, edition: int | None = None, on: date, by: Actor
) -> Approval:
    """Approve a submitted reform for a unit that was asked; ValidationError if it was not, or has approved already."""
    reform, approval = _asked(reform_id, unit, edition, on, by)
    if approval.approved_on is not None:
        raise ValidationError(_("The unit has approved this reform already."))
    approval.approved_on, approval.approved_by = on, by.label
    approval.save(update_fields=["approved_on", "approved_by"])
    record(
        APPROVE_REFORM,
        by=by,
        power=ANSWER,
        unit_id=unit.pk,
        on=on,
        subject=f"reorganisations.Reform:{reform.pk}",
        subject_label=reform.title,
        change={"edition": reform.edition},
    )
    return approval


@transaction.atomic
def withdraw_approval(reform_id: int, unit: Unit, *, reason: str, on: date, by: Actor) -> Approval:
    """Take back the approval of a unit, with the reason, as long as the reform is not executed."""
    reform, approval = _asked(reform_id, unit, None, on, by)
    if approval.approved_on is None:
        raise ValidationError(_("The unit has not approved this reform."))
    if not reason.strip():
        raise ValidationError({"reason": [_("Write the reason.")]})
    approval.approved_on, approval.approved_by = None, ""
    approval.save(update_fields=["approved_on", "approved_by"])
    record(
        WITHDRAW_APPROVAL,
        by=by,
        power=ANSWER,
        unit_id=unit.pk,
        on=on,
        subject=f"reorganisations.Reform:{reform.pk}",
        subject_label=reform.title,
        change={"edition": reform.edition, "reason": reason.strip()},
    )
    return approval


def ask_units(reform: Reform, codes: Collection[str]) -> None:
    """Ask these units, and none besides; who was asked already keeps what it has said."""
    asked = Approval.objects.filter(reform=reform)
    asked.exclude(unit__code__in=codes).delete()
    new = Unit.objects.filter(code__in=codes).exclude(pk__in=asked.values("unit")).order_by("pk")
    Approval.objects.bulk_create(Approval(reform=reform, unit=unit, edition=reform.edition) for unit in new)


def _asked(reform_id: int, unit: Unit, edition: int | None, on: date, by: Actor) -> tuple[Reform, Approval]:
    require(by, ANSWER, unit, on)
    reform = Reform.objects.get(pk=reform_id)
    refuse_other_edition(reform, edition)
    refuse_other_state(reform, [State.SUBMITTED])
    approval = Approval.objects.select_for_update().filter(reform=reform, unit=unit).first()
    if approval is None or approval.edition != reform.edition:
        raise ValidationError(_("This unit is not asked about this reform."))
    return reform, approval
