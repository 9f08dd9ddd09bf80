"""The check of the journal, as it is typed."""

import json
from datetime import date

import pytest
from click.testing import CliRunner

from plenum.journal import cli
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
    monkeypatch.setattr(
        cli, "broken_links", lambda: [BrokenLink(5, 2, "changed"), BrokenLink(None, 1, "changed")]
    )
    found = CliRunner().invoke(cli.journal, ["verify"])
    assert found.exit_code == 1
    assert found.output.splitlines() == ["Unit 5, entry 2: changed", "Unit -, entry 1: changed"]
    found = CliRunner().invoke(cli.journal, ["verify", "--json"])
    assert found.exit_code == 1
    assert json.loads(found.output)["broken"][1] == {"unit": None, "position": 1, "fault": "changed"}
