"""What has left the reach of a superior keeps its name in the past that they share, and loses its code everywhere."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from plenum.figures.tests.factories import oblige, report
from plenum.organisation.actions import move_unit
from tests.api.conftest import Program, token_of
from tests.api.samples import SAMPLES
from tests.api.test_cast import OPERATIONS, told
from tests.cast import SYSTEM
from tests.test_cast_pages import PAGES, Samples

GONE = ("hill-river", "river-mill")
LEFT_ON = date(2024, 7, 1)
VIEWS = (
    ("2024-Q2", "as_of=2024-06-01"),
    ("2024", ""),
    ("2024", "tree=2024-06-01"),
)
"""A period before the day on which it left, and one across it on the tree of then and of before."""

READS = sorted(name for name, (method, _path, _told) in OPERATIONS.items() if method == "GET")
THE_SAME_FOR_ALL = {
    "read_review": "a report is the same for everybody who reads it, and what is issued is compared by these codes",
    "download_review": "the same report as a file",
}
ROUTES = sorted(route for route, page in PAGES.items() if "<slug:code>" in route and not page.post_only)


@pytest.fixture
def left(samples: Samples) -> Samples:
    """A commune that has reported to its district and was given to another one, with all below it."""
    cast = samples.cast
    oblige(cast.unit("hill-river"))
    for month in ("2024-05", "2024-06"):
        report(cast.unit("hill-river"), month, {"members_total": 7, "members_admitted": 1})
    move_unit(cast.unit("hill-river"), parent=cast.unit("south-coast"), since=LEFT_ON, on=LEFT_ON, by=SYSTEM)
    return samples


def asked(name: str, left: Samples, period: str, view: str, program: Program) -> Any:
    """A read about the district under a view."""
    query = "&".join(filter(None, [SAMPLES[name].query, view, f"period={period}"]))
    sample = replace(SAMPLES[name], code="north-hill", query=query, period=period)
    return program.ask("GET", sample.address(OPERATIONS[name][1], left))


def test_no_operation_tells_its_code(left: Samples) -> None:
    program = Program(token_of(left.cast.superior))
    telling = {
        (name, period, view, code)
        for name in READS
        if name not in THE_SAME_FOR_ALL
        for period, view in VIEWS
        for text in [told(asked(name, left, period, view, program))]
        for code in GONE
        if code in text
    }
    assert telling == set()


def test_its_name_stays_where_it_counts_and_others_keep_their_codes(left: Samples) -> None:
    program, name = Program(token_of(left.cast.superior)), left.cast.name("hill-river")
    before = "as_of=2024-06-01"
    below = program.get(f"/units/north-hill/children?{before}").json()["items"]
    assert [(each["code"], each["name"], each["in_reach"]) for each in below if each["name"] == name] == [
        (None, name, False)
    ]
    assert [each["code"] for each in below if each["in_reach"]] == ["hill-school"]
    found = program.get(f"/units/north-hill/children?{before}&q=river").json()["items"]
    assert found == []
    [top] = program.get(f"/tree?{before}").json()
    assert (top["code"], {each["code"] for each in top["children"]}) == ("north-hill", {"hill-school", None})
    for operation, part in (("read_league", "places"), ("list_returns_behind", "items")):
        rows = asked(operation, left, "2024-05", before, program).json()[part]
        assert [(row["unit"], name in row.values()) for row in rows] == [(None, True)]
    auditor = Program(token_of(left.cast.auditor))
    [row] = asked("read_league", left, "2024-05", before, auditor).json()["places"]
    assert row["unit"] == "hill-river"
    below = auditor.get(f"/units/north-hill/children?{before}").json()["items"]
    assert {each["code"] for each in below} == {"hill-school", "hill-river"}


def test_no_page_leads_to_it_or_tells_its_code(left: Samples) -> None:
    reader, telling, shown = left.cast.superior.client, set(), set()
    for route in ROUTES:
        for period, view in VIEWS:
            address = left.address(route, "north-hill", period=period, indicator="members.admitted")
            answer = reader.get(f"{address}?{view}&period={period}")
            if answer.status_code == 200:
                shown.add(route)
                text = told(answer)
                telling |= {(route, period, view, code) for code in GONE if f"/{code}/" in text}
                telling |= {(route, period, view, code) for code in GONE if f'"{code}"' in text}
    assert telling == set()
    assert len(shown) > len(ROUTES) / 2
