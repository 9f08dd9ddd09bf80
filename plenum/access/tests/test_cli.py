"""The commands on accounts and grants, as they are typed."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from plenum.access import actions, cli
from plenum.access.actions import add_app
from plenum.access.command_line import CommandLine
from plenum.access.models import Account, Grant
from plenum.access.queries import invitation_by_key
from plenum.access.reach import OutOfReach
from plenum.access.second_factor import has_second_factor
from plenum.journal.actor import Actor
from tests.cast import DAY, SYSTEM, Cast

COMMANDS = {command.name: command for command in cli.commands}

Run = Callable[..., Result]


@pytest.fixture
def run(cast: Cast) -> Run:
    def type_in(*words: str, by: Actor = SYSTEM, keys: str = "") -> Result:
        group = click.Group(commands={name or "": command for name, command in COMMANDS.items()})
        line = CommandLine(actor=by, today=DAY)
        return CliRunner().invoke(group, list(words), obj=line, input=keys)

    return type_in


def rows(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def test_accounts_are_listed_with_their_grants(run: Run, cast: Cast) -> None:
    found = {row["login"]: row for row in rows(run("accounts", "--json"))}
    assert set(found) == set(cast.members)
    assert found["insider"]["grants"][0]["unit"] == "hill-school"
    assert found["stranger"]["grants"] == []
    assert "secretary @ hill-school 2020-01-01" in run("accounts").output


def test_an_officer_lists_the_accounts_of_the_units_below_only(run: Run, cast: Cast) -> None:
    listed = rows(run("accounts", "--json", by=cast.superior.actor))
    assert {row["login"] for row in listed} == {"superior", "insider", "sibling"}
    for login in ("insider", "stranger"):
        assert rows(run("accounts", "--json", by=cast.members[login].actor)) == []


def test_an_account_is_created_with_a_role(run: Run, cast: Cast) -> None:
    typed = ["account", "create", "new-one", "--name", "N", "--unit", "hill-school", "--role", "secretary"]
    result = run(*typed, by=cast.superior.actor)
    assert result.exit_code == 0, result.output
    password = result.output.split()[-1]
    assert Account.objects.get(login="new-one").check_password(password)
    assert Grant.objects.get(account__login="new-one").span.start == DAY


def test_an_account_that_gets_no_role_is_not_created(run: Run, cast: Cast) -> None:
    typed = ["account", "create", "new-one", "--name", "N", "--unit", "hill-school", "--role", "king"]
    assert run(*typed).exit_code != 0
    assert not Account.objects.filter(login="new-one").exists()
    assert "no unit “hill-school”" in run(*typed[:-1], "secretary", by=cast.neighbour.actor).output
    assert run("account", "create", "new-one", "--name", "N", "--role", "secretary").exit_code == 2


def test_a_password_is_asked_for_or_made_up(run: Run) -> None:
    made_up = run("account", "password", "insider").output.split()[-1]
    assert Account.objects.get(login="insider").check_password(made_up)
    run("account", "password", "insider", "--ask", keys="một hai ba bốn\nmột hai ba bốn\n")
    assert Account.objects.get(login="insider").check_password("một hai ba bốn")
    assert run("account", "password", "nobody-here").exit_code != 0


def test_grants_are_given_listed_and_ended(run: Run, cast: Cast) -> None:
    given = run("account", "grant", "stranger", "hill-school", "secretary", "--last-day", "2024-12-31")
    assert given.exit_code == 0, given.output
    listed = {row["login"]: row for row in rows(run("grants", "hill-school", "--json"))}
    assert listed["stranger"]["until"] == "2025-01-01"
    assert "stranger" in run("grants", "hill-school").output
    number = str(listed["insider"]["number"])
    assert run("account", "end-grant", number, by=cast.neighbour.actor).exit_code == 1
    assert run("account", "end-grant", number, "--last-day", "2024-10-31").exit_code == 0
    listed = {row["login"]: row for row in rows(run("grants", "hill-school", "--json"))}
    assert listed["insider"]["until"] == "2024-11-01"
    assert run("account", "end-grant", number).exit_code == 0
    assert run("account", "end-grant", number).exit_code != 0


def test_grants_of_a_unit_are_for_those_who_may_give_them_and_others_learn_nothing(
    run: Run, cast: Cast
) -> None:
    for login in ("insider", "sibling", "neighbour", "auditor", "stranger"):
        said = [
            run("grants", code, by=cast.members[login].actor).output for code in ("hill-school", "nowhere")
        ]
        assert said == [f"Error: There is no unit “{code}”.\n" for code in ("hill-school", "nowhere")]


def test_an_account_is_closed(run: Run) -> None:
    assert run("account", "end", "insider").exit_code == 0
    assert not Account.objects.get(login="insider").is_active
    assert "[closed]" in run("accounts").output
    assert run("account", "end", "superior").exit_code != 0
    assert run("account", "end", "superior", "--even-if-last").exit_code == 0


def test_accounts_are_loaded_from_a_file(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "accounts.csv"
    file.write_text(
        "\ufefflogin,name,language,unit,role,from,until\nan-an,Ân,vi,hill-school,secretary,2024-01-01,\n",
        encoding="utf-8",
    )
    loaded = run("accounts", "load", str(file))
    assert loaded.output == "1 account loaded.\n"
    assert Account.objects.get(login="an-an").name == "Ân"
    file.write_text("login,name\nan-an,Ân\n", encoding="utf-8")
    assert run("accounts", "load", str(file)).exit_code != 0


def test_a_second_factor_is_reset_by_those_who_keep_the_account(run: Run, cast: Cast) -> None:
    add_app(cast.insider.account, "JBSWY3DPEHPK3PXP", on=DAY, by=cast.insider.actor)
    refused = run("account", "reset-second-factor", "insider", by=cast.neighbour.actor)
    assert refused.exit_code != 0
    assert has_second_factor(cast.insider.account.pk)
    assert run("account", "reset-second-factor", "insider", by=cast.superior.actor).exit_code == 0
    assert not has_second_factor(cast.insider.account.pk)


def test_a_person_is_invited(run: Run, cast: Cast) -> None:
    words = ("account", "invite", "hill-school", "secretary", "--name", "Guest", "--login", "guest")
    assert run(*words, by=cast.neighbour.actor).exit_code != 0
    made = run(*words, by=cast.superior.actor)
    assert made.exit_code == 0, made.output
    key = made.output.split("/invitations/#")[1].split()[0]
    found = invitation_by_key(key)
    assert found is not None
    assert (found.name, found.inviter) == ("Guest", cast.superior.account)


@pytest.mark.parametrize("command", ["password", "end", "reset-second-factor"])
@pytest.mark.parametrize("login", ["neighbour", "stranger", "auditor"])
def test_an_account_out_of_reach_reads_like_an_unknown_one(
    run: Run, cast: Cast, command: str, login: str
) -> None:
    before = Account.objects.get(login=login)
    unknown = run("account", command, "nobody-here", by=cast.superior.actor)
    hidden = run("account", command, login, by=cast.superior.actor)
    assert unknown.exit_code == hidden.exit_code == 1
    assert str(unknown.exception) == str(hidden.exception)
    after = Account.objects.get(login=login)
    assert (after.password, after.is_active) == (before.password, before.is_active)


def test_an_account_in_reach_that_has_more_is_refused_by_name(run: Run, cast: Cast) -> None:
    actions.grant_powers(cast.insider.account, cast.unit("centre"), "auditor", start=DAY, on=DAY, by=SYSTEM)
    assert isinstance(run("account", "password", "insider", by=cast.superior.actor).exception, OutOfReach)
