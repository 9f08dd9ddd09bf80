"""Reading the cells of a file's rows, and saying where a fault is."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from plenum.periods import Period, PeriodError
from plenum.tree.models import Unit

FIRST_LINE = 2
"""The line of a file on which the first row stands, below the heading."""


def at(line: int, column: str, text: str) -> str:
    """A fault with its place in the file."""
    return _("Line %(line)s, column %(column)s: %(text)s") % {"line": line, "column": column, "text": text}


def cell(row: Mapping[str, str], column: str) -> str:
    """What stands in a cell, without blanks around it; empty when the column is missing."""
    return (row.get(column) or "").strip()


def read_day(row: Mapping[str, str], column: str) -> date:
    """The day in a cell; ValueError, with what to write instead, if there is none."""
    try:
        return date.fromisoformat(cell(row, column))
    except ValueError:
        raise ValueError(_("Write the day as YEAR-MONTH-DAY, such as 2024-10-08.")) from None


def read_period(row: Mapping[str, str], column: str) -> Period:
    """The period in a cell; ValueError, with what to write instead, if there is none."""
    try:
        return Period.parse(cell(row, column))
    except PeriodError:
        raise ValueError(_("Write a period such as 2023, 2023-Q3, 2023-H1, 2023-9M or 2023-07.")) from None


def units_by_code(codes: Iterable[str]) -> dict[str, Unit]:
    """The units with these codes, by code."""
    return {unit.code: unit for unit in Unit.objects.filter(code__in=set(codes))}


def said_in(error: ValidationError) -> list[tuple[str, str]]:
    """The messages of a refused act, each with the field that it names, or nothing."""
    if hasattr(error, "error_dict"):
        return [(field, text) for field, texts in error.message_dict.items() for text in texts]
    return [("", text) for text in error.messages]
