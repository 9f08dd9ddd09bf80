"""The pages of what was issued, with the whole cast, and the public page of verification."""

import hashlib
import re
from html import unescape
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from plenum.journal.actor import Actor
from plenum.periods import Period
from plenum.reports.actions import issue_review, write_review_section
from plenum.reports.forms import LARGEST_DOCUMENT
from plenum.reports.guesses import GUESSES_ALLOWED
from plenum.reports.models import IssuedFile, IssuedReport
from plenum.reports.rules import RANDOM, verification_code
from tests.cast import DAY, Cast

SYSTEM = Actor.system("test")
YEAR = Period.parse("2023")
ISSUE = "/units/hill-school/review/2023/issue/?lang=en"
UNKNOWN = verification_code(range(RANDOM))


def said(response: Any) -> str:
    """The words of a page, on one line, without no-break spaces."""
    text = unescape(re.sub(r"<[^>]+>", " ", response.content.decode()))
    return " ".join(text.replace("\u00a0", " ").split())


def visitor(**about: Any) -> Client:
    """A browser of somebody without an account, who reads English."""
    return Client(headers={"accept-language": "en"}, **about)


@pytest.fixture
def issued(cast: Cast) -> IssuedReport:
    unit = cast.unit("hill-school")
    write_review_section(unit, YEAR, "tasks", "A secret plan", language="en", on=DAY, by=cast.insider.actor)
    return issue_review(unit, YEAR, language="en", formats=["pdf", "md"], on=DAY, by=cast.insider.actor)


def address(issue: IssuedReport) -> str:
    return reverse("reports:issued", args=[issue.pk])


def file_address(issue: IssuedReport, format: str) -> str:
    return reverse("reports:issued_file", args=[issue.pk, format])


def verify(code: str) -> str:
    return reverse("reports:verified", args=[code])


# --- issuing and reading ----------------------------------------------------------------------------------------


def test_the_secretary_issues_looks_downloads_and_corrects(cast: Cast) -> None:
    client = cast.insider.client
    page = client.get("/units/hill-school/review/2023/?lang=en")
    assert "nothing is issued yet" in said(page)
    assert 'href="/units/hill-school/review/2023/issue/?lang=en"' in page.content.decode()
    shown = client.get(ISSUE)
    assert 'name="reason"' not in shown.content.decode()
    refused = client.post(ISSUE, {"after": "0"})
    assert refused.status_code == 422
    done = client.post(ISSUE, {"formats": ["pdf", "json"], "after": "0"})
    first = IssuedReport.objects.get()
    assert (done.status_code, done["Location"]) == (302, address(first))
    page = client.get(address(first))
    assert "With today's figures nothing would be different." in said(page)
    assert "Issued by Insider, Secretary" in said(page)
    assert first.code in said(page)
    for file in first.files.all():
        got = client.get(file_address(first, file.format))
        assert hashlib.sha256(got.content).hexdigest() == file.sha256
        assert file.sha256 in said(page)
        assert f'filename="review-hill-school-2023-1.en.{file.format}"' in got["Content-Disposition"]
        assert got["Cache-Control"] == "private, no-store"
    again = client.post(ISSUE, {"formats": ["pdf"], "after": "1", "reason": " "})
    assert again.status_code == 422
    assert IssuedReport.objects.count() == 1
    again = client.post(ISSUE, {"formats": ["md"], "after": "1", "reason": "The name of the signer"})
    second = IssuedReport.objects.get(edition=2)
    assert again["Location"] == address(second)
    assert "Superseded by edition 2" in said(client.get(address(first)))
    assert "The name of the signer" in said(client.get(address(second)))
    page = client.get("/units/hill-school/review/2023/?lang=en")
    assert "2 editions have been issued." in said(page)
    assert "Superseded by edition 2" in said(page)
    assert second.code in said(page)


def test_a_form_that_is_sent_twice_issues_once(cast: Cast) -> None:
    client = cast.insider.client
    form = {"formats": ["md"], "after": "0"}
    assert client.post(ISSUE, form).status_code == 302
    late = client.post(ISSUE, form)
    assert late.status_code == 409
    assert "1 (Insider, 8 Oct 2024)" in said(late)
    assert '<input type="hidden" name="after" value="1">' in late.content.decode()
    assert IssuedReport.objects.count() == 1


def test_every_way_on_keeps_the_lens(cast: Cast) -> None:
    lens = "known_on=2024-10-01"
    done = cast.insider.client.post(f"{ISSUE}&{lens}", {"formats": ["md"], "after": "0"})
    assert done["Location"] == f"{address(IssuedReport.objects.get())}?{lens}"
    late = cast.insider.client.post(f"{ISSUE}&{lens}", {"formats": ["md"], "after": "0"})
    assert f'href="{address(IssuedReport.objects.get())}?{lens}"' in late.content.decode()


def test_who_reads_sees_what_was_issued_and_cannot_issue(cast: Cast, issued: IssuedReport) -> None:
    for member in (cast.superior, cast.auditor):
        assert member.client.get(address(issued)).status_code == 200
        assert member.client.get(file_address(issued, "pdf")).status_code == 200
        assert "Issue the report" not in said(member.client.get("/units/hill-school/review/2023/"))
        assert member.client.get(ISSUE).status_code == 403
        assert member.client.post(ISSUE, {"formats": ["md"], "after": "1", "reason": "x"}).status_code == 403
    assert IssuedReport.objects.count() == 1


def test_outsiders_do_not_learn_that_anything_was_issued(cast: Cast, issued: IssuedReport) -> None:
    for member in cast.outsiders.values():
        for place in (address(issued), file_address(issued, "pdf"), ISSUE):
            assert member.client.get(place).status_code == 404
        assert member.client.post(ISSUE, {"formats": ["md"], "after": "1"}).status_code == 404
    for place in (address(issued), file_address(issued, "pdf"), ISSUE):
        assert Client().get(place)["Location"].startswith("/sign-in/")
    assert cast.insider.client.get(file_address(issued, "docx")).status_code == 404
    assert cast.insider.client.get("/issued/987654321/").status_code == 404


def test_two_editions_stand_beside_each_other(cast: Cast, issued: IssuedReport) -> None:
    unit, own = cast.unit("hill-school"), cast.insider.actor
    write_review_section(unit, YEAR, "tasks", "Another plan", language="en", on=DAY, by=own)
    again = issue_review(unit, YEAR, language="en", formats=["md"], reason="A slip", on=DAY, by=own)
    czech = issue_review(unit, YEAR, language="cs", formats=["md"], on=DAY, by=own)
    reader = cast.insider.client
    page = reader.get(address(issued))
    assert f"?other={again.pk}#differences" in page.content.decode()
    page = reader.get(address(issued), {"other": again.pk})
    assert "Edition 2 says 1 thing otherwise." in said(page)
    assert "A secret plan Another plan" in said(page)
    same = issue_review(unit, YEAR, language="en", formats=["md"], reason="Once more", on=DAY, by=own)
    assert "both editions say the same" in said(reader.get(address(again), {"other": same.pk}))
    for other in (issued.pk, czech.pk, "x", "9" * 30):
        assert reader.get(address(issued), {"other": other}).status_code == 404


def test_what_would_be_different_stands_beside_what_was_issued(cast: Cast, issued: IssuedReport) -> None:
    unit = cast.unit("hill-school")
    write_review_section(unit, YEAR, "tasks", "Another plan", language="en", on=DAY, by=cast.insider.actor)
    page = cast.superior.client.get(address(issued))
    assert "With today's figures 1 thing would be different." in said(page)
    assert "Tasks of the next period English A secret plan Another plan" in said(page)
    paper = page.content.decode().split('class="paper"')[1]
    assert "A secret plan" in paper
    assert "Another plan" not in paper


# --- verification -----------------------------------------------------------------------------------------------


def test_anybody_verifies_a_code_and_learns_nothing_else(cast: Cast, issued: IssuedReport) -> None:
    for client in (visitor(), *(member.client for member in cast.members.values())):
        asked = client.post("/verify/", {"code": issued.code.lower().replace("-", " ")})
        assert (asked.status_code, asked["Location"]) == (302, verify(issued.code))
        page = client.get(verify(issued.code))
        assert page.status_code == 200
        main = page.content.decode().split('id="main"')[1]
        words = " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).replace("\u00a0", " ").split())
        for told in (
            cast.name("hill-school"),
            "2023",
            "8 Oct 2024",
            "English",
            issued.code,
            "It is the last edition.",
        ):
            assert told in words
        assert all(file.sha256 in words for file in issued.files.all())
        assert "secret plan" not in words
        assert "Insider" not in words
        assert "/units/" not in main
        assert "/issued/" not in main


def test_a_superseded_edition_says_so(cast: Cast, issued: IssuedReport) -> None:
    issue_review(
        cast.unit("hill-school"), YEAR, language="en", formats=["md"], reason="A slip", on=DAY, by=SYSTEM
    )
    shown = said(visitor().get(verify(issued.code)))
    assert "It has been superseded by edition 2 of 8 Oct 2024." in shown
    assert "A slip" not in shown


def test_a_file_is_identical_or_not(issued: IssuedReport) -> None:
    client = visitor()
    right = bytes(IssuedFile.objects.get(format="pdf").body)
    answers = {}
    for name, content in (("right", right), ("wrong", right[:-1] + b"!"), ("empty", b"")):
        file = SimpleUploadedFile("review.pdf", content)
        page = client.post(verify(issued.code), {"file": file})
        assert page.status_code == 200
        answers[name] = said(page)
    assert "Identical. The file is, byte for byte, what was issued: PDF." in answers["right"]
    assert "Not identical" not in answers["right"]
    for name in ("wrong", "empty"):
        assert "Not identical" in answers[name]
        assert "byte for byte" not in answers[name]
    assert client.post(verify(issued.code), {}).status_code == 422


def test_a_file_alone_is_found_by_its_hash(issued: IssuedReport) -> None:
    right = bytes(IssuedFile.objects.get(format="md").body)
    page = visitor().post("/verify/", {"file": SimpleUploadedFile("x", right)})
    assert page.status_code == 200
    assert "byte for byte, what was issued: Markdown." in said(page)
    page = visitor().post("/verify/", {"file": SimpleUploadedFile("x", right + b" ")})
    assert page.status_code == 422
    assert "was not issued here, or it has been changed" in said(page)
    both = {"file": SimpleUploadedFile("x", right + b" "), "code": issued.code}
    assert "Not identical" in said(visitor().post("/verify/", both))


@pytest.mark.parametrize(
    ("code", "told"), [("", "Write the code"), ("K7M2P", "letter by letter"), (UNKNOWN, "No document")]
)
def test_a_wrong_code_is_refused_and_kept(cast: Cast, code: str, told: str) -> None:
    page = visitor().post("/verify/", {"code": code})
    assert page.status_code == 422
    assert told in said(page)
    assert f'value="{code}"' in page.content.decode() or not code


def test_a_wrong_code_in_the_address_is_not_found(cast: Cast, issued: IssuedReport) -> None:
    for code in (UNKNOWN, "K7M2P", issued.code[:-1] + "!", "<b>"):
        assert Client().get(verify(code)).status_code == 404
    moved = Client().get(verify(issued.code.lower()))
    assert (moved.status_code, moved["Location"]) == (302, verify(issued.code))


def test_what_is_larger_than_any_report_is_not_read(issued: IssuedReport) -> None:
    for place in ("/verify/", verify(issued.code)):
        page = visitor().generic(
            "POST",
            place,
            b"",
            content_type="multipart/form-data; boundary=x",
            CONTENT_LENGTH=str(LARGEST_DOCUMENT * 2),
        )
        assert page.status_code == 413
        assert "too large" in said(page)


def test_who_guesses_is_slowed_down_and_others_are_not(cast: Cast, issued: IssuedReport) -> None:
    cache.clear()
    for _each in range(GUESSES_ALLOWED):
        assert Client().post("/verify/", {"code": UNKNOWN}).status_code == 422
    slowed = Client().post("/verify/", {"code": issued.code})
    assert (slowed.status_code, slowed["Retry-After"]) == (429, "900")
    assert Client().get(verify(UNKNOWN)).status_code == 429
    other = visitor(REMOTE_ADDR="203.0.113.9")
    assert other.get(verify(issued.code)).status_code == 200


def test_the_right_code_is_never_counted_as_a_guess(cast: Cast, issued: IssuedReport) -> None:
    cache.clear()
    for _each in range(GUESSES_ALLOWED + 1):
        assert Client().get(verify(issued.code)).status_code == 200
