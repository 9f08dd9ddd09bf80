"""What PDF/UA-1 asks of a document, looked for in the file itself: tags, titles, languages, fonts, alternatives."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO
from itertools import pairwise
from typing import Any

import pytest
from pypdf import PdfReader

from plenum.packs.wording import LANGUAGES
from plenum.reports.content import Issue, ReviewContent
from plenum.reports.render import render
from plenum.reports.tests.factories import in_course, nothing_reported, province

ISSUE = Issue(
    "Nguyễn Văn A", "Cán bộ tổ chức", "Đảng bộ tỉnh Quảng Nam", date(2024, 10, 8), 2, "K7M2P-9QRXA-4WDH8",
    "https://plenum.example.org/verify/K7M2P-9QRXA-4WDH8/", "Sửa số liệu",
)  # fmt: skip


def issued() -> ReviewContent:
    return replace(province(40), issue=ISSUE)


def opened(content: ReviewContent, lang: str = "en") -> Any:
    return PdfReader(BytesIO(render(content, lang, "pdf")))


def elements(node: Any) -> Iterator[Any]:
    """All structure elements below one, in the order of reading."""
    below = node.get("/K", [])
    below = below.get_object() if hasattr(below, "get_object") else below
    for each in below if isinstance(below, list) else [below]:
        child = each.get_object() if hasattr(each, "get_object") else each
        if isinstance(child, dict) and "/S" in child:
            yield child
            yield from elements(child)


def tags(reader: Any) -> list[Any]:
    return list(elements(reader.trailer["/Root"]["/StructTreeRoot"]))


def roles(reader: Any) -> list[str]:
    mapped = reader.trailer["/Root"]["/StructTreeRoot"].get("/RoleMap", {})
    return [str(mapped.get(each["/S"], each["/S"])) for each in tags(reader)]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("content", [issued(), in_course(), nothing_reported()], ids=lambda c: c.unit_code)
def test_the_catalogue_says_what_the_document_is(content: ReviewContent, lang: str) -> None:
    reader = opened(content, lang)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value is True
    assert str(root["/Lang"]).split("-")[0] == lang
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    metadata = root["/Metadata"].get_object().get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert content.heading.unit in metadata
    assert content.heading.unit in (reader.metadata.title or "")
    assert all(page["/Tabs"] == "/S" for page in reader.pages if "/Annots" in page)
    assert all("/StructParents" in page for page in reader.pages)


def test_headings_follow_each_other_without_a_gap() -> None:
    for content in (issued(), in_course(), nothing_reported()):
        levels = [int(role[2:]) for role in roles(opened(content)) if role[:2] == "/H" and role[2:].isdigit()]
        assert levels[0] == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))
        assert [each["/S"] for each in tags(opened(content))].count("/Title") == 1


def test_every_table_has_header_cells_that_say_for_what() -> None:
    reader = opened(issued())
    tables = [each for each in tags(reader) if each["/S"] == "/Table"]
    assert len(tables) == 3
    for table in tables:
        below = list(elements(table))
        heads = [each for each in below if each["/S"] == "/TH"]
        rows = [each for each in below if each["/S"] == "/TR"]
        assert heads
        assert "/THead" in [each["/S"] for each in below]
        assert len({sum(1 for cell in elements(row) if cell["/S"] in ("/TH", "/TD")) for row in rows}) == 1
        for head in heads:
            attributes = head["/A"].get_object()
            owners = attributes if isinstance(attributes, list) else [attributes]
            assert any(each.get_object().get("/Scope") == "/Column" for each in owners)


def test_every_drawing_that_says_something_says_it_in_words() -> None:
    figures = [each for each in tags(opened(issued())) if each["/S"] == "/Figure"]
    assert len(figures) == 1
    assert "December 2023: 263" in str(figures[0]["/Alt"])


def test_every_font_is_embedded_and_can_be_read_as_text() -> None:
    for lang in LANGUAGES:
        reader = opened(issued(), lang)
        fonts = [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]
        assert fonts
        for font in fonts:
            descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            assert {"/FontFile2", "/FontFile3"} & set(descriptor)
            assert "/ToUnicode" in font


def test_everything_on_a_page_is_tagged_or_decoration() -> None:
    """Between the marks of tagged content and of decoration nothing is drawn."""
    for page in opened(issued()).pages:
        depth, drawn_outside = 0, 0
        for _operands, operator in page.get_contents().operations:
            if operator in (b"BDC", b"BMC"):
                depth += 1
            elif operator == b"EMC":
                depth -= 1
            elif operator in (b"Tj", b"TJ", b"f", b"f*", b"S", b"B", b"Do") and depth == 0:
                drawn_outside += 1
        assert (depth, drawn_outside) == (0, 0)


def test_a_text_in_another_language_is_marked_as_such() -> None:
    marked = {str(each["/Lang"]) for each in tags(opened(province(), "cs")) if "/Lang" in each}
    assert any(lang.startswith("vi") for lang in marked)
