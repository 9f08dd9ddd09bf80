"""Rehearsing a reform: working it out on the tree as it is, and keeping what was found."""

from datetime import date

from django.db import transaction
from django.db.models.functions import Now

from plenum.journal.actor import Actor
from plenum.reorganisations.actions.approve import ask_units
from plenum.reorganisations.actions.turn import take, write_down
from plenum.reorganisations.models import OPEN_STATES, Rehearsal, State
from plenum.reorganisations.powers import PLAN, REHEARSE_REFORM
from plenum.reorganisations.queries import plan_of, work_out
from plenum.reorganisations.queries.report import difference_of, report_of
from plenum.reorganisations.rules import Stage, Tell, untold


@transaction.atomic
def rehearse_reform(
    reform_id: int, *, edition: int | None = None, tell: Tell = untold, on: date, by: Actor
) -> Rehearsal:
    """Work the plan out without executing it, and keep what it would come to in the place of the rehearsal before.

    Where the tree has changed since a reform was submitted, it can concern other units: then these are asked. `tell` is
    told how far it is; what it raises ends it, and nothing is kept.
    """
    reform = take(reform_id, PLAN, states=OPEN_STATES, edition=edition, on=on, by=by)
    found = work_out(plan_of(reform), on, tell)
    difference = difference_of(found, on, tell)
    tell(Stage.KEPT, 0, 0)
    rehearsal = Rehearsal(
        reform=reform,
        edition=reform.edition,
        tree_changes=found.tree_changes,
        tree_digest=found.tree_digest,
        objects_digest=found.objects_digest,
        digest=found.came.digest(),
        blocking=found.blocking,
        open_objects=len(found.objects),
        report=report_of(found),
        difference=difference,
        made_by=by.label,
        on_date=on,
        made_at=Now(),
    )
    Rehearsal.objects.filter(reform=reform).delete()
    rehearsal.save(force_insert=True)
    if reform.state == State.SUBMITTED:
        ask_units(reform, found.asked)
    write_down(
        REHEARSE_REFORM,
        reform,
        PLAN,
        {
            "edition": reform.edition,
            "findings": len(found.findings),
            "open": len(found.objects),
            "digest": rehearsal.digest,
        },
        on=on,
        by=by,
    )
    return rehearsal
