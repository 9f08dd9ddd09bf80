"""In what language and in which words a program is told what is wrong; and what it learns of issued reports."""

import hashlib

import pytest
from django.core.cache import cache
from django.test import Client

from plenum.figures.actions import accept_return
from plenum.periods import Period
from plenum.reports import guesses
from plenum.reports.actions import issue_review
from plenum.reports.models import IssuedFile, IssuedReport
from tests.api.conftest import Program
from tests.cast import DAY
from tests.test_cast_pages import UNIT, Samples

REFUSED = {
    "vi": "Không thể nhận nội dung đã gửi.",
    "ru": "Отправленное не может быть принято.",
    "cs": "Co bylo odesláno, nelze přijmout.",
    "en": "What was sent cannot be accepted.",
}

MD = {"language": "en", "formats": ["md"]}


@pytest.mark.parametrize("language", sorted(REFUSED))
def test_a_program_is_answered_in_the_language_it_asks_for(superior: Program, language: str) -> None:
    answer = superior.get("/units?limit=0", Accept_Language=f"xx, {language};q=0.9, en;q=0.1")
    assert (answer["Content-Language"], answer.json()["title"]) == (language, REFUSED[language])


def test_else_in_that_of_its_account(superior: Program) -> None:
    for asked in ("", "*", "fr-FR, de;q=0.5", "no language at all"):
        assert superior.get("/units?limit=0", Accept_Language=asked)["Content-Language"] == "en"
    assert superior.get("/units?limit=0", Accept_Language="cs-CZ")["Content-Language"] == "cs"


@pytest.mark.parametrize(
    ("path", "sent", "field", "said"),
    [
        ("rename", {}, "name", "This is missing."),
        ("rename", {"name": 5}, "name", "Send a text."),
        ("rename", {"name": "A", "more": 1}, "more", "There is no field of this name."),
        ("rename", {"name": "x" * 301}, "name", "Write at most 300 characters."),
        ("rename", {"name": "a\x00b"}, "name", "This is not written as the description asks for."),
        ("rename", {"name": "A", "since": "tomorrow"}, "since", "Write a date like 2024-09-30."),
        (
            "take-back",
            {"what": "all", "reason": "A"},
            "what",
            "Send one of these: name, kind, parent, dissolution.",
        ),
        ("take-back", {"what": "name", "reason": ""}, "reason", "Write at least 1 character."),
        ("reviews/2024-9M/issues", {"language": "en", "formats": []}, "formats", "Send at least 1 item."),
        ("reviews/2024-9M/issues", {"language": "en", "formats": "md"}, "formats", "Send a list."),
        (
            "reviews/2024-9M/issues",
            {**MD, "after": -1},
            "after",
            "not below 0.",
        ),
        (
            "reviews/2024-9M/issues",
            {"language": "en", "formats": ["md"], "after": "x"},
            "after",
            "Send a whole number.",
        ),
        ("rename", [], "", "Send an object with named fields."),
    ],
)
def test_each_fault_names_its_field_in_plain_words(
    superior: Program, path: str, sent: object, field: str, said: str
) -> None:
    answer = superior.post(f"/units/{UNIT}/{path}", sent)
    assert answer.status_code == 422
    [fault] = answer.json()["errors"]
    assert fault["field"] == field
    assert said in fault["message"]


def test_what_is_no_json_is_told_so(superior: Program) -> None:
    answer = Client().post(
        f"/api/units/{UNIT}/rename",
        "{",
        "application/json",
        headers={"Authorization": f"Bearer {superior.token}"},
    )
    assert (answer.status_code, answer.json()["detail"]) == (400, "What was sent is not valid JSON.")


def test_an_issue_is_listed_read_fetched_and_compared(
    samples: Samples, insider: Program, superior: Program
) -> None:
    number = samples.numbers["issue"]
    [listed] = insider.get(f"/units/{UNIT}/reviews/2024-9M/issues").json()["items"]
    assert listed["id"] == number
    fetched = insider.get(f"/issues/{number}/file?format=md")
    assert fetched.content == bytes(IssuedFile.objects.get(issue=number, format="md").body)
    assert hashlib.sha256(fetched.content).hexdigest() == listed["files"][0]["sha256"]
    same = insider.get(f"/issues/{number}/differences").json()
    assert same == {"issue": number, "other": None, "differences": [], "lines": []}
    accept_return(samples.numbers["return"], on=DAY, by=samples.cast.superior.actor)
    changed = superior.get(f"/issues/{number}/differences").json()
    [admitted] = [
        each
        for each in changed["differences"]
        if (each["about"], each["key"], each["what"]) == ("indicator", ["members.admitted"], "figure")
    ]
    assert (admitted["before"], admitted["now"]["value"]) == (None, 0)
    assert len(changed["lines"]) >= 1
    assert insider.get(f"/issues/{number}").json()["facts"] != changed
    again = issue_review(
        samples.cast.unit(UNIT),
        Period.parse("2024-9M"),
        language="en",
        formats=["md"],
        reason="A slip",
        on=DAY,
        by=samples.cast.insider.actor,
    )
    between = superior.get(f"/issues/{number}/differences?other={again.pk}").json()
    assert between == {**changed, "other": again.pk}
    assert superior.get(f"/issues/{number}/differences?other={number}").status_code == 404


def test_a_document_is_verified_by_its_code_and_by_its_hash(samples: Samples, neighbour: Program) -> None:
    issue = IssuedReport.objects.get(pk=samples.numbers["issue"])
    file = IssuedFile.objects.get(issue=issue, format="md")
    by_code = neighbour.get(f"/verified/{issue.code.lower()}").json()
    assert (by_code["code"], by_code["edition"], by_code["identical_to"]) == (issue.code, 1, None)
    assert by_code["hashes"] == {"md": file.sha256}
    assert neighbour.get(f"/verified/{file.sha256}").json() == {**by_code, "identical_to": "md"}
    assert set(by_code) & {"issued_by", "figures", "facts", "unit"} == set()


def test_codes_cannot_be_found_by_trying(samples: Samples, neighbour: Program) -> None:
    cache.clear()
    issue = IssuedReport.objects.get(pk=samples.numbers["issue"])
    for _guess in range(guesses.GUESSES_ALLOWED):
        assert neighbour.get("/verified/AAAA-BBBB-CCCC-DDD").status_code == 404
    answer = neighbour.get(f"/verified/{issue.code}")
    assert (answer.status_code, answer["Retry-After"]) == (429, "900")
    cache.clear()
