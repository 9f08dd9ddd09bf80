"""The pages of reforms: drafted by hand or from a file, rehearsed, decided, approved, executed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from plenum.access.models import Account
from plenum.jobs.models import Job
from plenum.journal.actor import Actor
from plenum.reorganisations.jobs import EXECUTE_JOB, REHEARSE, UNDO_JOB
from plenum.reorganisations.models import Reform, Rehearsal, State, Work
from plenum.reorganisations.rows import rehearsal_row
from plenum.reorganisations.rules import read_sheets, read_toml, write_sheets
from plenum.reorganisations.tests.factories import PLAN, Bloc, approve_all, bloc_plan, make_bloc
from plenum.tree import ledger
from plenum.tree.queries import unit_view
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def bloc(cast: Cast) -> Bloc:
    return make_bloc(cast)


@pytest.fixture
def officer(bloc: Bloc) -> Client:
    client = Client()
    client.force_login(bloc.officer)
    return client


def drafted(officer: Client, body: bytes = PLAN.encode(), name: str = "plan.toml") -> Reform:
    """A reform whose plan was sent as a file."""
    answer = officer.post("/units/north/reforms/draft/", {"file": SimpleUploadedFile(name, body)})
    assert answer.status_code == 302, answer.content
    return Reform.objects.get()


def do(officer: Client, reform: Reform, deed: str, **more: str) -> str:
    """What the page says after a button was pressed."""
    answer = officer.post(f"/reforms/{reform.pk}/deed/", {"deed": deed, **more}, follow=True)
    return answer.content.decode()


def carry_out(officer: Client, reform: Reform, **more: str) -> str:
    """What the pages say after the execution was confirmed."""
    answer = officer.post(f"/reforms/{reform.pk}/execution/", {"seen": "on", **more}, follow=True)
    return answer.content.decode()


def test_from_a_file_to_its_execution_and_back(officer: Client, bloc: Bloc) -> None:
    reform = drafted(officer, write_sheets(bloc_plan()), "plan.xlsx")
    assert "It was not rehearsed yet" in officer.get(f"/reforms/{reform.pk}/").content.decode()
    said = do(officer, reform, "rehearse", edition="1")
    assert "4 objects have no owner yet" in said
    assert "2/3 Đảng bộ các cơ quan Đảng tỉnh" in said
    said = do(officer, reform, "submit")
    assert "are asked to approve" in said
    assert 'Approve<span class="hidden">: Đảng bộ tỉnh Bắc Sơn' in said
    assert 'Approve<span class="hidden">: Đảng bộ Khối' not in said, "each unit for itself"
    assert "The reform is approved" in do(officer, reform, "approve", unit="north")
    address = f"/reforms/{reform.pk}/execution/"
    assert "Confirm this first" in officer.post(address).content.decode()
    assert "Nobody there may approve" not in officer.get(f"/reforms/{reform.pk}/").content.decode()
    people = Account.objects.filter(pk__in=[each.pk for each in bloc.people])
    people.update(is_active=False)
    refused = officer.post(address, {"seen": "on"})
    assert refused.status_code == 422
    assert "have not approved it yet: north-bloc" in refused.content.decode()
    assert "north-bloc: Nobody there may approve" in refused.content.decode()
    said = officer.get(f"/reforms/{reform.pk}/").content.decode()
    assert said.count("Nobody there may approve") == 1
    assert 'href="/units/north-bloc/grants/' in said
    people.update(is_active=True)
    approve_all(reform)
    assert "Nobody has decided" in carry_out(officer, reform)
    grant = reform.rehearsal.report["objects"][2]["subject"]
    assert "is decided: 1 object" in do(officer, reform, "decide", **{f"choice-{grant}": "leave"})
    assert "Everything is decided" in do(officer, reform, "accept")
    assert officer.get(address).status_code == 200
    said = carry_out(officer, reform)
    assert "The reform is executed" in said
    assert "things are left to look at after it" in said
    assert unit_view("bloc-tax", date(2025, 2, 1)).parent_code == "north-state"
    assert "Đảng bộ Cục Thuế" in officer.get("/reforms/work/").content.decode()
    assert "Write the reason" in do(officer, reform, "undo")
    assert "as it was before" in do(officer, reform, "undo", reason="Not yet")
    assert unit_view("bloc-tax", date(2025, 2, 1)).parent_code == "north-bloc"


def test_a_file_that_cannot_be_read_is_refused_with_its_faults(officer: Client) -> None:
    wrong = PLAN.replace('share = "1/3"', 'share = "a third"').encode()
    answer = officer.post("/units/north/reforms/draft/", {"file": SimpleUploadedFile("p.toml", wrong)})
    assert answer.status_code == 422
    assert "“a third” is no share" in answer.content.decode()
    assert not Reform.objects.exists()


def test_the_plan_can_be_taken_home(officer: Client) -> None:
    reform = drafted(officer)
    assert read_toml(officer.get(f"/reforms/{reform.pk}/plan.toml").content.decode()) == bloc_plan()
    assert read_sheets(officer.get(f"/reforms/{reform.pk}/plan.xlsx").content) == bloc_plan()


def test_work_is_finished_by_the_unit_itself(
    officer: Client, bloc: Bloc, monkeypatch: pytest.MonkeyPatch
) -> None:
    reform = drafted(officer)
    for deed in ("rehearse", "submit", "accept"):
        do(officer, reform, deed)
    approve_all(reform)
    carry_out(officer, reform)
    reform.refresh_from_db()
    assert reform.state == State.EXECUTED
    work = Work.objects.filter(unit__code="north-party").first()
    assert work is not None
    assert officer.post(f"/reforms/work/{work.pk}/").status_code == 403, (
        "the superior follows, the unit does it"
    )
    monkeypatch.setenv("PLENUM_TODAY", "2025-02-03")
    person = Client()
    person.force_login(bloc.people[0])
    page = person.get("/reforms/work/").content.decode()
    assert "Review your year" in page
    assert person.post(f"/reforms/work/{work.pk}/").status_code == 302
    work.refresh_from_db()
    assert work.done_on == date(2025, 2, 3)
    units = officer.get("/reforms/work/units/").content.decode()
    assert "Of 5 units 4 have not begun" in units
    begun = officer.get("/reforms/work/units/?state=current").content.decode()
    assert "cơ quan Đảng tỉnh" in begun
    assert "Cục Thuế" not in begun
    done = officer.get("/reforms/work/?shown=done").content.decode()
    assert done.count("Review your year") == 1 + 1, "in the row, and in the filter"
    board = person.get("/units/north-party/board/").content.decode()
    assert "things to look at after a reform" in board


def test_the_list_needs_as_many_queries_for_three_reforms_as_for_one(officer: Client, bloc: Bloc) -> None:
    drafted(officer)
    officer.get("/reforms/")
    with CaptureQueriesContext(connection) as one:
        officer.get("/reforms/")
    for number in (2, 3):
        other = PLAN.replace("bloc-2025", f"bloc-{number}").encode()
        officer.post("/units/north/reforms/draft/", {"file": SimpleUploadedFile("p.toml", other)})
    with CaptureQueriesContext(connection) as three:
        assert officer.get("/reforms/").content.decode().count("Dissolve the bloc") == 3
    assert len(three) == len(one)
    Reform.objects.filter(code="bloc-2").update(title="Đổi khối cơ quan", on_date="2026-01-01")
    Reform.objects.filter(code="bloc-3").update(title="An khối")
    by_title = officer.get("/reforms/?q=khoi&order=title").content.decode()
    assert by_title.index("An khối") < by_title.index("Đổi khối cơ quan")
    assert "Dissolve the bloc" not in by_title
    newest = officer.get("/reforms/?order=newest").content.decode()
    assert newest.index("Đổi khối cơ quan") < newest.index("An khối")


def test_the_history_of_a_unit_leads_to_the_reform(officer: Client, bloc: Bloc) -> None:
    reform = drafted(officer)
    for deed in ("rehearse", "submit", "accept"):
        do(officer, reform, deed)
    approve_all(reform)
    assert "By the reform" not in officer.get("/units/bloc-tax/").content.decode()
    carry_out(officer, reform)
    for code in ("north-bloc", "north-party", "bloc-tax"):
        page = officer.get(f"/units/{code}/?as_of=2025-02-01").content.decode()
        assert f'<a href="/reforms/{reform.pk}/?as_of=2025-02-01">By the reform: Dissolve the bloc' in page, (
            code
        )
    assert "By the reform" not in officer.get("/units/hill-school/").content.decode()
    do(officer, reform, "undo", reason="Not yet")
    assert "By the reform" not in officer.get("/units/bloc-tax/").content.decode()


def test_a_reform_that_holds_is_corrected_by_another(
    officer: Client, bloc: Bloc, monkeypatch: pytest.MonkeyPatch
) -> None:
    reform = drafted(officer)
    for deed in ("rehearse", "submit", "accept"):
        do(officer, reform, deed)
    approve_all(reform)
    carry_out(officer, reform)
    assert "Undo the reform" in officer.get(f"/reforms/{reform.pk}/").content.decode()
    monkeypatch.setenv("PLENUM_TODAY", "2025-02-03")
    page = officer.get(f"/reforms/{reform.pk}/").content.decode()
    assert "Undo the reform" not in page
    assert "Another reform can correct it" in page
    begun = officer.get("/units/north/reforms/draft/?title=Correction").content.decode()
    assert 'value="Correction"' in begun


def test_objects_are_narrowed_ticked_and_decided_together(officer: Client, bloc: Bloc) -> None:
    reform = drafted(officer)
    do(officer, reform, "rehearse")
    rows = Reform.objects.get().rehearsal.report["objects"]
    with override("vi"):
        labels = [row["label"] for row in rehearsal_row(Reform.objects.get().rehearsal, {})["objects"]]
    assert "Đảng bộ Khối các cơ quan tỉnh: Bloc-Officer (Cán bộ tổ chức)" in labels, (
        "it was rehearsed in English"
    )
    page = officer.get(f"/reforms/{reform.pk}/?of=access.Grant").content.decode()
    of_grants = [row for row in rows if row["of"] == "access.Grant"]
    assert page.count('name="subject"') == len(of_grants)
    assert "No owner" not in officer.get(f"/reforms/{reform.pk}/?q=zzz").content.decode()
    ticked = [row["subject"] for row in rows[:2]]
    answer = officer.post(
        f"/reforms/{reform.pk}/deed/?undecided=1",
        {"deed": "decide", "how": "ticked", "subject": ticked, "as": "proposed"},
        follow=True,
    )
    assert "is decided: 2 objects" in answer.content.decode()
    assert answer.content.decode().count('name="subject"') == len(rows) - 2, (
        "what is decided is not shown any more"
    )
    assert officer.get(f"/reforms/{reform.pk}/?ticked=1").content.decode().count(
        '" checked aria-label="Tick'
    ) == len(rows)
    wrong = {"deed": "decide", "how": "ticked", "subject": [rows[2]["subject"]], "as": "to:nowhere"}
    refused = officer.post(f"/reforms/{reform.pk}/deed/", wrong)
    assert refused.status_code == 422
    assert "This cannot be decided about" in refused.content.decode()
    said = do(officer, reform, "accept", of="access.Grant")
    assert "Decided as proposed" in said


def test_a_rehearsal_of_another_tree_says_so(
    officer: Client, bloc: Bloc, monkeypatch: pytest.MonkeyPatch
) -> None:
    reform = drafted(officer)
    do(officer, reform, "rehearse")
    monkeypatch.setattr("plenum.reorganisations.queries.working_out.MANY_UNITS", 3)
    assert "in the tree has changed" not in officer.get(f"/reforms/{reform.pk}/").content.decode()
    Rehearsal.objects.update(tree_changes=F("tree_changes") - 1)
    assert "Something in the tree has changed" in officer.get(f"/reforms/{reform.pk}/").content.decode()
    monkeypatch.undo()
    assert "The tree has changed" not in officer.get(f"/reforms/{reform.pk}/").content.decode()
    ledger.rename(bloc.units["bloc-tax"], "Đảng bộ Thuế", on=date(2024, 12, 1))
    assert (
        "The tree has changed since the rehearsal" in officer.get(f"/reforms/{reform.pk}/").content.decode()
    )
    assert "The tree has changed" not in do(officer, reform, "rehearse")


def test_a_large_plan_is_rehearsed_and_executed_by_jobs(
    officer: Client, bloc: Bloc, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plenum.reorganisations.queries.drafting.MANY_UNITS", 3)
    reform = drafted(officer)
    assert "how far it is" in do(officer, reform, "rehearse")
    page = officer.get(f"/reforms/{reform.pk}/").content.decode()
    assert "Rehearse a reform" in page
    job = Under(Job.objects.get(), bloc.by)
    said = REHEARSE.run(job).said
    assert [text.partition(":")[0] for text in dict.fromkeys(job.words())] == [
        f"Part {number} of 6" for number in range(1, 7)
    ]
    assert (0, 1, "Part 2 of 6: the steps of the plan are worked out") in job.told
    assert (1, 1, "Part 2 of 6: the steps of the plan are worked out") in job.told
    assert said == "Rehearsed. To put right: 0. Without an owner: 4."
    Job.objects.all().delete()
    for deed in ("submit", "accept"):
        do(officer, reform, deed)
    approve_all(reform)
    assert "how far it is" in carry_out(officer, reform)
    job = Under(Job.objects.get(), bloc.by)
    assert "Executed: bloc-2025" in EXECUTE_JOB.run(job).said
    # Two are founded, three moved, one ends; it goes on in two.
    assert (8, 8, "Part 4 of 9: the tree is changed") in job.told
    assert (4, 4, "Part 5 of 9: what was decided is carried out") in job.told
    assert job.words()[-1] == "Part 9 of 9: everything is checked once more and kept"
    assert Reform.objects.get().state == State.EXECUTED
    Job.objects.all().delete()
    assert "how far it is" in do(officer, reform, "undo", reason="Not yet")
    job = Under(Job.objects.get(), bloc.by)
    assert UNDO_JOB.run(job).said == "Undone: bloc-2025"
    assert max(done for done, _of, what in job.told if "tree" in what) == 8
    assert Reform.objects.get().state == State.UNDONE


@dataclass(frozen=True)
class Under:
    """A job while it is being done, as far as its work asks for it."""

    job: Job
    actor: Actor
    told: list[tuple[int, int, str]] = field(default_factory=list)

    def words(self) -> list[str]:
        return [said for _done, _of, said in self.told]

    @property
    def unit_id(self) -> int:
        return self.job.unit_id

    @property
    def arguments(self) -> Mapping[str, Any]:
        return self.job.arguments  # type: ignore[no-any-return]

    @property
    def on(self) -> date:
        return self.job.on_date

    def given(self) -> bytes:
        return b""

    def tell(self, done: int, of: int, said: str = "") -> None:
        assert 0 <= done <= of
        assert said
        self.told.append((done, of, said))
