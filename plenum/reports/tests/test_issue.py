"""Issuing a report: who may, what is kept, what never changes, and what would be different afterwards."""

import hashlib
import json
import threading
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from docx import Document
from pypdf import PdfReader

from plenum.access.reach import OutOfReach
from plenum.figures.actions import accept_return, correct_return, save_draft, submit_return
from plenum.figures.models import Return
from plenum.figures.tests.factories import MONTHLY, oblige, report
from plenum.journal.actor import Actor
from plenum.journal.models import Entry
from plenum.periods import Period
from plenum.reports.actions import IssuedMeanwhile, issue_review, write_review_section
from plenum.reports.comparison import differences
from plenum.reports.models import IssuedFile, IssuedReport
from plenum.reports.queries.issued import issues, readable, verified
from plenum.reports.queries.review import review
from plenum.reports.render.as_json import facts
from plenum.reports.rules import LONGEST_REASON, read_code
from plenum.reports.wording import write
from plenum.tree.models import Unit
from tests.cast import DAY, Cast

SYSTEM = Actor.system("test")
NINE = Period.parse("2024-9M")
MONTH = {
    "members_carried": 20, "members_admitted": 3, "members_transferred_in": 0, "members_reinstated": 0,
    "members_transferred_out": 0, "members_died": 0, "members_expelled": 0, "members_removed": 0,
    "members_total": 23, "admitted_women": 3, "admitted_men": 0, "admitted_youth": 1,
    "organisations_founded_private": 0,
}  # fmt: skip


def issued(unit: Unit, **more: Any) -> IssuedReport:
    said = {"language": "en", "formats": ["md", "json"], "on": DAY, "by": SYSTEM, **more}
    return issue_review(unit, NINE, **said)


def body(issue: IssuedReport, format: str) -> bytes:
    return bytes(IssuedFile.objects.get(issue=issue, format=format).body)


def returned(unit: Unit) -> Return:
    oblige(unit)
    return report(unit, "2024-08", MONTH)


def test_only_who_may_issue_for_the_unit_itself_issues(cast: Cast) -> None:
    unit = cast.unit("hill-school")
    for login in ("superior", "sibling", "neighbour", "auditor", "stranger"):
        with pytest.raises(OutOfReach):
            issued(unit, by=cast.members[login].actor)
    assert not IssuedReport.objects.exists()
    made = issued(unit, by=cast.insider.actor)
    assert (made.issued_by, made.issued_post, made.issued_on) == ("Insider", "Secretary", DAY)


def test_an_issue_is_journalled_with_its_hashes(cast: Cast) -> None:
    made = issued(cast.unit("hill-school"), by=cast.insider.actor)
    entry = Entry.objects.get(act="reports.issue_review")
    assert (entry.unit_id, entry.power, entry.subject) == (
        made.unit_id,
        "reports.issue",
        f"reports.IssuedReport:{made.pk}",
    )
    assert entry.change["code"] == made.code
    assert entry.change["sha256"] == {
        file.format: hashlib.sha256(bytes(file.body)).hexdigest() for file in made.files.all()
    }


def test_every_document_says_who_issued_it_and_how_to_verify_it(cast: Cast) -> None:
    made = issued(cast.unit("hill-school"), formats=("pdf", "docx", "md", "json"), by=cast.insider.actor)
    pdf = PdfReader(BytesIO(body(made, "pdf")))
    pages = [page.extract_text() for page in pdf.pages]
    document = Document(BytesIO(body(made, "docx")))
    texts = {
        "pdf": "\n".join(pages),
        "docx": "\n".join(paragraph.text for paragraph in document.paragraphs),
        "md": body(made, "md").decode(),
    }
    for format, text in texts.items():
        plain = " ".join(text.replace("\\", "").replace("\u00a0", " ").split())
        assert f"Issued by: Insider, Secretary, {cast.name('hill-school')}." in plain, format
        assert "Issued on: 8 Oct 2024. Edition: 1." in plain
        assert f"Verification code: {made.code}." in plain
        assert f"Verify this document at: /verify/{made.code}/" in plain
    assert all(f"Verification code: {made.code}" in page for page in pages), "at the foot of every page"
    section = document.sections[0]
    for footer in (section.footer, section.first_page_footer):
        assert made.code in footer.paragraphs[0].text
    told = json.loads(body(made, "json"))["issue"]
    assert (told["by"], told["code"], told["edition"], told["on"]) == ("Insider", made.code, 1, "2024-10-08")


@pytest.mark.parametrize("language", ["vi", "ru", "cs"])
def test_each_language_has_editions_of_its_own(cast: Cast, language: str) -> None:
    unit = cast.unit("hill-school")
    first = issued(unit)
    other = issued(unit, language=language)
    again = issued(unit, reason="A return was corrected")
    assert [first.edition, other.edition, again.edition] == [1, 1, 2]
    assert [(each.language, each.edition, each.newer) for each in issues(unit.pk, NINE)] == [
        ("en", 2, None),
        (language, 1, None),
        ("en", 1, 2),
    ]
    assert "Replaces edition 1. Reason: A return was corrected" in body(again, "md").decode()
    assert len({first.code, other.code, again.code}) == 3
    assert all(read_code(code) == code for code in (first.code, other.code, again.code))


def test_what_was_issued_keeps_its_bytes_after_a_correction_and_only_what_changed_is_shown(
    cast: Cast,
) -> None:
    unit = cast.unit("hill-school")
    august = returned(unit)
    made = issued(unit, formats=("pdf", "docx", "md", "json"))
    made.refresh_from_db()
    before = {file.format: (bytes(file.body), file.sha256) for file in made.files.all()}
    frozen = made.content
    content = review(unit.pk, NINE, today=DAY)
    now = facts(content, write(content, "en").head, "en")
    assert differences(frozen["facts"], now) == ()
    returning = correct_return(august.pk, "One was left out", on=DAY, by=SYSTEM)
    values: dict[str, int | None] = {**MONTH, "members_admitted": 4, "members_total": 24, "admitted_women": 4}
    period = Period.parse("2024-08")
    save_draft(unit.pk, MONTHLY, period, values, edition=returning.edition, on=DAY, by=SYSTEM)
    submit_return(august.pk, on=DAY, by=SYSTEM)
    accept_return(august.pk, on=DAY, by=SYSTEM)
    made.refresh_from_db()
    assert {file.format: (bytes(file.body), file.sha256) for file in made.files.all()} == before
    assert made.content == frozen
    content = review(unit.pk, NINE, today=DAY)
    found = differences(frozen["facts"], facts(content, write(content, "en").head, "en"))
    assert [(each.key, each.what) for each in found if each.about == "indicator"] == [
        (("members.admitted",), "figure"),
        (("members.admitted",), "part.admitted_women"),
        (("members.total",), "figure"),
        (("members.admitted",), "course.2024-08"),
    ]
    assert [(each.before["value"], each.now["value"]) for each in found[:3]] == [(3, 4), (3, 4), (23, 24)]
    assert {each.about for each in found} == {"indicator"}


def test_texts_that_are_written_later_are_not_in_what_was_issued(cast: Cast) -> None:
    unit = cast.unit("hill-school")
    made = issued(unit)
    write_review_section(unit, NINE, "tasks", "Later", language="en", on=DAY, by=SYSTEM)
    assert b"Later" not in body(made, "md")
    content = review(unit.pk, NINE, today=DAY)
    (found,) = differences(made.content["facts"], facts(content, write(content, "en").head, "en"))
    assert (found.about, found.key, found.before, found.now) == ("text", ("tasks", "en"), None, "Later")


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"language": "fr"}, "language"),
        ({"formats": []}, "formats"),
        ({"formats": ["exe", "pdf"]}, "formats"),
        ({"reason": "x" * (LONGEST_REASON + 1)}, "reason"),
    ],
)
def test_what_cannot_be_issued_is_refused_by_name(cast: Cast, said: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        issued(cast.unit("hill-school"), **said)
    assert list(refused.value.message_dict) == [field]
    with pytest.raises(ValidationError) as refused:
        issue_review(cast.unit("hill-school"), Period.parse("2024-07"), language="en", on=DAY, by=SYSTEM)
    assert list(refused.value.message_dict) == ["period"]
    assert not IssuedReport.objects.exists()


def test_another_edition_needs_a_reason_and_that_the_last_was_seen(cast: Cast) -> None:
    unit = cast.unit("hill-school")
    issued(unit, after=0)
    with pytest.raises(IssuedMeanwhile):
        issued(unit, after=0, reason="Twice")
    with pytest.raises(ValidationError) as refused:
        issued(unit, after=1, reason=" ")
    assert list(refused.value.message_dict) == ["reason"]
    assert issued(unit, after=1, reason="A slip").edition == 2


@pytest.mark.parametrize("table", ["reports_issuedreport", "reports_issuedfile"])
@pytest.mark.parametrize("deed", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_web_role_changes_and_removes_nothing_that_was_issued(cast: Cast, table: str, deed: str) -> None:
    issued(cast.unit("hill-school"))
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(deed.format(table))


def test_the_database_refuses_a_hash_that_is_not_of_the_bytes(cast: Cast) -> None:
    made = issued(cast.unit("hill-school"), formats=["md"])
    with pytest.raises(DatabaseError, match="issued_file_hash_is_of_its_bytes"), transaction.atomic():
        IssuedFile.objects.create(issue=made, format="pdf", body=b"x", sha256="0" * 64)


def test_who_may_not_read_the_report_reads_no_issue(cast: Cast) -> None:
    made = issued(cast.unit("hill-school"))
    for login, member in cast.members.items():
        seen = readable(member.actor, DAY).filter(pk=made.pk).exists()
        assert seen is (login in ("superior", "insider", "auditor")), login


def test_the_public_learns_no_figure_and_no_name_of_a_person(cast: Cast) -> None:
    made = issued(cast.unit("hill-school"), by=cast.insider.actor)
    found = verified(made.code)
    assert found is not None
    assert vars(found) == {
        "code": made.code,
        "unit_name": cast.name("hill-school"),
        "period": NINE,
        "language": "en",
        "edition": 1,
        "issued_on": DAY,
        "newer_edition": None,
        "newer_on": None,
        "hashes": {file.format: file.sha256 for file in made.files.all()},
    }
    assert verified(hashlib.sha256(body(made, "md")).hexdigest()) == found
    issued(cast.unit("hill-school"), reason="A slip", on=date(2024, 10, 9))
    found = verified(made.code)
    assert found is not None
    assert (found.newer_edition, found.newer_on) == (2, date(2024, 10, 9))
    for unknown in ("", "hill-school", "0" * 64, "%"):
        assert verified(unknown) is None


def test_the_number_of_queries_does_not_grow_with_issues(cast: Cast) -> None:
    unit = cast.unit("hill-school")
    issued(unit)
    few = queries_of(unit)
    for number in range(3):
        issued(unit, reason=f"Again {number}")
    assert queries_of(unit) == few


def queries_of(unit: Unit) -> int:
    with CaptureQueriesContext(connection) as seen:
        issues(unit.pk, NINE)
    assert not any('"body",' in query["sql"] for query in seen.captured_queries), (
        "no bytes are read for a list"
    )
    return len(seen)


def test_two_who_issue_at_once_get_one_edition_each_or_are_told(
    fresh_database: str, django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from plenum.figures.tests.factories import plant

    unit = plant("centre", "centre", None)
    told: list[str] = []

    def try_it() -> None:
        try:
            told.append(f"edition {issued(unit, after=0, formats=['md']).edition}")
        except IssuedMeanwhile:
            told.append("meanwhile")
        finally:
            connections.close_all()

    with django_db_blocker.unblock():
        threads = [threading.Thread(target=try_it) for _each in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(told) == ["edition 1", "meanwhile", "meanwhile", "meanwhile"]
        assert IssuedReport.objects.count() == 1
