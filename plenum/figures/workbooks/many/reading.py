"""Reading a workbook of many units that came back, row by row: that it is ours, and what was typed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

from django.utils import translation
from django.utils.translation import gettext as _

from plenum.figures.workbooks.entries import REASON, REMARK, WorkbookRefused
from plenum.figures.workbooks.many.layout import (
    CODE,
    CODES_ROW,
    EDITION,
    FIRST_ROW,
    HEAD_ROW,
    NAME,
    SEAL,
    Stamp,
    codes,
    column_of,
    heads,
)
from plenum.figures.workbooks.reading import LONGEST_REMARK, count_in, plain
from plenum.figures.workbooks.streams import Book, Cell, Other
from plenum.figures.workbooks.writing import STAMP_SHEET
from plenum.packs import pack

LARGEST_FILE = 50 * 2**20
LARGEST_UNPACKED = 1000 * 2**20
LONGEST_NAME = 500
LONGEST_REASON = 1000


@dataclass(frozen=True)
class Typed:
    """The row of one unit as it came back; ``row`` is counted from 0, ``cells`` are by slot."""

    row: int
    code: str
    name: str
    edition: int
    cells: dict[str, Cell]
    remark: Cell | None
    reason: Cell | None = None


class Many:
    """A workbook of many units, opened. WorkbookRefused for what is no such workbook of ours."""

    def __init__(self, body: bytes) -> None:
        if len(body) > LARGEST_FILE:
            _refuse(
                _("This file is too large: at most %(size)s MB are taken.") % {"size": LARGEST_FILE >> 20}
            )
        self._book = Book(body, largest_unpacked=LARGEST_UNPACKED)
        self.stamp = self._stamp()
        form = pack().forms.get(self.stamp.form)
        if form is None or self.stamp.sheet not in self._book.sheets:
            _refuse(_("A sheet is missing or has another name: %(sheet)s.") % {"sheet": self.stamp.sheet})
        self.form = form
        self._slots = [(slot.code, column_of(form, slot.code)) for slot in form.slots]

    def lines(self) -> Iterator[Typed]:
        """The rows of all units, as often as one likes, each once; WorkbookRefused when one was moved or removed."""
        self._book.begin_again()
        seen: set[str] = set()
        headed = 0
        for row, cells in self._book.rows(self.stamp.sheet):
            if row in (HEAD_ROW, CODES_ROW):
                self._refuse_other_columns(row, cells)
                headed += 1
            elif row >= FIRST_ROW and (CODE in cells or SEAL in cells):
                line = self._line(row, cells)
                if line.code in seen or headed < 2 or row != FIRST_ROW + len(seen):
                    self._refuse_moved(row)
                seen.add(line.code)
                yield line
        if len(seen) != self.stamp.rows:
            _refuse(
                _(
                    "Rows of this workbook were removed: %(there)s of %(all)s are there. Download the workbook again "
                    "and copy the figures into it; a row that is left empty changes nothing."
                )
                % {"there": len(seen), "all": self.stamp.rows}
            )

    def _stamp(self) -> Stamp:
        text = ""
        if STAMP_SHEET in self._book.sheets:
            for _row, cells in self._book.rows(STAMP_SHEET):
                text = str(cells.get(0, ""))
                break
        stamp = Stamp.read(text)
        if stamp is None:
            _refuse(
                _(
                    "This file is no form from here, or its stamp was changed. Download the form again and copy the "
                    "figures into it."
                )
            )
        return stamp

    def _refuse_other_columns(self, row: int, cells: dict[int, Cell]) -> None:
        """Every column must stand where it stood, under the same head."""
        with translation.override(self.stamp.language):
            expected = codes(self.form) if row == CODES_ROW else heads(self.form)
        for column, text in enumerate(expected):
            if str(cells.get(column, "")) != text:
                _refuse(
                    _(
                        "A column was moved, renamed or removed: %(column)s. Download the workbook again and copy the "
                        "figures into it."
                    )
                    % {"column": str(cells.get(column, ""))[:100] or text}
                )

    def _line(self, row: int, cells: dict[int, Cell]) -> Typed:
        code, edition = cells.get(CODE), cells.get(EDITION, 0)
        if (
            not isinstance(code, str)
            or not isinstance(edition, int)
            or cells.get(SEAL) != self.stamp.seal(row, code, edition)
        ):
            self._refuse_moved(row)
        found = {slot: cell for slot, column in self._slots if (cell := cells.get(column)) is not None}
        name = str(cells.get(NAME, ""))[:LONGEST_NAME]
        remark, reason = (cells.get(column_of(self.form, place)) for place in (REMARK, REASON))
        return Typed(row, code, name, edition, found, remark, reason)

    def _refuse_moved(self, row: int) -> NoReturn:
        _refuse(
            _(
                "The code, edition or order of the units was changed in row %(row)s. Download the workbook again and "
                "copy the figures into it."
            )
            % {"row": row + 1}
        )


def values_in(
    many: Many, line: Typed
) -> tuple[tuple[int | None, ...], dict[str, str], dict[str, tuple[str, ...]]]:
    """The figures of a row (position n holds slot number n + 1), its texts, and which cells cannot be read and why."""
    faults: dict[str, tuple[str, ...]] = {}
    values: list[int | None] = [None] * many.form.width
    for slot in many.form.slots:
        cell = line.cells.get(slot.code)
        if cell is None:
            continue
        try:
            values[slot.number - 1] = _count(cell)
        except ValueError as error:
            faults[slot.code] = (str(error),)
    texts: dict[str, str] = {}
    for place, said, longest in (
        (REMARK, line.remark, LONGEST_REMARK),
        (REASON, line.reason, LONGEST_REASON),
    ):
        texts[place] = plain(said.text if isinstance(said, Other) else said)
        if len(texts[place]) > longest:
            faults[place] = (_("Write at most %(count)s characters.") % {"count": longest},)
    return tuple(values), texts, faults


def _count(cell: Cell) -> int | None:
    """A figure as it may stand in a cell; ValueError with what is wrong."""
    if isinstance(cell, int) and 0 <= cell < 10**9:
        return cell
    if isinstance(cell, Other):
        if cell.what == "formula":
            raise ValueError(_("Write the number itself, not a formula."))
        raise ValueError(
            _("Enter a whole number, for example 12 or 1204. Leave it empty if it is not known.")
        )
    return count_in(cell)


def _refuse(text: str) -> NoReturn:
    raise WorkbookRefused(text)
