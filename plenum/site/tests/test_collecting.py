"""Large workbooks of the units below: made and taken over by jobs, as their starter, whole or not at all."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from plenum.access.guard import speaking
from plenum.figures.actions import collect
from plenum.figures.models import Return
from plenum.figures.tests.factories import MONTHLY, oblige
from plenum.figures.tests.spreadsheet import comments_of, rows_of
from plenum.figures.tests.test_many import ADDRESS, RIVER, SCHOOL, WHOLE, put
from plenum.figures.workbooks.many.layout import FIRST_ROW
from plenum.jobs.models import Job, State
from plenum.journal.models import Entry
from plenum.site.working import doing
from plenum.site.working.doing import Session, do_job
from tests.cast import DAY, SYSTEM, Cast, make_cast


@pytest.fixture
def hill(fresh_database: str, django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cast]:
    """The cast, two units of the hill that owe a return, and every workbook a large one."""
    monkeypatch.setenv("PLENUM_TODAY", DAY.isoformat())
    monkeypatch.setattr("plenum.figures.pages.collection.LARGE", 1)
    with django_db_blocker.unblock():
        cast = make_cast()
        for code in ("hill-school", "hill-river"):
            oblige(cast.unit(code))
        yield cast


def done(answer: Any) -> Job:
    """The job to which an answer leads, when it has been done."""
    assert answer.status_code == 302, answer.content.decode()
    job = Job.objects.get(pk=int(answer["Location"].split("/")[2]))
    do_job(job.pk, DAY, lambda: False)
    with speaking(SYSTEM, DAY):
        job.refresh_from_db()
    return job


def left_by(cast: Cast, job: Job) -> bytes:
    return b"".join(cast.superior.client.get(f"/jobs/{job.pk}/result/").streaming_content)  # type: ignore[attr-defined]


def made(cast: Cast) -> bytes:
    return left_by(cast, done(cast.superior.client.post(f"{ADDRESS}/", {"deed": "make"})))


def sent(cast: Cast, body: bytes, deed: str = "submit") -> Any:
    return cast.superior.client.post(
        f"{ADDRESS}/", {"file": SimpleUploadedFile("x.xlsx", body), "deed": deed}
    )


def test_it_is_made_marked_and_taken(hill: Cast) -> None:
    assert hill.superior.client.get(f"{ADDRESS}.xlsx").status_code == 302
    body = made(hill)
    assert len(rows_of(body)) == FIRST_ROW + 2
    job = done(sent(hill, put(body, {SCHOOL: WHOLE, RIVER: {"members_total": "x"}})))
    assert (job.state, "Mistakes that were found: 1." in job.reason, job.said) == (State.FAILED, True, "")
    assert not Return.objects.exists()
    marked = left_by(hill, job)
    assert comments_of(marked)
    job = done(sent(hill, put(marked, {RIVER: WHOLE}, sheet=2)))
    assert (job.state, job.reason) == (State.FINISHED, "")
    assert "Returns submitted: 2." in job.said
    assert (job.done, job.of) == (2, 2)
    assert {each.state for each in Return.objects.all()} == {"submitted"}
    again = done(sent(hill, made(hill)))
    assert (again.state, again.said) == (
        State.FINISHED,
        "There was nothing to take over: every row is empty, or as it stands already. Rows: 2.",
    )
    entry = Entry.objects.filter(act="figures.submit_return").first()
    assert entry is not None
    assert (entry.actor_id, entry.power) == (hill.superior.account.pk, "figures.collect")


def test_cancelled_while_it_is_written_it_leaves_nothing(hill: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doing, "SECONDS_BETWEEN_WORDS", 0)
    body = put(made(hill), {SCHOOL: WHOLE, RIVER: WHOLE})
    write = collect._write
    written = []

    def cancel_after(*args: Any, **more: Any) -> None:
        write(*args, **more)
        written.append(Return.objects.count())
        session = Session(DAY)
        session._row("UPDATE jobs_job SET cancel_asked = true WHERE state = 'running' RETURNING id")
        session.close()
        time.sleep(0.01)

    monkeypatch.setattr(collect, "_write", cancel_after)
    job = done(sent(hill, body))
    assert written == [2]
    assert job.state == State.CANCELLED
    assert not Return.objects.exists()
    assert not Entry.objects.filter(act__in=["figures.save_draft", "figures.submit_return"]).exists()


def test_what_is_no_workbook_of_ours_fails_in_words(hill: Cast) -> None:
    body = made(hill)
    answer = sent(hill, b"no workbook")
    assert answer.status_code == 422
    july = ADDRESS.replace("2024-08", "2024-07")
    file = SimpleUploadedFile("x.xlsx", body)
    job = done(hill.superior.client.post(f"{july}/", {"file": file, "deed": "save"}))
    assert (job.state, job.reason) == (State.FAILED, "This file is the form for another period: August 2024.")


def test_who_has_lost_the_power_meanwhile_is_refused(hill: Cast) -> None:
    answer = sent(hill, put(made(hill), {SCHOOL: WHOLE}))
    hill.superior.account.grants.update(powers=["figures.read"])
    job = done(answer)
    assert job.state == State.REFUSED
    assert not Return.objects.exists()
    assert MONTHLY in str(job.arguments)
