"""Documents as programs read them: the same on the command line and in the API."""

from typing_extensions import TypedDict

from plenum.directives.queries import DocumentView


class DocumentRow(TypedDict):
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


class OneDocument(DocumentRow):
    """A document with the unit in whose register it stands, and the edition that a correction must name."""

    unit: str
    edition: int


def written_date(row: DocumentView) -> str:
    """The date of a document as far as it is known."""
    return str(row.date.year) if row.year_only else row.date.isoformat()


def document_row(row: DocumentView) -> DocumentRow:
    """A document."""
    return {
        "id": row.id,
        "kind": row.kind,
        "number": row.number,
        "symbol": row.symbol or None,
        "issuer_unit": row.issuer_code or None,
        "issuer": row.issuer,
        "date": written_date(row),
        "precision": "year" if row.year_only else "day",
        "title": row.title,
        "illustrative": row.illustrative,
    }
