"""Returns as workbooks: download the form of a unit, send it back filled in, or have it marked first."""

import binascii
from base64 import b64decode
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja import Schema, Status
from pydantic import StringConstraints

from plenum.access.programs import FlagIn, PeriodIn, Told, WordIn
from plenum.access.reach import require
from plenum.access.requests import AuthedRequest, unit_for
from plenum.figures.api.routing import router
from plenum.figures.powers import ENTER, READ
from plenum.figures.workbooks.entries import WorkbookRefused
from plenum.figures.workbooks.filling import NotTaken, fill, form_of, tried
from plenum.figures.workbooks.writing import XLSX, file_name
from plenum.packs import wording
from plenum.periods import Period
from plenum.tree.models import Unit

FILE = {
    "description": "A workbook.",
    "content": {XLSX: {"schema": {"type": "string", "format": "binary"}}},
}
Base64 = Annotated[
    str,
    StringConstraints(
        pattern=r"^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$", strict=True
    ),
]


class WorkbookTold(Told):
    """A filled-in workbook, in Base64; `submit`: its returns are submitted at once, else they are kept as drafts."""

    file: Base64
    submit: FlagIn = False


class TakenRow(Schema):
    """What became of one return of the workbook."""

    name: str
    number: int | None
    changed: bool
    submitted: bool


@router.get(
    "/units/{code}/workbooks/{period}",
    response={200: None},
    operation_id="download_workbook",
    summary="What a unit owes for a period, as a workbook to fill in",
    openapi_extra={"responses": {200: FILE}},
)
def download(request: AuthedRequest, code: WordIn, period: PeriodIn) -> Any:
    """With what has been entered so far; 404 if the unit owes nothing for the period."""
    unit = _unit(request, code)
    body = form_of(unit, period, wording.language(get_language()), request.lens.today, by=request.actor)
    if body is None:
        raise Http404
    return _answer(body, unit, period)


@router.post(
    "/units/{code}/workbooks/{period}",
    response=list[TakenRow],
    operation_id="fill_workbook",
    summary="Take a filled-in workbook over",
)
def upload(request: AuthedRequest, code: WordIn, period: PeriodIn, told: WorkbookTold) -> Any:
    """All of it or nothing; the errors of a 422 name sheet and cell. The same file twice changes nothing."""
    unit = _unit(request, code)
    try:
        taken = fill(
            _bytes(told.file),
            unit,
            submit=told.submit,
            period=period,
            on=request.lens.today,
            by=request.actor,
        )
    except NotTaken as refusal:
        raise ValidationError(
            {f"{each.sheet}!{each.cell}": [each.text] for each in refusal.faults}
        ) from refusal
    return [
        TakenRow(name=each.name, number=each.return_id, changed=each.changed, submitted=each.submitted)
        for each in taken
    ]


@router.post(
    "/units/{code}/workbooks/{period}/marks",
    response={200: None, 204: None},
    operation_id="mark_workbook",
    summary="The workbook with what is wrong in it marked; nothing is taken over",
    openapi_extra={"responses": {200: FILE}},
)
def mark(request: AuthedRequest, code: WordIn, period: PeriodIn, told: WorkbookTold) -> Any:
    """204 if nothing is wrong in it."""
    unit = _unit(request, code)
    marked = tried(
        _bytes(told.file), unit, submit=told.submit, period=period, on=request.lens.today, by=request.actor
    )
    return Status(204, None) if marked is None else _answer(marked, unit, period)


def _unit(request: AuthedRequest, code: str) -> Unit:
    unit = unit_for(request, code, READ)
    require(request.actor, ENTER, unit, request.lens.today)
    return unit


def _bytes(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except binascii.Error as error:
        raise WorkbookRefused({"file": [_("This file cannot be read as a workbook (XLSX).")]}) from error


def _answer(body: bytes, unit: Unit, period: Period) -> HttpResponse:
    response = HttpResponse(body, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{file_name(unit.code, period.code)}"'
    return response
