"""Taking the returns of many units over at once: all of them or none, with the checks of a single return for each.

A few statements for each thousand returns do what the acts on a single one do. Everything is weighed first, in the
order of units, and its rows are locked; it is written when nothing is wrong.
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from plenum.access.reach import require
from plenum.figures import powers
from plenum.figures.actions.draft import (
    begin_correction,
    begun,
    continues,
    enter,
    next_version,
    refuse_unfit,
    refuse_unready,
    submission,
)
from plenum.figures.actions.oblige import known_form
from plenum.figures.actions.turn import (
    mark_changed,
    may_correct,
    next_state,
    next_step,
    note,
    refuse_earlier_day,
    refuse_other_edition,
    writing,
)
from plenum.figures.models import Return, Step, Version
from plenum.figures.queries.workbooks import figures_before_of, returns_of, units_collected
from plenum.figures.rules import Deed, Figures, State
from plenum.journal.actions import record, record_many
from plenum.journal.actor import Actor
from plenum.journal.many import insert_many, take_numbers
from plenum.packs import Form
from plenum.periods import Period
from plenum.tree.models import Unit

MOST_FAULTS = 1000
"""So many returns are said to be wrong, and why; of others only how many they are."""
AT_ONCE = 1000
"""So many returns are weighed and written by the same statements."""
CHANGES = (
    "state",
    "edition",
    "sitting",
    "version",
    "draft_values",
    "draft_illustrative",
    "remark",
    "reason",
    "sent_back_reason",
    "entered_by_id",
    "entered_by",
    "changed_by",
    "changed_on",
    "first_submitted_on",
    "submitted_on",
    "last_step_on",
    "steps_taken",
)
"""What correcting, saving and submitting may change of a return that is there."""

Progress = Callable[[int, int, str], None]
"""Told how many rows are done, of how many, and what is being done with them; may end it by raising."""


@dataclass(frozen=True, slots=True)
class Collected:
    """What is said for one unit: position n of ``values`` holds slot number n + 1, None is not reported.

    ``edition`` is that of the return that was seen, 0 when nothing had been entered. ``reason``: why an accepted return
    is corrected.
    """

    unit_id: int
    edition: int
    values: tuple[int | None, ...]
    remark: str
    reason: str = ""


@dataclass(frozen=True)
class Tally:
    """How many returns were changed, how many submitted, and how many stood already as they were sent."""

    changed: int = 0
    submitted: int = 0
    same: int = 0


class NotCollected(Exception):
    """Nothing was taken: by unit, what is wrong with its return, for the first thousand; ``more`` counts the others."""

    def __init__(self, faults: Mapping[int, ValidationError], more: int) -> None:
        super().__init__(f"{len(faults) + more} returns cannot be taken")
        self.faults = faults
        self.more = more


def collect_returns(
    above: Unit,
    form: str,
    period: Period,
    rows: Sequence[Collected],
    *,
    submit: bool,
    only_weigh: bool = False,
    progress: Progress = lambda _done, _of, _what: None,
    on: date,
    by: Actor,
) -> Tally:
    """Keep the returns of units below one as drafts, or submit them at once; one row for a unit.

    A return that stands as it is sent stays as it is. A row in which nothing stands begins no return. An accepted
    return is corrected where its row has a reason (ValidationError ``reason`` where it has none). Raises OutOfReach
    where the power to collect is lacking at ``above``, ValidationError for an unknown form, or NotCollected with
    everything for which the acts on a single return would be refused, by unit; then nothing is written.
    ``only_weigh``: nothing is written either way.
    """
    with writing():
        require(by, powers.COLLECT, above, on)
        allowed = {unit.id for unit in units_collected(by, above, form, period, on)}
        weighing = _Weighing(known_form(form), period, submit, allowed, on, by)
        ordered = sorted(rows, key=lambda row: row.unit_id)
        for start in range(0, len(ordered), AT_ONCE):
            weighing.weighed(ordered[start : start + AT_ONCE])
            progress(min(start + AT_ONCE, len(ordered)), len(ordered), _("Rows checked"))
        if weighing.faults:
            raise NotCollected(weighing.faults, weighing.more)
        if only_weigh:
            return Tally()
        changed = submitted = same = 0
        for start in range(0, len(ordered), AT_ONCE):
            batch = ordered[start : start + AT_ONCE]
            found = weighing.weighed(batch)
            with _by_index():
                _write(found, on=on, by=by)
            same += len(batch) - len(found)
            changed += sum(each.entered is not None for each in found)
            submitted += sum(each.version is not None for each in found)
            progress(start + len(batch), len(ordered), _("Rows written"))
        if changed or submitted:
            record(
                powers.COLLECT_RETURNS,
                by=by,
                power=powers.COLLECT,
                unit_id=above.pk,
                on=on,
                subject=f"figures.collection:{above.pk}",
                subject_label=f"{form} {period.code}",
                change={"changed": changed, "submitted": submitted},
            )
    return Tally(changed, submitted, same)


@dataclass
class _Weighed:
    """One return that is to be changed, submitted or both, as it will be, and what the journal will say of it."""

    returned: Return
    is_new: bool
    entered: Mapping[str, Any] | None = None
    correction: Mapping[str, Any] | None = None
    version: Version | None = None
    steps: list[Step] = field(default_factory=list)


@dataclass
class _Weighing:
    """What is the same for all returns of one file, and what is wrong with some."""

    form: Form
    period: Period
    submit: bool
    allowed: Collection[int]
    on: date
    by: Actor
    faults: dict[int, ValidationError] = field(default_factory=dict)
    more: int = 0

    def weighed(self, batch: Sequence[Collected]) -> list[_Weighed]:
        """Lock what stands of these returns; those that are to be written. What is wrong with others is noted."""
        ids = [row.unit_id for row in batch]
        standing = returns_of(ids, self.form.code, self.period, hold=True)
        compared = self.submit and continues(self.form)
        before = figures_before_of(ids, self.form.code, self.period) if compared else {}
        found = []
        for row in batch:
            try:
                one = self._one(row, standing.get(row.unit_id), before.get(row.unit_id))
            except ValidationError as error:
                if len(self.faults) < MOST_FAULTS:
                    self.faults[row.unit_id] = error
                else:
                    self.more += 1
            else:
                found += [one] if one else []
        return found

    def _one(
        self, row: Collected, returned: Return | None, before: Mapping[str, int | None] | None
    ) -> _Weighed | None:
        """What becomes of one return; None if it stands as it is sent. ValidationError as for a single return."""
        values = Figures(row.values, ()).by_slot(self.form)
        stands = returned.draft.by_slot(self.form) if returned else dict.fromkeys(values)
        same = values == stands and row.remark.split() == (returned.remark if returned else "").split()
        handed_in = returned is not None and returned.state in (State.SUBMITTED, State.ACCEPTED)
        if same and (returned is None or handed_in or not self.submit):
            return None
        if row.unit_id not in self.allowed:
            raise ValidationError(
                _(
                    "This return cannot be entered here any more: the unit has moved or ended, owes it no longer, or "
                    "your powers do not reach it. Download the workbook again and copy the figures into it."
                )
            )
        one = _Weighed(returned or begun(row.unit_id, self.form, self.period), is_new=returned is None)
        if not same:
            refuse_unfit(self.form, values)
            if returned is not None:
                refuse_other_edition(returned, row.edition)
                if may_correct(returned):
                    self._correct(one, row.reason)
                next_state(Deed.SAVE, returned)
            one.entered = enter(one.returned, values, remark=row.remark, by=self.by)
            mark_changed(one.returned, on=self.on, by=self.by)
        if self.submit:
            self._submit(one, before)
        return one

    def _correct(self, one: _Weighed, reason: str) -> None:
        returned = one.returned
        if not reason:
            raise ValidationError(
                {
                    "reason": _(
                        "This return is accepted, and its figures or its remark were changed here. Write why they are "
                        "corrected, or put them back."
                    )
                }
            )
        refuse_earlier_day(returned, self.on)
        one.correction = begin_correction(returned, reason)
        self._did(Deed.CORRECT, one)

    def _submit(self, one: _Weighed, before: Mapping[str, int | None] | None) -> None:
        returned = one.returned
        next_state(Deed.SUBMIT, returned)
        refuse_earlier_day(returned, self.on)
        refuse_unready(returned, before, self.on)
        one.version = next_version(returned, on=self.on, by=self.by)
        self._did(Deed.SUBMIT, one)

    def _did(self, deed: Deed, one: _Weighed) -> None:
        returned = one.returned
        one.steps.append(
            next_step(
                returned, deed, version=returned.version, on=self.on, by=self.by, reason=returned.reason
            )
        )
        mark_changed(returned, on=self.on, by=self.by)


def _write(found: Sequence[_Weighed], *, on: date, by: Actor) -> None:
    """Write weighed returns with their versions, steps and entries in the journals of their units."""
    _begin([each.returned for each in found if each.is_new])
    _change([each.returned for each in found if not each.is_new])
    versions = [each.version for each in found if each.version is not None]
    steps = [step for each in found for step in each.steps]
    for version in versions:
        version.of_return_id = version.of_return.pk
    for step in steps:
        step.of_return_id = step.of_return.pk
    insert_many(versions)
    insert_many(steps)
    corrected = [note(each.returned, each.correction) for each in found if each.correction is not None]
    record_many(powers.CORRECT_RETURN, corrected, by=by, power=powers.COLLECT, on=on)
    saved = [note(each.returned, each.entered) for each in found if each.entered is not None]
    record_many(powers.SAVE_DRAFT, saved, by=by, power=powers.COLLECT, on=on)
    handed_in = [note(each.returned, submission(each.returned)) for each in found if each.version is not None]
    record_many(powers.SUBMIT_RETURN, handed_in, by=by, power=powers.COLLECT, on=on)


@contextmanager
def _by_index() -> Iterator[None]:
    """Let the database look rows up by their index, whatever it thinks of how few there are.

    The first upload of an installation begins with empty tables. What is planned then, such as the checks of foreign
    keys, is kept for the session, and would read the whole table for each of some ten thousand rows.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        yield
        cursor.execute("SET LOCAL enable_seqscan = on")


def _begin(new: Sequence[Return]) -> None:
    try:
        with transaction.atomic():
            take_numbers(new)
            insert_many(new)
    except IntegrityError as error:
        raise ValidationError(
            _(
                "Somebody has begun one of these returns a moment ago, or there is one with another schedule for some "
                "of these months. Send the file again; if that does not help, download the workbook again."
            )
        ) from error


def _change(standing: Sequence[Return]) -> None:
    """Write changed returns in one statement."""
    if not standing:
        return
    rows = [{"id": each.pk, **{name: getattr(each, name) for name in CHANGES}} for each in standing]
    changes = ", ".join(f"{name} = changed.{name}" for name in CHANGES)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE figures_return SET {changes}, changed_at = now()"  # noqa: S608 — names of columns only
            " FROM jsonb_populate_recordset(NULL::figures_return, %s::jsonb) AS changed"
            " WHERE figures_return.id = changed.id",
            [json.dumps(rows, cls=DjangoJSONEncoder)],
        )
