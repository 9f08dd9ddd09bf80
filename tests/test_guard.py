"""What the database shows: the same reach as the pages, whoever forgets to ask for it."""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import DatabaseError, connection, transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory

from plenum.access.doctor import guarded_tables
from plenum.access.guard import ALL_POWERS, NOBODY, speaker, speaker_for, speaking, unless_told
from plenum.figures.models import Entry, Return, Rollup, Standing, Step, Version
from plenum.figures.tests.factories import oblige, report
from plenum.journal.actor import Actor
from plenum.periods import Period
from plenum.reports import powers as _of_reports  # noqa: F401 — declares what the rules name
from plenum.site.middleware import Frame
from plenum.targets import powers as _of_targets  # noqa: F401 — declares what the rules name
from plenum.tree import ledger
from plenum.tree.models import Unit
from tests.cast import DAY, SYSTEM, Cast


def accounts_told() -> tuple[str, ...]:
    """What the database has been told, as it says itself."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('plenum.account', true), current_setting('plenum.acting_for', true),"
            " current_setting('plenum.powers', true), current_setting('plenum.day', true),"
            " current_setting('plenum.everything', true)"
        )
        row: tuple[str, ...] = cursor.fetchone()
        return row


def told(actor: Actor, on: date = DAY) -> tuple[str, ...]:
    return tuple(vars(speaker_for(actor, on)).values())


class TestWhoSpeaks:
    def test_the_database_is_told_who_speaks_and_then_who_spoke_before(self, cast: Cast) -> None:
        one = cast.superior.actor
        other = replace(cast.sibling.actor, acting_for=None)
        with speaking(one, DAY):
            assert accounts_told() == told(one)
            with speaking(other, DAY):
                assert accounts_told() == (str(other.account_id), "", ALL_POWERS, "2024-10-08", "")
            assert accounts_told() == told(one)
            with speaking(Actor.nobody(), DAY):
                assert accounts_told() == ("", "", "", "", "")
        assert accounts_told() == told(Actor.system("tests"))

    def test_an_exception_ends_it(self, cast: Cast) -> None:
        with pytest.raises(RuntimeError), speaking(cast.superior.actor, DAY):
            raise RuntimeError
        assert accounts_told() == told(SYSTEM)

    def test_a_rollback_takes_nothing_back(self, cast: Cast) -> None:
        with speaking(cast.superior.actor, DAY):
            with suppress(RuntimeError), transaction.atomic(), speaking(cast.sibling.actor, DAY):
                assert accounts_told() == told(cast.sibling.actor)
                raise RuntimeError
            assert accounts_told() == told(cast.superior.actor)
            with transaction.atomic(), speaking(SYSTEM, DAY):
                Return.objects.exists()
                transaction.set_rollback(True)
            assert accounts_told() == told(cast.superior.actor)

    def test_a_broken_transaction_leaves_no_identity(self, committing: None) -> None:
        superior = Actor(1, "superior")
        with suppress(DatabaseError), transaction.atomic(), speaking(superior, DAY):
            Return.objects.exists()
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 / 0")
        with speaking(Actor.nobody(), DAY):
            assert accounts_told() == told(Actor.nobody())
        with transaction.atomic():
            with speaking(superior, DAY), pytest.raises(DatabaseError), connection.cursor() as cursor:
                cursor.execute("SELECT 1 / 0")
            with pytest.raises(DatabaseError, match="current transaction is aborted"):
                accounts_told()
            transaction.set_rollback(True)
        assert accounts_told() == told(SYSTEM)

    def test_a_new_session_is_told_again(self, committing: None) -> None:
        with speaking(Actor(1, "superior"), DAY):
            before = accounts_told()
            connection.close()
            assert accounts_told() == before

    def test_a_session_that_another_has_used_says_nothing_of_that_one(
        self, committing: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """As with a pool: the connection opens anew, and gets the session of somebody else."""
        with speaking(Actor(1, "superior"), DAY):
            accounts_told()
        session, connection.connection = connection.connection, None
        monkeypatch.setattr(connection, "get_new_connection", lambda _parameters: session)
        connection.connect()
        with speaking(Actor.nobody(), DAY):
            assert accounts_told() == told(Actor.nobody())

    def test_saying_it_counts_as_no_query_and_begins_no_snapshot(
        self, committing: None, django_assert_num_queries: Callable[[int], Any]
    ) -> None:
        with speaking(Actor(1, "superior"), DAY), django_assert_num_queries(1):
            Return.objects.exists()
        with transaction.atomic(), speaking(SYSTEM, DAY), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")

    def test_a_copy_is_told_too(self, returned: Return, cast: Cast) -> None:
        for actor, lines in ((SYSTEM, 2), (cast.insider.actor, 1), (Actor.nobody(), 0)):
            with (
                speaking(actor, DAY),
                connection.cursor() as cursor,
                cursor.copy("COPY (SELECT return_id FROM figures_standing) TO STDOUT") as rows,
            ):
                assert len(list(rows)) == lines

    def test_a_thread_that_has_not_been_told_speaks_for_nobody(self) -> None:
        with unless_told(Actor.nobody(), DAY):
            assert speaker() == NOBODY

    @pytest.mark.parametrize("text", ["'; RESET plenum.account; --", "\\", "a\0b"])
    def test_nothing_slips_into_the_statement(self, text: str) -> None:
        with pytest.raises(ValueError, match=re.escape(text)):
            _ = replace(NOBODY, powers=text).statement


class TestWithoutAFilter:
    def test_a_query_that_forgets_the_filter_returns_what_is_reached(
        self, cast: Cast, returned: Return
    ) -> None:
        models: tuple[Any, ...] = (Return, Version, Step, Entry, Standing, Rollup)
        shown = {}
        for login, member in cast.members.items():
            with speaking(member.actor, DAY):
                shown[login] = [model.objects.count() for model in models]
        assert shown == {
            "auditor": [3, 3, 5, 2, 2, 12],
            "superior": [2, 2, 3, 1, 1, 2],
            "insider": [1, 1, 2, 1, 1, 0],
            "sibling": [1, 1, 1, 0, 0, 0],
            "neighbour": [1, 1, 2, 1, 1, 2],
            "stranger": [0, 0, 0, 0, 0, 0],
        }

    def test_nothing_said_nothing_shown(self, cast: Cast, returned: Return) -> None:
        with connection.cursor() as cursor:
            for statement in (
                "RESET plenum.account",
                "RESET plenum.acting_for",
                "RESET plenum.powers",
                "RESET plenum.day",
                "RESET plenum.everything",
            ):
                cursor.execute(statement)
            for table in guarded_tables():
                cursor.execute(f"SELECT count(*) FROM {table}")
                assert cursor.fetchone() == (0,), table

    def test_a_page_that_forgets_the_filter(self, cast: Cast, returned: Return) -> None:
        def page(_request: Any) -> Any:
            return HttpResponse(" ".join(Return.objects.values_list("unit__code", flat=True)))

        for member, codes in (
            (cast.insider, "hill-school"),
            (cast.sibling, "hill-river"),
            (cast.stranger, ""),
        ):
            request = RequestFactory().get("/")
            request.user, request.session = member.account, member.client.session
            answer: Any = Frame(page)(request)
            assert answer.content.decode() == codes
        assert accounts_told() == told(SYSTEM)

    def test_a_request_leaves_no_identity_behind(self, cast: Cast, returned: Return) -> None:
        assert cast.insider.client.get(f"/returns/{returned.pk}/").status_code == 200
        assert cast.sibling.client.get(f"/returns/{returned.pk}/").status_code == 404
        assert Client().get(f"/returns/{returned.pk}/").status_code == 302
        assert accounts_told() == told(SYSTEM)

    def test_a_command_speaks_as_the_account_it_acts_as(
        self, cast: Cast, returned: Return, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        import click

        from plenum.site import cli

        @click.command()
        def everything() -> None:
            click.echo(sorted(Return.objects.values_list("unit__code", flat=True)))

        monkeypatch.setattr("plenum.site.database.opening.open_database", lambda: None)
        plenum = cli.Plenum(
            name="plenum",
            callback=cli.prepare,
            params=[*cli.GLOBAL_OPTIONS],
            commands={"everything": everything},
        )
        with unless_told(Actor.nobody(), DAY):
            as_system = CliRunner().invoke(plenum, ["everything"])
            as_insider = CliRunner().invoke(plenum, ["--as", "insider", "everything"])
            assert accounts_told() == told(Actor.nobody())
        assert as_system.output == "['coast-port', 'hill-river', 'hill-school']\n"
        assert as_insider.output == "['hill-school']\n"


class TestThePast:
    """A unit that has moved: what it reported while it was here stays in the sums here."""

    @pytest.fixture
    def moved(self, cast: Cast) -> Unit:
        school = cast.unit("hill-school")
        oblige(school)
        report(school, "2024-03", {"members_admitted": 3, "members_total": 10})
        ledger.move(school, cast.unit("south-coast"), on=date(2024, 5, 1))
        report(school, "2024-06", {"members_admitted": 4, "members_total": 20})
        return school

    def test_sums_of_the_past_stay_what_they_are(self, cast: Cast, moved: Unit) -> None:
        from plenum.figures.queries import figures, returns_behind

        hill, quarter = cast.unit("north-hill").pk, Period.parse("2024-Q1")
        expected = figures(hill, quarter)
        assert expected["members.total"].value == 10
        with speaking(cast.superior.actor, DAY):
            assert figures(hill, quarter) == expected
            assert figures(hill, quarter, known_on=DAY) == expected
            [behind] = returns_behind(hill, "members.total", quarter)
        assert behind.values == {"members_total": 10}

    def test_what_came_later_and_what_is_being_entered_are_not_shown(self, cast: Cast, moved: Unit) -> None:
        with speaking(cast.superior.actor, DAY):
            assert [each.month for each in Standing.objects.all()] == [date(2024, 3, 1)]
            assert Entry.objects.count() == 1
            assert list(Version.objects.values_list("on_date", flat=True)) == [date(2024, 3, 31)]
            assert list(Step.objects.values_list("what", flat=True)) == ["accept"]
            assert Return.objects.count() == 0
        with speaking(cast.neighbour.actor, DAY):
            assert Return.objects.count() == Standing.objects.count() == 2
