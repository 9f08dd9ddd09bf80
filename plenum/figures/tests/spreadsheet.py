"""A spreadsheet program for tests: types into cells of a workbook as people do, and looks at what they hold."""

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from xml.sax.saxutils import escape

import python_calamine

from plenum.figures.workbooks.writing import cell_of
from plenum.packs import pack


def parts_of(body: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def changed(body: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """The same workbook with one part of it changed."""
    parts = parts_of(body)
    return packed({**parts, part: change(parts[part])})


def typed(body: bytes, cells: Mapping[str, object], sheet: int = 1) -> bytes:
    """What a person types into cells of a sheet: numbers, texts, formulas (=…), errors (#…); None empties one."""

    def change(content: bytes) -> bytes:
        text = content.decode()
        for cell, value in cells.items():
            pattern = rf'<c r="{cell}"( s="\d+")?[^>]*?(?:/>|>.*?</c>)'
            found = re.search(pattern, text)
            assert found, cell
            text = (
                f'{text[: found.start()]}<c r="{cell}"{found[1] or ""}{_inside(value)}{text[found.end() :]}'
            )
        return text.encode()

    return changed(body, f"xl/worksheets/sheet{sheet}.xml", change)


def _inside(value: object) -> str:
    if value is None:
        return "/>"
    if isinstance(value, str) and value.startswith("="):
        return f"><f>{escape(value[1:])}</f><v>5</v></c>"
    if isinstance(value, str) and value.startswith("#"):
        return f' t="e"><v>{escape(value)}</v></c>'
    if isinstance(value, str):
        return f' t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f"><v>{value}</v></c>"


def filled(body: bytes, form: str, figures: Mapping[str, object], sheet: int = 1) -> bytes:
    """The workbook with figures typed by slot."""
    the_form = pack().forms[form]
    return typed(body, {cell_of(the_form, slot): value for slot, value in figures.items()}, sheet)


def rows_of(body: bytes, sheet: int = 0) -> list[list[object]]:
    """All cells of a sheet."""
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(body))
    found: list[list[object]] = book.get_sheet_by_index(sheet).to_python(skip_empty_area=False)  # type: ignore[assignment]
    return found


def names_of(body: bytes) -> list[str]:
    """The names of all sheets, in their order."""
    return list(python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(body)).sheet_names)


def comments_of(body: bytes) -> dict[str, str]:
    """The comments of all sheets by cell."""
    found: dict[str, str] = {}
    for name, content in parts_of(body).items():
        if re.fullmatch(r"xl/comments\d+\.xml", name):
            for cell, inside in re.findall(
                r'<comment ref="(\w+)".*?>(.*?)</comment>', content.decode(), re.S
            ):
                found[cell] = re.sub(r"<[^>]+>", "", inside)
    return found
