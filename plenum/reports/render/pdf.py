"""The report as PDF/UA, typeset by typst in this process, with fonts that cover all four languages."""

import json
import re
from datetime import UTC, date, datetime, time
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import typst

from plenum.reports.content import ReviewContent
from plenum.reports.wording.frozen import as_data
from plenum.reports.wording.written import Written

TEMPLATE = Path(__file__).with_name("review.typ")
CHART_TEMPLATE = Path(__file__).with_name("chart.typ")
FONT_PACKAGES = ("fontpkg_noto_serif", "fontpkg_noto_sans")

REPLACEMENT = "\u25a1"
"""Stands for a character that no font has (□)."""
_NO_GLYPH = re.compile(r'the text `"(.+?)"` could not be displayed')


class FontsMissing(RuntimeError):
    """A font package is not installed."""


def render_pdf(content: ReviewContent, written: Written) -> bytes:
    """The review report as PDF."""
    return typeset(written, content.view.drawn_on)


def typeset(written: Written, drawn_on: date) -> bytes:
    """A tagged PDF (PDF/UA-1). All text reaches the template as data, never as markup."""
    drawn = datetime.combine(drawn_on, time(), UTC)
    data = json.dumps(_data(written), ensure_ascii=False)
    while True:
        try:
            made = _compiler(TEMPLATE).compile(
                format="pdf", sys_inputs={"report": data}, pdf_standards="ua-1", timestamp=drawn
            )
        except typst.TypstError as error:
            data = _without_missing_glyphs(data, error)
        else:
            assert isinstance(made, bytes)
            return made


def _without_missing_glyphs(data: str, error: typst.TypstError) -> str:
    """The data with the characters that no font has replaced: PDF/UA refuses them, a reader would see nothing.

    Raises `error` again when it is about anything else, or when replacing changes nothing.
    """
    found = _NO_GLYPH.search(error.message)
    missing = {character for character in found[1] if not character.isascii()} if found else set()
    replaced = data.translate({ord(character): REPLACEMENT for character in missing})
    if replaced == data:
        raise error
    return replaced


def render_chart(labels: list[str], values: list[int | None], shown: list[str], language: str) -> bytes:
    """The chart over the months alone, as PNG at 200 dots per inch, for documents that cannot draw it."""
    data = {"labels": labels, "values": values, "shown": shown, "language": language}
    made = _compiler(CHART_TEMPLATE).compile(
        format="png", ppi=200, sys_inputs={"chart": json.dumps(data, ensure_ascii=False)}
    )
    page = made[0] if isinstance(made, list) else made
    assert isinstance(page, bytes)
    return page


def font_folders() -> list[Path]:
    """Where the font packages keep their files; FontsMissing if one is not installed."""
    folders = []
    for package in FONT_PACKAGES:
        spec = find_spec(package)
        if spec is None or spec.origin is None:
            raise FontsMissing(
                f"the font package {package} is not installed: install the locked requirements"
            )
        folders.append(Path(spec.origin).parent / "files")
    return folders


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=True, font_paths=list(font_folders())
    )


def _compiler(template: Path) -> typst.Compiler:
    return typst.Compiler(template, root=template.parent, font_paths=_fonts(), ignore_system_fonts=True)


def _data(written: Written) -> dict[str, Any]:
    """The written report as JSON knows it: each block with its kind, each note with its text where it first stands."""
    data = as_data(written)
    noted: set[int] = set()
    for section in data["sections"]:
        for block in section["blocks"]:
            for cell in (cell for row in block.get("rows", ()) for cell in row):
                numbers = cell["notes"]
                cell["notes"] = [
                    {"number": number, "text": written.notes[number - 1], "is_first": number not in noted}
                    for number in numbers
                ]
                noted.update(numbers)
    return data
