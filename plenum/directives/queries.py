"""Reads of documents: the list of a unit's line, one document, and what a written reference means."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from plenum.access.reach import visible
from plenum.directives.models import Document
from plenum.directives.powers import READ
from plenum.directives.rules import ReferenceUnreadable, number_in_symbol, plain_number, read_reference
from plenum.journal.actor import Actor
from plenum.packs import Words, pack
from plenum.tree.models import Ancestry, UnitName


class DocumentUnknown(LookupError):
    """No document answers to the reference."""


class DocumentAmbiguous(LookupError):
    """Several documents answer to the reference; the message lists them with their dates."""


@dataclass(frozen=True)
class DocumentView:
    """A document as people read it; `issuer` is the body's name as the document gives it, else the unit's
    name then.
    """

    id: int
    unit_id: int
    kind: str
    kind_name: Words | None
    number: str
    symbol: str
    name: str
    issuer_id: int | None
    issuer_code: str
    issuer: str
    date: date
    year_only: bool
    title: str
    illustrative: bool


def readable(actor: Actor, on: date) -> QuerySet[Document]:
    """The documents in registers on the line of the actor: above, at and below the units of the actor's
    grants.
    """
    return visible(Document.objects.all(), actor, READ, on)


def of_line(
    documents: QuerySet[Document],
    unit_id: int,
    on: date,
    *,
    text: str = "",
    kind: str = "",
    oldest_first: bool = False,
) -> QuerySet[Document]:
    """Those of `documents` that stand in the registers of a unit, its ancestors and the units below it on a
    day.
    """
    rows = Ancestry.objects.filter(span__contains=on)
    line = (
        Q(unit__in=rows.filter(descendant=unit_id).values("ancestor"))
        | Q(unit__in=rows.filter(ancestor=unit_id).values("descendant"))
        | Q(unit=unit_id)
    )
    found = documents.filter(line)
    if kind:
        found = found.filter(kind=kind)
    for word in text.split():
        found = found.filter(
            Q(title__icontains=word)
            | Q(symbol__icontains=word)
            | Q(number=plain_number(word))
            | Q(issuing_body__icontains=word)
        )
    return found.order_by(*(("date", "number", "id") if oldest_first else ("-date", "number", "id")))


def views(documents: Iterable[Document]) -> list[DocumentView]:
    """The documents as people read them, in their order; two queries whatever their number."""
    rows = list(documents)
    issuers = {row.issuer_id for row in rows if row.issuer_id is not None}
    names: dict[int, list[Any]] = {}
    for name in UnitName.objects.filter(unit__in=issuers).select_related("unit").order_by("span"):
        names.setdefault(name.unit_id, []).append(name)
    return [_view(row, names.get(row.issuer_id or 0, [])) for row in rows]


def view(document: Document) -> DocumentView:
    """One document as people read it."""
    return views([document])[0]


def find(reference: str, among: QuerySet[Document]) -> Document:
    """The one document that `880`, `880|2023-01-05`, `880|2023` or `18-NQ/TW` means.

    DocumentUnknown or DocumentAmbiguous say what to write instead; a number alone is no key.
    """
    try:
        read = read_reference(reference)
    except ReferenceUnreadable:
        raise DocumentUnknown(
            _(
                "“%(reference)s” names no document. Write a number and its date, as 880|2023-01-05,"
                " or a symbol."
            )
            % {"reference": reference}
        ) from None
    found = among.filter(Q(symbol__iexact=read.name) | Q(number=read.number))
    if read.day is not None:
        found = found.filter(
            Q(date=read.day) | Q(precision=Document.Precision.YEAR, date__year=read.day.year)
        )
    elif read.year is not None:
        found = found.filter(date__year=read.year)
    rows = list(found.order_by("date", "id")[:20])
    by_symbol = [row for row in rows if row.symbol.casefold() == read.name.casefold()]
    rows = by_symbol or rows
    if not rows:
        raise DocumentUnknown(
            _("There is no document “%(reference)s”. Register it first.") % {"reference": reference}
        )
    if len(rows) > 1:
        listed = "; ".join(
            f"{v.name} ({row.written_date}, {v.issuer})" for v, row in zip(views(rows), rows, strict=True)
        )
        raise DocumentAmbiguous(
            _(
                "Several documents answer to “%(reference)s”: %(listed)s."
                " Add the date, as %(number)s|%(date)s."
            )
            % {
                "reference": reference,
                "listed": listed,
                "number": rows[0].number,
                "date": rows[0].written_date,
            }
        )
    return rows[0]


def same_documents(document: Document, among: QuerySet[Document]) -> QuerySet[Document]:
    """Documents that already say they are this one: same issuer, kind, number and date, in whichever
    register.
    """
    found = among.filter(kind=document.kind, number=document.number, date=document.date)
    found = found.filter(issuer_id=document.issuer_id, issuing_body=document.issuing_body)
    return found.exclude(pk=document.pk) if document.pk else found


def number_of(number: str, symbol: str) -> str:
    """The number to keep: as given, else the one the symbol begins with; empty if neither says it."""
    return plain_number(number) or number_in_symbol(symbol) or ""


def _view(document: Document, names: list[Any]) -> DocumentView:
    then = next((name for name in names if document.date in name.span), names[-1] if names else None)
    kind = pack().document_kinds.get(document.kind)
    return DocumentView(
        id=document.pk,
        unit_id=document.unit_id,
        kind=document.kind,
        kind_name=kind.name if kind else None,
        number=document.number,
        symbol=document.symbol,
        name=document.name,
        issuer_id=document.issuer_id,
        issuer_code=then.unit.code if then else "",
        issuer=document.issuing_body or (then.name if then else ""),
        date=document.date,
        year_only=document.precision == Document.Precision.YEAR,
        title=document.title,
        illustrative=document.illustrative,
    )
