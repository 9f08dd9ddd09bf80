"""The page on which a unit takes its returns away as a workbook and brings it back filled in."""

from base64 import b64encode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from plenum.access.answers import REFUSED, go_to, put_errors
from plenum.access.reach import require
from plenum.access.requests import AuthedRequest, may, signed_in, unit_for
from plenum.figures.forms import WorkbookForm, read_period
from plenum.figures.powers import ENTER, READ, SUBMIT
from plenum.figures.rules import Deed, State
from plenum.figures.workbooks.entries import WorkbookRefused, sheets_for
from plenum.figures.workbooks.filling import Fault, NotTaken, fill, form_of, said_of
from plenum.figures.workbooks.reading import LARGEST_FILE
from plenum.figures.workbooks.writing import XLSX, file_name
from plenum.packs import wording
from plenum.periods import Period
from plenum.tree.models import Unit
from plenum.tree.queries import unit_view


@require_safe
@signed_in
def workbook_file(request: AuthedRequest, code: str, period: str) -> HttpResponse:
    """The workbook of what the unit owes for the period, in the reader's language."""
    unit, owed = _asked(request, code, period)
    require(request.actor, ENTER, unit, request.lens.today)
    body = form_of(unit, owed, wording.language(get_language()), request.lens.today, by=request.actor)
    if body is None:
        raise Http404
    return workbook_answer(body, file_name(unit.code, owed.code))


def workbook_answer(body: bytes, name: str) -> HttpResponse:
    """A workbook as a download."""
    response = HttpResponse(body, content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def workbook_page(request: AuthedRequest, code: str, period: str) -> HttpResponse:
    """Download the form, upload it filled in; what is wrong is listed and marked, and then nothing is taken."""
    unit, owed = _asked(request, code, period)
    require(request.actor, ENTER, unit, request.lens.today)
    if not sheets_for(unit, owed, request.lens.today):
        raise Http404
    form = WorkbookForm(request.POST, request.FILES) if request.method == "POST" else WorkbookForm()
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            if file.size > LARGEST_FILE:
                raise WorkbookRefused(
                    _("This file is too large: at most %(size)s MB are taken.") % {"size": LARGEST_FILE >> 20}
                )
            taken = fill(
                file.read(),
                unit,
                submit=request.POST.get("deed") == Deed.SUBMIT,
                period=owed,
                on=request.lens.today,
                by=request.actor,
            )
        except WorkbookRefused as error:
            put_errors(form, error)
        except NotTaken as refusal:
            return _show(request, unit, owed, form, refusal.faults, refusal.marked)
        else:
            for each in taken:
                messages.success(request, said_of(each))
            return go_to(request, "figures:workbook", unit.code, owed.code)
    return _show(request, unit, owed, form)


def _asked(request: AuthedRequest, code: str, period: str) -> tuple[Unit, Period]:
    unit, owed = unit_for(request, code, READ), read_period(period)
    if owed is None:
        raise Http404
    return unit, owed


def _show(
    request: AuthedRequest,
    unit: Unit,
    period: Period,
    form: WorkbookForm,
    faults: tuple[Fault, ...] = (),
    marked: bytes = b"",
) -> HttpResponse:
    sheets = sheets_for(unit, period, request.lens.today)
    return render(
        request,
        "figures/workbook.html",
        {
            "unit": unit_view(unit, request.lens.as_of),
            "door": "returns",
            "period": period,
            "form": form,
            "faults": faults,
            "marked": f"data:{XLSX};base64,{b64encode(marked).decode()}" if marked else "",
            "marked_name": file_name(unit.code, period.code),
            "sheets": sheets,
            "any_accepted": any(each.state == State.ACCEPTED for each in sheets),
            "may_submit": may(request, SUBMIT, unit),
        },
        status=REFUSED if faults or form.errors else 200,
    )
