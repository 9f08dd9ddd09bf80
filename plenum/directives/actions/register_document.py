"""Registering a document and correcting what the register says of it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from plenum.access.reach import reachable, require
from plenum.directives.models import Document
from plenum.directives.powers import CORRECT_DOCUMENT, READ, REGISTER, REGISTER_DOCUMENT
from plenum.directives.queries import number_of, readable, same_documents
from plenum.directives.rules import number_in_symbol
from plenum.journal.actions import record
from plenum.journal.actor import Actor
from plenum.packs import pack
from plenum.tree.models import Unit
from plenum.tree.queries import unit_view


@dataclass(frozen=True)
class DocumentFields:
    """What the register says of a document. The number may be left out if the symbol begins with it."""

    kind: str
    title: str
    day: date
    number: str = ""
    symbol: str = ""
    precision: str = "day"
    issuer_id: int | None = None
    issuing_body: str = ""
    illustrative: bool = False


def register_document(unit: Unit, fields: DocumentFields, *, on: date, by: Actor) -> Document:
    """Enter a document in the register of a unit, its own or one it has received.

    ValidationError names the field: an unknown kind, no number or title, a date to come, an issuer missing,
    or a document that stands in a register already.
    """
    with transaction.atomic():
        require(by, REGISTER, unit, on)
        document = Document(unit=unit)
        _fill(document, fields, on, by)
        _refuse_second(document, by, on)
        _save(document)
        record(
            REGISTER_DOCUMENT,
            by=by,
            power=REGISTER,
            unit_id=unit.pk,
            on=on,
            subject=f"directives.Document:{document.pk}",
            subject_label=document.name,
            change=_written(document),
        )
    return document


class DocumentChanged(ValidationError):
    """Somebody else has corrected the entry since it was opened."""


def correct_document(
    document: Document,
    fields: DocumentFields,
    *,
    reason: str,
    edition: int | None = None,
    on: date,
    by: Actor,
) -> Document:
    """Change what the register says of a document; the journal keeps what it said before, and the reason.

    `edition` is the one that was seen: DocumentChanged if another stands now; None does not ask.
    """
    with transaction.atomic():
        locked = Document.objects.select_for_update().get(pk=document.pk)
        require(by, REGISTER, locked.unit_id, on)
        if edition is not None and edition != locked.edition:
            raise DocumentChanged(_("Somebody else has corrected this entry meanwhile. Look at it again."))
        if not reason.strip():
            raise ValidationError({"reason": [_("Say why the entry is corrected.")]})
        before = _written(locked)
        _fill(locked, fields, on, by)
        _refuse_second(locked, by, on)
        after = _written(locked)
        changed = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
        if not changed:
            raise ValidationError(_("Nothing was changed."))
        locked.edition += 1
        _save(locked)
        record(
            CORRECT_DOCUMENT,
            by=by,
            power=REGISTER,
            unit_id=locked.unit_id,
            on=on,
            subject=f"directives.Document:{locked.pk}",
            subject_label=locked.name,
            change={**changed, "reason": reason.strip()},
        )
    return locked


def _fill(document: Document, fields: DocumentFields, on: date, by: Actor) -> None:
    errors: dict[str, list[str]] = {}
    number = number_of(fields.number, fields.symbol)
    in_symbol = number_in_symbol(fields.symbol) if fields.symbol.strip() else None
    year_only = fields.precision == Document.Precision.YEAR
    day = fields.day.replace(month=1, day=1) if year_only else fields.day
    if fields.kind not in pack().document_kinds:
        kinds = ", ".join(pack().document_kinds)
        errors["kind"] = [_("There is no such kind of document. Use one of: %(kinds)s.") % {"kinds": kinds}]
    if fields.precision not in Document.Precision.values:
        errors["precision"] = [_("Write “day” or “year”.")]
    if not number:
        errors["number"] = [_("Give the number, or a symbol that begins with it.")]
    elif in_symbol is not None and in_symbol != number:
        errors["symbol"] = [
            _("The symbol begins with another number than the one given. Correct one of them.")
        ]
    if not fields.title.strip():
        errors["title"] = [_("Give the title: what the document is about.")]
    if day > on:
        errors["date"] = [_("The document is dated after today. Correct the date.")]
    if fields.issuer_id is None and not fields.issuing_body.strip():
        errors["issuing_body"] = [_("Choose the unit that issued it, or write the body.")]
    if fields.issuer_id != document.issuer_id and not _may_issue(fields.issuer_id, by, on):
        errors["issuer"] = [_("There is no such unit.")]
    if errors:
        raise ValidationError(errors)
    document.kind, document.number, document.symbol = fields.kind, number, fields.symbol.strip()
    document.title, document.date, document.precision = fields.title.strip(), day, fields.precision
    document.issuer_id, document.issuing_body = fields.issuer_id, fields.issuing_body.strip()
    document.illustrative = fields.illustrative


def _may_issue(unit_id: int | None, by: Actor, on: date) -> bool:
    return unit_id is None or reachable(by, READ, on).filter(pk=unit_id).exists()


def _refuse_second(document: Document, by: Actor, on: date) -> None:
    if same_documents(document, readable(by, on)).exists():
        raise ValidationError(
            {"number": [_("This document is registered already. Look for it in the list.")]}
        )


def _save(document: Document) -> None:
    try:
        with transaction.atomic():
            document.save()
    except IntegrityError as error:
        raise ValidationError(
            {"number": [_("This document is registered already. Look for it in the list.")]}
        ) from error


def _issuer(document: Document) -> str:
    """The name that the unit which issued the document had on its day."""
    return "" if document.issuer_id is None else unit_view(document.issuer_id, document.date).name


def _written(document: Document) -> dict[str, Any]:
    return {
        "kind": document.kind,
        "number": document.number,
        "symbol": document.symbol,
        "issuer": _issuer(document),
        "issuer_id": document.issuer_id,
        "issuing_body": document.issuing_body,
        "date": document.written_date,
        "title": document.title,
        "illustrative": document.illustrative,
    }
