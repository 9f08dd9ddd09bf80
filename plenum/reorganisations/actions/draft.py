"""Drafting a reform, changing its plan, and submitting it to the units that have to approve it."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from plenum.access.reach import require
from plenum.directives.queries import readable
from plenum.journal.actor import Actor
from plenum.reorganisations.actions.approve import ask_units
from plenum.reorganisations.actions.turn import take, write_down
from plenum.reorganisations.models import OPEN_STATES, Approval, Reform, Rehearsal, State
from plenum.reorganisations.powers import CHANGE_REFORM, DRAFT_REFORM, PLAN, SUBMIT_REFORM
from plenum.reorganisations.rules import Plan, as_data, from_data
from plenum.tree.models import Unit
from plenum.tree.rules import LONGEST_CODE
from plenum.tree.rules.words import check_code

MOST_FORMER = 20
MANY_STEPS = 200
"""So many plans before the present one are kept; of a plan with many steps only the last."""


@transaction.atomic
def draft_reform(plan: Plan, *, document_id: int | None = None, on: date, by: Actor) -> Reform:
    """Keep a plan as a new reform of the unit that it names as its owner.

    With the code of an undone reform of this unit it is that reform again, in its next edition: a corrected plan
    needs no other name. Raises OutOfReach, or ValidationError on ``code``, ``title``, ``owner`` or ``document``.
    """
    unit = Unit.objects.filter(code=plan.owner).first()
    if unit is None:
        text = _("There is no unit with the code %(code)s. Choose one that exists.")
        raise ValidationError({"owner": [text % {"code": plan.owner}]})
    require(by, PLAN, unit, on)
    if check_code(plan.code):
        text = _(
            "“%(code)s” is no code. Use small letters without accents, digits and single hyphens, at most %(most)s."
        )
        raise ValidationError({"code": [text % {"code": plan.code, "most": LONGEST_CODE}]})
    known = Reform.objects.select_for_update(of=("self",)).filter(code=plan.code).first()
    if known is not None:
        if known.state != State.UNDONE or known.unit_id != unit.pk:
            text = _(
                "The code %(code)s belongs to the reform “%(title)s” (%(state)s). Go on with that one, or choose"
                " another code."
            )
            values = {"code": known.code, "title": known.title, "state": known.get_state_display()}
            raise ValidationError({"code": [text % values]})
        _replace(known, plan, document_id, on, by)
        return known
    reform = Reform(code=plan.code, unit=unit)
    _put(reform, plan, document_id, on, by)
    try:
        with transaction.atomic():
            reform.save(force_insert=True)
    except IntegrityError as error:
        text = _("The code %(code)s is taken. Choose another.")
        raise ValidationError({"code": [text % {"code": plan.code}]}) from error
    write_down(
        DRAFT_REFORM,
        reform,
        PLAN,
        {"title": reform.title, "since": reform.on_date, "steps": len(plan.steps)},
        on=on,
        by=by,
    )
    return reform


@transaction.atomic
def change_reform(
    reform_id: int,
    plan: Plan,
    *,
    edition: int | None = None,
    document_id: int | None = None,
    on: date,
    by: Actor,
) -> Reform:
    """Put another plan in the place of the one before, as the next edition; every approval has to be given anew.

    Code and owner stay. ReformChanged if somebody has changed it since `edition`.
    """
    reform = take(reform_id, PLAN, states=(*OPEN_STATES, State.UNDONE), edition=edition, on=on, by=by)
    if (plan.code, plan.owner) != (reform.code, reform.unit.code):
        raise ValidationError(_("Code and owner of a reform stay. Draft another one for that."))
    _replace(reform, plan, document_id, on, by)
    return reform


@transaction.atomic
def take_back_change(reform_id: int, *, edition: int | None = None, on: date, by: Actor) -> Reform:
    """Put the plan of before its last change in its place again, as the next edition.

    ValidationError when no earlier plan is kept; ReformChanged if somebody has changed it since `edition`.
    """
    reform = take(reform_id, PLAN, states=(*OPEN_STATES, State.UNDONE), edition=edition, on=on, by=by)
    if not reform.former:
        raise ValidationError(_("There is no earlier plan to go back to."))
    before, last = reform.plan, reform.former[-1]
    document_id = last["document"]
    if document_id is not None and not readable(by, on).filter(pk=document_id).exists():
        document_id = None
    _put(reform, from_data(last["plan"]), document_id, on, by)
    reform.former = reform.former[:-1]
    _next_edition(reform, before, on, by)
    return reform


def _replace(reform: Reform, plan: Plan, document_id: int | None, on: date, by: Actor) -> None:
    before, document_before = reform.plan, reform.document_id
    _put(reform, plan, document_id, on, by)
    if (reform.plan, document_id) == (before, document_before) and reform.state != State.UNDONE:
        raise ValidationError(_("Nothing was changed."))
    most = MOST_FORMER if len(before["steps"]) <= MANY_STEPS else 1
    reform.former = [*reform.former, {"plan": before, "document": document_before}][-most:]
    _next_edition(reform, before, on, by)


def _next_edition(reform: Reform, before: dict[str, Any], on: date, by: Actor) -> None:
    reform.edition += 1
    reform.state = State.DRAFT
    reform.executed_on, reform.digest, reform.reshapings, reform.undo = None, "", [], {}
    reform.save()
    Approval.objects.filter(reform=reform).delete()
    write_down(
        CHANGE_REFORM,
        reform,
        PLAN,
        {
            "title": reform.title,
            "since": reform.on_date,
            "steps": [len(before["steps"]), len(reform.plan["steps"])],
            "edition": reform.edition,
        },
        on=on,
        by=by,
    )


@transaction.atomic
def submit_reform(reform_id: int, *, edition: int | None = None, on: date, by: Actor) -> Reform:
    """Ask the units concerned and their superiors to approve the plan as it is.

    ValidationError unless this edition was rehearsed and nothing has to be put right in it.
    """
    reform = take(reform_id, PLAN, states=[State.DRAFT], edition=edition, on=on, by=by)
    rehearsal = Rehearsal.objects.filter(reform=reform, edition=reform.edition).first()
    if rehearsal is None:
        raise ValidationError(_("Rehearse the reform as it is now first."))
    if rehearsal.blocking:
        raise ValidationError(_("The rehearsal has found what cannot be. Put it right and rehearse again."))
    Approval.objects.filter(reform=reform).delete()
    ask_units(reform, rehearsal.report["asked"])
    reform.state = State.SUBMITTED
    reform.save(update_fields=["state"])
    write_down(SUBMIT_REFORM, reform, PLAN, {"edition": reform.edition}, on=on, by=by)
    return reform


def _put(reform: Reform, plan: Plan, document_id: int | None, on: date, by: Actor) -> None:
    if not plan.title.strip():
        raise ValidationError({"title": [_("Write a title.")]})
    if document_id is not None and not readable(by, on).filter(pk=document_id).exists():
        raise ValidationError({"document": [_("There is no such document.")]})
    reform.title = plan.title.strip()
    reform.on_date = min((plan.day_of(step) for step in plan.steps), default=plan.on)
    reform.basis = plan.basis
    reform.document_id = document_id
    reform.plan = as_data(plan)
    reform.changed_by = by.label
    reform.changed_on = on
