"""Reports on the command line."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.core.exceptions import ValidationError
from pypdf import PdfReader

from plenum.access.command_line import CommandLine
from plenum.access.reach import OutOfReach
from plenum.journal.actor import Actor
from plenum.periods import Period
from plenum.reports.actions import issue_review, write_review_section
from plenum.reports.cli import review, reviews
from plenum.reports.models import IssuedReport, ReviewText
from tests.cast import DAY, Cast

SYSTEM = CommandLine(Actor.system("test"), DAY)


def test_a_report_is_written_to_a_file(cast: Cast, tmp_path: Path) -> None:
    target = tmp_path / "review.pdf"
    arguments = ["north-hill", "2023", "--lang", "ru", "--format", "pdf", "-o", str(target)]
    done = CliRunner().invoke(review, arguments, obj=SYSTEM)
    assert done.exit_code == 0, done.output
    assert "ОТЧЁТ" in PdfReader(target).pages[0].extract_text()


def test_json_and_markdown_may_go_to_the_screen(cast: Cast) -> None:
    made = CliRunner().invoke(review, ["north-hill", "2023", "--format", "json", "--lang", "cs"], obj=SYSTEM)
    assert json.loads(made.stdout)["unit"]["code"] == "north-hill"
    made = CliRunner().invoke(review, ["north-hill", "2023", "--lang", "vi"], obj=SYSTEM)
    assert "# BÁO CÁO" in made.stdout


@pytest.mark.parametrize("login", ["neighbour", "stranger", "sibling"])
def test_who_may_not_see_the_unit_is_told_there_is_none(cast: Cast, login: str) -> None:
    line = CommandLine(cast.members[login].actor, DAY)
    refused = CliRunner().invoke(review, ["hill-school", "2023"], obj=line)
    assert refused.exit_code == 1
    unknown = CliRunner().invoke(review, ["no-such-unit", "2023"], obj=line)
    assert refused.output.replace("hill-school", "no-such-unit") == unknown.output


def test_a_month_and_nonsense_are_refused(cast: Cast) -> None:
    for period in ("2023-07", "soon"):
        assert CliRunner().invoke(review, ["north-hill", period], obj=SYSTEM).exit_code == 2


def test_texts_are_loaded_from_a_file_with_or_without_languages(cast: Cast, tmp_path: Path) -> None:
    sheet = tmp_path / "reviews.csv"
    sheet.write_text(
        "unit,period,section,language,text,on,by,illustrative\nnorth-hill,2023,tasks,ru,Делать,2024-01-05,x,0\n",
        "utf-8",
    )
    assert CliRunner().invoke(reviews, ["load", str(sheet)], obj=SYSTEM).exit_code == 0
    sheet.write_text(
        "unit,period,section,text,on,by,illustrative\nnorth-hill,2023,tasks,Làm,2024-01-05,x,0\n", "utf-8"
    )
    assert CliRunner().invoke(reviews, ["load", str(sheet)], obj=SYSTEM).exit_code == 0
    assert {text.language: text.text for text in ReviewText.objects.all()} == {"ru": "Делать", "vi": "Làm"}


def test_issuing_writes_the_documents_and_each_is_verified(cast: Cast, tmp_path: Path) -> None:
    officer = CommandLine(cast.superior.actor, DAY)
    arguments = ["issue", "north-hill", "2023", "--lang", "ru", "--format", "md", "--format", "json"]
    done = CliRunner().invoke(reviews, [*arguments, "-o", str(tmp_path)], obj=officer)
    assert done.exit_code == 0, done.output
    made = IssuedReport.objects.get()
    assert f"edition 1, verification code {made.code}" in done.output
    names = {"otchet-north-hill-2023-1.ru.md", "otchet-north-hill-2023-1.ru.json"}
    assert {file.name for file in tmp_path.iterdir()} == names
    for file in tmp_path.iterdir():
        told = CliRunner().invoke(reviews, ["verify", str(file)], obj=officer)
        assert told.exit_code == 0
        assert f"Identical to what was issued: {file.suffix[1:]}" in told.output
    told = CliRunner().invoke(reviews, ["verify", made.code.lower()], obj=officer)
    assert cast.name("north-hill") in told.output
    assert all(file.sha256 in told.output for file in made.files.all())
    changed = tmp_path / "otchet-north-hill-2023-1.ru.md"
    changed.write_bytes(changed.read_bytes() + b" ")
    for asked in (str(changed), "22222-22222-22222", "no-such-file"):
        assert CliRunner().invoke(reviews, ["verify", asked], obj=officer).exit_code == 1, asked


def test_issuing_again_needs_a_reason_and_the_power(cast: Cast) -> None:
    arguments = ["issue", "hill-school", "2023", "--format", "md"]
    refused = CliRunner().invoke(reviews, arguments, obj=CommandLine(cast.superior.actor, DAY))
    assert isinstance(refused.exception, OutOfReach)
    assert CliRunner().invoke(reviews, arguments, obj=SYSTEM).exit_code == 0
    refused = CliRunner().invoke(reviews, arguments, obj=SYSTEM)
    assert isinstance(refused.exception, ValidationError)
    done = CliRunner().invoke(reviews, [*arguments, "--reason", "A slip"], obj=SYSTEM)
    assert done.exit_code == 0
    told = CliRunner().invoke(reviews, ["verify", IssuedReport.objects.get(edition=1).code], obj=SYSTEM)
    assert "Superseded by edition: 2 (2024-10-08)" in told.output


def test_two_issues_of_a_report_are_compared_and_an_issue_with_today(cast: Cast) -> None:
    unit, year, own = cast.unit("hill-school"), Period.parse("2023"), cast.insider.actor
    first = issue_review(unit, year, language="en", formats=["md"], on=DAY, by=own)
    write_review_section(unit, year, "causes", "Much rain.", language="en", on=DAY, by=own)
    second = issue_review(unit, year, language="en", formats=["md"], reason="A slip", on=DAY, by=own)
    russian = issue_review(unit, year, language="ru", formats=["md"], on=DAY, by=own)
    officer = CommandLine(cast.superior.actor, DAY)

    def ask(*words: object, by: CommandLine = officer) -> Result:
        return CliRunner().invoke(reviews, [str(word) for word in words], obj=by)

    listed = ask("issues", "hill-school", "2023").output
    assert [line.split()[:3] for line in listed.splitlines()] == [
        [str(russian.pk), "ru", "1"],
        [str(second.pk), "en", "2"],
        [str(first.pk), "en", "1"],
    ]
    said = ask("compare", first.pk, second.pk).output
    assert said == "Causes · English: – → Much rain.\n"
    assert ask("compare", second.pk, first.pk).output == "Causes · English: Much rain. → –\n"
    assert ask("compare", second.pk).output == "Nothing is different.\n"
    told = json.loads(ask("compare", first.pk, "--json").output)
    assert (told["issue"], told["other"], told["lines"][0]["now"]) == (first.pk, None, "Much rain.")
    for other in (first.pk, russian.pk, 987654321):
        assert ask("compare", first.pk, other).exit_code == 1
    outside = ask("compare", first.pk, second.pk, by=CommandLine(cast.neighbour.actor, DAY))
    assert (outside.exit_code, outside.output) == (1, f"Error: There is no issue {first.pk}.\n")
