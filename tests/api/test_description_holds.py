"""The description of the API is true: schemathesis asks every operation what it may and what it may not.

Each operation is asked with the token of the superior, about units that are there, in one database of samples. Nothing
but what the description says may come back, bad values are refused and good ones accepted, and nothing falls over.
"""

import copy
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.db import transaction
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig

from conftest import TEMPLATE, copied
from plenum.access.programs import LARGEST_NUMBER
from plenum.figures.models import Obligation
from plenum.site.api.door import api
from plenum.site.api.once import HEADER, KEY_PATTERN
from tests.api.conftest import staying_open, token_of
from tests.api.samples import SAMPLES
from tests.cast import DAY, make_cast
from tests.test_cast_pages import FORM, UNIT, Samples, make_samples

KEYS = itertools.count()
KNOWN = {
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


def known_units() -> dict[str, Any]:
    """The description with the codes that are there in the places of codes."""
    document = copy.deepcopy(api.get_openapi_schema())
    for operations in document["paths"].values():
        for operation in operations.values():
            for parameter in operation["parameters"]:
                if parameter["in"] == "path" and parameter["name"] in KNOWN:
                    parameter["schema"] = {"type": "string", "enum": KNOWN[parameter["name"]]}
    return dict(document)


schema = schemathesis.openapi.from_dict(known_units(), config=SchemathesisConfig.from_dict(CONFIG))
schema.app = WSGIHandler()


@dataclass(frozen=True)
class World:
    """The samples, and the token of the superior."""

    samples: Samples
    token: str


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
        yield World(samples, token_of(samples.cast.superior))


@pytest.fixture
def world(database: World) -> Iterator[World]:
    """The samples as they were made: what an operation has done is undone after it."""
    with transaction.atomic():
        yield database
        transaction.set_rollback(True)


@schema.parametrize()
@settings(
    max_examples=8,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_nothing_but_what_the_description_says(case: Any, world: World) -> None:
    number = case.path_parameters.get("number")
    if isinstance(number, int) and 1 <= number <= LARGEST_NUMBER and number % 4:
        sample = SAMPLES[case.operation.definition.raw["operationId"]].number
        case.path_parameters["number"] = world.samples.numbers.get(sample, number)
    if re.fullmatch(KEY_PATTERN, str(case.headers.get(HEADER, ""))):
        case.headers[HEADER] = f"key-{next(KEYS)}"  # one key for two requests is refused, whatever they are
    case.call_and_validate(headers={"Authorization": f"Bearer {world.token}"})
