"""Founding many units from the rows of a table, all or none."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from plenum.access.reach import OutOfReach, reachable
from plenum.journal.actor import Actor
from plenum.organisation.actions.found_unit import found_unit
from plenum.organisation.powers import FOUND, READ
from plenum.tree.models import Unit

COLUMNS = ("code", "kind", "name", "short", "parent", "from", "until", "predecessors", "illustrative")
HEADING_LINE = 1
COLUMN_OF = {"since": "from"}
"""Where the column of a field of the act is called otherwise."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class _Line:
    number: int
    code: str
    kind: str
    name: str
    short: str
    parent: str
    start: date
    until: date | None
    predecessors: tuple[str, ...]
    illustrative: bool


@transaction.atomic
def load_units(
    rows: Sequence[Mapping[str, str]], *, by: Actor, on: date | None = None, progress: Progress | None = None
) -> list[Unit]:
    """Found the units of the rows, superior units first whatever the order of the lines.

    `on` is the day of the acts; left out, each unit is founded on its own first day. ValidationError lists every
    fault with its line (the heading is line 1) and column, and nothing is written. `progress` is told rows done
    and rows in all.
    """
    lines, faults = _read(rows)
    founded: dict[str, Unit] = {}
    refused = {line.code for line in lines if any(fault[0] == line.number for fault in faults)}
    known = _reached(lines, by, on)
    for done, line in enumerate(_superiors_first(lines), start=1):
        needed = {line.parent, *line.predecessors}
        if line.code in refused or needed & refused:
            refused.add(line.code)
            continue
        try:
            with transaction.atomic():
                founded[line.code] = _found(line, {**known, **founded}, by, on or line.start)
        except ValidationError as error:
            refused.add(line.code)
            for field, messages in error.message_dict.items():
                faults += [(line.number, COLUMN_OF.get(field, field), message) for message in messages]
        except OutOfReach as error:
            refused.add(line.code)
            faults.append((line.number, "parent", str(error)))
        if progress is not None:
            progress(done, len(lines))
    if faults:
        raise ValidationError([_fault(*fault) for fault in sorted(faults)])
    return [founded[line.code] for line in lines]


def _read(rows: Sequence[Mapping[str, str]]) -> tuple[list[_Line], list[tuple[int, str, str]]]:
    lines: list[_Line] = []
    faults: list[tuple[int, str, str]] = []
    missing = [column for column in COLUMNS if rows and column not in rows[0]]
    if missing:
        return [], [(HEADING_LINE, column, _("This column is missing.")) for column in missing]
    seen: dict[str, int] = {}
    for number, row in enumerate(rows, start=HEADING_LINE + 1):
        cells = {column: (row[column] or "").strip() for column in COLUMNS}
        start = _day(cells["from"])
        until = _day(cells["until"]) if cells["until"] else None
        if start is None:
            faults.append((number, "from", _("Write a day as 2023-12-31.")))
        if cells["until"] and until is None:
            faults.append((number, "until", _("Write a day as 2023-12-31.")))
        if cells["illustrative"] not in ("", "0", "1"):
            faults.append((number, "illustrative", _("Write 1 for yes or 0 for no.")))
        if cells["code"] in seen:
            text = _("The code %(code)s stands already in line %(line)s.")
            faults.append((number, "code", text % {"code": cells["code"], "line": seen[cells["code"]]}))
            continue
        seen[cells["code"]] = number
        lines.append(
            _Line(
                number=number,
                code=cells["code"],
                kind=cells["kind"],
                name=cells["name"],
                short=cells["short"],
                parent=cells["parent"],
                start=start or date.min,
                until=until,
                predecessors=tuple(part.strip() for part in cells["predecessors"].split(";") if part.strip()),
                illustrative=cells["illustrative"] == "1",
            )
        )
    return lines, faults


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _reached(lines: Sequence[_Line], by: Actor, on: date | None) -> dict[str, Unit]:
    """The units named in the rows that exist already and that the actor may know of."""
    named = {code for line in lines for code in (line.parent, *line.predecessors) if code}
    if not lines:
        return {}
    day = on or min(line.start for line in lines)
    found = reachable(by, FOUND, day).filter(code__in=named) | reachable(by, READ, day).filter(code__in=named)
    return {unit.code: unit for unit in found}


def _superiors_first(lines: Sequence[_Line]) -> list[_Line]:
    """The lines so that each comes after those it names; lines that name each other in a circle come last."""
    waiting = list(lines)
    ordered: list[_Line] = []
    while waiting:
        left = {line.code for line in waiting}
        ready = [line for line in waiting if not {line.parent, *line.predecessors} & left]
        ordered += ready or waiting
        taken = {line.code for line in ready or waiting}
        waiting = [line for line in waiting if line.code not in taken]
    return ordered


def _found(line: _Line, known: Mapping[str, Unit], by: Actor, on: date) -> Unit:
    absent = _("There is no unit with the code %(code)s.")
    if line.parent and line.parent not in known:
        raise ValidationError({"parent": [absent % {"code": line.parent}]})
    strangers = [code for code in line.predecessors if code not in known]
    if strangers:
        raise ValidationError({"predecessors": [absent % {"code": code} for code in strangers]})
    return found_unit(
        code=line.code,
        name=line.name,
        kind=line.kind,
        parent=known[line.parent] if line.parent else None,
        since=line.start,
        until=line.until,
        short=line.short,
        predecessors=[known[code] for code in line.predecessors],
        illustrative=line.illustrative,
        on=on,
        by=by,
    )


def _fault(line: int, column: str, message: str) -> str:
    values = {"line": line, "column": column, "message": message}
    return _("Line %(line)s, column %(column)s: %(message)s") % values
