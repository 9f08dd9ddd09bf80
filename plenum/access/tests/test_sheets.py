"""One reader of sheets: every fault has its line and column, and nothing of a faulty sheet is kept."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from plenum.access import cells, sheets
from plenum.access.cells import UnitCells, act_day_cell, author_cell
from plenum.access.models import Account
from plenum.access.powers import GRANT
from plenum.access.sheets import CellError, Faults, Row, Sheet, load_all
from tests.cast import DAY, SYSTEM, Cast, cast

__all__ = ["cast"]

SHEET = Sheet(("unit", "text"), ("day",))


def refusals(content: bytes | str, sheet: Sheet = SHEET) -> list[str]:
    with pytest.raises(ValidationError) as refused:
        sheet.read(content)
    return refused.value.messages


def places(content: bytes | str) -> list[str]:
    """Where something is wrong: what stands before the first colon."""
    return [message.split(":")[0] for message in refusals(content)]


def test_rows_know_the_line_on_which_they_begin() -> None:
    rows = SHEET.read('unit,text\n\na,"one\ntwo"\n\nb,three\n')
    assert [(row.line, row["unit"], row["text"]) for row in rows] == [(3, "a", "one\ntwo"), (6, "b", "three")]


@pytest.mark.parametrize(
    "content",
    [
        "unit,text\na,b;c",
        "\ufeffunit,text\r\n a , b;c \r\n",
        "\ufeffunit,text\na,b;c\n".encode(),
        'unit;text\na;"b;c"\n',
        "unit\ttext\na\tb;c\n",
        "unit,text,\na,b;c,\n,,\n",
        "text,unit\rb;c,a\r",
    ],
)
def test_what_spreadsheets_write_is_read(content: bytes | str) -> None:
    assert SHEET.read(content) == [{"unit": "a", "text": "b;c", "day": ""}]


def test_an_optional_column_may_be_there_or_not() -> None:
    assert SHEET.read("unit,text,day\na,b,2023-01-01\n")[0]["day"] == "2023-01-01"
    assert SHEET.read("unit,text\na,b\n")[0]["day"] == ""


@pytest.mark.parametrize(
    ("content", "where"),
    [
        ("", ["Line 1, column unit", "Line 1, column text"]),
        ("unit\na\n", ["Line 1, column text"]),
        ("unit,text,poem\n", ["Line 1, column poem"]),
        ("unit,text,unit\n", ["Line 1, column unit"]),
        ("unit,text\na,b,c\n", ["Line 2"]),
        ('unit,text\na,"b\nc,d\n', ["Line 2"]),
        ('unit,text\nx,y\na,"b"c\n', ["Line 3"]),
        (b"unit,text\na,b\nc,\xc3\x28\n", ["Line 3, column text"]),
        ("unit,text\nа,b\n".encode("utf-16"), ["Line 1, column unit", "Line 1, column text", "Line 1"]),
        ("unit,text\na\x00,b\n", ["Line 2, column unit"]),
        ("unit,text\na,\x1b[31m\n", ["Line 2, column text"]),
        (f"unit,text\na,{'x' * (sheets.LONGEST_CELL + 1)}\n", ["Line 2, column text"]),
        (f"unit,text\na,{'x' * 300_000}\n\x01,b\n", ["Line 2, column text", "Line 3, column unit"]),
        ("unit,text\na,\ud800\n", ["Line 2, column text"]),
    ],
)
def test_every_fault_of_a_file_has_its_place(content: bytes | str, where: list[str]) -> None:
    assert places(content)[: len(where)] == where


def test_a_file_too_large_is_refused_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_BYTES", 1024)
    assert "larger than" in refusals(b"x" * 1025)[0]


def test_many_faults_are_counted() -> None:
    faults = Faults()
    for line in range(1, sheets.MOST_FAULTS + 3):
        faults.add(line, "unit", "wrong")
    with pytest.raises(ValidationError) as refused:
        faults.refuse()
    assert len(refused.value.messages) == sheets.MOST_FAULTS + 1
    assert refused.value.messages[-1].startswith("2 more faults")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2023-12-31", date(2023, 12, 31)),
        ("20231231", None),
        ("2023-W01-1", None),
        ("2023-02-29", None),
        ("0001-01-01", None),
        ("9999-12-31", None),
        ("٢٠٢٣-01-01", None),
        ("", None),
    ],
)
def test_days(text: str, day: date | None) -> None:
    assert cells.read_day(text) == day


@pytest.mark.parametrize("text", ["", "1,5", "1e3", "NaN", "Infinity", "1_000", "٣", "9" * 5000, "1.", "0x1"])
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(CellError):
        cells.number_cell({"n": text}, "n")
    with pytest.raises(CellError):
        cells.whole_cell({"n": text}, "n")


def test_numbers_keep_their_decimals() -> None:
    assert str(cells.number_cell({"n": "113.30"}, "n")) == "113.30"
    assert cells.whole_cell({"n": "-12"}, "n") == -12


def test_what_a_person_loads_is_done_today_and_in_their_own_name(cast: Cast) -> None:
    person = cast.superior.actor
    for written in ("", DAY.isoformat()):
        assert act_day_cell({"on": written}, "on", on=DAY, by=person) == DAY
    for written in ("2023-01-01", "soon"):
        with pytest.raises(CellError):
            act_day_cell({"on": written}, "on", on=DAY, by=person)
    assert act_day_cell({"on": "2023-01-01"}, "on", on=DAY, by=SYSTEM) == date(2023, 1, 1)
    assert author_cell({"by": "Superior"}, "by", by=person) == "Superior"
    with pytest.raises(CellError):
        author_cell({"by": "Insider"}, "by", by=person)
    assert author_cell({"by": "Anybody"}, "by", by=SYSTEM) == "Anybody"


def test_unknown_and_unreachable_units_read_the_same(cast: Cast) -> None:
    rows = [{"unit": code} for code in ("hill-school", "south-coast", "nowhere")]
    units = UnitCells(rows, "unit", powers=[GRANT], by=cast.superior.actor, on=DAY)
    assert units(rows[0], "unit") == cast.unit("hill-school")
    said = []
    for row in rows[1:]:
        with pytest.raises(CellError) as error:
            units(row, "unit")
        said.append(error.value.message.replace(row["unit"], "X"))
    assert said[0] == said[1]


@pytest.mark.django_db
def test_one_fault_keeps_nothing_and_every_fault_is_told() -> None:
    rows = SHEET.numbered(
        [{"unit": code, "text": text} for code, text in (("a", "1"), ("b", "x"), ("a", "2"))]
    )

    def create(row: Row) -> Account:
        if Account.objects.filter(login=row["unit"]).exists():
            raise ValidationError({"login": ["taken"]})
        return Account.objects.create(login=row["unit"], name=row["text"])

    with pytest.raises(ValidationError) as refused:
        load_all(rows, create, reads={"text": cells.whole_cell}, faults=Faults({"login": "unit"}))
    assert [text.split(":")[0] for text in refused.value.messages] == [
        "Line 3, column text",
        "Line 4, column unit",
    ]
    assert not Account.objects.exists()
