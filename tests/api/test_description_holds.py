"""The description of the API is true: schemathesis asks every operation what it may and what it may not.

Each operation is asked with the token of the superior, about units that are there, in one database of samples. Nothing
but what the description says may come back, bad values are refused and good ones accepted, and nothing falls over.
The insider and a token of few powers at one unit then ask for what is good only: what is bad is refused before it
matters who asks. A bad value of a parameter that many operations take alike is tried with the first of them.
"""

import copy
import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from django.core.cache import cache
from django.core.handlers.wsgi import WSGIHandler
from django.db import transaction
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.generation import GenerationMode
from schemathesis.schemas import BaseSchema

from conftest import TEMPLATE, copied
from plenum.access.actions import issue_token
from plenum.access.programs import LARGEST_NUMBER
from plenum.access.queries import actor_of
from plenum.figures.models import Obligation
from plenum.reports.models import IssuedReport
from plenum.site.api.door import api
from plenum.site.api.once import HEADER, KEY_PATTERN
from tests.api.conftest import staying_open, token_of
from tests.api.samples import SAMPLES
from tests.cast import DAY, make_cast
from tests.test_cast_pages import FORM, UNIT, Samples, make_samples

KEYS = itertools.count()
SOME_DOCUMENT = "some-document"
KNOWN = {
    "document": [SOME_DOCUMENT, "no-such-document"],
    "code": ["hill-school", "north-hill", "hill-river", "south-coast", "no-such-unit"],
    "form": [FORM, "no-such-form"],
    "indicator": ["members.admitted", "members.total", "none"],
}
CONFIG = {
    "phases": {"coverage": {"unexpected-methods": ["DELETE", "PATCH"]}},
    "checks": {
        # Without a token, and with a wrong one, test_cast.py asks every operation; here it would double the requests.
        "ignored_auth": {"enabled": False},
        # What an act refuses is no fault of form: a day before the unit was founded, a name that stands already.
        "positive_data_acceptance": {
            "expected-statuses": ["2xx", "401", "403", "404", "409", "422"],
        },
    },
    "operations": [
        {
            "include-method": "GET",
            "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "403", "404"]}},
        }
    ],
}


DOCUMENT = api.get_openapi_schema()


def known_units() -> dict[str, Any]:
    """The description with the codes that are there in the places of codes."""
    document = copy.deepcopy(DOCUMENT)
    for operations in document["paths"].values():
        for operation in operations.values():
            for parameter in operation["parameters"]:
                if parameter["in"] == "path" and parameter["name"] in KNOWN:
                    parameter["schema"] = {"type": "string", "enum": KNOWN[parameter["name"]]}
    return dict(document)


def asking(config: dict[str, Any]) -> BaseSchema:
    """The description, to be asked of the API in a process."""
    found = schemathesis.openapi.from_dict(known_units(), config=SchemathesisConfig.from_dict(config))
    found.app = WSGIHandler()
    return found


schema = asking(CONFIG)
good = asking(CONFIG | {"phases": {"coverage": {"enabled": False}}, "generation": {"mode": "positive"}})
REFUSED_ALREADY: set[tuple[str, ...]] = set()
"""The bad values that were tried, with what the description says of them."""


@dataclass(frozen=True)
class World:
    """The samples, the tokens of those who ask by name, and the code of a document that was issued."""

    samples: Samples
    tokens: dict[str, str]
    code: str


@pytest.fixture(scope="module")
def database(databases: Any, django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """One database of samples for all operations. Requests leave the connection open."""
    with (
        pytest.MonkeyPatch.context() as patch,
        django_db_blocker.unblock(),
        copied(databases, TEMPLATE),
        staying_open(),
    ):
        patch.setenv("PLENUM_TODAY", DAY.isoformat())
        samples = make_samples(make_cast())
        samples.numbers["obligation"] = Obligation.objects.get(unit=samples.cast.unit(UNIT)).pk
        superior, insider = samples.cast.superior, samples.cast.insider
        _token, few = issue_token(
            superior.account,
            name="few",
            chosen=["organisation.read", "organisation.rename", "figures.read"],
            unit=superior.unit,
            until=DAY + timedelta(days=30),
            on=DAY,
            by=actor_of(superior.account),
        )
        tokens = {"superior": token_of(superior), "insider": token_of(insider), "few powers": few}
        issue = IssuedReport.objects.get(pk=samples.numbers["issue"])
        yield World(samples, tokens, issue.code)


@pytest.fixture
def world(database: World) -> Iterator[World]:
    """The samples as they were made: what an operation has done is undone after it."""
    with transaction.atomic():
        yield database
        transaction.set_rollback(True)


def trying(examples: int) -> settings:
    """How an operation is tried: always the same, however long it takes."""
    return settings(
        max_examples=examples,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


@schema.parametrize()
@trying(8)
def test_nothing_but_what_the_description_says(case: Any, world: World) -> None:
    if not was_refused_elsewhere(case):
        ask(case, world, "superior")


@pytest.mark.parametrize("who", ["insider", "few powers"])
@good.parametrize()
@trying(1)
def test_nothing_else_whoever_asks(case: Any, world: World, who: str) -> None:
    ask(case, world, who)


def ask(case: Any, world: World, who: str) -> None:
    """Ask, of something that is there, and compare the answer with the description."""
    number = case.path_parameters.get("number")
    if isinstance(number, int) and 1 <= number <= LARGEST_NUMBER and number % 4:
        sample = SAMPLES[case.operation.definition.raw["operationId"]].number
        case.path_parameters["number"] = world.samples.numbers.get(sample, number)
    if case.path_parameters.get("document") == SOME_DOCUMENT:
        case.path_parameters["document"] = world.code
    if "document" in case.path_parameters:
        cache.clear()  # as if each came from an address that has not yet guessed
    if re.fullmatch(KEY_PATTERN, str(case.headers.get(HEADER, ""))):
        case.headers[HEADER] = f"key-{next(KEYS)}"  # one key for two requests is refused, whatever they are
    case.call_and_validate(headers={"Authorization": f"Bearer {world.tokens[who]}"})


def was_refused_elsewhere(case: Any) -> bool:
    """Whether another operation, that takes a value of this name alike, has refused this very value already."""
    bad = case.meta.phase.data
    where = getattr(bad, "parameter_location", None)
    if case.meta.generation.mode is not GenerationMode.NEGATIVE or where is None or not bad.parameter:
        return False
    if where.value == "body":
        name, sent = bad.description.split(":")[0], case.body
        described = fields_of(case.operation.definition.raw).get(name)
    else:
        places = {"query": case.query, "path": case.path_parameters, "header": case.headers}
        name, sent = bad.parameter, places.get(where.value)
        parameters = case.operation.definition.raw["parameters"]
        described = next(
            (each for each in parameters if (each["name"], each["in"]) == (name, where.value)), None
        )
    if described is None or not isinstance(sent, Mapping) or name not in sent:
        return False
    tried = (where.value, repr(described), bad.description, repr(sent[name]))
    if tried in REFUSED_ALREADY:
        return True
    REFUSED_ALREADY.add(tried)
    return False


def fields_of(operation: dict[str, Any]) -> dict[str, Any]:
    """What the description says of each field that an operation is sent, by name."""
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    named = DOCUMENT["components"]["schemas"].get(body.get("$ref", "").split("/")[-1], body)
    return {name: (name, each) for name, each in named.get("properties", {}).items()}
