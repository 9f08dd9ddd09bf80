"""Pages of documents: the list of a unit's line, one document, registering and correcting."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from plenum.access.answers import REFUSED, Changed, differing, go_to, put_errors
from plenum.access.paging import page_of
from plenum.access.reach import reachable, require
from plenum.access.requests import AuthedRequest, may, signed_in, unit_for
from plenum.directives.actions import DocumentChanged, correct_document, register_document
from plenum.directives.forms import CorrectionForm, DocumentForm
from plenum.directives.models import Document
from plenum.directives.powers import READ, REGISTER
from plenum.directives.queries import of_line, readable, view, views
from plenum.packs import pack
from plenum.tree.models import Unit
from plenum.tree.queries import UnitView, ancestors, unit_view

ON_A_PAGE = 50


@require_safe
@signed_in
def document_list(request: AuthedRequest, code: str) -> HttpResponse:
    """The documents in the registers of a unit's line, with search, kind and order."""
    unit = unit_for(request, code, READ)
    kind = request.GET.get("kind", "")
    text = request.GET.get("q", "").strip()[:200]
    oldest_first = request.GET.get("order") == "oldest"
    found = of_line(
        readable(request.actor, request.lens.today),
        unit.pk,
        request.lens.as_of,
        text=text,
        kind=kind,
        oldest_first=oldest_first,
    )
    page = page_of(request, found, ON_A_PAGE)
    return render(
        request,
        "directives/list.html",
        {
            "unit": unit_view(unit, request.lens.as_of),
            "door": "documents",
            "page": page,
            "documents": views(page.object_list),
            "kinds": pack().document_kinds.values(),
            "kind": kind,
            "text": text,
            "oldest_first": oldest_first,
            "may_register": may(request, REGISTER, unit),
        },
    )


@require_safe
@signed_in
def document_page(request: AuthedRequest, pk: int) -> HttpResponse:
    """One document: its facts, and the way to the targets that rest on it."""
    document = _readable_document(request, pk)
    return render(
        request,
        "directives/document.html",
        {
            "unit": unit_view(document.unit_id, request.lens.as_of),
            "door": "documents",
            "document": view(document),
            "may_correct": may(request, REGISTER, document.unit_id),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def register_page(request: AuthedRequest, code: str) -> HttpResponse:
    """The form that enters a document in a unit's register."""
    unit = unit_for(request, code, READ)
    require(request.actor, REGISTER, unit, request.lens.today)
    form = DocumentForm(
        request.POST or None,
        issuers=_issuers(request, unit),
        initial={"issuer": unit.pk, "date": request.lens.today},
    )
    if request.method == "POST" and form.is_valid():
        try:
            document = register_document(
                unit, form.document_fields(), on=request.lens.today, by=request.actor
            )
        except ValidationError as error:
            put_errors(form, error)
        else:
            return go_to(request, "directives:document", document.pk)
    return render(
        request,
        "directives/register.html",
        {"unit": unit_view(unit, request.lens.as_of), "door": "documents", "form": form},
        status=REFUSED if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def correct_page(request: AuthedRequest, pk: int) -> HttpResponse:
    """The form that corrects what the register says of a document."""
    document = _readable_document(request, pk)
    require(request.actor, REGISTER, document.unit_id, request.lens.today)
    issuers = _issuers(request, document.unit, document)
    form = CorrectionForm(request.POST or None, issuers=issuers, initial=_entry(document))
    if request.method == "POST" and form.is_valid():
        try:
            correct_document(
                document,
                form.document_fields(illustrative=document.illustrative),
                reason=form.cleaned_data["reason"],
                edition=form.cleaned_data["edition"],
                on=request.lens.today,
                by=request.actor,
            )
        except DocumentChanged as error:
            raise _changed(form, document, issuers) from error
        except ValidationError as error:
            put_errors(form, error)
        else:
            return go_to(request, "directives:document", document.pk)
    return render(
        request,
        "directives/register.html",
        {
            "unit": unit_view(document.unit_id, request.lens.as_of),
            "door": "documents",
            "form": form,
            "document": view(document),
        },
        status=REFUSED if form.errors else 200,
    )


def _readable_document(request: AuthedRequest, pk: int) -> Document:
    document = readable(request.actor, request.lens.today).select_related("unit").filter(pk=pk).first()
    if document is None:
        raise Http404
    return document


def _issuers(request: AuthedRequest, unit: Unit, document: Document | None = None) -> list[UnitView]:
    """The units above and the unit itself, as far as the person reaches them, and who has issued the document."""
    today = request.lens.today
    line = [*ancestors(unit.pk, today), unit_view(unit, today)]
    reached = reachable(request.actor, READ, today).filter(pk__in=[each.id for each in line])
    allowed = set(reached.values_list("pk", flat=True))
    issuers = [each for each in line if each.id in allowed]
    issuer_id = document.issuer_id if document is not None else None
    if document is not None and issuer_id is not None and all(each.id != issuer_id for each in issuers):
        issuers.append(unit_view(issuer_id, document.date))
    return issuers


def _entry(document: Document) -> dict[str, object]:
    return {
        "edition": document.edition,
        "kind": document.kind,
        "number": document.number,
        "symbol": document.symbol,
        "date": document.date,
        "year_only": document.precision == Document.Precision.YEAR,
        "issuer": document.issuer_id,
        "issuing_body": document.issuing_body,
        "title": document.title,
    }


def _changed(form: CorrectionForm, document: Document, issuers: list[UnitView]) -> Changed:
    """What was typed beside the entry as it stands now."""
    document.refresh_from_db()
    theirs = CorrectionForm(initial=_entry(document), issuers=issuers)
    return Changed(
        document.name,
        differing(form, theirs, without=["reason"]),
        back=reverse("directives:document", args=[document.pk]),
        renewed={"edition": str(document.edition)},
    )
