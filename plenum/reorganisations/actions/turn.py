"""What every act on a reform begins with: the reform locked, the edition the one that was looked at."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from plenum.access.powers import Power
from plenum.access.reach import require
from plenum.journal.actions import record
from plenum.journal.actor import Actor
from plenum.journal.acts import Act
from plenum.reorganisations.models import Reform


class ReformChanged(ValidationError):
    """Somebody else has changed the reform since it was read; refused on ``edition``."""


def take(
    reform_id: int,
    power: Power,
    *,
    states: Iterable[str],
    edition: int | None = None,
    on: date,
    by: Actor,
) -> Reform:
    """Lock a reform for an act that is possible in some states and needs a power at its unit.

    Raises OutOfReach, ValidationError, or ``Reform.DoesNotExist``.
    """
    reform = Reform.objects.select_for_update(of=("self",)).get(pk=reform_id)
    require(by, power, reform.unit_id, on)
    refuse_other_edition(reform, edition)
    refuse_other_state(reform, states)
    return reform


def refuse_other_edition(reform: Reform, edition: int | None) -> None:
    """`ReformChanged` when somebody has changed the plan since it was read."""
    if edition is not None and edition != reform.edition:
        text = _("Somebody else has changed this reform meanwhile: %(name)s. Look at it again.")
        raise ReformChanged({"edition": [text % {"name": reform.changed_by}]})


def refuse_other_state(reform: Reform, states: Iterable[str]) -> None:
    """ValidationError when the act is not possible as the reform stands."""
    if reform.state not in set(states):
        text = _("This is not possible now: the reform is in the state “%(state)s”.")
        raise ValidationError(text % {"state": reform.get_state_display()})


def write_down(
    act: Act, reform: Reform, power: Power, change: dict[str, object], *, on: date, by: Actor
) -> None:
    """Write an act on a reform into the journal of the unit that answers for it."""
    record(
        act,
        by=by,
        power=power,
        unit_id=reform.unit_id,
        on=on,
        subject=f"reorganisations.Reform:{reform.pk}",
        subject_label=reform.title,
        change=change,
    )


def listed(codes: Sequence[str], most: int = 20) -> str:
    """Codes in a sentence: the first of them, and how many others there are."""
    more = len(codes) - most
    text = ", ".join(codes[:most])
    return f"{text} (+{more})" if more > 0 else text
