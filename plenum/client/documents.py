"""Documents: the registers of a unit's line."""

from collections.abc import Iterator
from typing import cast

from plenum.client.asking import Asking
from plenum.client.rows import Document, OneDocument, Resting


class Documents(Asking):
    """Find, read, register and correct documents."""

    def documents(
        self,
        code: str,
        *,
        q: str | None = None,
        kind: str | None = None,
        order: str | None = None,
        as_of: str | None = None,
    ) -> Iterator[Document]:
        """The documents in the registers of a unit's line."""
        return self.every(f"units/{code}/documents", q=q, kind=kind, order=order, as_of=as_of)

    def document(self, number: int) -> OneDocument:
        """One document."""
        return cast(OneDocument, self.get(f"documents/{number}"))

    def register(
        self,
        code: str,
        kind: str,
        title: str,
        date: str,
        *,
        year_only: bool | None = None,
        number: str | None = None,
        symbol: str | None = None,
        issuer: str | None = None,
        issuing_body: str | None = None,
        illustrative: bool | None = None,
    ) -> OneDocument:
        """Enter a document in the register of a unit; its issuer is a unit, or a body by its name."""
        told = _entry(kind, title, date, year_only, number, symbol, issuer, issuing_body, illustrative)
        return cast(OneDocument, self._do(f"units/{code}/documents", **told))

    def correct_document(
        self,
        found: OneDocument,
        reason: str,
        *,
        kind: str,
        title: str,
        date: str,
        year_only: bool | None = None,
        number: str | None = None,
        symbol: str | None = None,
        issuer: str | None = None,
        issuing_body: str | None = None,
        illustrative: bool | None = None,
    ) -> OneDocument:
        """Put a whole entry in the place of the one that was read; what is left out is empty then."""
        told = _entry(kind, title, date, year_only, number, symbol, issuer, issuing_body, illustrative)
        told |= {"reason": reason, "edition": found["edition"]}
        return cast(OneDocument, self.put(f"documents/{found['id']}", told))

    def targets_on_document(self, number: int, *, as_of: str | None = None) -> Iterator[Resting]:
        """The targets that rest on a document."""
        return self.every(f"documents/{number}/targets", as_of=as_of)


def _entry(
    kind: str,
    title: str,
    date: str,
    year_only: bool | None,
    number: str | None,
    symbol: str | None,
    issuer: str | None,
    issuing_body: str | None,
    illustrative: bool | None,
) -> dict[str, str | int | bool]:
    told = {
        "kind": kind,
        "title": title,
        "date": date,
        "year_only": year_only,
        "number": number,
        "symbol": symbol,
        "issuer": issuer,
        "issuing_body": issuing_body,
        "illustrative": illustrative,
    }
    return {name: value for name, value in told.items() if value is not None}
