"""Every list that the command line prints can be had as JSON, CSV and a workbook, and they say the same."""

import csv
import json
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from django.utils import translation
from python_calamine import CalamineWorkbook

from plenum.access.command_line import CommandLine
from plenum.access.csv_cells import MARK
from plenum.access.lists import as_table
from plenum.journal.actor import Actor
from plenum.organisation.rows import UnitRow
from plenum.periods import Period
from plenum.reports.actions import issue_review, write_review_section
from plenum.site.cli import collected
from tests.cast import DAY, SYSTEM
from tests.test_cast_pages import MONTH, Samples, cast, samples, shared_samples

__all__ = ["cast", "samples", "shared_samples"]

LISTS: dict[str, str] = {
    "accounts": "",
    "grants": "hill-school",
    "jobs": "",
    "units": "",
    "entries": "hill-school",
    "documents": "",
    "returns list": f"hill-school {MONTH.code}",
    "obligations list": "hill-school",
    "due": "hill-school",
    "league": "north-hill members.admitted 2024",
    "figures": "hill-school 2024",
    "targets show": "hill-school 2024",
    "board": "hill-school 2024",
    "reform difference": "school-2025",
    "reform list": "",
    "reform progress": "",
    "reform work": "",
    "reviews issues": "hill-school 2024-9M",
    "reviews compare": "{issue} {reissue}",
}
"""What is typed behind each command that prints a list, so that the samples are in it."""

NOT_LISTS = {
    "unit": "one unit",
    "returns show": "one return",
    "jobs show": "one job",
    "journal verify": "says whether the chains hold",
    "reform show": "one reform",
    "reform rehearse": "what one rehearsal has found",
    "reform execute": "one reform",
    "doctor": "says whether the installation is sound",
}
INSIDE = {
    "league": ("places", "others", "silent", "withheld"),
    "figures": ("rows",),
    "targets show": ("targets",),
    "board": ("rows",),
    "reviews compare": ("differences",),
    "reform difference": ("units",),
}
"""Where the rows stand in a JSON answer that says more than they."""


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def every(commands: list[click.Command], above: str = "") -> Iterator[tuple[str, click.Command]]:
    """All commands by what is typed for them."""
    for command in commands:
        name = f"{above}{command.name}"
        yield name, command
        if isinstance(command, click.Group):
            yield from every(list(command.commands.values()), f"{name} ")


def ask(words: str, *more: str, by: Actor = SYSTEM) -> Result:
    group = click.Group("plenum", commands={each.name or "": each for each in collected()})
    line = CommandLine(actor=by, today=DAY)
    done = CliRunner().invoke(group, [*words.split(), *more], obj=line, prog_name="plenum")
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def typed(name: str, samples: Samples) -> str:
    """What is typed behind a command; of the insider's report, which is issued, another edition is made first."""
    if "{issue}" not in LISTS[name]:
        return LISTS[name]
    unit, period = samples.cast.unit("hill-school"), Period.parse("2024-9M")
    write_review_section(unit, period, "causes", "Rain.", language="en", on=DAY, by=SYSTEM)
    again = issue_review(
        unit, period, language="en", formats=["md"], reason="A slip", on=DAY, by=samples.cast.insider.actor
    )
    return LISTS[name].format(issue=samples.numbers["issue"], reissue=again.pk)


def in_csv(text: str) -> list[dict[str, str]]:
    assert text.startswith(MARK)
    return list(csv.DictReader(StringIO(text.removeprefix(MARK))))


def test_every_command_that_answers_programs_prints_a_list_or_says_why_not() -> None:
    options = {
        name: {each for option in command.params for each in option.opts}
        for name, command in every(collected())
    }
    lists = {name for name, known in options.items() if "--csv" in known}
    assert lists == set(LISTS)
    assert {name for name, known in options.items() if "--json" in known} == lists | set(NOT_LISTS)
    assert [name for name in lists if not {"--json", "--xlsx", "--output"} <= options[name]] == []


@pytest.mark.parametrize("name", LISTS)
def test_a_list_says_the_same_in_every_form(name: str, samples: Samples, tmp_path: Path) -> None:
    words = f"{name} {typed(name, samples)}"
    answer = json.loads(ask(words, "--json").stdout)
    rows = [row for part in INSIDE[name] for row in answer[part]] if name in INSIDE else answer
    assert rows
    table = in_csv(ask(words, "--csv").stdout)
    assert len(table) == len(rows)
    for row, read in zip(rows, table, strict=True):
        plain = {key: value for key, value in row.items() if isinstance(value, str | int)}
        assert plain
        for key, value in plain.items():
            assert read[key].removeprefix("'") == (str(int(value)) if isinstance(value, int) else value)

    book = tmp_path / "list.xlsx"
    done = ask(words, "-o", str(book))
    assert (done.stdout, str(book) in done.stderr) == ("", True)
    sheet = CalamineWorkbook.from_object(BytesIO(book.read_bytes())).get_sheet_by_index(0).to_python()
    assert sheet[0][0] == f"plenum {name}"
    head = next(place for place, cells in enumerate(sheet) if cells[: len(table[0])] == list(table[0]))
    assert [[said(cell) for cell in cells] for cells in sheet[head + 1 :]] == [
        [said(each.removeprefix("'")) for each in read.values()] for read in table
    ]


def said(cell: Any) -> str:
    """What a cell says, as far as both forms can: a day in ISO, a number without needless zeros."""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if hasattr(cell, "isoformat"):
        return str(cell.isoformat())
    try:
        return format(Decimal(str(cell)).normalize(), "f")
    except ArithmeticError:
        return str(cell)


def test_a_list_as_a_file_tells_nobody_more(samples: Samples) -> None:
    told = ask("units", "--csv", by=samples.cast.superior.actor).stdout
    assert {row["code"] for row in in_csv(told)} == {"north-hill", "hill-school", "hill-river", "river-mill"}
    assert {row["parent"] for row in in_csv(told)} == {"", "north-hill", "hill-river"}
    for name in ("grants", "entries", "due", "figures"):
        refused = ask(f"{name} {LISTS[name]}", "--csv", by=samples.cast.neighbour.actor)
        assert (refused.exit_code, refused.stdout) == (1, "")
        assert "hill-school" in refused.stderr


def test_an_empty_list_keeps_its_columns(samples: Samples) -> None:
    told = ask("units", "--csv", by=samples.cast.stranger.actor).stdout
    assert told.strip(MARK).strip() == "code,name,short,kind,parent,span.from,span.until,illustrative"
    assert as_table([], UnitRow).rows == []


def test_the_journal_of_a_unit_is_listed_for_people(samples: Samples) -> None:
    own = ask("entries hill-school").stdout
    assert "Return submitted" in own
    assert len(json.loads(ask("entries hill-school --limit 2 --json").stdout)) == 2
    below = json.loads(ask("entries north --below --act figures.submit_return --json").stdout)
    assert {row["unit"] for row in below} == {"hill-school"}
    assert json.loads(ask("entries north --json --act figures.submit_return").stdout) == []


def test_formats_exclude_each_other_and_a_file_needs_one(samples: Samples, tmp_path: Path) -> None:
    assert ask("units --json --csv").exit_code == 2
    wrong = ask("units", "-o", str(tmp_path / "units.txt"))
    assert (wrong.exit_code, "FILE.csv" in wrong.stderr) == (2, True)
    gone = ask("units", "-o", str(tmp_path / "no" / "units.csv"))
    assert (gone.exit_code, "cannot be written" in gone.stderr) == (1, True)
    ask("units --csv", "-o", str(tmp_path / "units.txt"))
    assert in_csv((tmp_path / "units.txt").read_text("utf-8"))[0]["code"]
