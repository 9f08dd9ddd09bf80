"""The report as a Word document: real styles, headings and header rows, so that it can be read aloud and worked on."""

from datetime import date, datetime, time
from io import BytesIO

from docx import Document as new_document
from docx.document import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table as DocxTable
from docx.table import _Cell as DocxCell
from docx.text.paragraph import Paragraph as DocxParagraph
from docx.text.run import Run

from plenum.reports.content import ReviewContent
from plenum.reports.render.pdf import render_chart
from plenum.reports.render.word_styles import (
    CAPTION,
    CLOSING,
    NOTE,
    SOFT,
    SUBTITLE,
    TABLE_TEXT,
    TONES,
    field,
    keep_row_whole,
    mark_as_header,
    new_numbering,
    prepare,
    set_borders,
    set_cell_margins,
    set_language,
)
from plenum.reports.wording.written import (
    Block,
    Cell,
    Chart,
    Column,
    Foot,
    Head,
    Items,
    Paragraph,
    Section,
    Subheading,
    Table,
    Written,
)

TEXT_WIDTH = 165
ROWS_KEPT = 2
"""So many rows of a table that stands last go with the signature to the next page."""
HEADER_SIZE = 9
"""Points; small enough that long words of a heading fit their column."""
_ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
}


def render_docx(content: ReviewContent, written: Written) -> bytes:
    """The review report for Word."""
    return word_document(written, content.view.drawn_on)


def word_document(written: Written, drawn_on: date) -> bytes:
    """A .docx in the form of a party document: A4, 20/20/30/15 mm, page numbers from the second page."""
    document = new_document()
    prepare(document, written.language)
    _properties(document, written, drawn_on)
    _page_numbers(document)
    _head(document, written.head)
    _basis(document, written)
    for section in written.sections:
        _section(document, section, written)
    _foot(document, written.foot, written.legend)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _properties(document: Document, written: Written, drawn_on: date) -> None:
    properties = document.core_properties
    properties.title = written.name
    properties.subject = written.head.subtitle
    properties.author = written.author
    properties.last_modified_by = ""
    properties.comments = written.foot.closing
    properties.language = written.language
    properties.created = properties.modified = datetime.combine(drawn_on, time())


def _page_numbers(document: Document) -> None:
    section = document.sections[0]
    section.different_first_page_header_footer = True
    paragraph = section.header.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    field(paragraph, "PAGE")


# --- the head ---------------------------------------------------------------------------------------------------


def _head(document: Document, head: Head) -> None:
    table = document.add_table(rows=1, cols=2)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    set_borders(table, inside=False, outside=False)
    left, right = table.rows[0].cells
    lines = [(head.superior.upper(), False), (head.unit.upper(), False), (head.issuer.upper(), True)]
    _centred(left, [line for line in lines if line[0]] + [("*", False), (head.symbol, False)])
    _centred(right, [(head.party.upper(), True), ("––––––––––––––––", False)])
    _line(right, head.place_and_day).italic = True
    document.add_paragraph(head.title, style="Title")
    document.add_paragraph(head.subtitle, style=SUBTITLE)


def _centred(cell: DocxCell, lines: list[tuple[str, bool]]) -> None:
    for text, is_bold in lines:
        _line(cell, text).bold = is_bold


def _line(cell: DocxCell, text: str) -> Run:
    """A new centred line of a cell, as its run."""
    first = cell.paragraphs[0]
    paragraph = first if not first.runs else cell.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_after = Pt(0)
    run: Run = paragraph.add_run(text)
    run.font.size = Pt(12)
    return run


def _basis(document: Document, written: Written) -> None:
    if not written.basis:
        return
    document.add_paragraph().add_run(written.basis_label).italic = True
    for line in written.basis:
        document.add_paragraph(style="List Bullet").add_run(line).italic = True


# --- sections ---------------------------------------------------------------------------------------------------


def _section(document: Document, section: Section, written: Written) -> None:
    document.add_heading(f"{section.number}. {section.title}", level=1)
    for block in section.blocks:
        _block(document, block, written)


def _block(document: Document, block: Block, written: Written) -> None:
    match block:
        case Paragraph():
            run = document.add_paragraph(style="Body Text").add_run(block.text)
            if block.language:
                set_language(run, block.language)
        case Subheading():
            document.add_heading(block.text, level=2)
        case Items():
            _items(document, block)
        case Table():
            _table(document, block, written)
        case Chart():
            _chart(document, block, written.language)


def _items(document: Document, block: Items) -> None:
    numbering = new_numbering(document)
    for item in block.items:
        paragraph = document.add_paragraph(item.text, style="List Number")
        numbering(paragraph)
        for line in item.below:
            document.add_paragraph(line, style="List Bullet 2")


def _chart(document: Document, chart: Chart, language: str) -> None:
    picture = render_chart(list(chart.labels), list(chart.values), list(chart.shown), language)
    paragraph = document.add_paragraph(chart.caption, style=CAPTION)
    paragraph.paragraph_format.keep_with_next = False
    run = paragraph.add_run()
    run.add_break()
    shape = run.add_picture(BytesIO(picture), width=Mm(TEXT_WIDTH))
    described = shape._inline.docPr
    described.set("descr", chart.alternative)
    described.set("title", chart.caption)


# --- tables -----------------------------------------------------------------------------------------------------


def _table(document: Document, block: Table, written: Written) -> None:
    document.add_paragraph(block.caption, style=CAPTION)
    # Rows that are added one by one take longer the more there are; so do cells that are asked for row by row.
    wide = len(block.columns)
    table = document.add_table(rows=len(block.rows) + 1, cols=wide)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    set_borders(table, inside=True, outside=True)
    set_cell_margins(table)
    all_cells = table._cells
    lines = [all_cells[first : first + wide] for first in range(0, len(all_cells), wide)]
    style = document.styles[TABLE_TEXT].style_id
    for cell, column in zip(lines[0], block.columns, strict=True):
        _fill(cell, Cell(column.title), column, style, is_bold=True, size=HEADER_SIZE)
    for index, (cells, row) in enumerate(zip(lines[1:], block.rows, strict=True)):
        is_total = block.has_total and index == len(block.rows) - 1
        for cell, said, column in zip(cells, row, block.columns, strict=True):
            _fill(cell, said, column, style, is_bold=is_total)
    for place, line in enumerate(table.rows):
        if not place:
            mark_as_header(line)
        keep_row_whole(line)
    _set_widths(table, block.columns, lines)
    _notes_of(document, block, written)


def _set_widths(table: DocxTable, columns: tuple[Column, ...], lines: list[list[DocxCell]]) -> None:
    free = TEXT_WIDTH - sum(column.width for column in columns)
    growing = sum(1 for column in columns if column.width == 0)
    for index, column in enumerate(columns):
        width = Mm(column.width or free // growing)
        table.columns[index].width = width
        for cells in lines:
            cells[index].width = width


def _fill(
    cell: DocxCell, said: Cell, column: Column, style: str, *, is_bold: bool, size: float | None = None
) -> None:
    """Fill a cell; `style` is the number of the style of its text: to look it up by name takes long in a long table."""
    paragraph = cell.paragraphs[0]
    paragraph._p.style = style
    paragraph.alignment = _ALIGN[column.align]
    if said.level:
        paragraph.paragraph_format.left_indent = Mm(4 * said.level)
    run = paragraph.add_run(f"– {said.text}" if said.level else said.text)
    run.bold = is_bold
    if size is not None:
        run.font.size = Pt(size)
    if said.tone:
        run.font.color.rgb = RGBColor.from_string(TONES[said.tone])
    for note in said.notes:
        paragraph.add_run(str(note)).font.superscript = True
    if said.under:
        _under(paragraph, said.under)


def _under(paragraph: DocxParagraph, text: str) -> None:
    run = paragraph.add_run()
    run.add_break()
    run.add_text(text)
    run.font.size = Pt(8.5)
    run.font.color.rgb = RGBColor.from_string(SOFT)


def _notes_of(document: Document, block: Table, written: Written) -> None:
    """The notes of a table stand right below it, numbered as in its cells."""
    numbers = dict.fromkeys(note for row in block.rows for cell in row for note in cell.notes)
    for number in numbers:
        paragraph = document.add_paragraph(style=NOTE)
        paragraph.add_run(str(number)).font.superscript = True
        paragraph.add_run(f" {written.notes[number - 1]}")


# --- the foot ---------------------------------------------------------------------------------------------------


def _foot(document: Document, foot: Foot, legend: str) -> None:
    _keep_with_next(document)
    between = document.add_paragraph().paragraph_format
    between.space_after, between.keep_with_next = Pt(0), True
    table = document.add_table(rows=1, cols=2)
    set_borders(table, inside=False, outside=False)
    keep_row_whole(table.rows[0])
    left, right = table.rows[0].cells
    _recipients(left, foot)
    _centred(
        right,
        [(foot.signer_post.upper(), True), ("", False), ("", False), ("", False), (foot.signer_name, True)],
    )
    if legend:
        document.add_paragraph(legend, style=CLOSING)
    document.add_paragraph(foot.closing, style=CLOSING)
    for line in foot.issue:
        document.add_paragraph(line, style=CLOSING)
    if foot.running:
        _running(document, foot.running)


def _keep_with_next(document: Document) -> None:
    """Keep what stands last, of a table its last rows, on the page of what follows: no signature stands alone."""
    last = next(reversed(list(document.iter_inner_content())))
    if isinstance(last, DocxTable):
        kept = [text for row in last.rows[-ROWS_KEPT:] for cell in row.cells for text in cell.paragraphs]
    else:
        kept = [last]
    for paragraph in kept:
        paragraph.paragraph_format.keep_with_next = True


def _running(document: Document, text: str) -> None:
    """The line at the foot of every page, the first one too."""
    section = document.sections[0]
    for footer in (section.first_page_footer, section.footer):
        paragraph = footer.paragraphs[0]
        paragraph.style = CLOSING
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.add_run(text)


def _recipients(cell: DocxCell, foot: Foot) -> None:
    if not foot.recipients:
        return
    label = cell.paragraphs[0]
    label.style = NOTE
    run = label.add_run(foot.recipients_label)
    run.bold = run.italic = True
    for recipient in foot.recipients:
        cell.add_paragraph(f"– {recipient}", style=NOTE)
