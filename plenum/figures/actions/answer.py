"""Answering a submitted return: what the superior does."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import DataError, transaction
from django.utils.translation import gettext as _

from plenum.figures import powers
from plenum.figures.actions.turn import record, required_reason, step, take, writing
from plenum.figures.models import Entry, Return, Version
from plenum.figures.rules import Deed, State, difference
from plenum.journal.actor import Actor


def accept_return(return_id: int, *, edition: int | None = None, on: date, by: Actor) -> Return:
    """Accept a submitted return: from this day its figures count for the unit and everything above it.

    ValidationError ``on`` when the day is before the last step of this return, ``edition`` when it has changed
    since; nobody accepts what they have submitted themselves.
    """
    with writing():
        returned, _after = take(return_id, Deed.ACCEPT, powers.ACCEPT, edition=edition, on=on, by=by)
        found = {
            version.number: version
            for version in returned.versions.filter(
                number__in=[returned.version, returned.accepted_version or 0]
            )
        }
        new, old = found[returned.version], found.get(returned.accepted_version or 0)
        if by.account_id is not None and new.submitted_by_id == by.account_id:
            raise ValidationError(
                _("You have submitted this return yourself: somebody else has to accept it.")
            )
        _enter(returned, new, old, on)
        before = returned.accepted_version
        returned.state = State.ACCEPTED
        returned.accepted_version = new.number
        returned.accepted_on = on
        returned.reason = returned.sent_back_reason = ""
        step(returned, Deed.ACCEPT, version=new.number, on=on, by=by, reason=new.reason)
        form = returned.form_of_pack
        was = old.figures.by_slot(form) if old else {}
        now = new.figures.by_slot(form)
        content = {
            "version": [before, new.number],
            "figures": {
                code: [was.get(code), value] for code, value in now.items() if was.get(code) != value
            },
        }
        record(powers.ACCEPT_RETURN, returned, powers.ACCEPT, content, on=on, by=by)
    return returned


def _enter(returned: Return, new: Version, old: Version | None, on: date) -> None:
    """Write what the acceptance adds; the database adds it to every unit above."""
    gained = difference(old.figures if old else None, new.figures)
    try:
        with transaction.atomic():
            Entry.objects.create(
                of_return=returned,
                version=new,
                known_on=on,
                delta=list(gained.delta),
                delta_counts=list(gained.counts),
                delta_illustrative=list(gained.illustrative),
            )
    except DataError as error:
        raise ValidationError(
            _("With this return a sum becomes larger than Plenum can keep. Check the largest figures.")
        ) from error


def send_back(return_id: int, reason: str, *, edition: int | None = None, on: date, by: Actor) -> Return:
    """Send a submitted return back with a reason; ValidationError ``reason`` when it is empty."""
    with writing():
        returned, _after = take(return_id, Deed.SEND_BACK, powers.ACCEPT, edition=edition, on=on, by=by)
        returned.sent_back_reason = required_reason(reason)
        returned.state = State.SENT_BACK
        step(
            returned, Deed.SEND_BACK, version=returned.version, on=on, by=by, reason=returned.sent_back_reason
        )
        content = {"version": returned.version, "reason": returned.sent_back_reason}
        record(powers.SEND_BACK, returned, powers.ACCEPT, content, on=on, by=by)
    return returned
