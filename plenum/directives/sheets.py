"""Sheets: CSV files that are loaded all or nothing, with every error named by its line and column.

Used by the loaders of documents, targets and statements.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from io import StringIO
from typing import TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

Result = TypeVar("Result")
Cells = Mapping[str, str]
Progress = Callable[[int, int], None]
"""Called with the number of lines done and their total."""

FIRST_LINE = 2
"""The first line below the header."""


def no_progress(done: int, total: int) -> None:
    """Progress that nobody watches."""


def read_rows(text: str, columns: Sequence[str]) -> list[Cells]:
    """The rows of a CSV text by column name; ValidationError if a column is missing or unknown, or a line is
    too long.
    """
    reader = csv.DictReader(StringIO(text.removeprefix("\ufeff")), restkey="")
    header = list(reader.fieldnames or ())
    problems = [_("The column “%(column)s” is missing.") % {"column": c} for c in columns if c not in header]
    problems += [
        _("There is no column “%(column)s”. Remove it or correct its name.") % {"column": c}
        for c in header
        if c not in columns
    ]
    if problems:
        raise ValidationError(problems)
    rows: list[Cells] = []
    for cells in reader:
        if "" in cells:
            problems.append(
                _("Line %(line)s has more cells than the header. Quote cells that contain a comma.")
                % {"line": reader.line_num}
            )
        rows.append({name: (value or "").strip() for name, value in cells.items() if name})
    if problems:
        raise ValidationError(problems)
    return rows


class CellError(ValueError):
    """One cell cannot be read; the message says what to write instead."""

    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column = column
        self.message = message


def load_all(
    rows: Iterable[Cells],
    load_row: Callable[[Cells], Result],
    *,
    columns: Mapping[str, str],
    progress: Progress,
) -> list[Result]:
    """Do `load_row` for every row in one transaction; if any fails, nothing stays and all errors are raised
    together.

    columns: the column that holds each field of the act, where the two are not called the same.
    """
    every = list(rows)
    loaded: list[Result] = []
    problems: list[str] = []
    with transaction.atomic():
        for line, cells in enumerate(every, start=FIRST_LINE):
            with _collecting(problems, line, columns), transaction.atomic():
                loaded.append(load_row(cells))
            progress(line - FIRST_LINE + 1, len(every))
        if problems:
            raise ValidationError(problems)
    return loaded


@contextmanager
def _collecting(problems: list[str], line: int, columns: Mapping[str, str]) -> Iterator[None]:
    try:
        yield
    except CellError as error:
        problems.append(_at(line, error.column, error.message))
    except ValidationError as error:
        by_field = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
        for field, messages in by_field.items():
            problems.extend(_at(line, columns.get(field, field), message) for message in messages)


def _at(line: int, column: str, message: str) -> str:
    if column == NON_FIELD_ERRORS:
        return _("Line %(line)s: %(message)s") % {"line": line, "message": message}
    return _("Line %(line)s, column %(column)s: %(message)s") % {
        "line": line,
        "column": column,
        "message": message,
    }


def day_cell(cells: Cells, column: str) -> date:
    """The ISO day in a cell; CellError otherwise."""
    try:
        return date.fromisoformat(cells[column])
    except ValueError:
        raise CellError(column, _("Write a day as 2023-12-31.")) from None


def flag_cell(cells: Cells, column: str) -> bool:
    """Whether a cell is 1 (0 or empty: no); CellError otherwise."""
    if cells[column] not in ("", "0", "1"):
        raise CellError(column, _("Write 1 for yes or 0 for no."))
    return cells[column] == "1"
