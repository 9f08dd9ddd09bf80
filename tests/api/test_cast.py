"""Every operation of the API, found in its own description, is tried with the whole cast.

An operation without a sample fails. Whoever may not know of the insider's unit is answered as for one that is not
there, and reads not a byte of its name.
"""

import json
import re
from typing import Any

import pytest
from django.test import Client

from plenum.figures.models import Obligation
from plenum.site.api.door import api
from tests.api.conftest import Program, program_of
from tests.api.samples import SAMPLES
from tests.test_cast_pages import UNIT, Samples

DOCUMENT = api.get_openapi_schema(path_prefix="")
OPERATIONS = {
    operation["operationId"]: (method.upper(), path, operation)
    for path, operations in DOCUMENT["paths"].items()
    for method, operation in operations.items()
}


@pytest.fixture
def sampled(samples: Samples) -> Samples:
    """The samples of the pages, with the insider's obligation."""
    samples.numbers["obligation"] = Obligation.objects.get(unit=samples.cast.unit(UNIT)).pk
    return samples


def test_every_operation_has_a_sample() -> None:
    assert sorted(SAMPLES) == sorted(OPERATIONS)


def ask(program: Program, name: str, samples: Samples, *, wrong: bool = False) -> Any:
    method, template, _operation = OPERATIONS[name]
    sample = SAMPLES[name]
    return program.ask(method, sample.address(template, samples, wrong=wrong), sample.body)


def told(answer: Any) -> str:
    """All of an answer, be its text escaped or not."""
    data = b"".join(answer.streaming_content) if answer.streaming else answer.content
    content = str(data.decode(errors="replace"))
    if "json" in answer["Content-Type"]:
        content += json.dumps(json.loads(content), ensure_ascii=False)
    return content + str(answer.headers)


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_those_it_is_for_are_answered_as_the_description_says(sampled: Samples, name: str) -> None:
    sample, operation = SAMPLES[name], OPERATIONS[name][2]
    insider = ask(program_of(sampled.cast.insider), name, sampled)
    assert insider.status_code == sample.insider, insider.content
    if sample.insider < 400 and OPERATIONS[name][0] != "GET":
        assert sample.superior >= 400, "both may do it: try it with each alone"
    superior = ask(program_of(sampled.cast.superior), name, sampled)
    assert superior.status_code == sample.superior, superior.content
    for answer in (insider, superior):
        assert str(answer.status_code) in operation["responses"]


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_outsiders_are_answered_as_for_what_is_not_there(sampled: Samples, name: str) -> None:
    cast, sample = sampled.cast, SAMPLES[name]
    unit_name = cast.name(UNIT)
    for member in cast.outsiders.values():
        program = program_of(member)
        answer = ask(program, name, sampled)
        if sample.public:
            assert answer.status_code == 200
            continue
        assert unit_name not in told(answer)
        if sample.everybody:
            assert answer.status_code == 200
            continue
        if sample.own:
            assert answer.status_code in (403, 422)  # a token may not; a session holds nothing to give
            continue
        assert answer.status_code == 404, answer.content
        wrong = ask(program, name, sampled, wrong=True)
        assert wrong.status_code == 404
        assert _without_address(wrong) == _without_address(answer)
    nobody = ask(Program(), name, sampled)
    assert nobody.status_code == 401
    assert unit_name not in told(nobody)
    assert ask(Program("plenum_" + "x" * 16 + "_" + "y" * 43), name, sampled).status_code == 401


def _without_address(answer: Any) -> dict[str, Any]:
    return {name: value for name, value in answer.json().items() if name != "instance"}


def test_a_token_without_a_power_does_not_have_it(sampled: Samples) -> None:
    from plenum.access.actions import issue_token
    from tests.cast import DAY

    member = sampled.cast.superior
    _token, text = issue_token(
        member.account,
        name="reader",
        chosen=["organisation.read", "targets.read"],
        until=DAY.replace(month=12),
        on=DAY,
        by=member.actor,
    )
    program = Program(text)
    assert program.get(f"/units/{UNIT}").status_code == 200
    assert program.get(f"/units/{UNIT}/standing").status_code == 200
    assert program.get(f"/units/{UNIT}/returns").status_code == 404
    assert program.post(f"/units/{UNIT}/rename", {"name": "Chi bộ Khác"}).status_code == 403


def test_the_description_and_its_page_hold_no_data_and_are_public(sampled: Samples) -> None:
    for address in ("/api/openapi.json", "/api/docs"):
        answer = Client().get(address)
        assert answer.status_code == 200
        assert all(name not in told(answer) for name in map(sampled.cast.name, sampled.cast.units))
    document = Client().get("/api/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert set(document["components"]["securitySchemes"]) == {"Token", "Session"}


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_every_operation_can_be_read_by_people(name: str) -> None:
    method, _path, operation = OPERATIONS[name]
    assert re.fullmatch(r"[a-z]+(_[a-z]+)+", name)
    assert operation["summary"]
    assert operation["description"]
    assert {"Token": []} in operation["security"]
    assert {"400", "401", "403", "404", "422"} <= set(operation["responses"])
    keys = [each["name"] for each in operation["parameters"]]
    assert ("Idempotency-Key" in keys) == (method != "GET")
