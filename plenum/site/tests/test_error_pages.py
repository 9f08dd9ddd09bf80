"""What is said when something is wrong: in words that help, without the database, without revealing anything."""

from collections.abc import Callable

import pytest
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import get_template
from django.test import RequestFactory

from plenum.site import pages


def answer(status: int) -> HttpResponse:
    request: HttpRequest = RequestFactory().get("/units/secret/")
    answers: dict[int, Callable[[], HttpResponse]] = {
        400: lambda: pages.bad_request(request, BadRequest("“x” is no period.")),
        403: lambda: pages.forbidden(request, PermissionDenied("You do not have this power here.")),
        404: lambda: pages.not_found(request, Http404("unit secret")),
        500: lambda: pages.server_error(request),
    }
    return answers[status]()


@pytest.mark.parametrize("status", [400, 403, 404, 500])
def test_an_error_page_says_what_happened_and_what_to_do(status: int) -> None:
    response = answer(status)
    text = response.content.decode()
    assert response.status_code == status
    assert text.count("<h1>") == 1
    assert '<p class="actions"><a class="button" href="/">' in text
    assert str(status) in text


def test_the_reason_is_shown_where_there_is_one() -> None:
    assert "“x” is no period." in answer(400).content.decode()
    assert "You do not have this power here." in answer(403).content.decode()


def test_what_is_not_found_is_not_named() -> None:
    assert "secret" not in answer(404).content.decode()


def test_a_fault_of_ours_is_told_with_its_number_and_without_the_database() -> None:
    request: HttpRequest = RequestFactory().get("/units/secret/")
    request.request_id = "abc-12345678"  # type: ignore[attr-defined]
    text = pages.server_error(request).content.decode()
    assert "<code>abc-12345678</code>" in text
    assert "secret" not in text


def test_a_refused_form_says_that_it_has_expired() -> None:
    assert "<h1>" in get_template("403_csrf.html").render()
