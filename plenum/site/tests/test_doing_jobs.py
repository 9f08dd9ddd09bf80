"""Doing jobs: with the reach of their starter, whole or not at all, cancelled and refused in words."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models.functions import Now

from plenum.access.guard import speaker_for
from plenum.access.models import Account, Grant
from plenum.jobs import kinds
from plenum.jobs.actions import Given, cancel, start
from plenum.jobs.kinds import JobKind, Result, Running
from plenum.jobs.models import Job, JobFile, State
from plenum.jobs.queries import pieces_of, queue_standing, result_of
from plenum.site.operations import logs
from plenum.site.working import doing
from plenum.site.working.doing import Again, do_job
from plenum.site.working.worker import sweep
from tests.cast import DAY, Cast, make_cast
from tests.counting import COUNT, counting


@pytest.fixture
def people(fresh_database: str, django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cast]:
    """The cast in a database where transactions really commit: progress is told from a second session."""
    monkeypatch.setenv("PLENUM_TODAY", DAY.isoformat())
    with django_db_blocker.unblock():
        yield make_cast()


def done(job: Job, stopping: Callable[[], bool] = lambda: False) -> Job:
    do_job(job.pk, DAY, stopping)
    job.refresh_from_db()
    return job


def with_work(monkeypatch: pytest.MonkeyPatch, work: Callable[[Running], Result]) -> None:
    kind = object.__new__(JobKind)
    for name, value in {**vars(COUNT), "run": work}.items():
        object.__setattr__(kind, name, value)
    monkeypatch.setitem(kinds.KINDS, COUNT.code, kind)


def test_a_job_is_done_as_its_starter_and_leaves_its_file(people: Cast) -> None:
    given = Given("x.txt", "text/plain", b"given")
    job = start(
        COUNT, unit=people.unit("hill-school"), arguments={}, given=given, on=DAY, by=people.insider.actor
    )
    done(job)
    assert (job.state, job.said, job.attempts, job.reason) == (State.FINISHED, "Counted to 3.", 1, "")
    file = result_of(job.pk, people.insider.actor, DAY)
    assert file is not None
    assert b"".join(pieces_of(file)) == b"3 Insider 2024-10-08\ngiven"
    assert file.size == len(b"3 Insider 2024-10-08\ngiven")
    assert result_of(job.pk, people.superior.actor, DAY) is None
    do_job(job.pk, DAY, lambda: False)
    job.refresh_from_db()
    assert job.attempts == 1, "what is done is not done again"


def test_the_database_is_told_who_does_it(people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def look(job: Running) -> Result:
        with connection.cursor() as cursor:
            cursor.execute("SELECT access_account(), access_everything()")
            seen.append(cursor.fetchone())
        return Result("")

    with_work(monkeypatch, look)
    done(counting(people.unit("hill-school"), people.insider.actor))
    assert seen == [(int(speaker_for(people.insider.actor, DAY).account), False)]


def test_progress_is_seen_while_it_runs(people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doing, "SECONDS_BETWEEN_WORDS", 1000)
    job = counting(people.unit("hill-school"), people.insider.actor)
    seen = []

    def look(running: Running) -> Result:
        running.tell(1, 0, "Something else")
        running.tell(2, 7, "Two of seven")
        running.tell(3, 7, "Two of seven")
        row = Job.objects.values_list("state", "done", "of", "said").get(pk=job.pk)
        seen.append((*row, queue_standing().running))
        return Result("")

    with_work(monkeypatch, look)
    done(job)
    assert seen == [("running", 2, 7, "Two of seven", 1)]


@pytest.mark.parametrize(
    ("arguments", "state", "reason"),
    [
        ({"then": "refuse"}, State.FAILED, "Count to something else."),
        (
            {"then": "break", "words": "a secret"},
            State.FAILED,
            "This is a fault in Plenum. Tell the operator the number ",
        ),
    ],
)
def test_what_fails_is_taken_back_whole_and_says_why(
    people: Cast, arguments: dict[str, str], state: State, reason: str
) -> None:
    people.insider.account.name = "Before"
    people.insider.account.save()
    job = done(counting(people.unit("hill-school"), people.insider.actor, rename="insider", **arguments))
    assert job.state == state
    assert job.reason.startswith(reason)
    assert "secret" not in job.reason
    assert Account.objects.get(login="insider").name == "Before"
    assert not JobFile.objects.exists()


def test_a_fault_of_ours_is_in_the_log_under_the_number_that_was_told(people: Cast) -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.JsonLines())
    logging.getLogger("plenum.jobs").addHandler(handler)
    job = done(counting(people.unit("hill-school"), people.insider.actor, then="break", words="a secret"))
    logging.getLogger("plenum.jobs").removeHandler(handler)
    (line,) = (json.loads(text) for text in stream.getvalue().splitlines())
    assert job.reason.endswith(f"{line['fault']}.")
    assert (line["job"], line["kind"], line["error"]) == (job.pk, "try.count", "RuntimeError")
    assert "secret" not in stream.getvalue()


def test_a_cancelled_job_ends_at_its_next_word_and_takes_everything_back(
    people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = counting(people.unit("hill-school"), people.insider.actor)
    before = people.insider.account.name

    def cancelled_meanwhile(running: Running) -> Result:
        Account.objects.filter(login="insider").update(name="Renamed")
        other = connection.copy()
        try:
            with other.cursor() as cursor:
                cursor.execute("SET plenum.everything = 'on'")
                cursor.execute("UPDATE jobs_job SET cancel_asked = true WHERE id = %s", [job.pk])
        finally:
            other.close()
        running.tell(1, 2)
        raise AssertionError("it should have ended")

    with_work(monkeypatch, cancelled_meanwhile)
    done(job)
    assert (job.state, job.reason) == (State.CANCELLED, "")
    assert Account.objects.get(login="insider").name == before


def test_what_was_cancelled_while_it_waited_never_begins(people: Cast) -> None:
    job = counting(people.unit("hill-school"), people.insider.actor)
    cancel(job.pk, on=DAY, by=people.insider.actor)
    done(job)
    assert (job.state, job.attempts) == (State.CANCELLED, 0)


class TestRefused:
    def test_when_the_grant_has_ended_meanwhile(self, people: Cast) -> None:
        job = counting(people.unit("hill-school"), people.insider.actor)
        for grant in Grant.objects.filter(account=people.insider.account):
            grant.span = type(grant.span)(grant.span.start, DAY)
            grant.save()
        done(job)
        assert job.state == State.REFUSED
        assert job.reason.startswith("You do not have this power here")

    def test_when_it_ends_after_the_start_and_before_the_day_on_which_it_is_done(self, people: Cast) -> None:
        job = counting(people.unit("hill-school"), people.insider.actor)
        Grant.objects.filter(account=people.insider.account).update(
            span=type(Grant.objects.all()[0].span)(DAY - timedelta(days=9), DAY + timedelta(days=1))
        )
        do_job(job.pk, DAY + timedelta(days=1), lambda: False)
        job.refresh_from_db()
        assert job.state == State.REFUSED

    def test_when_the_account_is_closed(self, people: Cast) -> None:
        job = counting(people.unit("hill-school"), people.insider.actor)
        Account.objects.filter(pk=people.insider.account.pk).update(is_active=False)
        done(job)
        assert (job.state, job.reason) == (State.REFUSED, "The account that has started this is closed.")


class TestInterrupted:
    def test_by_the_database_it_is_tried_again_but_not_for_ever(self, people: Cast) -> None:
        job = counting(people.unit("hill-school"), people.insider.actor, then="interrupt")
        for attempt in (1, 2):
            with pytest.raises(Again):
                done(job)
            job.refresh_from_db()
            assert (job.state, job.attempts) == (State.WAITING, attempt)
        done(job)
        assert (job.state, job.attempts) == (State.FAILED, 3)

    def test_by_the_end_of_the_worker_it_waits_and_has_not_been_tried(self, people: Cast) -> None:
        job = counting(people.unit("hill-school"), people.insider.actor)
        with pytest.raises(Again):
            done(job, stopping=lambda: True)
        job.refresh_from_db()
        assert (job.state, job.attempts) == (State.WAITING, 0)

    def test_what_has_ended_its_worker_three_times_is_given_up(self, people: Cast) -> None:
        job = counting(people.unit("hill-school"), people.insider.actor)
        Job.objects.filter(pk=job.pk).update(attempts=3, state=State.RUNNING, began_at=Now())
        done(job)
        assert job.state == State.FAILED
        assert "3 times" in job.reason

    def test_nobody_does_what_somebody_else_is_doing(self, people: Cast) -> None:
        job = counting(people.unit("hill-school"), people.insider.actor)
        other = doing.Session(DAY)
        assert other.hold(job.pk)
        with pytest.raises(Again):
            done(job)
        other.close()
        assert done(job).state == State.FINISHED


def test_what_is_too_old_is_thrown_away(people: Cast) -> None:
    old, older = (done(counting(people.unit("hill-school"), people.insider.actor)) for _ in range(2))
    waiting = counting(people.unit("hill-school"), people.insider.actor)
    assert old.ended_at is not None
    Job.objects.filter(pk=old.pk).update(ended_at=old.ended_at - timedelta(days=8))
    Job.objects.filter(pk=older.pk).update(ended_at=old.ended_at - timedelta(days=91))
    kept = done(counting(people.unit("hill-school"), people.insider.actor))
    sweep()
    assert set(Job.objects.values_list("pk", flat=True)) == {old.pk, waiting.pk, kept.pk}
    assert [file.job_id for file in JobFile.objects.all()] == [kept.pk]
