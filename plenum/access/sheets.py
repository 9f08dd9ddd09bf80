"""Sheets: CSV files that are loaded all or nothing, with every fault named by its line and column.

The one reader behind every loader of every room; what single cells say is read in `plenum.access.cells`. A sheet is
UTF-8 with or without its mark, with commas, semicolons or tabs between the cells.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from typing import TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plenum.access.reach import OutOfReach

Result = TypeVar("Result")
Progress = Callable[[int, int], None]
"""Called with the number of things done and their total."""

HEADING_LINE = 1
MOST_BYTES = 64 * 1024 * 1024
LONGEST_CELL = 100_000
MOST_FAULTS = 100
"""How many faults are written out; the others are counted."""
_BROKEN = re.compile("[\ud800-\udfff]")
_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

# The reader of the library names no column when a cell is too long; here the cell itself is asked.
csv.field_size_limit(MOST_BYTES)


class Row(dict[str, str]):
    """The cells of one row by column, without blanks around them; `line` is where the row begins in its file."""

    def __init__(self, cells: Mapping[str, str], line: int) -> None:
        super().__init__(cells)
        self.line = line


Cells = Mapping[str, str]
Read = Callable[[Row, str], object]
"""Reads the cell of a column; CellError when it cannot be read."""


class CellError(ValueError):
    """One cell cannot be read; the message says what to write instead."""

    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column = column
        self.message = message


class Faults:
    """What is wrong with a sheet, by line and column.

    named: the column that shows what an act refuses at a field of another name; out_of_reach: the column that names
    the unit where the actor lacks the power.
    """

    def __init__(self, named: Mapping[str, str] | None = None, *, out_of_reach: str = "unit") -> None:
        self.named = named or {}
        self.out_of_reach = out_of_reach
        self.found: list[tuple[int, str, str]] = []

    def add(self, line: int, column: str, message: str) -> None:
        """Note one fault; an empty column is one of the whole line."""
        self.found.append((line, column, message))

    def add_error(self, line: int, error: Exception) -> None:
        """Note what an error says of a line."""
        if isinstance(error, CellError):
            self.add(line, error.column, error.message)
        elif isinstance(error, OutOfReach):
            self.add(line, self.out_of_reach, str(error))
        elif isinstance(error, ValidationError):
            for field, message in said_in(error):
                self.add(line, self.named.get(field, field), message)

    @contextmanager
    def at(self, line: int) -> Iterator[None]:
        """Note whatever refuses what is done inside, and go on."""
        try:
            yield
        except (CellError, OutOfReach, ValidationError) as error:
            self.add_error(line, error)

    def read(self, row: Row, reads: Mapping[str, Read]) -> bool:
        """Try every cell, so that all that cannot be read are noted at once; whether all could be."""
        before = len(self.found)
        for column, read in reads.items():
            with self.at(row.line):
                read(row, column)
        return len(self.found) == before

    @property
    def lines(self) -> set[int]:
        """The lines at fault."""
        return {line for line, _column, _message in self.found}

    def refuse(self) -> None:
        """Raise ValidationError with the faults in the order of the lines, if there are any."""
        if not self.found:
            return
        in_order = sorted(self.found, key=lambda fault: fault[0])
        messages = [_at(*fault) for fault in in_order[:MOST_FAULTS]]
        if (rest := len(in_order) - MOST_FAULTS) > 0:
            text = ngettext(
                "%(count)s more fault is not shown. Mend these first.",
                "%(count)s more faults are not shown. Mend these first.",
                rest,
            )
            messages.append(text % {"count": rest})
        raise ValidationError(messages)


def said_in(error: ValidationError) -> list[tuple[str, str]]:
    """The messages of a refused act, each with the field that it names, or nothing."""
    if not hasattr(error, "error_dict"):
        return [("", text) for text in error.messages]
    return [
        ("" if field == NON_FIELD_ERRORS else field, text)
        for field, texts in error.message_dict.items()
        for text in texts
    ]


def _at(line: int, column: str, message: str) -> str:
    if not column:
        return _("Line %(line)s: %(message)s") % {"line": line, "message": message}
    return _("Line %(line)s, column %(column)s: %(message)s") % {
        "line": line,
        "column": column,
        "message": message,
    }


@dataclass(frozen=True)
class Sheet:
    """The columns of one sort of sheet; the optional ones may be left out and read as empty."""

    needed: tuple[str, ...]
    optional: tuple[str, ...] = ()

    def read(self, content: bytes | str) -> list[Row]:
        """The rows of a CSV file.

        ValidationError, with line and column: a column is missing or unknown, the text is broken, a cell too long.
        """
        if len(content) > MOST_BYTES:
            limit = MOST_BYTES // (1024 * 1024)
            raise ValidationError(
                _("The file is larger than %(limit)s MB. Load it in several parts.") % {"limit": limit}
            )
        text = content if isinstance(content, str) else content.decode("utf-8-sig", errors="surrogateescape")
        faults = Faults()
        records = _records(text.removeprefix("\ufeff"), faults)
        line, head = next(records, (HEADING_LINE, []))
        header = _header(head)
        self._check(header, line, faults)
        faults.refuse()
        rows = [_row(header, record, line, faults) for line, record in records]
        faults.refuse()
        return [self._filled(row, row.line) for row in rows if any(row.values())]

    def numbered(self, rows: Iterable[Cells]) -> list[Row]:
        """Rows with their lines: those that were read as they are, others checked and counted below a heading."""
        every = list(rows)
        if every and not isinstance(every[0], Row):
            faults = Faults()
            self._check(list(every[0]), HEADING_LINE, faults)
            faults.refuse()
        return [
            self._filled(row, row.line if isinstance(row, Row) else line)
            for line, row in enumerate(every, start=HEADING_LINE + 1)
        ]

    def _filled(self, row: Cells, line: int) -> Row:
        absent = dict.fromkeys((*self.needed, *self.optional), "")
        return Row(absent | {column: (cell or "").strip() for column, cell in row.items()}, line)

    def _check(self, header: Sequence[str], line: int, faults: Faults) -> None:
        for column in self.needed:
            if column not in header:
                faults.add(line, column, _("This column is missing."))
        for place, column in enumerate(header):
            if _BROKEN.search(column) or _UNFIT.search(column):
                faults.add(line, "", _("This is not UTF-8 text. Save the file as CSV in UTF-8."))
            elif column not in self.needed and column not in self.optional:
                faults.add(line, column, _("There is no such column. Remove it or correct its name."))
            elif column in header[:place]:
                faults.add(line, column, _("This column stands there twice. Remove one."))


def _records(text: str, faults: Faults) -> Iterator[tuple[int, list[str]]]:
    """The records of a text with the line on which each begins."""
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = HEADING_LINE
    try:
        for record in reader:
            if record:
                yield begins, record
            begins = reader.line_num + 1
    except csv.Error:
        faults.add(
            begins, "", _("A quotation mark is not closed, or stands inside a cell. Write it twice there.")
        )


def _header(record: Sequence[str]) -> list[str]:
    header = [cell.strip() for cell in record]
    while header and not header[-1]:
        header.pop()
    return header


def _row(header: Sequence[str], record: Sequence[str], line: int, faults: Faults) -> Row:
    """The record as a row; what is wrong with it is noted."""
    if any(cell.strip() for cell in record[len(header) :]):
        faults.add(line, "", _("There are more cells than columns. Quote cells that contain the separator."))
    cells = dict(zip(header, record, strict=False))
    for column, cell in cells.items():
        if len(cell) > LONGEST_CELL:
            text = _("The text is too long: %(length)s characters. Shorten it to %(limit)s.")
            faults.add(line, column, text % {"length": len(cell), "limit": LONGEST_CELL})
        elif _BROKEN.search(cell):
            faults.add(line, column, _("This is not UTF-8 text. Save the file as CSV in UTF-8."))
        elif _UNFIT.search(cell):
            faults.add(line, column, _("There is a control character here that cannot be kept. Remove it."))
    return Row({column: cell.strip() for column, cell in cells.items()}, line)


def load_all(
    rows: Sequence[Row],
    load_row: Callable[[Row], Result],
    *,
    reads: Mapping[str, Read],
    faults: Faults,
    progress: Progress | None = None,
) -> list[Result]:
    """Do `load_row` for every row in one transaction; if any fails, nothing stays and all faults are raised.

    reads: how the cells of columns are read; a row with one that cannot be is not tried.
    """
    loaded: list[Result] = []
    with transaction.atomic():
        for done, row in enumerate(rows, start=1):
            if faults.read(row, reads):
                with faults.at(row.line), transaction.atomic():
                    loaded.append(load_row(row))
            if progress is not None:
                progress(done, len(rows))
        faults.refuse()
    return loaded
