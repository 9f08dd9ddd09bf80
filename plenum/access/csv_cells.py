"""Writing CSV files that spreadsheets open as they are meant: UTF-8 with its mark, RFC 4180, and no cell that acts.

A spreadsheet takes a text that begins with =, +, -, @, a tab or a line break for a formula. Such a text gets an
apostrophe before it, so that it stays a text; numbers are written as they are, also negative ones.
"""

import csv
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Final

MARK: Final = "\ufeff"
MEDIA_TYPE: Final = "text/csv; charset=utf-8"
ACTING: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a formula begins with, also in the full-width characters that some spreadsheets read alike."""

Value = str | int | Decimal | date | bool | None


def csv_lines(rows: Iterable[Iterable[Value]]) -> str:
    """The rows as lines of a CSV file, without the mark that a file begins with."""
    out = StringIO(newline="")
    csv.writer(out).writerows([_cell(value) for value in row] for row in rows)
    return out.getvalue()


def _cell(value: Value) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "1" if value else "0"
        case int() | Decimal():
            return format(value, "f" if isinstance(value, Decimal) else "d")
        case date():
            return value.isoformat()
    return as_text(value)


def as_text(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(ACTING) else text
