"""What the OpenAPI document says of every operation: the problems that can come, and keys for writes."""

from typing import Any

from plenum.site.api.once import HEADER, KEY_PATTERN
from plenum.site.api.problems import MEDIA_TYPE

DESCRIPTION = """
Everything that the pages of Plenum show and do, for programs. The same powers hold and the same acts are done.

**Who asks.** Send a token of your account, `Authorization: Bearer plenum_…`, or use the session of the browser.
What you may not know of is answered like what does not exist: 404.

**When.** `as_of` looks at the tree of another day, `known_on` shows only what was known when a day ended.
`tree` adds figures up on the tree of their time (`then`), of now or of a day.

**Writing.** Send `Idempotency-Key` with every write: if the answer is lost, the same request with the same key is done
only once. Keys are kept for a day. An `edition` says what you have seen: 409 if somebody else has changed it meanwhile.

**Problems** are `application/problem+json` (RFC 9457), in the language that `Accept-Language` asks for (vi, en,
ru, cs) or that of your account, with the fields at fault in `errors`.

Counts are numbers, percentages are strings with two decimals, days are `2024-09-30`, what is not known is null.
""".strip()

PROBLEM: dict[str, Any] = {
    "type": "object",
    "title": "Problem",
    "description": "Why something was not done (RFC 9457).",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {"type": "string", "examples": ["urn:plenum:problem:not-accepted"]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "errors": {
            "type": "array",
            "description": "What is wrong with which field; an empty field stands for the whole.",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
        "differences": {
            "type": "array",
            "description": "Where what was sent differs from what stands now.",
            "items": {
                "type": "object",
                "required": ["label", "mine", "theirs"],
                "properties": {name: {"type": "string"} for name in ("label", "mine", "theirs")},
            },
        },
    },
}
ON_READING = {
    "400": "The request cannot be read, such as a day or a period of the lens.",
    "401": "Nobody is signed in, or the token opens nothing.",
    "403": "You may see it, but do not have the power for this.",
    "404": "It does not exist, or you may not know of it.",
    "422": "A value is not of the form asked for, or an act has refused it.",
    "429": "Tried too often; `Retry-After` says when again.",
}
ON_WRITING = {
    "409": "Somebody else has changed it since you read it.",
    "413": "The request is too large.",
}
KEY = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": "A text of your choice that names this write; the same request with it is done only once.",
    "schema": {"type": "string", "pattern": KEY_PATTERN},
}


def described(document: Any) -> Any:
    """The document that the routers give, with what holds for every operation."""
    document["components"]["schemas"]["Problem"] = PROBLEM
    for operations in document["paths"].values():
        for method, operation in operations.items():
            writes = method != "get"
            told = ON_READING | (ON_WRITING if writes else {})
            answers = {str(status): answer for status, answer in operation["responses"].items()}
            answers |= {status: _problem(why) for status, why in told.items()}
            operation["responses"] = dict(sorted(answers.items()))
            for parameter in operation.get("parameters", ()):
                parameter["schema"] = _without_null(parameter["schema"])
            if writes:
                operation["parameters"] = [*operation.get("parameters", []), KEY]
    return document


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """What is left out of an address is left out: there is no way to write that it is null."""
    choices = [each for each in schema.get("anyOf", ()) if each != {"type": "null"}]
    if len(choices) != 1:
        return schema
    return {**{name: each for name, each in schema.items() if name != "anyOf"}, **choices[0]}


def _problem(why: str) -> dict[str, Any]:
    return {
        "description": why,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
