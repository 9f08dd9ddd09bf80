"""The commands of reforms."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from plenum.access.command_line import CommandLine
from plenum.access.models import Account
from plenum.directives.actions import DocumentFields, register_document
from plenum.reorganisations.cli import reform
from plenum.reorganisations.models import Reform
from plenum.reorganisations.rules import read_sheets, read_toml
from plenum.reorganisations.tests.factories import EFFECT, PLAN, SYSTEM, make_bloc
from plenum.tree.queries import unit_view
from tests.cast import DAY, Cast

pytestmark = pytest.mark.django_db


def run(*arguments: str, by: Any = SYSTEM) -> Result:
    return CliRunner().invoke(reform, arguments, obj=CommandLine(by, DAY))


def told(result: Result) -> Any:
    assert result.exit_code == 0, (result.output, result.exception)
    return json.loads(result.stdout)


@pytest.fixture
def file(cast: Cast, tmp_path: Path) -> str:
    make_bloc(cast)
    path = tmp_path / "bloc.toml"
    path.write_text(PLAN, encoding="utf-8")
    return str(path)


def test_a_file_is_rehearsed_without_keeping_anything(file: str) -> None:
    found = told(run("rehearse", file, "--json"))
    assert (found["changes"]["founded"], found["changes"]["ended"], found["changes"]["moved"]) == (2, 1, 3)
    assert (found["blocking"], found["open_objects"], found["undecided"]) == (0, 4, 4)
    assert found["kinds"]["bloc"] == [1, 2]
    assert found["asked"] == ["north", "north-bloc"]
    assert not Reform.objects.exists()
    assert "Without an owner: 4" in run("rehearse", file).output


def test_a_file_is_executed_with_the_digest_of_its_rehearsal_and_undone(file: str) -> None:
    refused = run("execute", file)
    assert refused.exit_code != 0
    assert "Nobody has decided" in str(refused.exception)
    done = told(run("execute", file, "--accept-proposals", "--json"))
    assert done["state"] == "executed"
    assert len(done["digest"]) == 64
    assert unit_view("bloc-tax", EFFECT).parent_code == "north-state"
    shown = told(run("show", "bloc-2025", "--json"))
    assert shown["rehearsal"]["undecided"] == 0
    work = told(run("work", "--json"))
    assert {row["unit"] for row in work} >= {"north-party", "north-state", "bloc-tax"}
    assert {row["unit"] for row in told(run("work", "--json", "--search", "cuc thue"))} == {"bloc-tax"}
    sorts = [row["what"] for row in told(run("work", "--json", "--order", "what"))]
    assert sorts == sorted(sorts)
    run("work", "--done", str(work[0]["number"]))
    units = told(run("progress", "--json", "--order", "most", "--reform", "bloc-2025"))
    assert (units[0]["unit"], units[0]["done"], units[0]["state"]) == (work[0]["unit"], 1, "current")
    assert [
        row["unit_name"] for row in told(run("progress", "--json", "--order", "unit", "--search", "cuc"))
    ] == ["Đảng bộ Cục Thuế"]
    assert len(told(run("work", "--json"))) == len(work) - 1
    assert run("undo", "bloc-2025", "--reason", "Not yet").exit_code == 0
    assert unit_view("bloc-tax", EFFECT).parent_code == "north-bloc"
    assert told(run("list", "--json"))[0]["state"] == "undone"


def test_step_by_step_and_back_into_files(file: str, tmp_path: Path) -> None:
    for arguments in (("draft", file), ("rehearse", "bloc-2025"), ("submit", "bloc-2025")):
        assert run(*arguments).exit_code == 0
    assert run("approve", "bloc-2025", "north").exit_code == 0
    Account.objects.filter(unit__code="north-bloc").update(is_active=False)
    assert run("show", "bloc-2025").output.count("Nobody there may approve") == 1
    asked = told(run("show", "bloc-2025", "--json"))["asked"]
    found = {each["unit"]: (each["by_nobody"], bool(each["said"])) for each in asked}
    assert found == {"north": (False, False), "north-bloc": (True, True)}
    Account.objects.update(is_active=True)
    assert run("approve", "bloc-2025", "north", "--withdraw", "--reason", "Look again").exit_code == 0
    grants = told(run("show", "bloc-2025", "--json"))["rehearsal"]["objects"]
    decided = run(
        "decide", "bloc-2025", f"{grants[0]['subject']}={grants[0]['proposal']}", "--accept-proposals"
    )
    assert "Decided: 4" in decided.output
    assert run("execute", "bloc-2025", "--approve").exit_code == 0
    written = tmp_path / "again.toml", tmp_path / "again.xlsx"
    for path in written:
        assert run("plan", "bloc-2025", "-o", str(path)).exit_code == 0
    assert read_toml(written[0].read_text(encoding="utf-8")) == read_toml(PLAN)
    assert read_sheets(written[1].read_bytes()) == read_toml(PLAN)


def test_what_cannot_be_read_is_said_by_step(file: str, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(PLAN.replace('share = "1/3"', 'share = "a third"'), encoding="utf-8")
    result = run("draft", str(wrong))
    assert result.exit_code == 1
    assert "Step 1, into[2].share: “a third” is no share." in result.output
    (tmp_path / "noise.xlsx").write_bytes(b"noise")
    assert "This is no plan" in run("draft", str(tmp_path / "noise.xlsx")).output


def test_others_are_told_nothing(file: str, cast: Cast) -> None:
    run("draft", file)
    for member in (cast.superior, cast.insider, cast.neighbour, cast.stranger):
        assert "no reform" in run("show", "bloc-2025", by=member.actor).output
        assert told(run("list", "--json", by=member.actor)) == []
        assert run("rehearse", file, by=member.actor).exit_code == 1


def test_the_legal_basis_is_a_registered_document_and_a_change_is_undone(file: str, cast: Cast) -> None:
    fields = DocumentFields(kind="decision", title="T", day=DAY, number="105", issuing_body="TW")
    document = register_document(cast.unit("north"), fields, on=DAY, by=SYSTEM)
    assert "edition 1" in run("draft", file).output
    assert run("draft", file, "--document", "999").exit_code != 0
    assert "edition 2" in run("draft", file, "--document", "105").output
    assert Reform.objects.get().document_id == document.pk
    assert "edition 2" in run("draft", file).output, "nothing is new, and the document stays"
    assert "edition 3" in run("take-back", "bloc-2025").output
    assert Reform.objects.get().document_id is None
