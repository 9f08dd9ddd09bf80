"""Writing the workbook of a unit's returns for a period, empty, filled in so far, or with marks where it is wrong."""

import io
import re
import textwrap
from collections.abc import Sequence
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_rowcol_to_cell

from plenum.figures.rules import LARGEST_VALUE, Deed
from plenum.figures.wording import day, said, state_name
from plenum.figures.workbooks.below import Below, add_sheet
from plenum.figures.workbooks.entries import REMARK, WHOLE, Entry, Marks, Stamp, Stamped
from plenum.packs import CheckKind, Form, wording

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STAMP_SHEET = "plenum"
FIRST_ROW = 6
"""Counted from 0: the row of the first slot."""
NUMBER, NAME, BEFORE, HERE, HELP = range(5)
NAME_WIDTH, HELP_WIDTH, SPARE = 46, 60, 4
"""Columns in characters; letters are not all of one width, so some are spared."""
LINE, REMARK_LINES = 15.0, 4
"""The height of a line in points; how many lines of a remark are seen at once."""
LONGEST_NAME = 31
FORBIDDEN = re.compile(r"[\[\]:*?/\\']")


def file_name(unit: str, period: str) -> str:
    """What the file is called."""
    return f"{unit}_{period}.xlsx"


def sheet_names(forms: Sequence[Form]) -> list[str]:
    """A name for the sheet of each form that spreadsheets allow, each another."""
    names: list[str] = []
    for form in forms:
        plain = FORBIDDEN.sub(" ", said(form.name)).strip()[:LONGEST_NAME].strip() or form.code
        taken = {name.lower() for name in (*names, STAMP_SHEET)}
        number, name = 2, plain
        while name.lower() in taken:
            end = f" {number}"
            name, number = plain[: LONGEST_NAME - len(end)] + end, number + 1
        names.append(name)
    return names


def written(
    entries: Sequence[Entry], language: str, marks: Marks | None = None, below: Below | None = None
) -> bytes:
    """The workbook of these returns, which are of one unit and one period, in the language of the moment.

    ``below``: what the units below it have reported, on a sheet of its own.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    names = sheet_names([entry.sheet.form for entry in entries])
    first = entries[0].sheet
    stamp = Stamp(
        first.unit.code,
        first.period,
        language,
        tuple(
            Stamped(entry.sheet.form.code, name, entry.edition)
            for entry, name in zip(entries, names, strict=True)
        ),
    )
    book.set_properties({"title": f"{first.unit.name}, {first.period.code}", "company": "Plenum"})
    formats = formats_of(book)
    marked = marks or {}
    if any(marked.values()):
        _faults(book, formats, entries, names, marked)
    for entry, name in zip(entries, names, strict=True):
        _OneReturn(book, formats, name, entry, marked.get(entry.sheet.form.code, {})).write(language)
    if below is not None:
        add_sheet(book, formats, below, [*names, STAMP_SHEET, _("Errors")], language)
    hidden = book.add_worksheet(STAMP_SHEET)
    hidden.write_string(0, 0, stamp.signed())
    hidden.protect()
    hidden.hide()
    book.close()
    return out.getvalue()


def cell_of(form: Form, slot: str) -> str:
    """Where the figure of a slot stands, as D7."""
    place = next(number for number, each in enumerate(form.slots) if each.code == slot)
    return str(xl_rowcol_to_cell(FIRST_ROW + place, HERE))


def remark_row(form: Form) -> int:
    """The row of the remark."""
    return FIRST_ROW + len(form.slots)


def place_of(form: Form, place: str) -> str:
    """Where something is wrong: the cell of a slot, of the remark, or the head of the sheet."""
    if place == REMARK:
        return str(xl_rowcol_to_cell(remark_row(form), HERE))
    return "A1" if place == WHOLE else cell_of(form, place)


def height_of(name: str, text: str) -> float:
    """The height in points of a row with these texts, which not every program works out by itself."""
    return LINE * max(
        1, len(textwrap.wrap(name, NAME_WIDTH - SPARE)), len(textwrap.wrap(text, HELP_WIDTH - SPARE))
    )


def formats_of(book: Any) -> dict[str, Any]:
    """How cells look, by what stands in them; what may be filled in is not locked."""
    entry = {"locked": False, "border": 1, "border_color": "#8a8a8a"}
    grey = {"font_color": "#555555"}
    red = {"bg_color": "#f8d0cc", "font_color": "#8a1008", "border_color": "#b3261e", "border": 2}
    return {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "soft": book.add_format({"font_color": "#555555"}),
        "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
        "text": book.add_format({"text_wrap": True, "valign": "top"}),
        "count": book.add_format({"num_format": "#,##0", "valign": "top", "font_color": "#555555"}),
        "entry": book.add_format({**entry, "num_format": "#,##0", "valign": "top", "bg_color": "#fffbe6"}),
        "entry accepted": book.add_format({**entry, **grey, "num_format": "#,##0", "valign": "top"}),
        "entry bad": book.add_format({**entry, **red, "num_format": "#,##0", "valign": "top"}),
        "remark": book.add_format({**entry, "text_wrap": True, "valign": "top", "bg_color": "#fffbe6"}),
        "remark accepted": book.add_format({**entry, **grey, "text_wrap": True, "valign": "top"}),
        "remark bad": book.add_format({**entry, **red, "text_wrap": True, "valign": "top"}),
        "sum": book.add_format({"num_format": "#,##0", "italic": True, "font_color": "#555555"}),
        "bad": book.add_format({**red, "text_wrap": True, "valign": "top"}),
    }


class _OneReturn:
    """The sheet of one return."""

    def __init__(self, book: Any, formats: dict[str, Any], name: str, entry: Entry, marks: Any) -> None:
        self.sheet: Any = book.add_worksheet(name)
        self.formats, self.entry, self.marks = formats, entry, marks
        self.form = entry.sheet.form

    def write(self, language: str) -> None:
        """Write everything, and protect all but the cells to fill in."""
        found = self.entry.sheet
        self.sheet.set_column(NUMBER, NUMBER, 5)
        self.sheet.set_column(NAME, NAME, NAME_WIDTH)
        self.sheet.set_column(BEFORE, HERE, 18)
        self.sheet.set_column(HELP, HELP, HELP_WIDTH)
        self._head(language)
        for number, row in enumerate(found.rows):
            self._slot(FIRST_ROW + number, row)
        self._remark(remark_row(self.form))
        self._sums(remark_row(self.form) + 2)
        self.sheet.freeze_panes(FIRST_ROW, 0)
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.protect("", {"format_columns": True, "format_rows": True})

    def _head(self, language: str) -> None:
        found = self.entry.sheet
        self.sheet.write_string(0, 0, said(self.form.name), self.formats["title"])
        self.sheet.write_string(1, 0, f"{found.unit.name} ({found.unit.code})")
        self.sheet.write_string(2, 0, wording.period_name(found.period, language))
        state = _("Edition: %(edition)s. State: %(state)s. Due on: %(day)s.") % {
            "edition": self.entry.edition,
            "state": state_name(found.state),
            "day": day(found.due_on),
        }
        self.sheet.write_string(3, 0, state, self.formats["soft"])
        if whole := self.marks.get(WHOLE):
            self.sheet.write_string(4, 0, " ".join(whole), self.formats["bad"])
            self.sheet.write_comment(0, 0, "\n".join(whole), {"x_scale": 2})
        before = (
            wording.period_name(found.previous_period, language) if found.previous_period else _("Before")
        )
        heads = (
            _("No."),
            _("Figure"),
            before,
            wording.period_name(found.period, language),
            _("What is counted"),
        )
        for column, head in enumerate(heads):
            self.sheet.write_string(FIRST_ROW - 1, column, head, self.formats["head"])

    def _slot(self, at: int, row: Any) -> None:
        self.sheet.set_row(at, height_of(said(row.slot.name), said(row.slot.help)))
        self.sheet.write_number(at, NUMBER, row.slot.number, self.formats["text"])
        self.sheet.write_string(at, NAME, said(row.slot.name), self.formats["text"])
        if row.previous is None:
            self.sheet.write_blank(at, BEFORE, None, self.formats["count"])
        else:
            self.sheet.write_number(at, BEFORE, row.previous, self.formats["count"])
        self.sheet.write_string(at, HELP, said(row.slot.help), self.formats["text"])
        self._entry(at, row.slot.code, "entry", self.entry.cell(row.slot.code))
        self.sheet.data_validation(
            at,
            HERE,
            at,
            HERE,
            {
                "validate": "integer",
                "criteria": "between",
                "minimum": 0,
                "maximum": LARGEST_VALUE,
                "ignore_blank": True,
                "error_title": _("Not a figure")[:32],
                "error_message": _(
                    "Enter a whole number, for example 12 or 1204. Leave it empty if it is not known."
                )[:255],
            },
        )

    def _remark(self, at: int) -> None:
        self.sheet.set_row(at, REMARK_LINES * LINE)
        self.sheet.write_string(at, NAME, _("Remark"), self.formats["text"])
        self.sheet.write_string(
            at, HELP, _("What the superior should know about these figures."), self.formats["text"]
        )
        self._entry(at, REMARK, "remark", self.entry.remark)

    def _entry(self, at: int, place: str, kind: str, value: object) -> None:
        faults = self.marks.get(place, ())
        look = self.formats[f"{kind} bad" if faults else kind]
        if Deed.SAVE not in self.entry.sheet.deeds and not faults:
            look = self.formats["count" if kind == "entry" else "text"]
        if value is None or value == "":
            self.sheet.write_blank(at, HERE, None, look)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            self.sheet.write_number(at, HERE, value, look)
        else:
            self.sheet.write_string(at, HERE, str(value)[:32_000], look)
        if faults:
            self.sheet.write_comment(at, HERE, "\n".join(faults)[:4000], {"x_scale": 2, "y_scale": 1.5})

    def _sums(self, at: int) -> None:
        """What the checks of the form say of the figures typed, for show: nothing is read from here."""
        shown = [check for check in self.form.checks if check.kind in (CheckKind.SUM, CheckKind.BALANCE)]
        for row, check in enumerate(shown, at):
            if check.kind is CheckKind.SUM:
                plus, minus, target = list(check.parts), [], check.total
            else:
                plus, minus, target = [check.carried, *check.plus], list(check.minus), check.now
            formula = "=" + "+".join(cell_of(self.form, slot) for slot in plus)
            formula += "".join(f"-{cell_of(self.form, slot)}" for slot in minus)
            value = sum(map(self._known, plus)) - sum(map(self._known, minus))
            here, there = xl_rowcol_to_cell(row, HERE), cell_of(self.form, target)
            self.sheet.write_string(row, NAME, f"{said(self.form.slot(target).name)} =", self.formats["text"])
            self.sheet.write_formula(row, HERE, formula, self.formats["sum"], value)
            right = "✓" if value == self._known(target) else "≠"
            self.sheet.write_formula(row, HELP, f'=IF({here}={there},"✓","≠")', self.formats["text"], right)

    def _known(self, slot: str) -> int:
        value = self.entry.cell(slot)
        return int(value) if isinstance(value, int | float) else 0


def _faults(
    book: Any, formats: dict[str, Any], entries: Sequence[Entry], names: Sequence[str], marks: Marks
) -> None:
    """The first sheet of a marked workbook: everything that is wrong, with a way to its cell."""
    sheet = book.add_worksheet(_("Errors")[:LONGEST_NAME])
    sheet.set_column(0, 0, 40)
    sheet.set_column(1, 1, 10)
    sheet.set_column(2, 2, 100)
    title = _("Nothing of this file was taken over. Put right what is marked red, and send it again.")
    sheet.write_string(0, 0, title, formats["title"])
    for column, head in enumerate((_("Sheet"), _("Cell"), _("What is wrong"))):
        sheet.write_string(2, column, head, formats["head"])
    at = 3
    for entry, name in zip(entries, names, strict=True):
        form = entry.sheet.form
        for place, texts in marks.get(form.code, {}).items():
            cell = place_of(form, place)
            sheet.write_string(at, 0, name, formats["text"])
            sheet.write_url(at, 1, f"internal:'{name}'!{cell}", string=cell)
            sheet.write_string(at, 2, "\n".join(texts), formats["text"])
            at += 1
    sheet.protect()
