"""Founding a unit."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from plenum.access.reach import OutOfReach, require
from plenum.journal.actions import record
from plenum.journal.actor import Actor
from plenum.organisation.actions.refusals import in_words
from plenum.organisation.powers import FOUND, FOUND_UNIT
from plenum.tree import ledger
from plenum.tree.models import Unit
from plenum.tree.queries import unit_view


@transaction.atomic
def found_unit(
    *,
    code: str,
    name: str,
    kind: str,
    parent: Unit | None,
    on: date,
    by: Actor,
    since: date | None = None,
    until: date | None = None,
    short: str = "",
    predecessors: Sequence[Unit] = (),
    illustrative: bool = False,
) -> Unit:
    """Found a unit under `parent`, which lives from `since` (left out: from `on`, the day of the act).

    `until` is the first day on which it does not exist any more, if that is known. `predecessors` are the units
    that went on in it. Only the system founds a unit without superior. ValidationError names what to correct.
    """
    if parent is not None:
        require(by, FOUND, parent, on)
    elif not by.is_system:
        raise OutOfReach(FOUND, 0)
    for predecessor in predecessors:  # whoever reaches the new unit reaches their past
        require(by, FOUND, predecessor, on)
    first = since or on
    with in_words():
        unit = ledger.found(
            code=code,
            name=name,
            kind=kind,
            parent=parent,
            on=first,
            until=until,
            short=short,
            illustrative=illustrative,
        )
        for predecessor in predecessors:
            ledger.link(predecessor, unit, on=first)
    change: dict[str, object] = {
        "name": name.strip(),
        "kind": kind,
        "parent": unit_view(parent, first).name if parent else None,
        "parent_code": parent.code if parent else None,
        "since": first,
    }
    if until is not None:
        change["until"] = until
    if predecessors:
        change["predecessors"] = "; ".join(unit_view(each, first).name for each in predecessors)
    record(
        FOUND_UNIT,
        by=by,
        power=FOUND,
        unit_id=unit.pk,
        on=on,
        subject=f"tree.Unit:{unit.pk}",
        subject_label=name.strip(),
        change=change,
    )
    return unit
