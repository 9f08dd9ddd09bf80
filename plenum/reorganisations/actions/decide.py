"""Deciding what becomes of objects that would have no owner: of some, or of all as proposed."""

from collections.abc import Mapping
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from plenum.journal.actor import Actor
from plenum.reorganisations.actions.turn import take, write_down
from plenum.reorganisations.models import OPEN_STATES, Decision, Reform, Rehearsal
from plenum.reorganisations.powers import DECIDE, PLAN


@transaction.atomic
def decide(
    reform_id: int, choices: Mapping[str, str], *, edition: int | None = None, on: date, by: Actor
) -> Reform:
    """Decide about objects that the last rehearsal has found, by their subjects; an earlier decision is replaced.

    ValidationError, with the subject as its field, for an object that was not found and a choice that it does not have;
    then nothing is decided.
    """
    reform = take(reform_id, PLAN, states=OPEN_STATES, edition=edition, on=on, by=by)
    possible = {row["subject"]: row["choices"] for row in _rehearsal(reform).report["objects"]}
    faults = {
        subject: [_("This is not open in the last rehearsal. Rehearse again and choose one of the list.")]
        for subject, choice in choices.items()
        if choice not in possible.get(subject, ())
    }
    if faults:
        raise ValidationError(faults)
    _keep(reform, choices, on, by)
    return reform


@transaction.atomic
def accept_proposals(reform_id: int, *, of: str = "", edition: int | None = None, on: date, by: Actor) -> int:
    """Decide as proposed about everything that is not decided yet (with `of`: of this sort, as `access.Grant`).

    Gives how many objects that were.
    """
    reform = take(reform_id, PLAN, states=OPEN_STATES, edition=edition, on=on, by=by)
    decided = dict(Decision.objects.filter(reform=reform).values_list("subject", "choice"))
    proposed = {
        row["subject"]: row["proposal"]
        for row in _rehearsal(reform).report["objects"]
        if decided.get(row["subject"]) not in row["choices"]
        and row["subject"].startswith(f"{of}:" if of else "")
    }
    if proposed:
        _keep(reform, proposed, on, by)
    return len(proposed)


def _rehearsal(reform: Reform) -> Rehearsal:
    rehearsal = Rehearsal.objects.filter(reform=reform, edition=reform.edition).first()
    if rehearsal is None:
        raise ValidationError(_("Rehearse the reform as it is now first."))
    return rehearsal


def _keep(reform: Reform, choices: Mapping[str, str], on: date, by: Actor) -> None:
    Decision.objects.bulk_create(
        [
            Decision(reform=reform, subject=subject, choice=choice, decided_by=by.label, on_date=on)
            for subject, choice in choices.items()
        ],
        batch_size=2000,
        update_conflicts=True,
        unique_fields=["reform", "subject"],
        update_fields=["choice", "decided_by", "on_date"],
    )
    write_down(DECIDE, reform, PLAN, {"edition": reform.edition, "decisions": len(choices)}, on=on, by=by)
