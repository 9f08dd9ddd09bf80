"""The API of boards and review reports: read and fetch them, write what the officer adds, issue them."""

import json
import re
from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils.translation import get_language
from ninja import Router, Status
from pydantic import Field, StringConstraints

from plenum.access.programs import (
    TEXT_PATTERN,
    DayIn,
    EditionIn,
    LineIn,
    Listed,
    NumberIn,
    PeriodIn,
    PieceIn,
    TextIn,
    Told,
    WordIn,
    lens,
    listed_of,
)
from plenum.access.requests import AuthedRequest, unit_for
from plenum.figures.figure_rows import named_in
from plenum.figures.queries.latest import latest_year
from plenum.organisation.queries import in_reach
from plenum.packs.wording import language as known_language
from plenum.periods import Period
from plenum.reorganisations.queries import reform_view, visible_reforms
from plenum.reports.actions import HeadingFields, issue_review, save_review
from plenum.reports.guesses import count_guess, refuse_guessing
from plenum.reports.models import IssuedReport, Review
from plenum.reports.powers import READ
from plenum.reports.queries.board import board
from plenum.reports.queries.issued import file_of, issue_view, issues, other_issue, readable, verified
from plenum.reports.queries.review import review
from plenum.reports.reform_paper import NotRehearsed, reform_paper
from plenum.reports.render import (
    MEDIA_TYPES,
    file_name,
    issued_file_name,
    paper_name,
    render,
    render_paper,
)
from plenum.reports.rows import (
    BoardRow,
    DifferencesRow,
    IssueRow,
    IssueWithFacts,
    ReviewRow,
    TextsRow,
    VerifiedRow,
    board_row,
    differences_row,
    issue_row,
    texts_row,
    verified_row,
)
from plenum.reports.rules import LONGEST_REASON, REVIEWED, read_code
from plenum.reports.today import different_in, different_today
from plenum.tree.models import Unit

router = Router()
Language = Literal["vi", "en", "ru", "cs"]
ReasonOrNone = Annotated[str, StringConstraints(pattern=TEXT_PATTERN, max_length=LONGEST_REASON, strict=True)]
Format = Literal["pdf", "docx", "md", "json"]
PaperFormat = Literal["pdf", "docx", "md"]
FILES = {
    "description": "The report as a file.",
    "content": {
        media_type.split(";")[0]: {
            "schema": {"type": "object"} if format == "json" else {"type": "string", "format": "binary"}
        }
        for format, media_type in MEDIA_TYPES.items()
    },
}


class HeadingTold(Told):
    """Head and foot of the report; what is left empty follows the rule pack."""

    number: LineIn = ""
    place: LineIn = ""
    dated: DayIn | None = None
    signer_post: LineIn = ""
    signer_name: LineIn = ""
    recipients: TextIn = ""


class TextsTold(Told):
    """What the officer writes, by section (achievements, shortcomings, causes, tasks), in one language.

    Sections and a heading that are not named stay as they are; an empty text removes what was there. `edition` is the
    one that was read, 0 when there was no report yet.
    """

    language: Language
    texts: dict[WordIn, TextIn] = Field(default={}, max_length=10)
    heading: HeadingTold | None = None
    edition: EditionIn


class IssueTold(Told):
    """In which language and formats a report is issued; a reason when it replaces one that was issued before.

    `after` is the last edition in this language that was seen, 0 if none was issued: 409 if there is a newer one.
    """

    language: Language
    formats: list[Format] = Field(min_length=1, max_length=4)
    reason: ReasonOrNone = ""
    after: EditionIn | None = None


@router.get(
    "/units/{code}/board",
    response=BoardRow,
    operation_id="read_board",
    summary="How a unit stands, who is late, what waits for me",
    openapi_extra=lens("period", "known_on", "as_of", "tree"),
)
def read_board(request: AuthedRequest, code: WordIn) -> Any:
    """Late returns and what waits are of today, whatever period is shown."""
    unit = unit_for(request, code, READ)
    look = request.lens
    found = board(
        unit.pk,
        look.period or latest_year(unit.pk, look.as_of),
        known_on=look.known_on,
        tree=look.tree_on,
        as_of=look.as_of,
        today=look.today,
        actor=request.actor,
    )
    seen = in_reach(request.actor, look.today, named_in(row.figure for row in found.rows))
    return board_row(unit.code, found, seen)


@router.get(
    "/units/{code}/reviews/{period}",
    response=ReviewRow,
    operation_id="read_review",
    summary="The review report of a unit as it now is",
    openapi_extra=lens("known_on", "as_of", "tree"),
)
def read_review(request: AuthedRequest, code: WordIn, period: PeriodIn, lang: Language | None = None) -> Any:
    """In the language asked for, else in that of the reader. Reviews are held for quarters, half-years, nine months
    and years: 404 for a month.
    """
    return json.loads(_file(request, unit_for(request, code, READ), period, _language(lang), "json"))


@router.get(
    "/units/{code}/reviews/{period}/file",
    response={200: None},
    operation_id="download_review",
    summary="The review report of a unit as a file",
    openapi_extra=lens("known_on", "as_of", "tree") | {"responses": {200: FILES}},
)
def download_review(
    request: AuthedRequest, code: WordIn, period: PeriodIn, format: Format, lang: Language | None = None
) -> Any:
    """As PDF, for Word, as Markdown or as JSON."""
    unit, language = unit_for(request, code, READ), _language(lang)
    made = _file(request, unit, period, language, format)
    response = HttpResponse(made, content_type=MEDIA_TYPES[format])
    name = file_name(unit.code, period, language, format)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@router.get(
    "/units/{code}/reviews/{period}/texts",
    response=TextsRow,
    operation_id="read_review_texts",
    summary="What the officer has written into a report",
)
def read_texts(request: AuthedRequest, code: WordIn, period: PeriodIn, lang: Language | None = None) -> Any:
    """With the edition that goes back when something is written."""
    unit = unit_for(request, code, READ)
    return _texts(unit, _reviewed(period), _language(lang))


@router.put(
    "/units/{code}/reviews/{period}/texts",
    response=TextsRow,
    operation_id="save_review",
    summary="Write what the record cannot say into a report",
)
def save_texts(request: AuthedRequest, code: WordIn, period: PeriodIn, told: TextsTold) -> Any:
    """409 if somebody else has saved the report since it was read."""
    unit = unit_for(request, code, READ)
    save_review(
        unit,
        _reviewed(period),
        told.texts,
        language=told.language,
        heading=None if told.heading is None else HeadingFields(**told.heading.model_dump()),
        edition=told.edition,
        on=request.lens.today,
        by=request.actor,
    )
    return _texts(unit, period, told.language)


@router.get(
    "/units/{code}/reviews/{period}/issues",
    response=Listed[IssueRow],
    operation_id="list_issues",
    summary="What was issued of a report, the newest first",
)
def list_issues(request: AuthedRequest, code: WordIn, period: PeriodIn, piece: PieceIn) -> Any:
    """In all languages."""
    unit = unit_for(request, code, READ)
    return listed_of([issue_row(each) for each in issues(unit.pk, _reviewed(period))], piece)


@router.post(
    "/units/{code}/reviews/{period}/issues",
    response={201: IssueWithFacts},
    operation_id="issue_review",
    summary="Issue a report as the record stands today",
)
def issue(request: AuthedRequest, code: WordIn, period: PeriodIn, told: IssueTold) -> Any:
    """Each format is rendered once, kept with its hash, and never changes."""
    unit = unit_for(request, code, READ)
    made = issue_review(
        unit,
        _reviewed(period),
        language=told.language,
        formats=told.formats,
        reason=told.reason,
        after=told.after,
        on=request.lens.today,
        by=request.actor,
    )
    return Status(201, _issue(made))


@router.get(
    "/issues/{number}",
    response=IssueWithFacts,
    operation_id="read_issue",
    summary="What was issued, as it was",
)
def read_issue(request: AuthedRequest, number: NumberIn) -> Any:
    """With the facts that were frozen in it."""
    return _issue(_readable(request, number))


@router.get(
    "/issues/{number}/file",
    response={200: None},
    operation_id="download_issue",
    summary="A document of an issue: exactly the bytes that were issued",
    openapi_extra={"responses": {200: FILES}},
)
def download_issue(request: AuthedRequest, number: NumberIn, format: Format) -> Any:
    """404 if it was not issued in this format."""
    found = _readable(request, number)
    file = file_of(found, format)
    if file is None:
        raise Http404
    response = HttpResponse(bytes(file.body), content_type=MEDIA_TYPES[format])
    period = Period.parse(found.period_code)
    name = issued_file_name(found.unit.code, period, found.language, found.edition, format)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@router.get(
    "/reforms/{number}/difference/file",
    response={200: None},
    operation_id="download_difference",
    summary="What would be otherwise after a reform, as a paper for the meeting that decides",
    openapi_extra={"responses": {200: FILES}},
)
def download_difference(
    request: AuthedRequest, number: NumberIn, format: PaperFormat, lang: Language | None = None
) -> Any:
    """As PDF, for Word or as Markdown; 404 if it was never rehearsed."""
    today = request.lens.today
    reform = visible_reforms(request.actor, today).filter(pk=number).first()
    if reform is None:
        raise Http404
    language = _language(lang)
    try:
        paper = reform_paper(reform_view(reform, today), request.actor, today, language)
    except NotRehearsed:
        raise Http404 from None
    response = HttpResponse(render_paper(paper, today, format), content_type=MEDIA_TYPES[format])
    response["Content-Disposition"] = f'attachment; filename="{paper_name(reform.code, language, format)}"'
    return response


@router.get(
    "/issues/{number}/differences",
    response=DifferencesRow,
    operation_id="compare_issue",
    summary="What an issued report would say otherwise today, or what another edition says otherwise",
    openapi_extra=lens("known_on"),
)
def compare_issue(request: AuthedRequest, number: NumberIn, other: NumberIn | None = None) -> Any:
    """The frozen facts beside those of a report that is drawn now; empty while both say the same. With the number of
    an `other` issue of the same report in the same language: beside the facts frozen in that.
    """
    found = _readable(request, number)
    if other is not None:
        against = other_issue(found, other)
        if against is None:
            raise Http404
        differing = different_in(found, against)
        return differences_row(found.pk, differing, known_language(get_language()), other=against.pk)
    look = request.lens
    differing = different_today(found, issue_view(found), known_on=look.known_on, today=look.today)
    return differences_row(found.pk, differing, known_language(get_language()))


@router.get(
    "/verified/{document}",
    response=VerifiedRow,
    operation_id="verify_document",
    summary="Whether a document was issued here",
)
def verify_document(request: AuthedRequest, document: WordIn) -> Any:
    """By its verification code or by the SHA-256 of a file; tells what the public page tells. 404 if nothing of this
    was issued here; 429 after too many of these.
    """
    refuse_guessing(request)
    sha256 = document.lower() if re.fullmatch("[0-9a-fA-F]{64}", document) else ""
    asked = sha256 or read_code(document)
    found = verified(asked) if asked else None
    if found is None:
        count_guess(request)
        raise Http404
    return verified_row(found, sha256)


def _issue(found: IssuedReport) -> IssueWithFacts:
    return {**issue_row(issue_view(found)), "facts": found.content["facts"]}


def _readable(request: AuthedRequest, number: int) -> IssuedReport:
    found = readable(request.actor, request.lens.today).select_related("unit").filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def _texts(unit: Unit, period: Period, language: str) -> TextsRow:
    kept = Review.objects.filter(unit=unit, period_code=period.code).first()
    return texts_row(unit.code, period.code, language, kept)


def _file(request: AuthedRequest, unit: Unit, period: Period, language: str, format: str) -> bytes:
    look = request.lens
    content = review(unit.pk, _reviewed(period), known_on=look.known_on, tree=look.tree_on, today=look.today)
    return render(content, language, format)


def _reviewed(period: Period) -> Period:
    if period.kind not in REVIEWED:
        raise Http404
    return period


def _language(asked: str | None) -> str:
    """The language asked for, else that of the reader."""
    return asked if asked in dict(settings.LANGUAGES) else known_language(get_language())
