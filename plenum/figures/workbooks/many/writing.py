"""Writing a workbook of many units, row by row, empty, filled in so far, or with marks where it is wrong."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_rowcol_to_cell

from plenum.figures.rules import LARGEST_VALUE
from plenum.figures.wording import said
from plenum.figures.workbooks.entries import REASON, REMARK, WHOLE
from plenum.figures.workbooks.many import layout
from plenum.figures.workbooks.many.layout import (
    CODE,
    CODES_ROW,
    EDITION,
    FIRST_ROW,
    FIRST_SLOT,
    HEAD_ROW,
    NAME,
    SEAL,
    STATE,
    Stamp,
    column_of,
)
from plenum.figures.workbooks.streams import Other
from plenum.figures.workbooks.writing import LINE, STAMP_SHEET, formats_of
from plenum.packs import Form, wording

OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
LONGEST_TEXT = 32_000
HEAD_LINES = 5


@dataclass(frozen=True)
class Line:
    """The row of one unit: what is known of its return, and what stands in the cells to fill in.

    ``closed``: its state does not let it be entered; it can be corrected with a ``reason`` if it is ``accepted``.
    ``faults``: what is wrong, by slot, `REMARK`, `REASON` or `WHOLE`.
    """

    code: str
    name: str
    state: str
    edition: int
    closed: bool
    before: Mapping[str, int | None]
    cells: Mapping[str, object]
    remark: object
    reason: object = ""
    accepted: bool = False
    faults: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Wrong:
    """One thing that is wrong: of which unit, in which row (counted from 0) and place, and what."""

    unit: str
    row: int
    place: str
    text: str


def write(
    out: IO[bytes],
    stamp: Stamp,
    form: Form,
    above: str,
    lines: Iterable[Line],
    wrong: Sequence[Wrong] = (),
    more: int = 0,
) -> None:
    """Write the workbook in the language of the moment, which is that of the stamp; ``above`` is whose units these are.

    ``wrong`` stands on a sheet of its own before it; ``more`` says how many rows are wrong and not marked.
    """
    book = xlsxwriter.Workbook(out, OPTIONS)
    formats = formats_of(book)
    if wrong:
        _list(book, formats, stamp, form, wrong, more)
    _Sheet(book, formats, stamp, form).write(above, lines)
    hidden = book.add_worksheet(STAMP_SHEET)
    hidden.write_string(0, 0, stamp.signed())
    hidden.protect()
    hidden.hide()
    book.close()


class _Sheet:
    """The sheet with a row for each unit."""

    def __init__(self, book: Any, formats: dict[str, Any], stamp: Stamp, form: Form) -> None:
        self.book, self.formats, self.stamp, self.form = book, formats, stamp, form
        self.sheet: Any = book.add_worksheet(stamp.sheet)
        self.remark, self.reason = column_of(form, REMARK), column_of(form, REASON)

    def write(self, above: str, lines: Iterable[Line]) -> None:
        """Write everything, and protect all but the cells to fill in."""
        self._columns()
        self._head(above)
        for row, line in enumerate(lines, FIRST_ROW):
            self._line(row, line)
        last = FIRST_ROW + self.stamp.rows - 1
        for slot in self.form.slots:
            column = column_of(self.form, slot.code)
            self.sheet.data_validation(FIRST_ROW, column, max(last, FIRST_ROW), column, _whole_number())
        self.sheet.freeze_panes(FIRST_ROW, NAME + 1)
        self.sheet.protect("", {"format_columns": True, "format_rows": True})

    def _columns(self) -> None:
        self.sheet.set_column(CODE, CODE, 16)
        self.sheet.set_column(NAME, NAME, 44)
        self.sheet.set_column(STATE, STATE, 14)
        self.sheet.set_column(EDITION, EDITION, 8)
        self.sheet.set_column(SEAL, SEAL, None, None, {"hidden": True})
        self.sheet.set_column(FIRST_SLOT, self.remark - 1, 13)
        self.sheet.set_column(self.remark, self.reason, 40)

    def _head(self, above: str) -> None:
        self.sheet.write_string(0, 0, said(self.form.name), self.formats["title"])
        self.sheet.write_string(1, 0, above)
        self.sheet.write_string(2, 0, wording.period_name(self.stamp.period, self.stamp.language))
        text = _(
            "One row for each unit. Fill in the yellow cells; grey figures are those of the period before, or of "
            "returns that are handed in already."
        )
        self.sheet.write_string(3, 0, text, self.formats["soft"])
        text = _("To correct an accepted return, change its figures and write the reason in the last column.")
        self.sheet.write_string(4, 0, text, self.formats["soft"])
        self.sheet.set_row(HEAD_ROW, LINE * HEAD_LINES)
        for column, head in enumerate(layout.heads(self.form)):
            self.sheet.write_string(HEAD_ROW, column, head, self.formats["head"])
        self.sheet.set_row(CODES_ROW, None, None, {"hidden": True})
        for column, code in enumerate(layout.codes(self.form)):
            self.sheet.write_string(CODES_ROW, column, code)

    def _line(self, row: int, line: Line) -> None:
        whole = line.faults.get(WHOLE)
        self.sheet.write_string(row, CODE, line.code)
        self.sheet.write_string(row, NAME, line.name, self.formats["bad"] if whole else None)
        if whole:
            self._explain(row, NAME, whole)
        self.sheet.write_string(row, STATE, line.state, self.formats["soft"])
        self.sheet.write_number(row, EDITION, line.edition, self.formats["soft"])
        self.sheet.write_string(row, SEAL, self.stamp.seal(row, line.code, line.edition))
        for number, slot in enumerate(self.form.slots):
            column = FIRST_SLOT + 2 * number
            before = line.before.get(slot.code)
            if before is not None:
                self.sheet.write_number(row, column, before, self.formats["count"])
            faults = line.faults.get(slot.code)
            self._entry(row, column + 1, _look(line, "entry"), line.cells.get(slot.code), faults)
        self._entry(row, self.remark, _look(line, "remark"), line.remark, line.faults.get(REMARK))
        look = "remark" if line.accepted else "text"
        self._entry(row, self.reason, look, line.reason, line.faults.get(REASON))

    def _entry(self, row: int, column: int, look: str, value: object, faults: tuple[str, ...] | None) -> None:
        if faults:
            look = "entry bad" if column < self.remark else "remark bad"
        cell = self.formats[look]
        if isinstance(value, Other):
            value = value.text
        if value is None or value == "":
            self.sheet.write_blank(row, column, None, cell)
        elif isinstance(value, int | float) and abs(value) < LARGEST_VALUE * 1000:
            self.sheet.write_number(row, column, value, cell)
        else:
            self.sheet.write_string(row, column, str(value)[:LONGEST_TEXT], cell)
        if faults:
            self._explain(row, column, faults)

    def _explain(self, row: int, column: int, faults: tuple[str, ...]) -> None:
        self.sheet.write_comment(row, column, "\n".join(faults)[:4000], {"x_scale": 2, "y_scale": 1.5})


def _look(line: Line, kind: str) -> str:
    """How a cell to fill in looks: open, of an accepted return open but grey, or closed."""
    if line.accepted:
        return f"{kind} accepted"
    if line.closed:
        return "count" if kind == "entry" else "text"
    return kind


def _whole_number() -> dict[str, Any]:
    return {
        "validate": "integer",
        "criteria": "between",
        "minimum": 0,
        "maximum": LARGEST_VALUE,
        "ignore_blank": True,
        "error_title": _("Not a figure")[:32],
        "error_message": _(
            "Enter a whole number, for example 12 or 1204. Leave it empty if it is not known."
        )[:255],
    }


def _list(
    book: Any, formats: dict[str, Any], stamp: Stamp, form: Form, wrong: Sequence[Wrong], more: int
) -> None:
    """The first sheet of a marked workbook: what is wrong, with a way to its cell."""
    sheet = book.add_worksheet(_errors_sheet(stamp))
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, 1, 10)
    sheet.set_column(2, 2, 100)
    title = _("Nothing of this file was taken over. Put right what is marked red, and send it again.")
    sheet.write_string(0, 0, title, formats["title"])
    if more:
        text = _("Rows that are wrong as well and not marked: %(count)s. Put these right first.")
        sheet.write_string(1, 0, text % {"count": wording.number(more, stamp.language)}, formats["soft"])
    for column, head in enumerate((_("Unit"), _("Cell"), _("What is wrong"))):
        sheet.write_string(3, column, head, formats["head"])
    for at, each in enumerate(wrong, 4):
        cell = xl_rowcol_to_cell(each.row, column_of(form, each.place))
        sheet.write_string(at, 0, each.unit, formats["text"])
        sheet.write_url(at, 1, f"internal:'{stamp.sheet}'!{cell}", string=cell)
        sheet.write_string(at, 2, each.text[:LONGEST_TEXT], formats["text"])
    sheet.protect()


def _errors_sheet(stamp: Stamp) -> str:
    name = _("Errors")[:31]
    return name if name.lower() != stamp.sheet.lower() else f"{name[:29]} 2"
