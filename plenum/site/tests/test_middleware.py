"""What every request is given, through the real addresses."""

from datetime import date

import pytest
from django.conf import settings
from django.core.exceptions import BadRequest
from django.test import Client, RequestFactory

from plenum.periods import Period
from plenum.site.middleware import lens_of

pytestmark = pytest.mark.django_db

DAY = date(2024, 10, 8)


def test_without_a_question_the_lens_shows_today() -> None:
    lens = lens_of(RequestFactory().get("/"), DAY)
    assert (lens.today, lens.as_of, lens.known_on, lens.period) == (DAY, DAY, None, None)


def test_the_address_says_how_to_look() -> None:
    request = RequestFactory().get("/?as_of=2023-12-31&known_on=2024-01-05&period=2023-9M")
    lens = lens_of(request, DAY)
    assert lens.today == DAY
    assert lens.as_of == date(2023, 12, 31)
    assert lens.known_on == date(2024, 1, 5)
    assert lens.period == Period.parse("2023-9M")


@pytest.mark.parametrize("query", ["as_of=yesterday", "known_on=2024-02-30", "period=2024-Q5", "as_of=%00"])
def test_a_lens_that_cannot_be_read_is_refused(query: str) -> None:
    with pytest.raises(BadRequest):
        lens_of(RequestFactory().get(f"/?{query}"), DAY)


def test_the_refusal_is_a_page_with_the_reason(client: Client) -> None:
    response = client.get("/sign-in/?as_of=31.12.2023", headers={"accept-language": "en"})
    assert response.status_code == 400
    assert "31.12.2023" in response.content.decode()
    assert "2024-09-30" in response.content.decode()


@pytest.mark.parametrize(("name", "label"), [("as_of", "As of"), ("known_on", "Known on")])
def test_a_person_reads_the_name_of_the_day_and_a_program_that_of_the_parameter(
    client: Client, name: str, label: str
) -> None:
    person = client.get(f"/sign-in/?{name}=x", headers={"accept-language": "en"}).content.decode()
    assert f"no date for {label}." in person
    assert name not in person
    program = client.get(f"/api/units?{name}=x", headers={"accept-language": "en"}).json()
    assert f"no date for {name}." in program["detail"]


def test_nothing_of_a_page_comes_from_elsewhere(client: Client) -> None:
    response = client.get("/sign-in/")
    assert "default-src 'self'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"


def test_the_browser_is_asked_for_its_language_and_the_device_decides(client: Client) -> None:
    assert client.get("/sign-in/")["Content-Language"] == "vi"
    assert client.get("/sign-in/", headers={"accept-language": "cs, en"})["Content-Language"] == "cs"
    client.post("/language/", {"language": "ru", "next": "/sign-in/"})
    assert client.get("/sign-in/", headers={"accept-language": "cs"})["Content-Language"] == "ru"


@pytest.mark.parametrize(
    "away", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"]
)
def test_the_choice_of_language_leads_nowhere_else(client: Client, away: str) -> None:
    assert client.post("/language/", {"language": "ru", "next": away})["Location"] == "/"


def test_an_unknown_language_is_not_kept(client: Client) -> None:
    client.post("/language/", {"language": "xx"})
    assert settings.LANGUAGE_COOKIE_NAME not in client.cookies


def test_a_visitor_is_sent_to_sign_in(client: Client) -> None:
    response = client.get("/")
    assert response.status_code == 302
    assert response["Location"].startswith("/sign-in/")


def test_what_is_not_there_is_said_in_words(client: Client) -> None:
    response = client.get("/no-such-page/", headers={"accept-language": "en"})
    assert response.status_code == 404
    assert "<h1>" in response.content.decode()


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("", "then"),
        ("tree=then", "then"),
        ("tree=now", "now"),
        ("tree=2025-06-30", date(2025, 6, 30)),
        ("tree=day&tree_day=2025-06-30", date(2025, 6, 30)),
        ("tree=now&tree_day=2025-06-30", "now"),
    ],
)
def test_the_tree_is_then_now_or_that_of_a_day(query: str, tree: object) -> None:
    assert lens_of(RequestFactory().get(f"/?{query}"), DAY).tree == tree


@pytest.mark.parametrize(
    "query", ["tree=later", "tree=2025-02-30", "tree=day", "tree=day&tree_day=x", "tree=1900-01-01"]
)
def test_a_tree_that_cannot_be_read_is_refused(query: str) -> None:
    with pytest.raises(BadRequest):
        lens_of(RequestFactory().get(f"/?{query}"), DAY)


def test_a_program_writes_the_day_of_the_tree_itself() -> None:
    with pytest.raises(BadRequest, match="then, now, or a date"):
        lens_of(RequestFactory().get("/api/units?tree=day&tree_day=2025-06-30"), DAY)
