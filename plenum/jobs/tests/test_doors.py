"""Pages, API and commands of jobs, and what the doctor says of them."""

import json
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from plenum.access.command_line import CommandLine
from plenum.access.guard import speaking
from plenum.jobs.cli import jobs as command
from plenum.jobs.doctor import none_stuck, worker_alive
from plenum.jobs.models import Job, State
from plenum.jobs.queries import forgotten, queue_standing
from plenum.journal.actor import Actor
from tests.api.conftest import program_of
from tests.cast import DAY, SYSTEM, Cast
from tests.counting import counting, finished

pytestmark = pytest.mark.django_db


def told(job: Job, **more: Any) -> Job:
    for name, value in more.items():
        setattr(job, name, value)
    job.save()
    return job


def gone_out(answer: Any) -> bytes:
    """What a server sends of an answer: it reads on when the request is over and nobody speaks any more."""
    with speaking(Actor.nobody(), DAY):
        return b"".join(answer.streaming_content)


class TestPages:
    def test_a_job_under_way_shows_how_far_it_is_and_asks_again(self, cast: Cast) -> None:
        job = counting(cast.unit("hill-school"), cast.insider.actor)
        told(job, state=State.RUNNING, done=250, of=1000, said="Counted to 250")
        client = cast.insider.client
        whole, part = (
            client.get(f"/jobs/{job.pk}/", headers=headers).content.decode()
            for headers in ({}, {"HX-Request": "true"})
        )
        for page in (whole, part):
            assert "250 of 1,000" in page
            assert "Counted to 250" in page
            assert 'hx-trigger="every 2s"' in page
            assert "Cancel this job" in page
        assert "<html" in whole
        assert "<html" not in part
        told(job, state=State.FINISHED, said="Counted.", ended_at=job.asked_at)
        page = client.get(f"/jobs/{job.pk}/").content.decode()
        assert "hx-trigger" not in page
        assert "Cancel this job" not in page

    def test_the_list_is_chosen_by_state_and_by_whose(self, cast: Cast) -> None:
        mine = counting(cast.unit("hill-school"), cast.insider.actor)
        other = counting(cast.unit("hill-river"), cast.sibling.actor)
        ended = finished(cast.unit("north-hill"), cast.superior.actor)

        def listed(member: Any, query: str = "") -> set[int]:
            page = member.client.get(f"/jobs/{query}").content.decode()
            return {job.pk for job in (mine, other, ended) if f"/jobs/{job.pk}/" in page}

        assert listed(cast.insider) == {mine.pk}
        assert listed(cast.superior) == {mine.pk, other.pk, ended.pk}
        assert listed(cast.superior, "?whose=mine") == {ended.pk}
        assert listed(cast.superior, "?state=waiting") == {mine.pk, other.pk}
        assert listed(cast.neighbour) == set()

    def test_the_list_asks_as_often_for_one_as_for_many(self, cast: Cast) -> None:
        counting(cast.unit("hill-school"), cast.insider.actor)
        client = cast.superior.client
        client.get("/jobs/")
        with CaptureQueriesContext(connection) as one:
            client.get("/jobs/")
        for _number in range(5):
            counting(cast.unit("hill-river"), cast.sibling.actor)
        with CaptureQueriesContext(connection) as many:
            client.get("/jobs/")
        assert len(one) == len(many)

    def test_cancel_and_start_again_with_buttons(self, cast: Cast) -> None:
        job = counting(cast.unit("hill-school"), cast.insider.actor)
        page = cast.superior.client.post(f"/jobs/{job.pk}/cancel/", follow=True)
        assert "The job is cancelled." in page.content.decode()
        assert cast.superior.client.post(f"/jobs/{job.pk}/cancel/").status_code == 422
        assert cast.superior.client.post(f"/jobs/{job.pk}/start-again/").status_code == 403
        page = cast.insider.client.post(f"/jobs/{job.pk}/start-again/", follow=True)
        assert "waiting" in page.content.decode()
        job.refresh_from_db()
        assert job.state == State.WAITING

    def test_the_result_has_its_name_and_is_for_its_owner(self, cast: Cast) -> None:
        job = finished(cast.unit("hill-school"), cast.insider.actor, b"counted")
        answer: Any = cast.insider.client.get(f"/jobs/{job.pk}/result/")
        assert gone_out(answer) == b"counted"
        assert answer["Content-Disposition"] == "attachment; filename*=utf-8''%C4%90%E1%BA%BFm.txt"
        assert (answer["Content-Length"], answer["Content-Type"]) == ("7", "text/plain")
        assert cast.superior.client.get(f"/jobs/{job.pk}/result/").status_code == 404


class TestPrograms:
    def test_list_read_cancel_and_take_the_result(self, cast: Cast) -> None:
        waiting = counting(cast.unit("hill-school"), cast.insider.actor)
        done = finished(cast.unit("hill-school"), cast.insider.actor)
        program = program_of(cast.insider)
        found = program.get("/jobs?state=waiting").json()
        assert [row["id"] for row in found["items"]] == [waiting.pk]
        assert program.get("/jobs?limit=1&offset=1").json()["items"][0]["id"] == waiting.pk
        row = program.get(f"/jobs/{done.pk}").json()
        assert (row["state"], row["unit"], row["result"]["size"]) == ("finished", "hill-school", 5)
        assert program.post(f"/jobs/{waiting.pk}/cancel", {}).json()["state"] == "cancelled"
        answer = program.get(f"/jobs/{done.pk}/result")
        assert gone_out(answer) == b"three"


class TestCommands:
    def run(self, *words: str, actor: Any = SYSTEM) -> Any:
        return CliRunner().invoke(command, words, obj=CommandLine(actor, DAY))

    def test_list_show_cancel_again_and_save(self, cast: Cast, tmp_path: Any) -> None:
        job = counting(cast.unit("hill-school"), cast.insider.actor)
        done = finished(cast.unit("hill-school"), SYSTEM)
        assert f"{job.pk}" in self.run().output
        assert "waiting" in self.run("show", str(job.pk)).output
        assert [row["id"] for row in json.loads(self.run("--state", "finished", "--json").output)] == [
            done.pk
        ]
        assert self.run("cancel", str(job.pk)).exit_code == 0
        assert json.loads(self.run("show", str(job.pk), "--json").output)["state"] == "cancelled"
        assert self.run("start-again", str(job.pk), actor=cast.insider.actor).exit_code == 0
        path = tmp_path / "result.txt"
        assert self.run("result", str(done.pk), "-o", str(path)).exit_code == 0
        assert path.read_bytes() == b"three"
        assert self.run("show", str(job.pk), actor=cast.neighbour.actor).exit_code == 1


class TestDoctor:
    def test_it_misses_the_worker_when_jobs_have_waited(self, cast: Cast) -> None:
        job = counting(cast.unit("hill-school"), cast.insider.actor)
        assert list(worker_alive()) == []
        self.age(job, "asked_at", minutes=3)
        (found,) = worker_alive()
        assert "Waiting: 1. The oldest for 3 minutes." in found.what
        pages = "/jobs/", f"/jobs/{job.pk}/"
        for page in pages:
            assert "No worker is there" in cast.insider.client.get(page).content.decode()
        shown = CliRunner().invoke(command, ["show", str(job.pk)], obj=CommandLine(SYSTEM, DAY))
        assert "No worker is there" in shown.output
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
        for page in pages:
            assert "No worker is there" not in cast.insider.client.get(page).content.decode()
        assert list(worker_alive()) == []
        assert queue_standing().workers == 1

    def test_it_finds_what_is_stuck_and_what_was_forgotten(self, cast: Cast) -> None:
        job = counting(cast.unit("hill-school"), cast.insider.actor)
        assert (list(none_stuck()), forgotten()) == ([], [])
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs")
        assert str(job.pk) in next(none_stuck()).what
        Job.objects.filter(pk=job.pk).update(state=State.RUNNING, began_at=Now())
        self.age(job, "began_at", minutes=90)
        assert "90 minutes" in next(none_stuck()).what

    def test_a_neighbour_counts_nothing(self, cast: Cast) -> None:
        counting(cast.unit("hill-school"), cast.insider.actor)
        assert queue_standing().waiting == 1
        with speaking(cast.neighbour.actor, DAY):
            assert queue_standing().waiting == 0

    def age(self, job: Job, column: str, minutes: int) -> None:
        name = connection.ops.quote_name(column)
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE jobs_job SET {name} = now() - %s * interval '1 minute'", [minutes])
