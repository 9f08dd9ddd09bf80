"""What the interface for programs (the API) of every room shares: what a request may say, lists in pieces, the lens.

Types here are as narrow as what the record can hold, so that a value that could not be kept is refused before
anything is asked: numbers fit the database, texts have no control characters, years are those that can be compared.
"""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Generic, Protocol, TypeVar

from django.http import Http404
from ninja import Query, Schema
from pydantic import BeforeValidator, ConfigDict, Field, PlainValidator, StringConstraints, WithJsonSchema

from plenum.packs import Indicator, pack
from plenum.periods import Period

Item = TypeVar("Item")

_YEAR = r"(?:193[1-9]|19[4-9]\d|20\d\d)"
_LEAP_YEAR = r"(?:19(?:[468][048]|[3579][26])|20(?:[02468][048]|[13579][26]))"
_DAY_OF_YEAR = (
    r"(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
)
DAY_PATTERN = rf"^(?:{_YEAR}-{_DAY_OF_YEAR}|{_LEAP_YEAR}-02-29)$"
PERIOD_PATTERN = rf"^{_YEAR}(?:-(?:Q[1-4]|H[12]|9M|0[1-9]|1[0-2]))?$"
AMOUNT_PATTERN = r"^(?:0|[1-9]\d{0,11})(?:\.\d{1,6})?$"
TEXT_PATTERN = "^[^\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f]*$"
WORD_PATTERN = r"^[-a-zA-Z0-9_.]{1,80}$"
LARGEST_NUMBER = 2**63 - 1
MOST_AT_ONCE = 200
FURTHEST = 10_000_000

DAY_SCHEMA = {"type": "string", "pattern": DAY_PATTERN, "examples": ["2024-09-30"]}
TREE_PATTERN = rf"^(?:then|now|{DAY_PATTERN[1:-1]})$"
TREE_SCHEMA = {"type": "string", "pattern": TREE_PATTERN, "examples": ["now", "2024-09-30"]}
PERIOD_SCHEMA = {
    "type": "string",
    "pattern": PERIOD_PATTERN,
    "examples": ["2024", "2024-H1", "2024-Q3", "2024-9M", "2024-07"],
}
AMOUNT_SCHEMA = {
    "anyOf": [
        {"type": "integer", "minimum": 0, "maximum": 10**12 - 1},
        {"type": "string", "pattern": AMOUNT_PATTERN},
    ],
    "examples": [12, "92.5"],
}


def _day(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(DAY_PATTERN, value, re.ASCII):
        return date.fromisoformat(value)
    raise ValueError("Write a date like 2024-09-30.")


def _period(value: object) -> Period:
    if isinstance(value, str) and re.fullmatch(PERIOD_PATTERN, value, re.ASCII):
        return Period.parse(value)
    raise ValueError("Write a period such as 2023, 2023-Q3, 2023-H1, 2023-9M or 2023-07.")


def _amount(value: object) -> Decimal:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**12:
        return Decimal(value)
    if isinstance(value, str) and re.fullmatch(AMOUNT_PATTERN, value, re.ASCII):
        return Decimal(value)
    raise ValueError("Write a number with a decimal point, as 90 or 113.34.")


DayIn = Annotated[date, BeforeValidator(_day), WithJsonSchema(DAY_SCHEMA)]
"""A day as 2024-09-30."""
PeriodIn = Annotated[Any, PlainValidator(_period), WithJsonSchema(PERIOD_SCHEMA)]
"""A period as 2024, 2024-H1, 2024-Q3, 2024-9M or 2024-07; arrives as :class:`Period`."""
AmountIn = Annotated[Any, PlainValidator(_amount), WithJsonSchema(AMOUNT_SCHEMA)]
"""An exact number: a whole one, or a string with a decimal point; arrives as Decimal."""
WordIn = Annotated[str, StringConstraints(pattern=WORD_PATTERN)]
"""A code: of a unit, a form, an indicator, a kind."""
LoginIn = Annotated[str, StringConstraints(pattern=r"^[-a-zA-Z0-9_.@]{1,64}$", strict=True)]
"""A login, in letters of any case."""
NumberIn = Annotated[int, Field(ge=1, le=LARGEST_NUMBER)]
"""The number of something in the record."""
EditionIn = Annotated[int, Field(ge=0, le=LARGEST_NUMBER, strict=True)]
"""Which edition of a thing the program has seen."""
SearchIn = Annotated[str, StringConstraints(pattern=TEXT_PATTERN, max_length=100)]
"""Words to look for."""
LineIn = Annotated[str, StringConstraints(pattern=TEXT_PATTERN, max_length=300, strict=True)]
TextIn = Annotated[str, StringConstraints(pattern=TEXT_PATTERN, max_length=20_000, strict=True)]
ReasonIn = Annotated[str, StringConstraints(pattern=TEXT_PATTERN, min_length=1, max_length=1000, strict=True)]
"""Why something is done."""
FlagIn = Annotated[bool, Field(strict=True)]


class Told(Schema):
    """What a program sends: nothing that is not asked for."""

    model_config = ConfigDict(extra="forbid")


class Piece(Schema):
    """Which piece of a list is wanted."""

    limit: int = Field(50, ge=1, le=MOST_AT_ONCE, description="How many items at most.")
    offset: int = Field(0, ge=0, le=FURTHEST, description="How many items to pass over.")


PieceIn = Query[Piece]


class Listed(Schema, Generic[Item]):
    """One piece of a list; `total` says how many items the whole list has."""

    items: list[Item]
    total: int
    limit: int
    offset: int


class Sliced(Protocol):
    """A list, or a query that is asked only for the piece."""

    def __getitem__(self, key: slice, /) -> Any: ...


def piece_of(found: Sliced, piece: Piece, total: int) -> list[Any]:
    """The items of a list or query that are wanted."""
    return list(found[piece.offset : piece.offset + piece.limit]) if piece.offset < total else []


def listed(rows: Sequence[Any], piece: Piece, total: int) -> dict[str, Any]:
    """The answer to a question for a piece of a list."""
    return {"items": rows, "total": total, "limit": piece.limit, "offset": piece.offset}


def listed_of(found: Sequence[Any], piece: Piece) -> dict[str, Any]:
    """The answer from a whole list."""
    return listed(piece_of(found, piece, len(found)), piece, len(found))


_LENS: dict[str, dict[str, Any]] = {
    "as_of": {
        "schema": DAY_SCHEMA,
        "description": "The day on which the tree is looked at; today if left out.",
    },
    "known_on": {
        "schema": DAY_SCHEMA,
        "description": "Only what was known when this day ended; everything known by now if left out.",
    },
    "tree": {
        "schema": TREE_SCHEMA,
        "description": "On which tree figures are added up: `then` (that of their time, if left out), `now` (that of "
        "`as_of`), or that of a day. What cannot be attributed exactly is named in `estimated`; what counts units that "
        "you do not reach is `withheld`.",
    },
    "period": {
        "schema": PERIOD_SCHEMA,
        "description": "The period; the latest year with figures, or the running one, if left out.",
    },
}


def lens(*parts: str) -> dict[str, Any]:
    """Parameters for the description of an operation that looks through these parts of the lens."""
    found = [{"name": part, "in": "query", "required": False, **_LENS[part]} for part in parts]
    return {"parameters": found}


def indicator_named(code: str) -> Indicator:
    """The indicator of the pack; Http404 if there is none."""
    found = pack().indicators.get(code)
    if found is None:
        raise Http404
    return found
