"""Every table of every page, found by itself, can be had as a file; by the same people, with the same content.

A new table without a name fails, and so does one of which a file shows less than the page.
"""

import csv
import re
from datetime import date, datetime
from fractions import Fraction
from html.parser import HTMLParser
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from plenum.figures.actions import accept_return
from plenum.figures.tests.factories import oblige, report, submit
from plenum.reorganisations.actions import draft_reform, rehearse_reform
from plenum.reorganisations.rules import Payroll, Plan, Rename
from plenum.tree.ledger import link
from tests.cast import DAY, SYSTEM, Cast
from tests.test_cast_pages import PAGES, UNIT, Samples, make_samples
from tests.walk import Stop, every_page, to_walk

TEMPLATES = sorted(Path("plenum").glob("*/templates/**/*.html"))
HEAD_AT = 4


@pytest.fixture
def samples(cast: Cast) -> Samples:
    return make_samples(cast)


NEVER_FILED = {"409.html": "shown once, as the answer to a form"}


def test_every_table_has_a_name_and_those_on_several_pages_say_so() -> None:
    nameless = []
    for template in TEMPLATES:
        text = template.read_text(encoding="utf-8")
        if template.name in NEVER_FILED or "cotton" in template.parts:
            continue
        nameless += [
            f"{template}: {found}"
            for found in re.findall(r"<c-table (?!name=)[^>]*>|<table(?![^>]*data-table)[^>]*>", text)
        ]
        if "<c-pager" in text:
            assert re.search(r'<c-table name="[^"]+" :page=', text), (
                f"{template}: which table does the pager turn?"
            )
    assert nameless == []


class _Tables(HTMLParser):
    """The tables of a page: by name how many rows stand in their bodies, and the files they can be had as."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[str, int] = {}
        self.files: list[str] = []
        self._now = ""
        self._in_files = False
        self._in_head = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "table":
            self._now = said.get("data-table") or ""
            assert self._now not in self.rows, f"two tables of one page are called “{self._now}”"
            self.rows[self._now] = 0
        elif tag == "thead":
            self._in_head = True
        elif tag == "tr" and not self._in_head:
            self.rows[self._now] += 1
        elif tag == "p" and said.get("class") == "table-files":
            self._in_files = True
        elif tag == "a" and self._in_files:
            self.files.append(said.get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "thead":
            self._in_head = False
        elif tag == "p":
            self._in_files = False


def tables_of(answer: Any) -> _Tables:
    found = _Tables()
    found.feed(answer.content.decode())
    return found


def content(answer: Any) -> bytes:
    assert answer.status_code == 200, answer
    return b"".join(answer.streaming_content)


def in_csv(answer: Any) -> list[list[str]]:
    data = content(answer)
    assert data.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in data
    return list(csv.reader(StringIO(data.decode("utf-8-sig"), newline=""), strict=True))


def in_xlsx(answer: Any) -> list[list[Any]]:
    return list(
        CalamineWorkbook.from_filelike(BytesIO(content(answer)))
        .get_sheet_by_index(0)
        .to_python(skip_empty_area=False)
    )


def more_pages(samples: Samples) -> list[Stop]:
    """Pages that the walk comes to while they have nothing to show in a table, once more with something."""
    cast = samples.cast
    oblige(cast.unit("hill-river"))
    report(cast.unit("hill-river"), "2024-06", {"members_total": 7})
    submit(cast.unit("hill-river"), "2024-07", {"members_total": 8})
    accept_return(samples.numbers["return"], on=DAY, by=cast.superior.actor)
    link(cast.unit("river-mill"), cast.unit("hill-river"), on=DAY)
    above, own = cast.superior.client, cast.insider.client
    steps = (Rename(unit=UNIT, name="Chi bộ Trường"),)
    posts = Payroll("members.total", Fraction(-5), 2026, ((UNIT, 10),))
    planned = Plan("cell-2025", "A cell", date(2025, 1, 1), "north-hill", steps=steps, payroll=posts)
    reform = draft_reform(planned, on=DAY, by=SYSTEM)
    rehearse_reform(reform.pk, on=DAY, by=SYSTEM)
    return [
        Stop("reforms/<int:pk>/difference/", f"/reforms/{reform.pk}/difference/", above),
        *(
            Stop(address, address, above)
            for address in (
                "/units/?kind=all",
                "/units/river-mill/",
                "/units/north-hill/returns/",
                "/units/north-hill/acceptance/",
                "/units/north-hill/workbooks/",
                "/units/north-hill/indicators/members.total/?period=2024",
                "/units/north-hill/targets/?period=2024-H1",
                "/units/north-hill/targets/below/members.total/?period=2024",
            )
        ),
        Stop("account/tokens/", "/account/tokens/", own),
        Stop("jobs/", "/jobs/", own),
        Stop("issued/<int:pk>/", f"/issued/{samples.numbers['issue']}/", own),
    ]


def test_every_table_of_every_page_as_files(samples: Samples) -> None:
    filed: set[str] = set()
    for stop in [*every_page(to_walk(samples)), *more_pages(samples)]:
        page = tables_of(stop.client.get(stop.address))
        assert len(page.files) == 2 * len(page.rows), f"{stop.route}: not every table can be had"
        for address in page.files:
            answer = stop.client.get(urljoin(stop.address, address))
            name = re.search(r"table=([^&]+)", address)
            assert name is not None
            filed.add(f"{stop.route} {name[1]}")
            assert "attachment" in answer["Content-Disposition"]
            assert name[1] in answer["Content-Disposition"]
            if "as=csv" in address:
                found = in_csv(answer)[1:]
            else:
                sheet = in_xlsx(answer)
                assert all((sheet[0][0], sheet[1][0])), "the sheet says what it is"
                found = sheet[HEAD_AT + 1 :]
            assert len(found) == page.rows[name[1]], f"{stop.route}: {address}"
            assert "\ue000" not in str(found)
    # A table that is shown to nobody here has a file that nobody has tried: add what it needs to `more_pages`.
    named = set(
        re.findall(r'<c-table name="([\w-]+)"', "".join(each.read_text("utf-8") for each in TEMPLATES))
    )
    assert named - {each.split()[1] for each in filed} == set()


def test_outsiders_get_no_file_where_they_get_no_page(samples: Samples) -> None:
    name = samples.cast.name(UNIT)
    for route in sorted(route for route, page in PAGES.items() if not page.for_everybody):
        address = samples.address(route)
        for client in (*(member.client for member in samples.cast.outsiders.values()), Client()):
            page = client.get(address)
            for kind in ("xlsx", "csv"):
                answer = client.get(address, {"table": "returns", "as": kind})
                assert answer.status_code == (404 if page.status_code == 200 else page.status_code), route
                assert name not in answer.content.decode(errors="replace")


def test_unknown_tables_and_formats_are_refused(samples: Samples) -> None:
    client = samples.cast.insider.client
    address = f"/units/{UNIT}/returns/"
    assert client.get(address, {"table": "nothing", "as": "csv"}).status_code == 404
    assert client.get(address, {"table": "own", "as": "pdf"}).status_code == 400
    assert Client().get(address, {"table": "own", "as": "csv"}).status_code == 302


def test_numbers_and_days_are_numbers_and_days(samples: Samples) -> None:
    client = samples.cast.superior.client
    own = in_xlsx(client.get(f"/units/{UNIT}/returns/", {"table": "own", "as": "xlsx"}))
    due = own[HEAD_AT].index("Due on")
    assert all(
        type(row[due]).__name__ == "date" or isinstance(row[due], datetime) for row in own[HEAD_AT + 1 :]
    )
    parts = in_xlsx(client.get(f"/returns/{samples.numbers['return']}/", {"table": "figures", "as": "xlsx"}))
    figures = [row[1] for row in parts[HEAD_AT + 1 :]]
    assert figures
    assert all(isinstance(value, float) for value in figures)
    plain = in_csv(client.get(f"/returns/{samples.numbers['return']}/", {"table": "figures", "as": "csv"}))
    assert [row[1] for row in plain[1:]] == [f"{value:.0f}" for value in figures]
