"""Bad input at every door: each gets a clear error that names the field, and nothing changes."""

import html
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from conftest import TEMPLATE, copied
from plenum.site.api.door import api
from tests.api.samples import SAMPLES
from tests.cast import DAY
from tests.faults.bad_requests import NO_BODIES, NO_QUERIES, PAGES, REQUESTS
from tests.faults.bad_world import World, make_world


@pytest.fixture(scope="module")
def world(databases: Any, django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """One world for all cases, as none of them changes it."""
    with django_db_blocker.unblock(), copied(databases, TEMPLATE), pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLENUM_TODAY", DAY.isoformat())
        yield make_world()


@cache
def operations() -> dict[str, tuple[str, str]]:
    """Method and address of the operations of the API by their ids."""
    found = api.get_openapi_schema()["paths"]
    return {
        each["operationId"]: (method.upper(), path.removeprefix("/api"))
        for path, methods in found.items()
        for method, each in methods.items()
    }


def errors_in(answer: Any) -> dict[str, list[str]]:
    """What the forms of a page say, by field."""
    found: dict[str, list[str]] = {}
    for layer in answer.context or []:
        for value in layer.flatten().values() if hasattr(layer, "flatten") else layer.values():
            if hasattr(value, "errors") and hasattr(value, "is_bound") and value.is_bound:
                found |= value.errors
    return found


@pytest.mark.parametrize("case", PAGES)
def test_pages(world: World, case: str) -> None:
    bad = PAGES[case]
    fields = {name: world.fill(text) if text.startswith("{") else text for name, text in bad.fields.items()}
    with world.unchanged():
        answer = world.clients[bad.who].post(bad.page, fields)
    assert answer.status_code == 422
    said = errors_in(answer)
    assert bad.field in said, said
    assert str(said[bad.field][0]) in html.unescape(answer.content.decode())


@pytest.mark.parametrize("case", REQUESTS)
def test_bodies_of_the_api(world: World, case: str) -> None:
    bad = REQUESTS[case]
    method, template = operations()[bad.operation]
    path = SAMPLES[bad.operation].address(template, world.samples)
    who = "insider" if bad.operation == "save_draft" else "superior"
    with world.unchanged():
        answer = world.ask(method, path, bad.body, who)
    assert (answer.status_code, answer["Content-Type"]) == (bad.status, "application/problem+json")
    errors = answer.json()["errors"]
    assert [each for each in errors if bad.field in each["field"] and each["message"]], errors


@pytest.mark.parametrize("case", NO_BODIES)
def test_bodies_that_are_none(world: World, case: str) -> None:
    body, status = NO_BODIES[case]
    with world.unchanged():
        answer = world.ask("POST", "/units/hill-school/rename", body)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert answer.json()["detail"]


@pytest.mark.parametrize("query", NO_QUERIES)
def test_queries(world: World, query: str) -> None:
    with world.unchanged():
        answer = world.ask("GET", f"/units?{query}", None)
    assert answer.status_code == NO_QUERIES[query]
    problem = answer.json()
    name = query.partition("=")[0]
    assert name in str(problem.get("errors")) or name in problem["detail"], problem
