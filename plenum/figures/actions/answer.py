"""Answering a submitted return: what the superior does."""

from datetime import date

from plenum.figures.models import Return
from plenum.journal.actor import Actor


def accept_return(return_id: int, *, edition: int | None = None, on: date, by: Actor) -> Return:
    """Accept a submitted return: from this day its figures count for the unit and everything above it.

    ValidationError ``on`` when the day is before the last step of this return, ``edition`` when it has changed since.
    """
    raise LookupError


def send_back(return_id: int, reason: str, *, edition: int | None = None, on: date, by: Actor) -> Return:
    """Send a submitted return back with a reason; ValidationError ``reason`` when it is empty."""
    raise LookupError
