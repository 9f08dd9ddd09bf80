"""Starting, cancelling and starting again: who may, what is written, what a rolled-back transaction leaves."""

from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models.functions import Now

from plenum.access.guard import speaking
from plenum.access.reach import OutOfReach
from plenum.jobs.actions import Given, cancel, start, start_again
from plenum.jobs.models import Job, JobFile, State
from plenum.jobs.queries import own, pieces_of, shown
from plenum.journal.models import Entry
from plenum.journal.words import changes_in_words
from tests.cast import DAY, SYSTEM, Cast
from tests.counting import COUNT, counting

pytestmark = pytest.mark.django_db


def queued() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (args->>'job')::bigint FROM procrastinate_jobs WHERE status = 'todo' ORDER BY 1"
        )
        return [number for (number,) in cursor.fetchall()]


def test_a_job_is_written_down_journalled_and_put_into_the_queue(cast: Cast) -> None:
    job = counting(cast.unit("hill-school"), cast.insider.actor, to=5)
    assert (job.state, job.arguments, job.account_id) == (State.WAITING, {"to": 5}, cast.insider.account.pk)
    assert queued() == [job.pk]
    entry = Entry.objects.get(subject=f"jobs.Job:{job.pk}")
    assert (entry.act, entry.power, entry.unit_id) == (
        "jobs.start",
        "figures.read",
        cast.unit("hill-school").pk,
    )
    assert (entry.actor_id, entry.on_date) == (cast.insider.account.pk, DAY)
    said = [(line.field, line.after) for line in changes_in_words(entry.act, entry.change, "en")]
    assert said == [("Job", "Counting"), ("About", "to three")]


def test_a_rolled_back_transaction_leaves_no_job(cast: Cast) -> None:
    with transaction.atomic():
        counting(cast.unit("hill-school"), cast.insider.actor)
        transaction.set_rollback(True)
    assert (Job.objects.count(), queued()) == (0, [])


def test_who_lacks_the_power_starts_nothing(cast: Cast) -> None:
    for member in cast.outsiders.values():
        with pytest.raises(OutOfReach):
            counting(cast.unit("hill-school"), member.actor)
    assert (Job.objects.count(), queued()) == (0, [])


def test_what_a_job_is_given_is_kept_with_it(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("plenum.jobs.actions.starting.PIECE", 4)
    job = start(
        COUNT,
        unit=cast.unit("hill-school"),
        arguments={},
        given=Given("a.txt", "text/plain", b"0123456789"),
        on=DAY,
        by=cast.insider.actor,
    )
    file = JobFile.objects.get(job=job)
    assert (file.role, file.size, list(pieces_of(file))) == ("given", 10, [b"0123", b"4567", b"89"])


def test_nobody_has_more_than_so_many_under_way(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("plenum.jobs.actions.starting.MOST_UNDER_WAY", 2)
    first = counting(cast.unit("hill-school"), cast.insider.actor)
    counting(cast.unit("hill-school"), cast.insider.actor)
    with pytest.raises(ValidationError, match="You have 2 jobs under way"):
        counting(cast.unit("hill-school"), cast.insider.actor)
    cancel(first.pk, on=DAY, by=cast.insider.actor)
    counting(cast.unit("hill-school"), cast.insider.actor)


class TestCancelling:
    def test_what_waits_is_over_at_once_and_what_runs_is_asked_to_end(self, cast: Cast) -> None:
        waiting, running = (counting(cast.unit("hill-school"), cast.insider.actor) for _ in range(2))
        Job.objects.filter(pk=running.pk).update(state=State.RUNNING)
        for job in (waiting, running):
            cancel(job.pk, on=DAY, by=cast.insider.actor)
            job.refresh_from_db()
        assert (waiting.state, waiting.ended_at is None) == (State.CANCELLED, False)
        assert (running.state, running.cancel_asked) == (State.RUNNING, True)
        assert Entry.objects.filter(act="jobs.cancel_job").count() == 2
        cancel(running.pk, on=DAY, by=cast.insider.actor)
        assert Entry.objects.filter(act="jobs.cancel_job").count() == 2
        with pytest.raises(ValidationError, match="ended already"):
            cancel(waiting.pk, on=DAY, by=cast.insider.actor)

    def test_an_officer_cancels_below_and_nobody_else(self, cast: Cast) -> None:
        job = counting(cast.unit("hill-school"), cast.insider.actor)
        for member in (*cast.outsiders.values(), cast.auditor):
            with pytest.raises(OutOfReach):
                cancel(job.pk, on=DAY, by=member.actor)
        cancel(job.pk, on=DAY, by=cast.superior.actor)
        assert Entry.objects.get(act="jobs.cancel_job").power == "jobs.cancel"


class TestStartingAgain:
    def test_only_ones_own_and_only_what_did_not_end_well(self, cast: Cast) -> None:
        job = counting(cast.unit("hill-school"), cast.insider.actor)
        with pytest.raises(ValidationError):
            start_again(job.pk, on=DAY, by=cast.insider.actor)
        Job.objects.filter(pk=job.pk).update(state=State.FAILED, reason="x", attempts=3, ended_at=Now())
        with pytest.raises(OutOfReach):
            start_again(job.pk, on=DAY, by=cast.superior.actor)
        again = start_again(job.pk, on=DAY, by=cast.insider.actor)
        again.refresh_from_db()
        assert (again.pk, again.state, again.reason, again.attempts) == (job.pk, State.WAITING, "", 0)
        assert queued() == [job.pk, job.pk]
        Job.objects.filter(pk=job.pk).update(state=State.FINISHED, ended_at=Now())
        with pytest.raises(ValidationError):
            start_again(job.pk, on=DAY, by=cast.insider.actor)

    def test_not_when_what_it_was_given_is_gone(self, cast: Cast) -> None:
        given = Given("a.txt", "text/plain", b"x")
        job = start(COUNT, unit=cast.unit("hill-school"), arguments={}, given=given, on=DAY, by=SYSTEM)
        Job.objects.filter(pk=job.pk).update(state=State.FAILED, ended_at=Now())
        JobFile.objects.all().delete()
        with pytest.raises(ValidationError, match="not kept any more"):
            start_again(job.pk, on=DAY, by=SYSTEM)


class TestWhoSees:
    def test_one_sees_ones_own_and_those_where_one_may_see_which_run(self, cast: Cast) -> None:
        job = counting(cast.unit("hill-school"), cast.insider.actor)
        seeing = {login for login, each in cast.members.items() if shown(each.actor, DAY).filter(pk=job.pk)}
        assert seeing == {"insider", "superior", "auditor"}

    def test_the_database_shows_neighbours_nothing_and_files_to_their_owner_only(self, cast: Cast) -> None:
        given = Given("a.txt", "text/plain", b"x")
        start(COUNT, unit=cast.unit("hill-school"), arguments={}, given=given, on=DAY, by=cast.insider.actor)
        found = {}
        for login, member in cast.members.items():
            with speaking(member.actor, DAY):
                found[login] = (Job.objects.count(), JobFile.objects.count())
        assert found.pop("insider") == (1, 1)
        assert {found.pop("superior"), found.pop("auditor")} == {(1, 0)}
        assert set(found.values()) == {(0, 0)}

    def test_a_token_sees_the_jobs_of_its_powers_and_its_unit(self, cast: Cast) -> None:
        job = counting(cast.unit("hill-school"), cast.insider.actor)
        token = replace(cast.insider.actor, token_id=1, powers=frozenset({"figures.read"}))
        assert list(own(token)) == [job]
        assert not own(replace(token, powers=frozenset({"targets.read"}))).exists()
        assert not own(replace(token, acting_for=cast.unit("north").pk)).exists()
