"""Pages on which a superior takes the returns of all units below along as one workbook and brings it back filled in."""

import tempfile
from base64 import b64encode
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from plenum.access.answers import REFUSED, go_to, put_errors
from plenum.access.reach import require
from plenum.access.requests import AuthedRequest, signed_in, unit_for
from plenum.figures.forms import WorkbookForm, read_period
from plenum.figures.jobs import MAKE, TAKE
from plenum.figures.powers import COLLECT, READ
from plenum.figures.queries.workbooks import forms_collected, units_collected
from plenum.figures.rules import Deed, running_year
from plenum.figures.wording import return_name
from plenum.figures.workbooks.entries import WorkbookRefused
from plenum.figures.workbooks.many.making import LARGE, file_name, make
from plenum.figures.workbooks.many.reading import LARGEST_FILE
from plenum.figures.workbooks.many.taking import NoneTaken, rows_in, said_of, take
from plenum.figures.workbooks.writing import XLSX
from plenum.jobs.actions import Given, start
from plenum.jobs.models import Job
from plenum.packs import Form, pack, wording
from plenum.periods import Period
from plenum.tree.models import Unit
from plenum.tree.queries import unit_view

MOST_LISTED = 100
"""So many mistakes are listed on the page; all that are marked stand in the workbook."""


@require_safe
@signed_in
def collections_page(request: AuthedRequest, code: str) -> HttpResponse:
    """Which forms the units below owe, by period, each as one workbook."""
    unit = _unit(request, code)
    year = (request.lens.period or running_year(request.lens.today)).year
    return render(
        request,
        "figures/collections.html",
        {
            "unit": unit_view(unit, request.lens.as_of),
            "door": "returns",
            "period": Period.of_year(year),
            "offered": [
                (each, pack().forms[each.form])
                for each in forms_collected(request.actor, unit, year, request.lens.today)
                if each.form in pack().forms
            ],
        },
    )


@require_safe
@signed_in
def collection_file(request: AuthedRequest, code: str, form: str, period: str) -> HttpResponseBase:
    """The workbook of the units below for a form and period; a large one is made by a job, from the page."""
    unit, the_form, owed = _asked(request, code, form, period)
    rows = len(units_collected(request.actor, unit, form, owed, request.lens.today))
    if not rows:
        raise Http404
    if rows > LARGE:
        return go_to(request, "figures:collection", code, form, period)
    file = tempfile.TemporaryFile()  # noqa: SIM115 — the answer closes it
    make(
        file,
        unit,
        the_form.code,
        owed,
        wording.language(get_language()),
        on=request.lens.today,
        by=request.actor,
    )
    file.seek(0)
    response = FileResponse(
        file, as_attachment=True, filename=file_name(unit.code, form, owed), content_type=XLSX
    )
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def collection_page(request: AuthedRequest, code: str, form: str, period: str) -> HttpResponse:
    """Download the workbook, upload it filled in: all of it is taken or nothing; large ones go to a job."""
    unit, the_form, owed = _asked(request, code, form, period)
    making = request.method == "POST" and request.POST.get("deed") == "make"
    sent = WorkbookForm(request.POST, request.FILES) if request.method == "POST" else WorkbookForm()
    if making or (sent.is_bound and sent.is_valid()):
        try:
            if making:
                return _make_by_a_job(request, unit, the_form, owed)
            return _taken(request, unit, the_form, owed, sent.cleaned_data["file"])
        except NoneTaken as refusal:
            return _show(request, unit, the_form, owed, sent, refusal)
        except ValidationError as error:
            put_errors(sent, error)
    return _show(request, unit, the_form, owed, sent)


def _unit(request: AuthedRequest, code: str) -> Unit:
    unit = unit_for(request, code, READ)
    require(request.actor, COLLECT, unit, request.lens.today)
    return unit


def _asked(request: AuthedRequest, code: str, form: str, period: str) -> tuple[Unit, Form, Period]:
    unit, owed = _unit(request, code), read_period(period)
    if owed is None or form not in pack().forms:
        raise Http404
    return unit, pack().forms[form], owed


def _make_by_a_job(request: AuthedRequest, unit: Unit, form: Form, period: Period) -> HttpResponse:
    job = start(
        MAKE,
        unit=unit,
        arguments={
            "form": form.code,
            "period": period.code,
            "language": wording.language(get_language()),
        },
        about=return_name(form, period),
        on=request.lens.today,
        by=request.actor,
    )
    return _to_the_job(request, job)


def _taken(request: AuthedRequest, unit: Unit, form: Form, period: Period, file: Any) -> HttpResponse:
    """Take a small workbook over at once; let a job do it with a large one."""
    if file.size > LARGEST_FILE:
        raise WorkbookRefused(
            _("This file is too large: at most %(size)s MB are taken.") % {"size": LARGEST_FILE >> 20}
        )
    body, submit = file.read(), request.POST.get("deed") == Deed.SUBMIT
    if rows_in(body) > LARGE:
        job = start(
            TAKE,
            unit=unit,
            arguments={"form": form.code, "period": period.code, "submit": submit},
            about=return_name(form, period),
            given=Given(file_name(unit.code, form.code, period), XLSX, body),
            on=request.lens.today,
            by=request.actor,
        )
        return _to_the_job(request, job)
    tally = take(
        body,
        unit,
        form=form.code,
        period=period,
        submit=submit,
        on=request.lens.today,
        by=request.actor,
    )
    messages.success(request, said_of(tally))
    return go_to(request, "figures:collection", unit.code, form.code, period.code)


def _to_the_job(request: AuthedRequest, job: Job) -> HttpResponse:
    return go_to(request, "jobs:job", job.pk)


def _show(
    request: AuthedRequest,
    unit: Unit,
    form: Form,
    period: Period,
    sent: WorkbookForm,
    refusal: NoneTaken | None = None,
) -> HttpResponse:
    rows = len(units_collected(request.actor, unit, form.code, period, request.lens.today))
    faults = refusal.faults if refusal else ()
    return render(
        request,
        "figures/collection.html",
        {
            "unit": unit_view(unit, request.lens.as_of),
            "door": "returns",
            "period": period,
            "sheet": form,
            "rows": rows,
            "large": rows > LARGE,
            "form": sent,
            "refusal": refusal,
            "faults": faults[:MOST_LISTED],
            "unlisted": len(faults) - MOST_LISTED,
            "marked": _marked(refusal) if refusal else "",
            "marked_name": file_name(unit.code, form.code, period),
        },
        status=REFUSED if refusal or sent.errors else 200,
    )


def _marked(refusal: NoneTaken) -> str:
    """The marked workbook as an address that holds all of it: it has few rows, for large ones are taken by a job."""
    with tempfile.TemporaryFile() as file:
        refusal.mark(file)
        file.seek(0)
        return f"data:{XLSX};base64,{b64encode(file.read()).decode()}"
