"""A plan as a workbook of two sheets, and read from it. What the fields are is said in `data.py`.

The sheet “reform” has a line for each field of the head. The sheet “steps” has a line for each step and one for each
part of a split: lines with the same number in the first column belong together. Several codes stand in one cell with
semicolons between them. Where a step founds a unit, its name, kind and parent stand in the line as well. A sheet
“payroll”, which may be left out, has the fields of that part and below them a line for each unit with its posts.
"""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import python_calamine
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from plenum.reorganisations.rules.data import as_data, from_data
from plenum.reorganisations.rules.flaws import Fault, Flaw, Unreadable
from plenum.reorganisations.rules.plan import Plan

HEAD_SHEET, STEPS_SHEET, PAYROLL_SHEET = "reform", "steps", "payroll"
PAYROLL = ("indicator", "change", "year")
HEAD = ("code", "title", "on", "owner", "basis")
NEW = ("name", "short", "kind", "parent")
COLUMNS = (
    "step",
    "do",
    "on",
    "unit",
    "from",
    "into",
    *NEW,
    "share",
    "by",
    "children",
    "to",
    "under",
    "children_to",
)
LARGEST_UNPACKED = 200 * 2**20
Cells = dict[str, Any]


def read_sheets(body: bytes) -> Plan:
    """The plan that a workbook describes; Unreadable lists all that is wrong, by line of the sheet."""
    head, rows, payroll = _unpacked(body)
    data: dict[str, Any] = {name: value for name, value in head.items() if value != ""}
    if payroll is not None:
        data["payroll"] = payroll
    steps: list[dict[str, Any]] = []
    lines: dict[int, list[int]] = {}
    last: object = None
    for line, row in rows:
        number = row.pop("step", "")
        goes_on = steps and number != "" and number == last and steps[-1].get("do") == "split"
        if goes_on and row.get("do", "") in ("", "split"):
            steps[-1]["into"].append({**_part(row), **_said_otherwise(row, steps[-1])})
            lines[len(steps)].append(line)
            continue
        last = number
        steps.append(_step(row))
        lines[len(steps)] = [line]
    try:
        return from_data({**data, "steps": steps}, lines=lines)
    except Unreadable as error:
        raise Unreadable([replace(fault, field=_column(fault)) for fault in error.faults]) from None


def write_sheets(plan: Plan) -> bytes:
    """The plan as a workbook; `read_sheets` gives the same plan again."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    bold = book.add_format({"bold": True})
    data = as_data(plan)
    sheet = book.add_worksheet(HEAD_SHEET)
    sheet.set_column(0, 0, 12)
    sheet.set_column(1, 1, 60)
    for line, name in enumerate(HEAD):
        sheet.write_string(line, 0, name, bold)
        sheet.write_string(line, 1, data.get(name, ""))
    sheet = book.add_worksheet(STEPS_SHEET)
    sheet.set_column(0, len(COLUMNS) - 1, 18)
    sheet.freeze_panes(1, 0)
    for column, name in enumerate(COLUMNS):
        sheet.write_string(0, column, name, bold)
    line = 1
    for number, step in enumerate(data["steps"], start=1):
        for row in _rows(step):
            sheet.write_number(line, 0, number)
            for column, name in enumerate(COLUMNS[1:], start=1):
                if row.get(name):
                    sheet.write_string(line, column, row[name])
            line += 1
    if "payroll" in data:
        _write_payroll(book.add_worksheet(PAYROLL_SHEET), data["payroll"], bold)
    book.close()
    return out.getvalue()


def _write_payroll(sheet: Worksheet, payroll: Mapping[str, Any], bold: Format) -> None:
    sheet.set_column(0, 1, 28)
    for line, name in enumerate(PAYROLL):
        sheet.write_string(line, 0, name, bold)
        sheet.write_string(line, 1, str(payroll[name]))
    line = len(PAYROLL) + 1
    sheet.write_string(line, 0, "unit", bold)
    sheet.write_string(line, 1, "posts", bold)
    for each in payroll["posts"]:
        line += 1
        sheet.write_string(line, 0, each["unit"])
        sheet.write_number(line, 1, each["posts"])


def _payroll(rows: list[list[Any]]) -> dict[str, Any] | None:
    """The payroll part: its fields, and after a line “unit, posts” the posts of each unit; None when it is empty."""
    found: dict[str, Any] = {}
    posts: list[dict[str, str]] | None = None
    for row in rows:
        name, value = [*(_cell(each) for each in row[:2]), "", ""][:2]
        if not name and not value:
            continue
        if posts is not None:
            posts.append({"unit": name, "posts": value})
        elif (name, value) == ("unit", "posts"):
            posts = found["posts"] = []
        else:
            found[name] = value
    return found or None


def _rows(step: Mapping[str, Any]) -> list[dict[str, str]]:
    """The lines of one step: one, or one for each part of a split."""
    row: dict[str, str] = {}
    for name, value in step.items():
        if isinstance(value, str):
            row[name] = value
    match step["do"]:
        case "found":
            return [{**row, **_unit_cells(step["unit"], "unit")}]
        case "merge":
            return [{**row, "from": "; ".join(step["from"]), **_unit_cells(step["into"], "into")}]
        case "split":
            parts = [
                {
                    **_unit_cells(part["unit"], "into"),
                    "share": part["share"],
                    "children": "; ".join(part.get("children", ())),
                }
                for part in step["into"]
            ]
            return [{**row, **parts[0]}, *({"do": "split", **part} for part in parts[1:])] if parts else [row]
    return [row]


def _unit_cells(unit: str | Mapping[str, str], column: str) -> dict[str, str]:
    if isinstance(unit, str):
        return {column: unit}
    return {column: unit["code"], **{name: unit.get(name, "") for name in NEW}}


def _step(row: Cells) -> dict[str, Any]:
    do = row.get("do", "")
    filled = {name: value for name, value in row.items() if value != ""}
    match do:
        case "found":
            return {**_without(filled, ("unit", *NEW)), "unit": _new(filled, "unit")}
        case "merge":
            step = {**_without(filled, ("into", *NEW)), "into": _unit(filled, "into")}
            return step | {"from": _codes(filled.get("from", ""))}
        case "split":
            part = ("into", *NEW, "share", "children")
            return {**_without(filled, part), "into": [_part(row)]}
    return filled


def _said_otherwise(row: Cells, step: Mapping[str, Any]) -> Cells:
    """What a further line of a split says besides its part, unless the first line says the same."""
    own = {"do", "into", *NEW, "share", "children"}
    return {
        name: value for name, value in row.items() if name not in own and value not in ("", step.get(name))
    }


def _column(fault: Fault) -> str:
    """The column of the sheet in which the field of a step stands."""
    if fault.line is None:
        return fault.field
    if fault.flaw is Flaw.SHARES_NOT_WHOLE:
        return "share"
    names = [name.partition("[")[0] for name in fault.field.split(".")]
    if names[-1] == "code" or names == ["into", "unit"]:
        return names[0]
    return names[-1]


def _part(row: Cells) -> dict[str, Any]:
    filled = {name: value for name, value in row.items() if value != ""}
    part: dict[str, Any] = {"unit": _unit(filled, "into")}
    if "share" in filled:
        part["share"] = filled["share"]
    if "children" in filled:
        part["children"] = _codes(filled["children"])
    return part


def _unit(filled: Cells, column: str) -> Any:
    """What a line says of a successor: a code, or a new unit where the line has a name or a kind."""
    if "name" in filled or "kind" in filled:
        return _new(filled, column)
    return filled.get(column, "")


def _new(filled: Cells, column: str) -> Cells:
    found = {name: filled[name] for name in NEW if name in filled}
    return found | ({"code": filled[column]} if column in filled else {})


def _without(filled: Cells, names: tuple[str, ...]) -> Cells:
    return {name: value for name, value in filled.items() if name not in names}


def _codes(text: str) -> list[str]:
    return [code.strip() for code in text.split(";") if code.strip()]


def _unpacked(body: bytes) -> tuple[Cells, list[tuple[int, Cells]], dict[str, Any] | None]:
    """The head, the filled lines of the steps with their numbers in the sheet, and the payroll part.

    A small file can be a large one.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            if sum(part.file_size for part in packed.infolist()) > LARGEST_UNPACKED:
                raise Unreadable([Fault(Flaw.NO_FILE_OF_THIS_SORT, "file", values={"why": "size"})])
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(body))
        absent = [name for name in (HEAD_SHEET, STEPS_SHEET) if name not in book.sheet_names]
        if absent:
            raise Unreadable([Fault(Flaw.NO_SHEET, "file", values={"sheet": name}) for name in absent])
        head_rows = book.get_sheet_by_name(HEAD_SHEET).to_python(skip_empty_area=False)
        step_rows = book.get_sheet_by_name(STEPS_SHEET).to_python(skip_empty_area=False)
        has_payroll = PAYROLL_SHEET in book.sheet_names
        payroll_rows = (
            book.get_sheet_by_name(PAYROLL_SHEET).to_python(skip_empty_area=False) if has_payroll else []
        )
    except (zipfile.BadZipFile, python_calamine.CalamineError) as error:
        raise Unreadable([Fault(Flaw.NO_FILE_OF_THIS_SORT, "file", values={"why": str(error)})]) from None
    head = {str(row[0]).strip(): _cell(row[1]) for row in head_rows if len(row) > 1 and str(row[0]).strip()}
    names = [str(name).strip() for name in step_rows[0]] if step_rows else []
    rows = []
    for line, row in enumerate(step_rows[1:], start=2):
        cells = {name: _cell(value) for name, value in zip(names, row, strict=False) if name}
        if any(value != "" for value in cells.values()):
            rows.append((line, cells))
    return head, rows, _payroll(payroll_rows)


def _cell(value: object) -> str:
    """What stands in a cell, as text: a day as ISO, a whole number without a point."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
