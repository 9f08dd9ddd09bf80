"""Real files, opened and read back."""

import json
import shutil
import subprocess
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from markdown_it import MarkdownIt
from pypdf import PdfReader

from plenum.packs.wording import LANGUAGES
from plenum.periods import Period
from plenum.reports.content import FreeText, ReviewContent
from plenum.reports.render import RENDERERS, file_name, render
from plenum.reports.tests.factories import in_course, nothing_reported, province

NASTY = '#let x = 1; *bold* _it_ `code` $a$ <b>html</b> | pipe [^1] @ref "quote" \\ #panic("no")'
STATED = {"vi": "113,34", "en": "113.34", "ru": "113,34", "cs": "113,34"}
EXACT = {"vi": "113,39", "en": "113.39", "ru": "113,39", "cs": "113,39"}


def pdf_of(content: ReviewContent, lang: str) -> Any:
    return PdfReader(BytesIO(render(content, lang, "pdf")))


def pdf_text(content: ReviewContent, lang: str) -> str:
    return "\n".join(page.extract_text() for page in pdf_of(content, lang).pages)


def typed(text: str) -> ReviewContent:
    """A report whose every free text is what somebody typed."""
    content = province()
    texts = {section: (FreeText(section, "en", text),) for section in ("achievements", "causes", "tasks")}
    unit = replace(content.sub_units[0], name=text)
    return replace(content, heading=replace(content.heading, unit=text), sub_units=(unit,), texts=texts)


# --- PDF --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_pdf_has_real_text_with_both_figures(lang: str) -> None:
    text = pdf_text(province(), lang)
    assert EXACT[lang] in text
    assert STATED[lang] in text
    assert "Đảng bộ huyện Tây Giang" in text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_pdf_is_tagged_titled_and_in_its_language(lang: str) -> None:
    reader = pdf_of(province(), lang)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert str(root["/Lang"]).startswith(lang)
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert "Đảng bộ tỉnh Quảng Nam" in (reader.metadata.title or "")
    assert "pdfuaid" in reader.xmp_metadata.stream.get_data().decode()


def test_every_glyph_is_there() -> None:
    for lang in LANGUAGES:
        assert "\ufffd" not in pdf_text(province(), lang)


def test_a_long_table_repeats_its_header_on_every_page() -> None:
    pages = [page.extract_text() for page in pdf_of(province(90), "en").pages]
    with_units = [page for page in pages if page.count("Nam Trà My") > 5]
    assert len(with_units) >= 3
    assert all("received" in page for page in with_units)


def test_the_first_page_has_no_number_and_the_second_has() -> None:
    pages = [page.extract_text() for page in pdf_of(province(40), "vi").pages]
    assert pages[0].lstrip().startswith("ĐẢNG BỘ")
    assert pages[1].lstrip().startswith("2")


def test_what_people_type_is_text_and_never_markup() -> None:
    text = " ".join(pdf_text(typed(NASTY), "en").split())
    assert '#panic("no")' in text
    assert "*bold* _it_ `code` $a$ <b>html</b>" in text


def test_a_character_that_no_font_has_becomes_a_box_instead_of_a_failure() -> None:
    text = pdf_text(typed("Chữ 漢 và 🎉 xong"), "vi")
    assert "□" in text
    assert "xong" in text


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("format", list(RENDERERS))
def test_every_kind_of_report_can_be_written(format: str, lang: str) -> None:
    for content in (in_course(), nothing_reported()):
        assert len(render(content, lang, format)) > 500


# --- DOCX -------------------------------------------------------------------------------------------------------


def test_the_docx_has_header_rows_styles_and_properties() -> None:
    document = Document(BytesIO(render(province(), "vi", "docx")))
    of_data = [
        table for table in document.tables if table.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None
    ]
    assert len(of_data) == 3
    assert [cell.text for cell in of_data[0].rows[0].cells][:3] == ["Chỉ tiêu", "Kết quả", "Mức giao"]
    headings = [p.text for p in document.paragraphs if p.style is not None and p.style.name == "Heading 1"]
    assert headings[0] == "I. Kết quả thực hiện chỉ tiêu"
    assert document.core_properties.title == "Đảng bộ tỉnh Quảng Nam: báo cáo kết quả công tác năm 2023"
    assert document.core_properties.language == "vi"
    languages = {element.get(qn("w:val")) for element in document.styles.element.iter(qn("w:lang"))}
    assert languages == {"vi-VN"}


def test_the_docx_is_a4_with_the_margins_of_the_form() -> None:
    section = Document(BytesIO(render(province(), "ru", "docx"))).sections[0]
    sizes = (
        section.page_width,
        section.page_height,
        section.top_margin,
        section.left_margin,
        section.right_margin,
    )
    assert [round(size.mm) for size in sizes if size is not None] == [210, 297, 20, 30, 15]
    assert section.different_first_page_header_footer
    assert "PAGE" in section.header._element.xml


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_docx_says_both_figures_below_the_table(lang: str) -> None:
    document = Document(BytesIO(render(province(), lang, "docx")))
    notes = [p.text for p in document.paragraphs if p.style is not None and p.style.name == "Note"]
    assert any(STATED[lang] in note and EXACT[lang] in note for note in notes)


def test_each_numbered_list_of_the_docx_starts_at_one() -> None:
    document = Document(BytesIO(render(province(), "en", "docx")))
    numbers = {
        p._p.pPr.numPr.numId.val  # type: ignore[union-attr]
        for p in document.paragraphs
        if p.style is not None and p.style.name == "List Number"
    }
    assert len(numbers) == 3


def test_the_chart_of_the_docx_can_be_read_aloud() -> None:
    document = Document(BytesIO(render(province(), "en", "docx")))
    described = document.element.body.find(f".//{qn('wp:docPr')}")
    assert described is not None
    assert "December 2023: 263" in (described.get("descr") or "")


def test_libreoffice_opens_the_docx(tmp_path: Path) -> None:
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not installed (no soffice)")
    file = tmp_path / "review.docx"
    file.write_bytes(render(province(), "ru", "docx"))
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    subprocess.run(
        [program, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(file)],
        check=True,
        capture_output=True,
        timeout=120,
    )
    text = "\n".join(page.extract_text() for page in PdfReader(tmp_path / "review.pdf").pages)
    assert "113,39" in text
    assert "113,34" in text
    assert "ОТЧЁТ" in text


# --- Markdown and JSON ------------------------------------------------------------------------------------------


def test_the_markdown_is_a_document_with_tables_and_a_note() -> None:
    text = render(province(), "en", "md").decode().replace("\u00a0", " ")
    assert "# REPORT: Party organisation and building: results for 2023 and tasks for 2024" in text
    assert "| New members admitted | 2,041[^1] | 1,800 | 113.39% | 1,855† (+186) | ● Exceeded |" in text
    assert "[^1]: Stated: 113.34%; computed: 2,041 of 1,800 is 113.39%." in text
    assert MarkdownIt().enable("table").render(text).count("<table>") == 4


def test_the_markdown_shows_what_people_type_exactly() -> None:
    html = MarkdownIt().enable("table").render(render(typed(NASTY), "en", "md").decode())
    assert "<b>" not in html
    assert "*bold* _it_ `code` $a$ &lt;b&gt;html&lt;/b&gt; | pipe [^1]" in html
    for typed_text in ("1. not a list", "- not a list", "+ not", "# not a heading", "> not", "---", "==="):
        parsed = MarkdownIt().render(render(typed(typed_text), "en", "md").decode())
        assert f"<p>{typed_text.replace('>', '&gt;')}</p>" in parsed


def test_the_json_has_numbers_as_numbers_and_percents_as_strings() -> None:
    report = json.loads(render(province(), "cs", "json"))
    admitted = report["results"][0]
    assert report["schema"] == "plenum.review/1"
    assert (admitted["indicator"], admitted["value"], admitted["percent"]) == (
        "members.admitted",
        2041,
        "113.39",
    )
    assert admitted["target"]["amount"] == 1800
    assert admitted["flags"] == [
        {
            "what": "percent_of_target",
            "stated": "113.34",
            "stated_unit": "percent",
            "exact": "113.39",
            "exact_unit": "percent",
            "source": "báo cáo trình hội nghị ngày 10/01/2024",
        }
    ]
    heads = report["results"][2]
    assert (heads["numerator"], heads["denominator"], heads["share"]) == (121, 130, "93.08")
    assert heads["changes"][0] == {"since": "start_of_year", "unit": "points", "difference": "8.46"}
    assert report["returns"]["late"][0]["days"] == 21
    assert report["shortcomings"] == ["organisations.founded_private"]


def test_a_file_is_named_for_what_it_is() -> None:
    assert file_name("quang-nam", Period.parse("2023"), "vi", "pdf") == "bao-cao-quang-nam-2023.vi.pdf"
    assert file_name("dak-nong", Period.parse("2024-9M"), "ru", "docx") == "otchet-dak-nong-2024-9m.ru.docx"
