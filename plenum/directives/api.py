"""The API of documents: those of a unit's line, one document, registering and correcting."""

from typing import Any, Literal

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.translation import gettext as _
from ninja import Router, Status

from plenum.access.programs import (
    DayIn,
    EditionIn,
    FlagIn,
    LineIn,
    Listed,
    NumberIn,
    PieceIn,
    ReasonIn,
    SearchIn,
    TextIn,
    Told,
    WordIn,
    lens,
    listed,
    piece_of,
)
from plenum.access.reach import reachable
from plenum.access.requests import AuthedRequest, unit_for
from plenum.directives.actions import DocumentFields, correct_document, register_document
from plenum.directives.models import Document
from plenum.directives.powers import READ
from plenum.directives.queries import of_line, readable, view, views
from plenum.directives.rows import DocumentRow, OneDocument, document_row

router = Router()


class DocumentTold(Told):
    """What the register is to say of a document.

    The number may be left out if the symbol begins with it; the issuer is a unit or, in words, a body.
    """

    kind: WordIn
    title: TextIn
    date: DayIn
    year_only: FlagIn = False
    number: LineIn = ""
    symbol: LineIn = ""
    issuer: WordIn | None = None
    issuing_body: LineIn = ""
    illustrative: FlagIn = False


class CorrectionTold(DocumentTold):
    """The whole entry as it is to be, why, and the edition that was read."""

    reason: ReasonIn
    edition: EditionIn


@router.get(
    "/units/{code}/documents",
    response=Listed[DocumentRow],
    operation_id="list_documents",
    summary="Documents in the registers of a unit's line",
    openapi_extra=lens("as_of"),
)
def list_documents(
    request: AuthedRequest,
    code: WordIn,
    piece: PieceIn,
    q: SearchIn = "",
    kind: WordIn | None = None,
    order: Literal["newest", "oldest"] = "newest",
) -> Any:
    """The registers of the unit, of those above it and of those below it."""
    unit = unit_for(request, code, READ)
    found = of_line(
        readable(request.actor, request.lens.today),
        unit.pk,
        request.lens.as_of,
        text=q,
        kind=kind or "",
        oldest_first=order == "oldest",
    )
    total = found.count()
    return listed([document_row(row) for row in views(piece_of(found, piece, total))], piece, total)


@router.get("/documents/{number}", response=OneDocument, operation_id="read_document", summary="One document")
def read_document(request: AuthedRequest, number: NumberIn) -> Any:
    """What the register says of it."""
    return _row(_readable(request, number))


@router.post(
    "/units/{code}/documents",
    response={201: OneDocument},
    operation_id="register_document",
    summary="Enter a document in a unit's register",
)
def register(request: AuthedRequest, code: WordIn, told: DocumentTold) -> Any:
    """Its own document or one that it has received."""
    unit = unit_for(request, code, READ)
    made = register_document(unit, _fields(request, told), on=request.lens.today, by=request.actor)
    return Status(201, _row(_readable(request, made.pk)))


@router.put(
    "/documents/{number}",
    response=OneDocument,
    operation_id="correct_document",
    summary="Correct what the register says of a document",
)
def correct(request: AuthedRequest, number: NumberIn, told: CorrectionTold) -> Any:
    """The journal keeps what it said before, and the reason."""
    document = _readable(request, number)
    correct_document(
        document,
        _fields(request, told, document),
        reason=told.reason,
        edition=told.edition,
        on=request.lens.today,
        by=request.actor,
    )
    return _row(_readable(request, number))


def _fields(request: AuthedRequest, told: DocumentTold, document: Document | None = None) -> DocumentFields:
    return DocumentFields(
        kind=told.kind,
        title=told.title,
        day=told.date,
        number=told.number,
        symbol=told.symbol,
        precision="year" if told.year_only else "day",
        issuer_id=_issuer(request, told.issuer, document),
        issuing_body=told.issuing_body,
        illustrative=told.illustrative,
    )


def _issuer(request: AuthedRequest, code: str | None, document: Document | None) -> int | None:
    """The unit that has issued it: one within reach, or the one that the register names already."""
    if code is None:
        return None
    if document is not None and document.issuer is not None and document.issuer.code == code:
        return document.issuer_id
    found = reachable(request.actor, READ, request.lens.today).filter(code=code).first()
    if found is None:
        raise ValidationError({"issuer": [_("There is no such unit.")]})
    return found.pk


def _readable(request: AuthedRequest, number: int) -> Document:
    found = readable(request.actor, request.lens.today).select_related("unit", "issuer")
    document = found.filter(pk=number).first()
    if document is None:
        raise Http404
    return document


def _row(document: Document) -> OneDocument:
    return {**document_row(view(document)), "unit": document.unit.code, "edition": document.edition}
