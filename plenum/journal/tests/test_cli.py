"""The check of the journal, as it is typed."""

import json
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from plenum.journal import cli, doctor
from plenum.journal.actions import record
from plenum.journal.actor import Actor
from plenum.journal.acts import REGISTRY, Act
from plenum.journal.queries import BrokenLink

TRY = REGISTRY.get("journal.type") or Act("journal.type", "Typed")


@pytest.mark.django_db
def test_a_journal_that_holds_is_said_to_hold() -> None:
    actor = Actor.system("test")
    record(TRY, by=actor, power=None, unit_id=5, on=date(2024, 10, 8), subject="thing:1", change={})
    assert CliRunner().invoke(cli.journal, ["verify"]).output == "The journal holds: 1 entry.\n"
    found = CliRunner().invoke(cli.journal, ["verify", "--json"])
    assert found.exit_code == 0
    assert json.loads(found.output) == {"entries": 1, "broken": []}


@pytest.mark.django_db
def test_a_broken_journal_ends_with_status_one(monkeypatch: pytest.MonkeyPatch) -> None:
    links = [BrokenLink(5, 2, "changed", "hash"), BrokenLink(None, 1, "removed")]
    monkeypatch.setattr(cli, "broken_links", lambda sealed: links)
    found = CliRunner().invoke(cli.journal, ["verify"])
    assert found.exit_code == 1
    assert found.output.splitlines() == [
        "Chain of unit number 5, entry 2: the entry is not what was written. Column: hash.",
        "Chain of the installation, entry 1: the end of the chain has been removed.",
    ]
    found = CliRunner().invoke(cli.journal, ["verify", "--json"])
    assert found.exit_code == 1
    assert json.loads(found.output)["broken"] == [
        {"unit": 5, "position": 2, "fault": "changed", "field": "hash"},
        {"unit": None, "position": 1, "fault": "removed", "field": None},
    ]


@pytest.mark.django_db
def test_seals_are_kept_in_a_file_and_asked_for(tmp_path: Path) -> None:
    actor = Actor.system("test")
    record(TRY, by=actor, power=None, unit_id=5, on=date(2024, 10, 8), subject="thing:1", change={})
    file = tmp_path / "seals.json"
    file.write_text(CliRunner().invoke(cli.journal, ["seal"]).output, encoding="utf-8")
    assert CliRunner().invoke(cli.journal, ["verify", "--sealed", str(file)]).exit_code == 0
    kept = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps([*kept, {**kept[0], "position": 2}]), encoding="utf-8")
    found = CliRunner().invoke(cli.journal, ["verify", "--sealed", str(file)])
    assert (found.exit_code, "entry 2" in found.output) == (1, True)
    for text in ("{", "[1]", '[{"unit": 5}]'):
        file.write_text(text, encoding="utf-8")
        assert "no file of seals" in CliRunner().invoke(cli.journal, ["verify", "--sealed", str(file)]).output


@pytest.mark.django_db
@pytest.mark.parametrize("command", ["verify", "seal"])
def test_who_acts_as_an_account_does_not_look_at_all_chains(command: str) -> None:
    line = SimpleNamespace(actor=Actor(1, "A"))
    assert CliRunner().invoke(cli.journal, [command], obj=line).exit_code == 1


@pytest.mark.django_db
def test_the_examination_finds_what_verify_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    (check,) = doctor.checks
    assert list(check.run()) == []
    monkeypatch.setattr(doctor, "broken_links", lambda: [BrokenLink(5, 2, "changed")])
    (finding,) = check.run()
    assert "unit number 5, entry 2" in finding.what
    assert "backup" in finding.remedy
