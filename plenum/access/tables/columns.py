"""The columns of a table in a file: those that say something, the codes of units, and the notes."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from plenum.access.tables.table import Cell, ReadTable


@dataclass(frozen=True)
class Columns:
    """Which columns of the page go into the file; `coded` are those followed by a column of codes."""

    heads: tuple[str, ...]
    kept: tuple[int, ...]
    coded: frozenset[int]
    with_notes: bool

    @classmethod
    def of(cls, table: ReadTable) -> "Columns":
        """The columns of a table, by its head and the rows of its first page."""
        kept = tuple(place for place in range(len(table.head)) if not _says_nothing(table, place))
        coded = frozenset(
            place for place in kept if any(len(row) > place and row[place].code for row in table.rows)
        )
        notes = table.pages > 1 or any(
            row[place].notes for row in table.rows for place in kept if len(row) > place
        )
        return cls(tuple(cell.text for cell in table.head), kept, coded, notes)

    def head(self) -> list[str]:
        """What stands above each column of the file."""
        named: list[str] = []
        for place in self.kept:
            named.append(self.heads[place])
            if place in self.coded:
                code = _("Code")
                named.append(code if len(self.coded) == 1 else f"{self.heads[place]} ({code})")
        return [*named, _("Notes")] if self.with_notes else named

    def row(self, cells: list[Cell]) -> Iterator[Cell]:
        """The cells of one row of the file."""
        said = []
        for place in self.kept:
            cell = cells[place] if place < len(cells) else Cell()
            yield cell
            if place in self.coded:
                yield Cell(cell.code)
            head = self.heads[place]
            said += [f"{head}: {note}" if head else note for note in cell.notes]
        if self.with_notes:
            yield Cell("; ".join(said))


def _says_nothing(table: ReadTable, place: int) -> bool:
    """Whether a column is only drawn, or only has controls."""
    cells = [row[place] for row in table.rows if len(row) > place]
    if any(cell.text or cell.notes or cell.code for cell in cells):
        return False
    return any(cell.drawn for cell in cells) or not table.head[place].seen


def for_csv(table: ReadTable) -> ReadTable:
    """The table with bare numbers: what stands around one, such as “at least” or “pp”, becomes a note."""
    heads = [cell.text for cell in table.head]
    rows = [
        [_bare(cell, heads[place] if place < len(heads) else "") for place, cell in enumerate(row)]
        for row in table.rows
    ]
    return replace(table, rows=rows)


def _bare(cell: Cell, head: str) -> Cell:
    around = " ".join(part for part in (cell.before.strip(), cell.after.strip()) if part)
    if not isinstance(cell.value, Decimal) or not around or (around == "%" and "%" in head):
        return cell
    return replace(cell, notes=(around, *cell.notes))
