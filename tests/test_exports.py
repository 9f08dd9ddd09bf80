"""Everything at once: streams read back as analysts read them, against what the pages show."""

import csv
import json
from collections.abc import Iterator
from datetime import date
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from click.testing import CliRunner
from pyarrow import parquet

from plenum.access import streams
from plenum.access.command_line import CommandLine
from plenum.access.parquet_files import TYPES
from plenum.figures.actions import accept_return, correct_return, save_draft, submit_return
from plenum.figures.exported import FIGURES
from plenum.figures.models import Return
from plenum.figures.queries import figures
from plenum.figures.tests.factories import oblige, report, submit
from plenum.journal.actor import Actor
from plenum.journal.models import Entry
from plenum.journal.words import FIELDS
from plenum.organisation.actions import move_unit
from plenum.periods import Period
from plenum.site.operations.exporting import export
from tests.api.conftest import Program, token_of
from tests.cast import DAY, SYSTEM, Cast

ROUND = {"members_carried": 5, "members_total": 5}


@pytest.fixture
def told(cast: Cast) -> Cast:
    """Two months of the school, one of them corrected, one month of the coast, and a return that waits."""
    for code in ("hill-school", "hill-river", "coast-port"):
        oblige(cast.unit(code))
    report(
        cast.unit("hill-school"), "2024-07", {"members_carried": 4, "members_admitted": 1, "members_total": 5}
    )
    report(cast.unit("hill-school"), "2024-08", ROUND)
    report(cast.unit("coast-port"), "2024-08", {"members_carried": 8, "members_total": 8})
    submit(cast.unit("hill-river"), "2024-08", {"members_total": 7})
    return cast


def asked(sql: str) -> list[Any]:
    found = duckdb.sql(sql)
    assert found is not None
    return list(found.fetchall())


def body(answer: Any) -> bytes:
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content)


def as_table(answer: Any) -> Any:
    return parquet.read_table(BytesIO(body(answer)))


def as_rows(answer: Any) -> list[dict[str, str]]:
    text = body(answer).decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text, newline=""), strict=True))


@pytest.fixture
def auditor(told: Cast) -> Program:
    return Program(token_of(told.auditor))


def test_parquet_holds_what_the_pages_add_up(told: Cast, auditor: Program, tmp_path: Path) -> None:
    path = tmp_path / "figures.parquet"
    path.write_bytes(body(auditor.get("/exports/figures.parquet")))
    table = parquet.read_table(path)
    assert table.schema.names == [column.name for column in FIGURES]
    assert [field.type for field in table.schema] == [TYPES[column.type] for column in FIGURES]
    assert table.schema.field("value").metadata[b"meaning"] == b"the accepted figure"
    found = asked(
        f"SELECT sum(value) FROM '{path}' WHERE indicator = 'members.admitted' AND first_month >= '2024-01-01'"
    )
    shown = figures(told.unit("centre").pk, Period.parse("2024"))["members.admitted"]
    assert int(found[0][0]) == shown.value == 1
    names = asked(f"SELECT DISTINCT unit, unit_name, period, state FROM '{path}' ORDER BY ALL")
    assert names == [
        ("coast-port", told.name("coast-port"), "2024-08", "accepted"),
        ("hill-school", told.name("hill-school"), "2024-07", "accepted"),
        ("hill-school", told.name("hill-school"), "2024-08", "accepted"),
    ]


def test_csv_and_parquet_say_the_same(auditor: Program) -> None:
    for name in ("figures", "returns", "units", "targets"):
        rows = as_rows(auditor.get(f"/exports/{name}.csv"))
        table = as_table(auditor.get(f"/exports/{name}.parquet"))
        assert len(rows) == table.num_rows
        assert not rows or list(rows[0]) == table.schema.names


@pytest.mark.parametrize(
    ("query", "units", "months"),
    [
        ("unit=north", {"hill-school"}, {"2024-07", "2024-08"}),
        ("period=2024-08", {"hill-school", "coast-port"}, {"2024-08"}),
        ("period=2024-Q3&unit=south", {"coast-port"}, {"2024-08"}),
        ("until=2024-07", {"hill-school"}, {"2024-07"}),
        ("since=2024-Q4", set(), set()),
    ],
)
def test_units_and_months_are_chosen(auditor: Program, query: str, units: set[str], months: set[str]) -> None:
    rows = as_rows(auditor.get(f"/exports/figures.csv?{query}"))
    assert {row["unit"] for row in rows} == units
    assert {row["period"] for row in rows} == months


def test_figures_as_they_were_known(told: Cast, auditor: Program) -> None:
    returned = Return.objects.get(unit=told.unit("hill-school"), period_code="2024-08")
    before = date(2024, 10, 1)
    opened = correct_return(returned.pk, "A slip", on=DAY, by=SYSTEM)
    values = {"members_carried": 6, "members_total": 6}
    save_draft(
        told.unit("hill-school").pk,
        returned.form,
        Period.parse("2024-08"),
        values,
        remark="test",
        edition=opened.edition,
        on=DAY,
        by=SYSTEM,
    )
    submit_return(returned.pk, on=DAY, by=SYSTEM)
    accept_return(returned.pk, on=DAY, by=SYSTEM)
    query = "unit=hill-school&period=2024-08"
    now = {row["slot"]: row for row in as_rows(auditor.get(f"/exports/figures.csv?{query}"))}
    then = {
        row["slot"]: row for row in as_rows(auditor.get(f"/exports/figures.csv?{query}&known_on={before}"))
    }
    assert (now["members_total"]["value"], now["members_total"]["known_on"]) == ("6", DAY.isoformat())
    assert then["members_total"]["value"] == "5"
    early = as_rows(auditor.get(f"/exports/figures.csv?{query}&known_on=2024-07-01"))
    assert early == []


def test_everybody_is_given_what_is_in_reach_and_no_more(told: Cast) -> None:
    superior, neighbour = Program(token_of(told.superior)), Program(token_of(told.neighbour))
    assert {row["unit"] for row in as_rows(superior.get("/exports/figures.csv"))} == {"hill-school"}
    assert {row["unit"] for row in as_rows(neighbour.get("/exports/figures.csv"))} == {"coast-port"}
    states = {row["unit"]: row["state"] for row in as_rows(superior.get("/exports/returns.csv"))}
    assert states == {"hill-school": "accepted", "hill-river": "submitted"}
    assert {row["unit"] for row in as_rows(neighbour.get("/exports/units.csv"))} == {
        "south-coast",
        "coast-port",
    }
    assert neighbour.get("/exports/figures.csv?unit=hill-school").status_code == 404
    assert Program().get("/exports/figures.csv").status_code == 401


def test_units_of_another_day(auditor: Program) -> None:
    today = {row["unit"]: row["parent"] for row in as_rows(auditor.get("/exports/units.csv"))}
    later = {row["unit"] for row in as_rows(auditor.get("/exports/units.csv?as_of=2025-08-01"))}
    assert today["hill-school"] == "north-hill"
    assert later == {"centre", "north", "south"}


def test_rows_go_out_before_all_are_read(told: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "ROWS_AT_ONCE", 2)
    table = as_table(Program(token_of(told.auditor)).get("/exports/figures.parquet"))
    assert table.num_rows > 6
    whole = body(Program(token_of(told.auditor)).get("/exports/figures.parquet"))
    assert parquet.ParquetFile(pa.BufferReader(whole)).num_row_groups > 2
    answer = Program(token_of(told.auditor)).get("/exports/figures.parquet")
    pieces: Iterator[bytes] = iter(answer.streaming_content)
    assert len(list(pieces)) > table.num_rows // 2


def test_the_command_line_writes_whole_files_only(
    told: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = CommandLine(Actor.system("tests"), DAY)
    path = tmp_path / "figures.parquet"
    done = CliRunner().invoke(export, ["figures", "-o", str(path), "--unit", "north"], obj=line)
    assert done.exit_code == 0, done.output
    assert set(parquet.read_table(path)["unit"].to_pylist()) == {"hill-school"}
    whole = path.read_bytes()

    def broken(*_said: Any, **_more: Any) -> Iterator[bytes]:
        yield b"PAR1"
        raise OSError("the database is gone")

    monkeypatch.setattr("plenum.site.operations.exporting.streamed", broken)
    assert CliRunner().invoke(export, ["figures", "-o", str(path)], obj=line).exit_code != 0
    assert path.read_bytes() == whole
    assert [each.name for each in tmp_path.iterdir()] == ["figures.parquet"]
    wrong = CliRunner().invoke(export, ["figures", "-o", str(tmp_path / "figures.txt")], obj=line)
    assert wrong.exit_code == 2


def test_the_journal_is_streamed_to_those_who_read_it(told: Cast, auditor: Program) -> None:
    move_unit(told.unit("hill-river"), parent=told.unit("south-coast"), on=DAY, by=SYSTEM)
    rows = as_rows(auditor.get("/exports/journal.csv"))
    assert [int(row["number"]) for row in rows] == sorted((int(row["number"]) for row in rows), reverse=True)
    assert len(rows) == Entry.objects.exclude(unit_id=None).count()
    moved = rows[0]
    assert (moved["act"], moved["unit"], moved["by"]) == ("organisation.move_unit", "hill-river", "cast")
    assert moved["unit_name"] == told.name("hill-river")
    entry = Entry.objects.get(pk=moved["number"])
    assert (moved["hash"], moved["on"]) == (entry.hash, DAY.isoformat())
    hidden = {field.code.partition(".")[2] for field in FIELDS.values() if field.hidden}
    assert "parent_code" in entry.change
    assert [row for row in rows if set(json.loads(row["change"])) & hidden] == []
    assert json.loads(moved["change"])["parent"] == entry.change["parent"]

    superior, neighbour = Program(token_of(told.superior)), Program(token_of(told.neighbour))
    seen = {row["unit"] for row in as_rows(superior.get("/exports/journal.csv"))}
    assert seen == {"north-hill", "hill-school"}
    assert {row["unit"] for row in as_rows(neighbour.get("/exports/journal.csv?unit=south-coast"))} >= {
        "hill-river",
        "coast-port",
    }
    assert neighbour.get("/exports/journal.csv?unit=hill-school").status_code == 404
    of_july = as_rows(auditor.get("/exports/journal.csv?unit=north&period=2024-07"))
    days = {row["on"][:7] for row in of_july}
    assert days <= {"2024-07"}
    assert len(as_rows(auditor.get("/exports/journal.csv?since=2025"))) == 0
    assert as_table(auditor.get("/exports/journal.parquet")).num_rows >= len(rows)
