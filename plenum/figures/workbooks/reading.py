"""Reading a workbook that came back: that it is one, that it is ours, what was typed in its cells.

The file is from outside. It is unpacked once with a limit before anything reads it, because a small file can hold a
very large one; macros are refused, and formulas in the cells to fill in are found in the sheet itself.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from html import unescape
from typing import NoReturn

import python_calamine
from django.utils.translation import gettext as _

from plenum.figures.rules import NotWhole, TooLarge, read_count
from plenum.figures.workbooks.entries import REMARK, Stamp, Typed, WorkbookRefused
from plenum.figures.workbooks.writing import FIRST_ROW, HERE, NUMBER, STAMP_SHEET, cell_of, remark_row
from plenum.packs import Form, pack

LARGEST_FILE = 10 * 2**20
LARGEST_UNPACKED = 200 * 2**20
MOST_PARTS = 2000
LONGEST_REMARK = 2000
PIECE = 1 << 20
Rows = Sequence[Sequence[object]]
Cells = Mapping[str, str]
ERROR = re.compile(rb'<c\b(?=[^>]*\bt="e")[^>]*?\br="([A-Z]{1,3}[0-9]{1,7})"[^>]*>\s*<v>([^<]*)</v>')
FORMULA = re.compile(rb'<c\b[^>]*?\br="([A-Z]{1,3}[0-9]{1,7})"[^>]*>\s*<f\b()')


@dataclass
class Contents:
    """What a workbook says: its stamp, what was typed for each form, and which cells cannot be read, with why."""

    stamp: Stamp
    typed: dict[str, Typed] = field(default_factory=dict)
    values: dict[str, dict[str, int | None]] = field(default_factory=dict)
    remarks: dict[str, str] = field(default_factory=dict)
    faults: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)


def read(body: bytes) -> Contents:
    """The contents of a workbook. Raises WorkbookRefused for what is no workbook of ours."""
    formulas, errors = _unpacked(body)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(body))
        names = book.sheet_names
        stamp = _stamp(book) if STAMP_SHEET in names else None
        if stamp is None:
            _refuse(
                _(
                    "This file is no form from here, or its stamp was changed. Download the form again and copy the "
                    "figures into it."
                )
            )
        contents = Contents(stamp)
        for each in stamp.returns:
            form = pack().forms.get(each.form)
            if form is None or each.sheet not in names:
                _refuse(_("A sheet is missing or has another name: %(sheet)s.") % {"sheet": each.sheet})
            rows = book.get_sheet_by_name(each.sheet).to_python(skip_empty_area=False)
            _read_return(contents, form, rows, formulas.get(each.sheet, {}), errors.get(each.sheet, {}))
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise WorkbookRefused(_("This file cannot be read as a workbook (XLSX).")) from error
    return contents


def _refuse(text: str) -> NoReturn:
    raise WorkbookRefused(text)


def _unpacked(body: bytes) -> tuple[dict[str, Cells], dict[str, Cells]]:
    """Unpack the file once within limits; the cells with formulas, and with errors, by the name of their sheet."""
    if len(body) > LARGEST_FILE:
        _refuse(_("This file is too large: at most %(size)s MB are taken.") % {"size": LARGEST_FILE >> 20})
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            names = archive.namelist()
            if len(names) > MOST_PARTS:
                _refuse(_("This file holds more than any form from here. It was not opened."))
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                _refuse(_("This file has macros. Save it as a workbook without macros (XLSX)."))
            if "xl/workbook.xml" not in names or "[Content_Types].xml" not in names:
                _refuse(_("This file cannot be read as a workbook (XLSX)."))
            parts, left = {}, LARGEST_UNPACKED
            for name in names:
                content, left = _part(archive, name, left)
                if name.startswith("xl/worksheets/sheet") or name in (
                    "xl/workbook.xml",
                    "xl/_rels/workbook.xml.rels",
                ):
                    parts[name] = content
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError) as error:
        raise WorkbookRefused(_("This file cannot be read as a workbook (XLSX).")) from error
    return _cells(parts, FORMULA), _cells(parts, ERROR)


def _part(archive: zipfile.ZipFile, name: str, left: int) -> tuple[bytes, int]:
    pieces = []
    with archive.open(name) as part:
        while piece := part.read(PIECE):
            left -= len(piece)
            if left < 0:
                _refuse(_("This file holds more than any form from here. It was not opened."))
            pieces.append(piece)
    return b"".join(pieces), left


SHEET = re.compile(r"<sheet\b[^>]*>")
RELATION = re.compile(r"<Relationship\b[^>]*>")


def _cells(parts: dict[str, bytes], kind: re.Pattern[bytes]) -> dict[str, Cells]:
    """By the name of their sheet, cells of a kind with what stands in them, as spreadsheets write it."""
    book = parts.get("xl/workbook.xml", b"").decode(errors="replace")
    relations = parts.get("xl/_rels/workbook.xml.rels", b"").decode(errors="replace")
    targets = {_attribute(each, "Id"): _attribute(each, "Target") for each in RELATION.findall(relations)}
    found: dict[str, Cells] = {}
    for each in SHEET.findall(book):
        target = targets.get(_attribute(each, "r:id"), "").removeprefix("/xl/")
        content = parts.get(f"xl/{target}", b"")
        found[_attribute(each, "name")] = {
            cell.decode(): unescape(text.decode(errors="replace")) for cell, text in kind.findall(content)
        }
    return found


def _attribute(tag: str, name: str) -> str:
    match = re.search(rf'\s{name}="([^"]*)"', tag)
    return unescape(match[1]) if match else ""


def _stamp(book: python_calamine.CalamineWorkbook) -> Stamp | None:
    rows = book.get_sheet_by_name(STAMP_SHEET).to_python(skip_empty_area=False, nrows=1)
    return Stamp.read(str(rows[0][0])) if rows and rows[0] else None


def _read_return(contents: Contents, form: Form, rows: Rows, formulas: Cells, errors: Cells) -> None:
    faults: dict[str, tuple[str, ...]] = {}
    cells: dict[str, object] = {}
    values: dict[str, int | None] = {}
    for number, slot in enumerate(form.slots):
        if _at(rows, FIRST_ROW + number, NUMBER) != slot.number:
            _refuse(
                _(
                    "Rows of this form were moved or removed. Download the form again and copy the figures into it."
                )
            )
        cells[slot.code] = raw = _at(rows, FIRST_ROW + number, HERE)
        if cell_of(form, slot.code) in formulas:
            faults[slot.code] = (_("Write the number itself, not a formula."),)
            continue
        if cell_of(form, slot.code) in errors:
            cells[slot.code] = errors[cell_of(form, slot.code)]
            faults[slot.code] = (_not_whole(),)
            continue
        try:
            values[slot.code] = count_in(raw)
        except ValueError as error:
            faults[slot.code] = (str(error),)
    remark = _at(rows, remark_row(form), HERE)
    text = plain(remark)
    if len(text) > LONGEST_REMARK:
        faults[REMARK] = (_("Write at most %(count)s characters.") % {"count": LONGEST_REMARK},)
    contents.typed[form.code] = Typed(cells, text)
    contents.values[form.code] = values
    contents.remarks[form.code] = text
    if faults:
        contents.faults[form.code] = faults


def _at(rows: Rows, row: int, column: int) -> object:
    value = rows[row][column] if row < len(rows) and column < len(rows[row]) else None
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return None if value == "" else value


def count_in(raw: object) -> int | None:
    """A figure as it may stand in a cell; ValueError with what is wrong."""
    if isinstance(raw, bool | date | datetime | time | timedelta | float):
        raise ValueError(_not_whole())
    if isinstance(raw, int) and raw < 0:
        raise ValueError(_("A figure cannot be below zero."))
    try:
        return read_count("" if raw is None else str(raw))
    except NotWhole as error:
        raise ValueError(_not_whole()) from error
    except TooLarge as error:
        raise ValueError(_("This number is too large. Check whether a digit was typed twice.")) from error


def _not_whole() -> str:
    return _("Enter a whole number, for example 12 or 1204. Leave it empty if it is not known.")


def plain(value: object) -> str:
    """A text without signs that no text has."""
    return (
        "" if value is None else "".join(sign for sign in str(value) if sign >= " " or sign in "\n\t").strip()
    )
