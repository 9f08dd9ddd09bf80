"""The returns of all units below one as a workbook: download it, send it back; a large one is done by a job."""

import tempfile
from typing import Any

from django.core.exceptions import RequestDataTooBig, ValidationError
from django.http import FileResponse, Http404, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja import Query, Schema, Status

from plenum.access.programs import PeriodIn, Told, WordIn, lens
from plenum.access.reach import require
from plenum.access.requests import AuthedRequest, unit_for
from plenum.figures.api.routing import router
from plenum.figures.jobs import MAKE, TAKE
from plenum.figures.powers import COLLECT, READ
from plenum.figures.queries.workbooks import forms_collected, units_collected
from plenum.figures.rules import running_year
from plenum.figures.wording import return_name
from plenum.figures.workbooks.many.making import LARGE, file_name, make
from plenum.figures.workbooks.many.reading import LARGEST_FILE
from plenum.figures.workbooks.many.taking import NoneTaken, rows_in, take
from plenum.figures.workbooks.writing import XLSX
from plenum.jobs.actions import Given, start
from plenum.jobs.models import Job
from plenum.jobs.queries import job_view
from plenum.jobs.rows import JobRow, job_row
from plenum.packs import pack, wording
from plenum.periods import Period
from plenum.tree.models import Unit

FILE = {"description": "A workbook.", "content": {XLSX: {"schema": {"type": "string", "format": "binary"}}}}
BODY = {
    "required": True,
    "description": "The filled-in workbook itself, not in JSON.",
    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
}
PIECE = 1 << 20


class CollectionRow(Schema):
    """A form that units below owe for a period; how many they are."""

    form: str
    period: str
    units: int


class TallyRow(Schema):
    """What became of the returns of a workbook."""

    changed: int
    submitted: int
    same: int


class Nothing(Told):
    """Nothing needs to be said."""


class Filling(Schema):
    """What is to be done with the returns."""

    submit: bool = False


@router.get(
    "/units/{code}/collections",
    response=list[CollectionRow],
    operation_id="list_collections",
    summary="Which forms the units below owe, by period",
    openapi_extra=lens("period"),
)
def collections(request: AuthedRequest, code: WordIn) -> Any:
    """For the periods of the year of `period` that have begun; the year of the last month that is over by itself."""
    unit, today = _unit(request, code), request.lens.today
    year = (request.lens.period or running_year(today)).year
    return [
        CollectionRow(form=each.form, period=each.period.code, units=each.units)
        for each in forms_collected(request.actor, unit, year, today)
    ]


@router.get(
    "/units/{code}/collections/{form}/{period}",
    response={200: None},
    operation_id="download_collection",
    summary="What the units below owe for a period, as one workbook to fill in",
    openapi_extra={"responses": {200: FILE}},
)
def download_collection(request: AuthedRequest, code: WordIn, form: WordIn, period: PeriodIn) -> Any:
    """404 if no unit below owes it; 422 for more than 500 units: those are made by a job."""
    unit = _unit(request, code)
    _refuse_large(_rows(request, unit, form, period))
    file = tempfile.TemporaryFile()  # noqa: SIM115 — the answer closes it
    make(file, unit, form, period, _language(), on=request.lens.today, by=request.actor)
    file.seek(0)
    name = file_name(unit.code, form, period)
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


@router.post(
    "/units/{code}/collections/{form}/{period}/make",
    response={202: JobRow},
    operation_id="make_collection",
    summary="Let a job make the workbook of the units below",
)
def make_collection(
    request: AuthedRequest, code: WordIn, form: WordIn, period: PeriodIn, told: Nothing
) -> Any:
    """However many they are; the workbook is the result of the job."""
    unit = _unit(request, code)
    _rows(request, unit, form, period)
    job = start(
        MAKE,
        unit=unit,
        arguments={"form": form, "period": period.code, "language": _language()},
        about=return_name(pack().forms[form], period),
        on=request.lens.today,
        by=request.actor,
    )
    return Status(202, _job(request, job))


@router.post(
    "/units/{code}/collections/{form}/{period}",
    response={200: TallyRow, 202: JobRow},
    operation_id="fill_collection",
    summary="Take a filled-in workbook of the units below over",
    openapi_extra={"requestBody": BODY},
)
def fill_collection(
    request: AuthedRequest, code: WordIn, form: WordIn, period: PeriodIn, filling: Query[Filling]
) -> Any:
    """All of it or nothing; the errors of a 422 name sheet and cell. More than 500 rows are taken by a job: 202.

    The same file twice changes nothing. With an `Idempotency-Key` a body has 2.5 MB at most, without one 50 MB.
    """
    unit = _unit(request, code)
    body = _body(request)
    if rows_in(body) > LARGE and form in pack().forms:
        job = start(
            TAKE,
            unit=unit,
            arguments={"form": form, "period": period.code, "submit": filling.submit},
            about=return_name(pack().forms[form], period),
            given=Given(file_name(unit.code, form, period), XLSX, body),
            on=request.lens.today,
            by=request.actor,
        )
        return Status(202, _job(request, job))
    try:
        tally = take(
            body,
            unit,
            form=form,
            period=period,
            submit=filling.submit,
            on=request.lens.today,
            by=request.actor,
        )
    except NoneTaken as refusal:
        raise ValidationError(
            {f"{each.sheet}!{each.cell}": [each.text] for each in refusal.faults}
        ) from refusal
    return TallyRow(changed=tally.changed, submitted=tally.submitted, same=tally.same)


@router.post(
    "/units/{code}/collections/{form}/{period}/marks",
    response={200: None, 204: None},
    operation_id="mark_collection",
    summary="The workbook of the units below with what is wrong in it marked; nothing is taken over",
    openapi_extra={"requestBody": BODY, "responses": {200: FILE}},
)
def mark_collection(
    request: AuthedRequest, code: WordIn, form: WordIn, period: PeriodIn, filling: Query[Filling]
) -> Any:
    """204 if nothing is wrong in it; 422 for more than 500 rows: a job that takes such a one over leaves it marked."""
    unit = _unit(request, code)
    body = _body(request)
    _refuse_large(rows_in(body))
    try:
        take(
            body,
            unit,
            form=form,
            period=period,
            submit=filling.submit,
            only_try=True,
            on=request.lens.today,
            by=request.actor,
        )
    except NoneTaken as refusal:
        with tempfile.TemporaryFile() as file:
            refusal.mark(file)
            file.seek(0)
            answer = HttpResponse(file.read(), content_type=XLSX)
        name = file_name(unit.code, form, period)
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer
    return Status(204, None)


def _unit(request: AuthedRequest, code: str) -> Unit:
    unit = unit_for(request, code, READ)
    require(request.actor, COLLECT, unit, request.lens.today)
    return unit


def _rows(request: AuthedRequest, unit: Unit, form: str, period: Period) -> int:
    rows = len(units_collected(request.actor, unit, form, period, request.lens.today))
    if not rows or form not in pack().forms:
        raise Http404
    return rows


def _refuse_large(rows: int) -> None:
    if rows > LARGE:
        raise ValidationError(
            _("This workbook has more than %(rows)s rows: let a job do it.") % {"rows": LARGE}
        )


def _language() -> str:
    return wording.language(get_language())


def _body(request: AuthedRequest) -> bytes:
    """What was sent, piece by piece; RequestDataTooBig when that is more than a workbook may have."""
    pieces, left = [], LARGEST_FILE
    while piece := request.read(PIECE):
        left -= len(piece)
        if left < 0:
            raise RequestDataTooBig
        pieces.append(piece)
    return b"".join(pieces)


def _job(request: AuthedRequest, job: Job) -> JobRow:
    view = job_view(job.pk, request.actor, request.lens.today)
    if view is None:
        raise Http404
    return job_row(view)
