"""What every answer tells the browser, and what cookies and methods are let through."""

import pytest
from django.test import Client

from tests.cast import Cast

PATHS = ("/", "/units/", "/units/no-such-unit/", "/account/", "/api/units")


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_keeps_the_browser_in(cast: Cast, path: str) -> None:
    answer = cast.insider.client.get(path)
    policy = answer["Content-Security-Policy"]
    assert "unsafe" not in policy
    for part in ("default-src 'self'", "object-src 'none'", "base-uri 'self'", "frame-ancestors 'none'"):
        assert part in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "no-store" in answer["Cache-Control"]
    assert "Access-Control-Allow-Origin" not in answer


def test_the_proof_of_a_form_is_not_sent_from_other_sites(db: None) -> None:
    assert Client().get("/sign-in/").cookies["plenum_csrf"]["samesite"] == "Lax"


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PATCH"])
def test_pages_are_read_or_posted_to_and_nothing_else(cast: Cast, method: str) -> None:
    for path in ("/units/", "/units/hill-school/", "/account/", "/sign-in/"):
        assert cast.insider.client.generic(method, path).status_code == 405, path


@pytest.mark.parametrize(
    "path", ["/sign-in/", "/account/", "/units/", "/units/hill-school/grants/", "/verify/"]
)
def test_a_page_can_be_asked_for_its_head_alone(cast: Cast, path: str) -> None:
    client = Client() if path == "/sign-in/" else cast.superior.client
    head = client.head(path)
    assert head.status_code == 200
    assert head.content == b""


def test_signing_out_clears_what_the_browser_was_shown(cast: Cast) -> None:
    cast.insider.client.get("/account/")
    assert cast.insider.client.post("/sign-out/")["Clear-Site-Data"] == '"cache", "storage"'


def test_no_page_sets_a_cookie_without_a_name_of_ours(cast: Cast) -> None:
    client = cast.insider.client
    client.post("/language/", {"language": "en"})
    client.post("/account/", {"form": "language", "language": "cs"})
    client.get("/account/")
    assert set(client.cookies) <= {"plenum_session", "plenum_csrf", "plenum_language"}
