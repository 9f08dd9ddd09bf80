"""Writing a table to a file, page by page: as CSV, or as a workbook that keeps no more than a row in memory."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import IO, Any

import xlsxwriter
from django.core.exceptions import BadRequest
from django.utils.translation import gettext as _

from plenum.access.csv_cells import MARK, csv_lines
from plenum.access.tables.columns import Columns, for_csv
from plenum.access.tables.table import Cell, ReadTable

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS_OF_A_SHEET = 1_048_576
LONGEST_TEXT = 32_767
EXACT_UP_TO = 10**15
"""Spreadsheets keep fifteen digits; a longer number is written as a text, so that none is lost."""
HEAD_AT = 4
WIDEST, NARROWEST = 60, 8
DAYS = {"vi": "dd/mm/yyyy", "en": "d mmm yyyy", "ru": "dd.mm.yyyy", "cs": "d. m. yyyy"}


@dataclass(frozen=True)
class About:
    """What a workbook says above its table: what it is, of which page, how that looked at things, in which language."""

    caption: str
    page: str
    view: str
    language: str


def write_csv(tables: Iterable[ReadTable], out: IO[bytes]) -> None:
    """Write the pages of one table, one after the other, as CSV in UTF-8."""
    columns: Columns | None = None
    for table in map(for_csv, tables):
        if columns is None:
            columns = Columns.of(table)
            out.write((MARK + csv_lines([columns.head()])).encode())
        rows = (
            [cell.text if cell.value is None else cell.value for cell in columns.row(row)]
            for row in table.rows
        )
        out.write(csv_lines(rows).encode())


def write_xlsx(tables: Iterator[ReadTable], about: About, out: IO[bytes]) -> None:
    """Write the pages of one table, one after the other, as a workbook. BadRequest if a sheet cannot hold the rows."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(out, options)
    try:
        _Sheet(book, about).write(tables)
    finally:
        book.close()


class _Sheet:
    """The only sheet of a workbook while it is written."""

    def __init__(self, book: Any, about: About) -> None:
        self.book, self.about = book, about
        self.sheet = book.add_worksheet()
        self.formats: dict[str, Any] = {}
        self.widths: list[int] = []
        self.head_format = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"})
        self.text_format = book.add_format({"valign": "top"})

    def write(self, tables: Iterator[ReadTable]) -> None:
        """Write everything."""
        title, soft = (
            self.book.add_format({"bold": True, "font_size": 14}),
            self.book.add_format({"italic": True}),
        )
        self.book.set_properties(
            {"title": self.about.caption, "subject": self.about.page, "company": "Plenum"}
        )
        for line, (text, form) in enumerate(
            ((self.about.caption, title), (self.about.page, soft), (self.about.view, soft))
        ):
            self.sheet.write_string(line, 0, text[:LONGEST_TEXT], form)
        columns: Columns | None = None
        line = HEAD_AT
        for table in tables:
            if columns is None:
                columns = Columns.of(table)
                self._head(columns.head())
            for row in table.rows:
                line += 1
                if line >= ROWS_OF_A_SHEET:
                    raise BadRequest(
                        _("This table has more rows than a sheet of a workbook can hold. Take it as CSV.")
                    )
                for place, cell in enumerate(columns.row(row)):
                    self._cell(line, place, cell)
        self._finish(line)

    def _head(self, names: list[str]) -> None:
        self.widths = [min(max(len(name), NARROWEST), 24) for name in names]
        for place, name in enumerate(names):
            self.sheet.write_string(HEAD_AT, place, name, self.head_format)

    def _cell(self, line: int, place: int, cell: Cell) -> None:
        self.widths[place] = max(self.widths[place], min(len(cell.text), WIDEST))
        value = cell.value
        if isinstance(value, date):
            moment = datetime.combine(value, time())
            self.sheet.write_datetime(line, place, moment, self._format(DAYS[self.about.language]))
        elif isinstance(value, Decimal) and abs(value) < EXACT_UP_TO:
            shown, form = number_format(cell)
            self.sheet.write_number(line, place, float(shown), self._format(form))
        elif cell.text:
            self.sheet.write_string(line, place, cell.text[:LONGEST_TEXT], self.text_format)

    def _format(self, code: str) -> Any:
        if code not in self.formats:
            self.formats[code] = self.book.add_format({"num_format": code, "valign": "top"})
        return self.formats[code]

    def _finish(self, last: int) -> None:
        for place, width in enumerate(self.widths):
            self.sheet.set_column(place, place, width + 2)
        self.sheet.freeze_panes(HEAD_AT + 1, 1)
        if self.widths:
            self.sheet.autofilter(HEAD_AT, 0, max(last, HEAD_AT), len(self.widths) - 1)
        self.sheet.repeat_rows(HEAD_AT)
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.fit_to_pages(1, 0)


def number_format(cell: Cell) -> tuple[Decimal, str]:
    """The number of a cell as a spreadsheet keeps it, and the format in which it shows that as the page does."""
    value = cell.value if isinstance(cell.value, Decimal) else Decimal()
    exponent = value.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    digits = "#,##0" + ("." + "0" * places if places else "")
    if cell.after.strip() == "%":
        return value / 100, _quoted(cell.before) + digits.replace("#,##", "") + "%"
    return value, _quoted(cell.before) + digits + _quoted(cell.after)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', "”") + '"' if text else ""
