"""How every act on returns takes its turn: one transaction, the tree kept still, the return locked and checked."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from plenum.access.powers import Power
from plenum.access.reach import require
from plenum.figures.models import Return, Step
from plenum.figures.rules import Deed, NotNow, State, state_after
from plenum.figures.wording import day, not_now_text
from plenum.journal import actions as journal
from plenum.journal.actions import Noted
from plenum.journal.actor import Actor
from plenum.journal.acts import Act
from plenum.tree.turn import share_turn


class ReturnChanged(ValidationError):
    """Somebody else has changed the return since it was read; refused on ``edition``."""


@contextmanager
def writing() -> Iterator[None]:
    """One transaction in which the tree does not change.

    The tree's lock is taken before any row, so that an act, a move and a long import wait for each other and never
    deadlock.
    """
    with transaction.atomic():
        share_turn()
        yield


def take(
    return_id: int, deed: Deed, power: Power, *, edition: int | None, on: date, by: Actor
) -> tuple[Return, State | None]:
    """Lock a return for a deed; gives it with the state it will have.

    Raises OutOfReach, ValidationError (``edition``, ``on``, or that the deed is not possible now) or
    ``Return.DoesNotExist``.
    """
    returned = Return.objects.select_for_update().get(pk=return_id)
    require(by, power, returned.unit_id, on)
    if edition is not None:
        refuse_other_edition(returned, edition)
    after = next_state(deed, returned)
    refuse_earlier_day(returned, on)
    return returned, after


def refuse_other_edition(returned: Return, edition: int) -> None:
    """`ReturnChanged` when somebody has changed the return since it was read."""
    if returned.edition != edition:
        changed = timezone.localtime(returned.changed_at)
        raise ReturnChanged(
            {
                "edition": _(
                    "Somebody else has changed this return meanwhile. Name: %(name)s. Day: %(day)s. Time: %(time)s. "
                    "Compare the figures below with yours and save again."
                )
                % {
                    "name": returned.changed_by,
                    "day": day(returned.changed_on),
                    "time": f"{changed:%H:%M}",
                }
            }
        )


def refuse_earlier_day(returned: Return, on: date) -> None:
    """ValidationError on ``on`` when the day lies before the last step of the return."""
    last = returned.last_step_on
    if last is not None and on < last:
        raise ValidationError(
            {"on": _("Choose a later day: the last step of this return was on %(day)s.") % {"day": day(last)}}
        )


def next_state(deed: Deed, returned: Return) -> State | None:
    """The state after a deed; ValidationError when the return does not allow it now."""
    try:
        return state_after(
            deed,
            State(returned.state),
            submitted=returned.version > 0,
            accepted=returned.accepted_version is not None,
        )
    except NotNow as refusal:
        raise ValidationError(not_now_text(refusal)) from refusal


def may_save(returned: Return) -> bool:
    """Whether the state of a return lets its draft be changed."""
    try:
        next_state(Deed.SAVE, returned)
    except ValidationError:
        return False
    return True


def may_correct(returned: Return) -> bool:
    """Whether the state of a return lets a correction be begun."""
    return returned.state == State.ACCEPTED


def required_reason(reason: str) -> str:
    """The reason without blanks around it; ValidationError on ``reason`` when nothing is left."""
    if not reason.strip():
        raise ValidationError({"reason": _("Write the reason.")})
    return reason.strip()


def change(returned: Return, *, on: date, by: Actor, sitting: str = "") -> None:
    """Write a changed return as its next edition, and remember who changed it, and in which sitting."""
    mark_changed(returned, on=on, by=by, sitting=sitting)
    returned.changed_at = Now()
    returned.save()


def mark_changed(returned: Return, *, on: date, by: Actor, sitting: str = "") -> None:
    """Let a changed return be its next edition, that remembers who changed it; it is not written yet."""
    returned.edition += 1
    returned.sitting = sitting
    returned.changed_by = by.label
    returned.changed_on = on


def step(returned: Return, deed: Deed, *, version: int, on: date, by: Actor, reason: str = "") -> None:
    """Write a changed return with the step in its course that changed it."""
    taken = next_step(returned, deed, version=version, on=on, by=by, reason=reason)
    change(returned, on=on, by=by)
    taken.save(force_insert=True)


def next_step(returned: Return, deed: Deed, *, version: int, on: date, by: Actor, reason: str = "") -> Step:
    """The next step in the course of a return, which the return counts; neither is written yet."""
    returned.last_step_on = on
    returned.steps_taken += 1
    return Step(
        of_return=returned,
        number=returned.steps_taken,
        what=deed,
        version=version,
        reason=reason,
        by_id=by.account_id,
        by=by.label,
        on_date=on,
    )


def record(
    act: Act, returned: Return, power: Power, content: Mapping[str, Any], *, on: date, by: Actor
) -> None:
    """Write an act on a return into the journal of its unit."""
    noted = note(returned, content)
    journal.record(
        act,
        by=by,
        power=power,
        unit_id=noted.unit_id,
        on=on,
        subject=noted.subject,
        subject_label=noted.subject_label,
        change=noted.change,
    )


def note(returned: Return, content: Mapping[str, Any]) -> Noted:
    """What the journal of a unit says of an act on one of its returns."""
    return Noted(
        returned.unit_id, f"figures.Return:{returned.pk}", f"{returned.form} {returned.period_code}", content
    )
