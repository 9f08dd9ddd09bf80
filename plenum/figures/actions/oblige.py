"""Deciding which returns a unit owes."""

from datetime import date

from plenum.figures.models import Obligation
from plenum.journal.actor import Actor
from plenum.periods import Period, Span


def oblige_unit(unit_id: int, form: str, schedule: str, span: Span, *, on: date, by: Actor) -> Obligation:
    """Make a unit owe a form by a schedule for a span of days.

    ValidationError with the fields ``unit``, ``form``, ``schedule`` or ``from``: the pack knows no such form or
    schedule, the form is not for this kind of unit, the unit already owes it, or a unit on the same line owes a form
    with the same slots at the same time (figures would be counted twice).
    """
    raise LookupError


def end_obligation(obligation_id: int, last_day: date, *, on: date, by: Actor) -> Obligation:
    """Let an obligation end with ``last_day``; refused when returns exist for later periods."""
    raise LookupError


def check_reportable(unit_id: int, form: str, period: Period) -> Obligation:
    """The obligation under which the unit can report for a period; ValidationError (``period``) if there is none."""
    raise LookupError
