"""The page of the review report and its files, with the whole cast."""

import pytest
from django.test import Client
from django.urls import reverse

from plenum.journal.actor import Actor
from plenum.periods import Period
from plenum.reports.actions import save_review
from plenum.reports.models import Review, ReviewText
from tests.cast import DAY, Cast

SYSTEM = Actor.system("test")
FIELDS = {
    "achievements": "",
    "shortcomings": "",
    "causes": "",
    "tasks": "Visit <every> village",
    "number": "",
    "place": "",
    "dated": "",
    "signer_post": "",
    "signer_name": "",
    "recipients": "",
    "edition": "0",
}


def page(code: str = "hill-school", period: str = "2023") -> str:
    return reverse("reports:review", args=[code, period])


def file(code: str, format: str, period: str = "2023") -> str:
    return reverse("reports:download", args=[code, period, format])


def addresses(code: str) -> list[str]:
    return [
        page(code),
        reverse("reports:review", args=[code]),
        *(file(code, f) for f in ("pdf", "docx", "md", "json")),
    ]


def test_outsiders_do_not_learn_that_the_unit_exists(cast: Cast) -> None:
    for login, outsider in cast.outsiders.items():
        for known, unknown in zip(addresses("hill-school"), addresses("no-such-unit"), strict=True):
            seen, guessed = outsider.client.get(known), outsider.client.get(unknown)
            assert (seen.status_code, guessed.status_code) == (404, 404), (login, known)
        assert outsider.client.post(page(), FIELDS).status_code == 404
    assert not Review.objects.exists()


def test_a_visitor_is_sent_to_sign_in(cast: Cast) -> None:
    for address in addresses("hill-school"):
        response = Client().get(address)
        assert response.status_code == 302
        assert "sign-in" in response["Location"]


def test_superior_and_auditor_read_but_do_not_write(cast: Cast) -> None:
    for member in (cast.superior, cast.auditor):
        shown = member.client.get(page())
        assert shown.status_code == 200
        assert 'name="tasks"' not in shown.content.decode()
        assert member.client.post(page(), FIELDS).status_code == 403
    assert not Review.objects.exists()


def test_the_secretary_writes_and_sees_it_in_the_report(cast: Cast) -> None:
    response = cast.insider.client.post(f"{page()}?lang=en", FIELDS)
    assert response.status_code == 302
    text = ReviewText.objects.get()
    assert (text.section, text.language, text.on_date) == ("tasks", "en", DAY)
    shown = cast.insider.client.get(f"{page()}?lang=en").content.decode()
    assert "<p>Visit &lt;every&gt; village</p>" in shown


def test_what_was_typed_survives_somebody_elses_saving(cast: Cast) -> None:
    unit = cast.unit("hill-school")
    save_review(unit, Period.parse("2023"), {"tasks": "Theirs"}, language="en", on=DAY, by=SYSTEM)
    refused = cast.insider.client.post(f"{page()}?lang=en", {**FIELDS, "tasks": "Mine"})
    body = refused.content.decode()
    assert refused.status_code == 409
    assert 'class="typed">Mine</td>' in body
    assert 'class="typed">Theirs</td>' in body
    assert f"{cast.name('hill-school')}: review report for 2023" in body
    assert '<input type="hidden" name="edition" value="1">' in body
    again = cast.insider.client.post(f"{page()}?lang=en", {**FIELDS, "tasks": "Both", "edition": "1"})
    assert again.status_code == 302
    assert ReviewText.objects.get().text == "Both"


@pytest.mark.parametrize(("field", "value"), [("dated", "soon"), ("tasks", "x" * 20_001), ("edition", "-1")])
def test_a_faulty_form_is_refused_and_kept(cast: Cast, field: str, value: str) -> None:
    refused = cast.insider.client.post(f"{page()}?lang=en", {**FIELDS, "causes": "Kept", field: value})
    assert refused.status_code == 422
    assert "Kept</textarea>" in refused.content.decode()
    assert not Review.objects.exists()


def test_the_report_is_shown_in_a_language_of_its_own(cast: Cast) -> None:
    body = cast.insider.client.get(f"{page()}?lang=ru").content.decode()
    assert '<html lang="en"' in body
    assert 'class="paper" lang="ru"' in body
    assert "ОТЧЁТ" in body
    assert "Review report" in body


@pytest.mark.parametrize(
    ("format", "media", "start"),
    [
        ("pdf", "application/pdf", b"%PDF-"),
        ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"PK"),
        ("md", "text/markdown; charset=utf-8", "Chi bộ".encode()),
        ("json", "application/json", b"{"),
    ],
)
def test_each_file_is_what_it_says(cast: Cast, format: str, media: str, start: bytes) -> None:
    response = cast.superior.client.get(f"{file('hill-school', format)}?lang=vi")
    assert response.status_code == 200
    assert response["Content-Type"] == media
    assert response["Content-Disposition"] == f'attachment; filename="bao-cao-hill-school-2023.vi.{format}"'
    body: bytes = response.content
    assert body.startswith(start) or "ĐẢNG BỘ".encode() in body or "Đảng bộ".encode() in body[:400]


@pytest.mark.parametrize("period", ["2023-07", "2023-Q5", "soon", "0001"])
def test_what_is_no_period_of_review_is_not_found(cast: Cast, period: str) -> None:
    assert cast.superior.client.get(page("hill-school", period)).status_code == 404
    assert cast.superior.client.get(file("hill-school", "pdf", period)).status_code == 404


def test_an_unknown_format_is_not_found(cast: Cast) -> None:
    assert cast.superior.client.get(file("hill-school", "exe")).status_code == 404


def test_the_door_leads_to_the_longest_period_that_is_over(cast: Cast) -> None:
    response = cast.superior.client.get(reverse("reports:review", args=["north-hill"]))
    assert response["Location"] == page("north-hill", "2024-9M")


@pytest.mark.parametrize("period", ["2023", "2024-H1", "2024-9M", "2024-Q3"])
def test_every_kind_of_period_has_its_page(cast: Cast, period: str) -> None:
    assert cast.superior.client.get(page("north-hill", period)).status_code == 200
