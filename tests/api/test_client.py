"""The client meets the API as another program would: over WSGI, with a token, without knowing the house."""

import csv
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_type_hints

import httpx
import pytest
from django.core.handlers.wsgi import WSGIHandler

from plenum.client import (
    ChangedMeanwhile,
    NotAccepted,
    NotFound,
    NotPermitted,
    NotSignedIn,
    Plenum,
    TooManyRequests,
)
from plenum.client.rows import NAMES
from plenum.journal.models import Entry
from plenum.packs import pack
from plenum.site import limits
from plenum.site.api.door import api
from tests.api.conftest import token_of
from tests.cast import Cast, Member
from tests.test_cast_pages import FORM, Samples


class Doors(httpx.BaseTransport):
    """The way to the API: it keeps the database open, and may lose the answers to the first requests."""

    def __init__(self, lost: int = 0) -> None:
        self.within = httpx.WSGITransport(app=WSGIHandler())
        self.lost = lost
        self.seen: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request)
        answer = self.within.handle_request(request)
        answer.read()
        if len(self.seen) <= self.lost:
            raise httpx.ReadError("the answer is lost")
        return answer


@pytest.fixture(autouse=True)
def open_connection(connection_stays_open: None) -> None:
    """Requests leave the connection of the test open."""


def client_of(member: Member, doors: Doors | None = None, **more: Any) -> Plenum:
    return Plenum("http://testserver", token_of(member), transport=doors or Doors(), pause=0.001, **more)


def test_it_reads_units_figures_and_reports(samples: Samples) -> None:
    with client_of(samples.cast.superior) as plenum:
        codes = [unit["code"] for unit in plenum.units()]
        assert set(codes) == {"north-hill", "hill-school", "hill-river", "river-mill"}
        assert [unit["code"] for unit in plenum.units(kind="cell", under="hill-river")] == ["river-mill"]
        assert [unit["code"] for unit in plenum.units(q="song trang")] == ["hill-river"]
        assert plenum.unit("hill-school", as_of="2021-01-01")["parent"] == "north-hill"
        rows = plenum.standing("hill-school", period="2024")["rows"]
        assert [(row["indicator"], row["target"]) for row in rows if row["target"]] == [
            ("members.admitted", 5)
        ]
        assert plenum.review("hill-school", "2024-9M", format="pdf", lang="vi").startswith(b"%PDF")
        assert [row["title"] for row in plenum.documents("hill-school")] == ["About targets"]
        assert "figures.submit_return" in [entry["act"] for entry in plenum.journal("hill-school")]


def test_lists_are_read_to_their_end(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("plenum.client.asking.MOST_AT_ONCE", 3)
    doors = Doors()
    with client_of(cast.auditor, doors) as plenum:
        assert len({unit["code"] for unit in plenum.units()}) == 9
    assert [request.url.params["offset"] for request in doors.seen] == ["0", "3", "6"]


def test_a_return_goes_from_the_unit_to_its_superior(samples: Samples) -> None:
    cell, district = client_of(samples.cast.insider), client_of(samples.cast.superior)
    sheet = cell.sheet("hill-school", FORM, "2024-09")
    assert (sheet["state"], sheet["edition"]) == ("missing", 0)
    saved = cell.save_draft(sheet, {slot.code: 0 for slot in pack().forms[FORM].slots})
    with pytest.raises(ChangedMeanwhile) as stale:
        cell.save_draft(sheet, {"members_admitted": 1})
    assert stale.value.faults[0].field == "edition"
    sent = cell.submit(saved)
    assert sent["state"] == "submitted"
    back = district.send_back(district.return_(sent["id"] or 0), "Count again")
    assert back["sent_back_reason"] == "Count again"
    done = district.accept(cell.submit(cell.return_(sent["id"] or 0)))
    assert [step["what"] for step in done["steps"]] == ["submit", "send_back", "submit", "accept"]
    due = list(district.dues("north-hill", period="2024-09"))
    assert [(row["unit"], row["state"]) for row in due] == [("hill-school", "accepted")]
    assert cell.correct(cell.return_(sent["id"] or 0), "A slip")["state"] == "draft"


def test_problems_are_exceptions(samples: Samples) -> None:
    plenum = client_of(samples.cast.insider)
    with pytest.raises(NotFound):
        plenum.unit("south-coast")
    with pytest.raises(NotPermitted, match="You do not have this power here"):
        plenum.post("units/hill-school/rename", {"name": "Another"})
    with pytest.raises(NotAccepted) as refused:
        plenum.post("units/hill-school/rename", {"name": "Another", "more": 1})
    assert [fault.field for fault in refused.value.faults] == ["more"]
    with pytest.raises(NotSignedIn):
        Plenum("http://testserver", "plenum_wrong", transport=Doors()).unit("hill-school")


def test_a_write_whose_answer_is_lost_is_done_once(cast: Cast) -> None:
    doors = Doors(lost=2)
    with client_of(cast.superior, doors) as plenum:
        unit = plenum.post("units/hill-school/rename", {"name": "Chi bộ Trường Mới"})
    assert unit["name"] == "Chi bộ Trường Mới"
    assert len({request.headers["Idempotency-Key"] for request in doors.seen}) == 1
    assert len(doors.seen) == 3
    assert Entry.objects.filter(act="organisation.rename_unit").count() == 1


def test_it_gives_up_after_some_tries(cast: Cast) -> None:
    doors = Doors(lost=9)
    with client_of(cast.superior, doors, tries=2) as plenum, pytest.raises(httpx.ReadError):
        plenum.unit("hill-school")
    assert len(doors.seen) == 2


class Pieces(httpx.BaseTransport):
    """Answers with a long file in pieces; the first times it breaks off in the middle."""

    def __init__(self, pieces: int, size: int, breaks: int = 0) -> None:
        self.pieces, self.size, self.breaks = pieces, size, breaks

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.breaks -= 1
        return httpx.Response(200, content=self.read(broken=self.breaks >= 0))

    def read(self, *, broken: bool) -> Iterator[bytes]:
        for number in range(self.pieces):
            if broken and number == self.pieces // 2:
                raise httpx.ReadError("it breaks off")
            yield bytes([number % 256]) * self.size


def test_everything_one_sees_is_written_to_a_file(samples: Samples, tmp_path: Path) -> None:
    with client_of(samples.cast.superior) as plenum:
        path = plenum.export_units(tmp_path / "units.csv", unit="hill-river")
        with path.open(encoding="utf-8-sig", newline="") as lines:
            assert [row["unit"] for row in csv.DictReader(lines)] == ["river-mill", "hill-river"]
        assert plenum.export_targets(tmp_path / "targets.parquet").read_bytes()[:4] == b"PAR1"
        with pytest.raises(ValueError, match="say which kind"):
            plenum.export_figures(tmp_path / "figures.xlsx")
        with pytest.raises(NotFound):
            plenum.export_units(tmp_path / "none.csv", unit="south-coast")
        job = samples.numbers["job"]
        with pytest.raises(NotFound):
            plenum.job_result(job, tmp_path / "none.csv")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["targets.parquet", "units.csv"]


def test_a_long_file_is_written_as_it_comes(tmp_path: Path) -> None:
    tracemalloc.start()
    try:
        with Plenum("http://testserver", "plenum_x", transport=Pieces(64, 2**20)) as plenum:
            path = plenum.export_figures(tmp_path / "figures.csv")
        _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert path.stat().st_size == 64 * 2**20
    assert most < 8 * 2**20


def test_a_file_that_breaks_off_is_begun_anew_and_never_kept_in_part(tmp_path: Path) -> None:
    path = tmp_path / "figures.csv"
    with Plenum("http://testserver", "plenum_x", transport=Pieces(4, 9, breaks=2), pause=0) as plenum:
        plenum.export_figures(path)
    assert path.read_bytes() == b"".join(bytes([number]) * 9 for number in range(4))
    path.write_bytes(b"of yesterday")
    with (
        Plenum("http://testserver", "plenum_x", transport=Pieces(4, 9, breaks=9), pause=0) as plenum,
        pytest.raises(httpx.ReadError),
    ):
        plenum.export_figures(path)
    assert path.read_bytes() == b"of yesterday"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", sorted(NAMES))
def test_its_types_are_those_of_the_description(name: str) -> None:
    described = api.get_openapi_schema()["components"]["schemas"][name]
    assert set(get_type_hints(NAMES[name])) == set(described["properties"])
    assert set(described["required"]) == set(described["properties"])


def test_a_program_that_asks_too_often_waits_as_it_is_told(
    cast: Cast, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the wait the limit lets it through again; a longer one is not waited for."""
    settings.REQUESTS_PER_MINUTE, waits = 1, []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        settings.REQUESTS_PER_MINUTE = 9

    monkeypatch.setattr(time, "sleep", wait)
    counts = limits.Counts(lambda: 0.0)  # all in one minute
    monkeypatch.setattr(limits, "Counts", lambda: counts)
    doors = Doors()
    with client_of(cast.insider, doors) as plenum:
        plenum.get("account")
        assert plenum.get("account")["login"] == "insider"
        assert len(waits) == 1
        assert 1 <= waits[0] <= 60
    settings.REQUESTS_PER_MINUTE = 1
    with client_of(cast.insider, doors, tries=1) as plenum, pytest.raises(TooManyRequests):
        plenum.get("account")
