"""Founding many units from the rows of a table, all or none."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from plenum.access.cells import UnitCells, codes_cell, day_cell, day_cell_or_none, flag_cell
from plenum.access.sheets import Cells, Faults, Progress, Read, Row, Sheet
from plenum.journal.actor import Actor
from plenum.organisation.actions.found_unit import found_unit
from plenum.organisation.powers import FOUND, READ
from plenum.tree.models import Unit

SHEET = Sheet(("code", "kind", "name", "parent", "from"), ("short", "until", "predecessors", "illustrative"))
NAMED = {"since": "from"}
READS: Mapping[str, Read] = {"from": day_cell, "until": day_cell_or_none, "illustrative": flag_cell}


def load_units(rows: Iterable[Cells], *, on: date, by: Actor, progress: Progress | None = None) -> list[Unit]:
    """Found the units of the rows, superior units first whatever the order of the lines.

    What a person loads is done on the day `on`; the system founds each unit on its own first day. ValidationError
    lists every fault with its line and column, and nothing is written. `progress` is told rows done and rows in all.
    """
    faults = Faults(NAMED, out_of_reach="parent")
    lines = _first_of_each(SHEET.numbered(rows), faults)
    for row in lines:
        faults.read(row, READS)
    known = UnitCells(lines, "parent", "predecessors", powers=[FOUND, READ], by=by, on=on)
    refused = {row["code"] for row in lines if row.line in faults.lines}
    founded: dict[str, Unit] = {}
    with transaction.atomic():
        for done, row in enumerate(_superiors_first(lines), start=1):
            # What stands below a refused line of the same sheet says nothing new.
            if row["code"] not in refused and not _named_by(row) & refused:
                with faults.at(row.line), transaction.atomic():
                    founded[row["code"]] = _found(row, known, on, by)
                    known.add(founded[row["code"]])
            if row["code"] not in founded:
                refused.add(row["code"])
            if progress is not None:
                progress(done, len(lines))
        faults.refuse()
    return [founded[row["code"]] for row in lines]


def _first_of_each(lines: Sequence[Row], faults: Faults) -> list[Row]:
    """The lines without those that repeat the code of an earlier one, which are noted with all that is wrong."""
    first: dict[str, Row] = {}
    for row in lines:
        if row["code"] in first:
            text = _("The code %(code)s stands already in line %(line)s.")
            faults.add(row.line, "code", text % {"code": row["code"], "line": first[row["code"]].line})
            faults.read(row, READS)
        first.setdefault(row["code"], row)
    return list(first.values())


def _named_by(row: Row) -> set[str]:
    return {row["parent"], *codes_cell(row, "predecessors")}


def _superiors_first(lines: Sequence[Row]) -> list[Row]:
    """The lines so that each comes after those it names; lines that name each other in a circle come last."""
    waiting = list(lines)
    ordered: list[Row] = []
    while waiting:
        left = {row["code"] for row in waiting}
        ready = [row for row in waiting if not _named_by(row) & left]
        ordered += ready or waiting
        taken = {row["code"] for row in ready or waiting}
        waiting = [row for row in waiting if row["code"] not in taken]
    return ordered


def _found(row: Row, units: UnitCells, on: date, by: Actor) -> Unit:
    start = day_cell(row, "from")
    return found_unit(
        code=row["code"],
        name=row["name"],
        kind=row["kind"],
        parent=units.or_none(row, "parent"),
        since=start,
        until=day_cell_or_none(row, "until"),
        short=row["short"],
        predecessors=units.each(row, "predecessors", codes_cell(row, "predecessors")),
        illustrative=flag_cell(row, "illustrative"),
        on=start if by.is_system else on,
        by=by,
    )
