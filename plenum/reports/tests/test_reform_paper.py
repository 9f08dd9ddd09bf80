"""The paper on a reform: written, opened and read back, in four languages and three formats."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client
from docx import Document
from pypdf import PdfReader

from plenum.access.command_line import CommandLine
from plenum.packs.wording import LANGUAGES
from plenum.reorganisations.actions import approve_reform, submit_reform
from plenum.reorganisations.models import Reform
from plenum.reorganisations.queries import reform_view
from plenum.reorganisations.tests.factories import SYSTEM, Bloc
from plenum.reorganisations.tests.test_difference import bloc, rehearsed
from plenum.reports import reform_paper as paper_module
from plenum.reports.cli import reform_group
from plenum.reports.reform_paper import NotRehearsed, reform_paper
from plenum.reports.render import render_paper
from plenum.reports.wording.written import Cell, Column, Foot, Head, Paragraph, Section, Table, Written
from tests.cast import DAY, Cast

__all__ = ["bloc"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def reform(bloc: Bloc) -> Reform:
    """A reform that is rehearsed and submitted, approved by one of the units that are asked."""
    made = rehearsed()
    submit_reform(made.pk, on=DAY, by=SYSTEM)
    approve_reform(made.pk, bloc.units["north"], on=DAY, by=SYSTEM)
    return Reform.objects.get(pk=made.pk)


def paper(reform: Reform, language: str = "en") -> Written:
    return reform_paper(reform_view(reform, DAY), SYSTEM, DAY, language)


def docx_text(made: bytes) -> str:
    document = Document(BytesIO(made))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_it_says_everything_that_is_decided_on(reform: Reform) -> None:
    text = render_paper(paper(reform), DAY, "md").decode()
    for said in (
        "Dissolve the bloc of provincial agencies",
        "Decision 105",
        "Đảng bộ tỉnh Bắc Sơn answers for the reform",
        "2/3 Đảng bộ các cơ quan Đảng tỉnh; 1/3 Đảng bộ Ủy ban nhân dân tỉnh",
        "not decided; proposed: Goes to Đảng bộ các cơ quan Đảng tỉnh",
        "Every total of Đảng bộ tỉnh Bắc Sơn stays the same",
        "Goes on at Đảng bộ các cơ quan Đảng tỉnh and keeps the past",
        "The target is met.",
        "The rules say nothing about the size of these",
        reform.rehearsal.digest,
        "not yet",
    ):
        assert said in text.replace("\\", ""), said


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_a_document_in_every_language_and_format(reform: Reform, language: str) -> None:
    written = paper(reform, language)
    pdf: Any = PdfReader(BytesIO(render_paper(written, DAY, "pdf")))
    assert str(pdf.trailer["/Root"]["/Lang"]).startswith(language)
    for text in (
        "\n".join(page.extract_text() for page in pdf.pages),
        docx_text(render_paper(written, DAY, "docx")),
        render_paper(written, DAY, "md").decode(),
    ):
        assert "Đảng bộ các cơ quan Đảng tỉnh" in text.replace("\n", " ")
        assert "\ufffd" not in text
    with pytest.raises(KeyError):
        render_paper(written, DAY, "json")


def test_long_tables_are_bounded_and_say_so(reform: Reform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paper_module, "MOST_ROWS", 2)
    written = paper(reform)
    tables = [block for section in written.sections for block in section.blocks if isinstance(block, Table)]
    assert {len(table.rows) for table in tables if table.caption == "Units before and after"} == {2}
    text = render_paper(written, DAY, "md").decode()
    assert "6 rows in all; the first 2 stand here. The page of the reform has the whole as XLSX." in text


def test_without_a_rehearsal_there_is_no_paper(bloc: Bloc) -> None:
    made = rehearsed()
    made.rehearsal.delete()
    with pytest.raises(NotRehearsed):
        paper(Reform.objects.get(pk=made.pk))


def test_the_page_gives_the_files_to_who_sees_the_reform(reform: Reform, bloc: Bloc) -> None:
    client = Client()
    client.force_login(bloc.officer)
    answer = client.get(f"/reforms/{reform.pk}/difference.pdf?lang=cs")
    assert answer.content[:5] == b"%PDF-"
    assert 'filename="bloc-2025.cs.pdf"' in answer.headers["Content-Disposition"]
    assert client.get(f"/reforms/{reform.pk}/difference.odt").status_code == 404
    asked = Client()
    asked.force_login(bloc.people[0])
    text = asked.get(f"/reforms/{reform.pk}/difference.md?lang=en").content.decode()
    assert "The target is met" not in text, "only who reaches everything is told of all posts"
    assert "because you do not reach everything" in text


def test_the_command_prints_the_difference_and_writes_the_paper(reform: Reform, tmp_path: Path) -> None:
    line = CommandLine(SYSTEM, DAY)
    file = tmp_path / "paper.docx"
    done = CliRunner().invoke(
        reform_group, ["difference", "bloc-2025", "-o", str(file), "--lang", "en"], obj=line
    )
    assert done.exit_code == 0, done.output
    assert "Every total of" in docx_text(file.read_bytes())
    pdf = tmp_path / "paper"
    CliRunner().invoke(reform_group, ["difference", "bloc-2025", "--pdf", "-o", str(pdf)], obj=line)
    assert pdf.read_bytes()[:5] == b"%PDF-"
    printed = CliRunner().invoke(reform_group, ["difference", "bloc-2025"], obj=line).stdout
    assert "→  divided  →" in printed
    assert "code" in CliRunner().invoke(reform_group, ["difference", "bloc-2025", "--csv"], obj=line).stdout
    assert CliRunner().invoke(reform_group, ["difference", "none"], obj=line).exit_code == 1


def test_others_get_no_paper(reform: Reform, cast: Cast) -> None:
    for member in (cast.neighbour, cast.stranger):
        client = Client()
        client.force_login(member.account)
        assert client.get(f"/reforms/{reform.pk}/difference.pdf").status_code == 404


def test_no_signature_stands_alone_on_a_page() -> None:
    """The last rows of a long table, with its head, and a short table as a whole go with it."""
    columns = (Column("Unit", "left"), Column("Approved", "left", 60))
    # So many words that the table, or some of its rows, would just end a page, and the signature begin the next.
    for count, kept, words in ((30, 2, 620), (4, 4, 400), (4, 4, 440), (4, 4, 480)):
        table = Table("Approvals", columns, tuple((Cell(f"unit {row}"), Cell("-")) for row in range(count)))
        written = Written(
            language="en",
            name="x",
            author="x",
            head=Head("", "Unit", "", "x", "Party", "", "Title", "Subtitle"),
            basis_label="",
            basis=(),
            sections=(Section("I", "Last", (Paragraph("word " * words), table)),),
            notes_label="",
            notes=(),
            legend="",
            foot=Foot("", (), "Secretary", "", closing="x"),
        )
        last = PdfReader(BytesIO(render_paper(written, DAY, "pdf"))).pages[-1].extract_text()
        assert "SECRETARY" in last
        assert "Approved" in last
        assert last.count("unit") == kept, words
        if count == 30:
            long = written
    document: Any = Document(BytesIO(render_paper(long, DAY, "docx")))
    together = [
        [text.paragraph_format.keep_with_next for cell in row.cells for text in cell.paragraphs]
        for row in document.tables[-2].rows
    ]
    assert together[-2:] == [[True, True]] * 2
