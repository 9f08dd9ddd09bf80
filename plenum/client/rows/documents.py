"""Documents, as the API answers."""

from typing import TypedDict


class Document(TypedDict):
    """What the register says of a document; `date` is a year alone where `precision` is "year"."""

    id: int
    kind: str
    number: str
    symbol: str | None
    issuer_unit: str | None
    issuer: str
    date: str
    precision: str
    title: str
    illustrative: bool


class OneDocument(Document):
    """A document with the unit in whose register it stands, and the edition that a correction must name."""

    unit: str
    edition: int
