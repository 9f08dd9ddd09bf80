"""Entering, submitting and correcting a return: what the reporting unit does."""

from collections.abc import Collection, Mapping
from datetime import date

from plenum.figures.models import Return
from plenum.journal.actor import Actor
from plenum.periods import Period


def save_draft(
    unit_id: int,
    form: str,
    period: Period,
    values: Mapping[str, int | None],
    *,
    illustrative: Collection[str] | None = None,
    remark: str | None = None,
    edition: int,
    on: date,
    by: Actor,
) -> Return:
    """Keep what has been entered so far, plausible or not; begins the return if ``edition`` is 0.

    ``values`` by slot code: None clears a figure, a slot left out keeps what it had; likewise ``illustrative`` (codes
    of marked slots) and ``remark`` when None. ValidationError: ``edition`` when somebody else saved meanwhile (names
    who and when), a slot code for a figure out of range, ``period`` when the unit owes nothing for it.
    """
    raise LookupError


def submit_return(return_id: int, *, edition: int, on: date, by: Actor) -> Return:
    """Submit the draft as a new version.

    ValidationError: by slot code for every check that fails (with both sides and the difference), ``remark`` when
    something unusual needs an explanation and there is none, ``edition`` as in `save_draft`, ``on`` when the last
    month of the period has not begun.
    """
    raise LookupError


def withdraw_return(return_id: int, *, edition: int, on: date, by: Actor) -> Return:
    """Take back a submitted return before it is accepted, to change it."""
    raise LookupError


def correct_return(return_id: int, reason: str, *, edition: int, on: date, by: Actor) -> Return:
    """Begin a correction of an accepted return; the accepted figures stand until the correction is accepted.

    ValidationError ``reason`` when it is empty.
    """
    raise LookupError


def discard_draft(return_id: int, *, edition: int, on: date, by: Actor) -> Return | None:
    """Throw away a draft that was never submitted (None), or a correction: back to what is accepted."""
    raise LookupError
