"""Styles, page and the pieces of WordprocessingML that python-docx has no words for."""

from collections.abc import Callable
from typing import Any

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Row
from docx.text.paragraph import Paragraph
from docx.text.run import Run

FONT = "Times New Roman"
"""The font of party documents; where it is not installed, Liberation Serif of the same widths stands in."""

SUBTITLE, CAPTION, TABLE_TEXT, NOTE, CLOSING = "Subtitle", "Caption", "Table Text", "Note", "Closing Line"
SOFT = "59626B"
TONES = {"good": "2F6B4F", "warn": "8A5A00", "bad": "A3362B", "open": SOFT}

_TAGS = {"vi": "vi-VN", "en": "en-GB", "ru": "ru-RU", "cs": "cs-CZ"}


def prepare(document: Document, language: str) -> None:
    """Page size, margins, language and styles of the whole document."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.header_distance = Mm(10)
    _set_default_language(document, language)
    _styles(document)


def _styles(document: Document) -> None:
    left, centre, justify = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY
    _style(document, "Normal", 13, after=6)
    _style(document, "Body Text", 13, after=6, align=justify)
    _style(document, "List Number", 13, after=5, align=justify)
    _style(document, "List Bullet", 13, after=4, align=justify)
    _style(document, "List Bullet 2", 13, after=3, align=left)
    _style(document, "Title", 16, before=14, after=2, align=centre, bold=True)
    _style(document, SUBTITLE, 13, after=12, align=centre, bold=True)
    _style(document, "Heading 1", 14, before=14, after=6, align=left, bold=True)
    _style(document, "Heading 2", 13, before=10, after=4, align=left, bold=True, italic=True)
    _style(document, CAPTION, 11.5, before=8, after=4, align=centre, bold=True)
    _style(document, TABLE_TEXT, 10.5, before=2, after=2, align=left)
    _style(document, NOTE, 10, before=2, after=0, align=left)
    _style(document, CLOSING, 9, before=2, after=0, align=left)
    for name in ("Heading 1", "Heading 2", CAPTION, "Title", SUBTITLE):
        _paragraph_style(document, name).paragraph_format.keep_with_next = True
    _paragraph_style(document, CLOSING).font.color.rgb = RGBColor.from_string(SOFT)


def _style(
    document: Document,
    name: str,
    size: float,
    *,
    before: float = 0,
    after: float = 0,
    align: WD_ALIGN_PARAGRAPH | None = None,
    bold: bool = False,
    italic: bool = False,
) -> None:
    style = _paragraph_style(document, name)
    style.font.size, style.font.bold, style.font.italic = Pt(size), bold, italic
    style.font.color.rgb = RGBColor(0, 0, 0)
    _set_font(style)
    shape = style.paragraph_format
    shape.space_before, shape.space_after, shape.line_spacing = Pt(before), Pt(after), 1.1
    if align is not None:
        shape.alignment = align
    for border in style.element.findall(f".//{qn('w:pBdr')}"):
        border.getparent().remove(border)
    for spacing in style.element.findall(f".//{qn('w:rPr')}/{qn('w:spacing')}"):
        spacing.getparent().remove(spacing)


def _paragraph_style(document: Document, name: str) -> ParagraphStyle:
    if name in [style.name for style in document.styles]:
        found: Any = document.styles[name]
    else:
        found = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        found.base_style = document.styles["Normal"]
    assert isinstance(found, ParagraphStyle)
    return found


def _set_font(style: ParagraphStyle) -> None:
    """One font for every script; the theme's fonts, which would win, are taken out."""
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), FONT)
        fonts.attrib.pop(qn(f"w:{script}Theme"), None)
    fonts.attrib.pop(qn("w:cstheme"), None)


def _set_default_language(document: Document, language: str) -> None:
    for element in document.styles.element.iter(qn("w:lang")):
        element.set(qn("w:val"), _TAGS[language])
        element.set(qn("w:eastAsia"), _TAGS[language])


def set_language(run: Run, language: str) -> None:
    """Say that a run is in another language than the document."""
    element = OxmlElement("w:lang")
    element.set(qn("w:val"), _TAGS[language])
    run._r.get_or_add_rPr().append(element)


def field(paragraph: Paragraph, code: str) -> None:
    """A field that Word computes, such as the number of the page."""
    for kind, text in (("begin", ""), ("", code), ("end", "")):
        run = paragraph.add_run()
        if kind:
            character = OxmlElement("w:fldChar")
            character.set(qn("w:fldCharType"), kind)
            run._r.append(character)
        else:
            instruction = OxmlElement("w:instrText")
            instruction.set(qn("xml:space"), "preserve")
            instruction.text = text
            run._r.append(instruction)


def mark_as_header(row: _Row) -> None:
    """The row is the header of its table: repeated on every page and announced by screen readers."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def keep_row_whole(row: _Row) -> None:
    """No page ends in the middle of the row."""
    row._tr.get_or_add_trPr().insert(0, OxmlElement("w:cantSplit"))


def set_borders(table: Table, *, inside: bool, outside: bool) -> None:
    """Horizontal rules only, or none at all."""
    borders = OxmlElement("w:tblBorders")
    for side, is_drawn, weight in (("top", outside, 8), ("bottom", outside, 8), ("insideH", inside, 4)):
        line = OxmlElement(f"w:{side}")
        line.set(qn("w:val"), "single" if is_drawn else "nil")
        line.set(qn("w:sz"), str(weight))
        line.set(qn("w:color"), "B9B4A8" if side == "insideH" else "1C2126")
        borders.append(line)
    table._tbl.tblPr.append(borders)


def set_cell_margins(table: Table) -> None:
    """Narrow margins at the sides of cells, so that numbers and headings have room."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(Mm(1.2).twips))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.append(margins)


def new_numbering(document: Document) -> Callable[[Paragraph], None]:
    """A numbered list that starts at one; call the result with each of its paragraphs."""
    numbering = document.part.numbering_part.element
    style = document.styles["List Number"].element
    used = style.pPr.numPr.numId.val
    abstract = next(n.abstractNumId.val for n in numbering.num_lst if n.numId == used)
    number = numbering.add_num(abstract)
    number.add_lvlOverride(ilvl=0).add_startOverride(1)

    def numbered(paragraph: Paragraph) -> None:
        properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_ilvl().val = 0
        properties.get_or_add_numId().val = number.numId

    return numbered
