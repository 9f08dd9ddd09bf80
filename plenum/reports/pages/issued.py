"""Issuing the review report, and what was issued: the frozen report, its documents, what would be different today."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from plenum.access.answers import REFUSED, Changed, Side, go_to, put_errors
from plenum.access.reach import require
from plenum.access.requests import AuthedRequest, signed_in, unit_for
from plenum.packs import wording
from plenum.periods import Period
from plenum.reports.actions import IssuedMeanwhile, issue_review
from plenum.reports.forms import IssueForm
from plenum.reports.models import IssuedReport
from plenum.reports.pages.languages import language_of, languages, period_of
from plenum.reports.powers import ISSUE, READ
from plenum.reports.queries.issued import file_of, issue_view, issues, last_edition, other_issue, readable
from plenum.reports.render import MEDIA_TYPES, issued_file_name
from plenum.reports.today import different_in, different_today
from plenum.reports.wording.differences import lines
from plenum.reports.wording.frozen import from_data
from plenum.tree.queries import unit_view


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def issue_page(request: AuthedRequest, code: str, period: str) -> HttpResponse:
    """Issue the report as the record stands today, in the language asked for."""
    unit = unit_for(request, code, READ)
    the_period, language, today = period_of(period), language_of(request), request.lens.today
    require(request.actor, ISSUE, unit, today)
    last = last_edition(unit.pk, the_period, language)
    form = IssueForm(request.POST or None, last=last)
    if request.method == "POST" and form.is_valid():
        try:
            issued = issue_review(
                unit,
                the_period,
                language=language,
                formats=form.cleaned_data["formats"],
                reason=form.cleaned_data["reason"],
                after=form.cleaned_data["after"],
                on=today,
                by=request.actor,
            )
            return go_to(request, "reports:issued", issued.pk)
        except IssuedMeanwhile as error:
            raise _issued_meanwhile(request, unit.pk, the_period, language) from error
        except ValidationError as error:
            put_errors(form, error)
    return render(
        request,
        "reports/issue.html",
        {
            "unit": unit_view(unit, request.lens.as_of),
            "door": "review",
            "period": the_period,
            "report_language": language,
            "report_languages": languages(request, language),
            "last": last,
            "form": form,
        },
        status=REFUSED if form.errors else 200,
    )


@require_safe
@signed_in
def issued_page(request: AuthedRequest, pk: int) -> HttpResponse:
    """What was issued, as it was, beside what would be different today, or is in the edition numbered `other`."""
    issue = _readable(request, pk)
    view = issue_view(issue)
    other = _other(issue, request.GET.get("other", ""))
    if other is None:
        found = different_today(issue, view, known_on=request.lens.known_on, today=request.lens.today)
    else:
        found = different_in(issue, other)
    return render(
        request,
        "reports/issued.html",
        {
            "unit": unit_view(issue.unit_id, request.lens.as_of),
            "door": "review",
            "period": view.period,
            "issue": view,
            "other": other,
            "others": [
                each
                for each in issues(issue.unit_id, view.period)
                if each.language == view.language and each.id != view.id
            ],
            "written": from_data(issue.content["written"]),
            "differences": lines(found, wording.language(get_language())),
        },
    )


@require_safe
@signed_in
def issued_file(request: AuthedRequest, pk: int, format: str) -> HttpResponse:
    """A document of an issue: exactly the bytes that were issued."""
    issue = _readable(request, pk)
    file = file_of(issue, format)
    if file is None:
        raise Http404
    response = HttpResponse(bytes(file.body), content_type=MEDIA_TYPES[format])
    period = Period.parse(issue.period_code)
    name = issued_file_name(issue.unit.code, period, issue.language, issue.edition, format)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _issued_meanwhile(request: AuthedRequest, unit_id: int, period: Period, language: str) -> Changed:
    """The edition that somebody else has issued meanwhile; another can still be issued, with a reason."""
    last = next(each for each in issues(unit_id, period) if each.language == language)
    day = wording.day(last.issued_on, wording.language(get_language()))
    query = request.lens.query()
    return Changed(
        f"{last.unit_name}: {wording.period_name(period, wording.language(get_language()))}",
        [Side(_("Edition"), "", f"{last.edition} ({last.issued_by}, {day})")],
        back=reverse("reports:issued", args=[last.id]) + (f"?{query}" if query else ""),
        renewed={"after": str(last.edition)},
    )


def _other(issue: IssuedReport, asked: str) -> IssuedReport | None:
    """The edition to compare with; None if none is asked for. Http404 if it is none of this report."""
    if not asked:
        return None
    numeric = asked.isascii() and asked.isdigit() and len(asked) < 19
    found = other_issue(issue, int(asked)) if numeric else None
    if found is None:
        raise Http404
    return found


def _readable(request: AuthedRequest, pk: int) -> IssuedReport:
    issue = readable(request.actor, request.lens.today).select_related("unit").filter(pk=pk).first()
    if issue is None:
        raise Http404
    return issue
