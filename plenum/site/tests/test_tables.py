"""Tables as files: what is read out of a page, and how it is written."""

import csv
from datetime import date
from decimal import Decimal
from fractions import Fraction
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.exceptions import BadRequest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from plenum.access import paging
from plenum.access.tables import files
from plenum.access.tables.files import About, number_format, write_csv, write_xlsx
from plenum.access.tables.table import Cell, ReadTable
from plenum.figures.tests.factories import oblige
from plenum.packs import wording
from plenum.packs.marks import marking
from plenum.site.tables.reading import read_page
from tests.cast import Cast

ABOUT = About("Caption", "Page", "View", "vi")


def page(*rows: str, head: str = "<th>A</th><th>B</th>", pages: int = 1) -> str:
    return (
        "<title>Units &amp; co · Plenum</title><details><summary><span class='lens-words'>"
        f"<span class='hidden'>View:</span> As of: {wording.day(date(2024, 10, 8), 'en')}</span></summary></details>"
        "<table><tr><td>other</td></tr></table>"
        f'<table data-table="t" data-pages="{pages}"><caption>Cap</caption><thead><tr>{head}</tr></thead><tbody>'
        f"{''.join(f'<tr>{row}</tr>' for row in rows)}</tbody></table>"
        "<table data-table='u'><tr><td>last</td></tr></table>"
    )


def read(*rows: str, **more: Any) -> ReadTable:
    with marking() as sign:
        table = read_page(page(*rows, **more), "t", sign).table
    assert table is not None
    return table


def as_csv(*tables: ReadTable) -> list[list[str]]:
    out = BytesIO()
    write_csv(iter(tables), out)
    return list(csv.reader(StringIO(out.getvalue().decode("utf-8-sig"), newline=""), strict=True))


def as_xlsx(*tables: ReadTable) -> tuple[list[list[Any]], dict[str, str]]:
    out = BytesIO()
    write_xlsx(iter(tables), ABOUT, out)
    with ZipFile(out) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    sheet = CalamineWorkbook.from_filelike(BytesIO(out.getvalue())).get_sheet_by_index(0)
    return sheet.to_python(skip_empty_area=False), parts


def content(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def test_a_page_is_read_for_one_table_its_title_and_its_view() -> None:
    with marking() as sign:
        found = read_page(page("<td>x</td><td>y</td>"), "t", sign)
    assert (found.title, found.view) == ("Units & co · Plenum", "As of: 8\u00a0Oct\u00a02024")
    assert found.table is not None
    assert (found.table.caption, len(found.table.rows)) == ("Cap", 1)
    assert read_page(page("<td>x</td>"), "nothing", "").table is None


@pytest.mark.parametrize("lang", wording.LANGUAGES)
def test_values_are_found_in_every_language(lang: str) -> None:
    with marking() as sign:
        cells = "".join(
            f"<td class='num'>{text}</td>"
            for text in (
                wording.number(1234567, lang),
                wording.percent(Fraction(2041, 1800), lang),
                wording.points(Decimal("-8.46"), lang, short=True),
                wording.day(date(2024, 2, 29), lang),
                f"≥ {wording.number(-5, lang)}",
            )
        )
        table = read_page(page(cells), "t", sign).table
    assert table is not None
    values = [cell.value for cell in table.rows[0]]
    assert values == [Decimal(1234567), Decimal("113.39"), Decimal("-8.46"), date(2024, 2, 29), Decimal(-5)]
    assert table.rows[0][0].text == wording.number(1234567, lang)


def test_marks_of_others_are_text() -> None:
    cell = read("<td>\ue0005\ue001five\ue002</td><td></td>").rows[0][0]
    assert cell.value is None


def test_a_cell_with_two_numbers_or_a_moment_is_a_text() -> None:
    with marking() as sign:
        two = f"{wording.number(1, 'en')} / {wording.number(2, 'en')}"
        moment = f"{wording.day(date(2024, 1, 2), 'en')}, 14:05"
        table = read_page(page(f"<td>{two}</td><td>{moment}</td>"), "t", sign).table
    assert table is not None
    assert [cell.value for cell in table.rows[0]] == [None, None]
    assert table.rows[0][0].text == "1 / 2"


def test_what_stands_small_is_a_note_and_what_is_drawn_or_a_control_is_nothing() -> None:
    table = read(
        '<th data-code="u-1"><a href="/x">Unit</a><span class="under">has ended</span></th>'
        '<td class="num">7<span class="hidden">illustrative</span></td><td><svg><title>no</title></svg></td>'
        "<td><button>End</button></td>",
        head='<th>Unit</th><th>Result</th><th><span class="hidden">Progress</span></th><th>'
        '<span class="hidden">Choose</span></th>',
    )
    assert as_csv(table) == [
        ["Unit", "Code", "Result", "Notes"],
        ["Unit", "u-1", "7", "Unit: has ended; Result: illustrative"],
    ]


def test_a_cell_with_small_text_only_says_that() -> None:
    table = read("<td><small>12 · <code>ab</code></small></td><td>x<small>y</small></td>")
    assert as_csv(table)[1] == ["12 · ab", "x", "B: y"]


def test_csv_has_bare_numbers_and_says_beside_what_stood_around_them() -> None:
    rows = [
        [Cell("+8,46 pp", Decimal("8.46"), "", " pp"), Cell("113,39%", Decimal("113.39"), "", "%")],
        [Cell("−5", Decimal(-5)), Cell("", None)],
    ]
    assert as_csv(ReadTable("Cap", head=[Cell("Change"), Cell("%")], rows=rows)) == [
        ["Change", "%", "Notes"],
        ["8.46", "113.39", "Change: pp"],
        ["-5", "", ""],
    ]


@pytest.mark.parametrize(
    "text", ["=1+1", "+A1", "-A1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0", "＝1"]
)
def test_no_text_becomes_a_formula(text: str) -> None:
    table = ReadTable("Cap", head=[Cell("=A")], rows=[[Cell(text)]])
    found = as_csv(table)
    assert found[0] == ["'=A"]
    assert found[1][0].startswith("'")
    assert text in found[1][0]
    rows, parts = as_xlsx(table)
    assert rows[files.HEAD_AT + 1][0].strip() == text.strip()
    assert "<f>" not in parts["xl/worksheets/sheet1.xml"]


def test_a_workbook_says_what_it_is_and_can_be_worked_with() -> None:
    rows = [[Cell("A & <b>"), Cell("1.234", Decimal(1234)), Cell("29/02/2024", date(2024, 2, 29))]]
    found, parts = as_xlsx(ReadTable("Cap", head=[Cell("Name"), Cell("Count"), Cell("Day")], rows=rows))
    assert [row[0] for row in found[:3]] == ["Caption", "Page", "View"]
    assert found[files.HEAD_AT :] == [["Name", "Count", "Day"], ["A & <b>", 1234.0, date(2024, 2, 29)]]
    sheet = parts["xl/worksheets/sheet1.xml"]
    assert '<pane xSplit="1" ySplit="5"' in sheet
    assert '<autoFilter ref="A5:C6"' in sheet
    assert "<cols>" in sheet
    assert "dd/mm/yyyy" in parts["xl/styles.xml"]


def test_numbers_are_shown_as_on_the_page() -> None:
    assert number_format(Cell("113,39%", Decimal("113.39"), "", "%")) == (Decimal("1.1339"), "0.00%")
    assert number_format(Cell("≥ 1.850", Decimal(1850), "≥ ")) == (Decimal(1850), '"≥ "#,##0')
    assert number_format(Cell("+8,46", Decimal("8.46"), "", " pp")) == (Decimal("8.46"), '#,##0.00" pp"')


def test_a_number_too_long_for_a_spreadsheet_loses_no_digit() -> None:
    long = Decimal(9007199254740993)
    rows, _parts = as_xlsx(ReadTable("Cap", head=[Cell("A")], rows=[[Cell(str(long), long)]]))
    assert rows[files.HEAD_AT + 1] == ["9007199254740993"]


def test_more_rows_than_a_sheet_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "ROWS_OF_A_SHEET", files.HEAD_AT + 3)
    table = ReadTable("Cap", head=[Cell("A")], rows=[[Cell("x")]] * 3)
    with pytest.raises(BadRequest):
        as_xlsx(table)
    assert len(as_csv(table)) == 4


def test_a_long_list_is_written_whole_with_as_many_questions_as_a_short_one(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for code in ("hill-school", "hill-river", "coast-port"):
        oblige(cast.unit(code))
    address = "/units/centre/returns/?period=2024&table=returns&as=csv"
    counted: list[int] = []
    lengths: list[int] = []
    assert cast.auditor.client.get(address).status_code == 200  # what is asked once only is asked now
    for query in ("&q=Thông", ""):
        with CaptureQueriesContext(connection) as asked:
            answer = cast.auditor.client.get(address + query)
        counted.append(len(asked))
        lengths.append(len(content(answer).splitlines()))
    assert lengths[1] > lengths[0] > 5
    assert counted[0] == counted[1]
    whole = content(cast.auditor.client.get(address))
    monkeypatch.setattr(paging, "IN_A_FILE", 4)
    pieces = content(cast.auditor.client.get(address))
    assert pieces == whole
