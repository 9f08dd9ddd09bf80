"""The review report of a unit: preview, form, downloads."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from plenum.access.answers import REFUSED, Changed, differing, put_errors
from plenum.access.reach import require
from plenum.access.requests import AuthedRequest, may, signed_in, unit_for
from plenum.packs.wording import language as known_language
from plenum.periods import Period
from plenum.reports.actions import ReviewChanged, save_review
from plenum.reports.content import ReviewContent
from plenum.reports.forms import ReviewForm
from plenum.reports.pages.languages import language_of, languages, period_of, query
from plenum.reports.powers import ISSUE, READ, WRITE
from plenum.reports.queries.issued import issues
from plenum.reports.queries.review import review
from plenum.reports.queries.written import as_written
from plenum.reports.render import MEDIA_TYPES, RENDERERS, file_name
from plenum.reports.render import render as render_file
from plenum.reports.rules import SECTIONS, latest_over
from plenum.reports.wording import write
from plenum.reports.wording.amounts import during
from plenum.tree.models import Unit
from plenum.tree.queries import unit_view


@require_safe
@signed_in
def choose_review(request: AuthedRequest, code: str) -> HttpResponse:
    """Lead to the review of the period asked for, else of the longest period of the year that is over."""
    unit_for(request, code, READ)
    period = request.lens.period
    if period is None:
        day = request.lens.as_of
        period = latest_over(day.year, Period.of_year(day.year).months_complete_on(day))
    query = request.lens.query(period=None, lang=request.GET.get("lang"))
    address = reverse("reports:review", args=[code, period.code])
    return HttpResponseRedirect(f"{address}?{query}" if query else address)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def review_page(request: AuthedRequest, code: str, period: str) -> HttpResponse:
    """The report as it now is, in the language asked for, and the form for what the officer writes."""
    unit = unit_for(request, code, READ)
    the_period = period_of(period)
    language = language_of(request)
    if request.method == "POST":
        require(request.actor, WRITE, unit, request.lens.today)
    kept = as_written(unit.pk, the_period, language)
    form = ReviewForm(request.POST or None, initial=kept)
    if request.method == "POST" and form.is_valid():
        try:
            save_review(
                unit,
                the_period,
                form.texts(),
                language=language,
                heading=form.heading(),
                edition=form.cleaned_data["edition"],
                on=request.lens.today,
                by=request.actor,
            )
        except ReviewChanged as error:
            raise _changed(request, unit, the_period, form, language) from error
        except ValidationError as error:
            put_errors(form, error)
        else:
            return HttpResponseRedirect(request.get_full_path())
    content = _content(request, unit, the_period)
    written = write(content, language)
    return render(
        request,
        "reports/review.html",
        {
            "unit": unit_view(unit, request.lens.as_of),
            "door": "review",
            "period": the_period,
            "written": written,
            "report_language": language,
            "report_languages": languages(request, language),
            "downloads": _downloads(request, code, the_period),
            "may_write": may(request, WRITE, unit),
            "may_issue": may(request, ISSUE, unit),
            "issues": issues(unit.pk, the_period),
            "form": form,
            "other_languages": _other_languages(content, language),
        },
        status=REFUSED if form.errors else 200,
    )


@require_safe
@signed_in
def download_review(request: AuthedRequest, code: str, period: str, format: str) -> HttpResponse:
    """The report as a file in the language asked for."""
    unit = unit_for(request, code, READ)
    the_period = period_of(period)
    if format not in RENDERERS:
        raise Http404
    language = language_of(request)
    made = render_file(_content(request, unit, the_period), language, format)
    response = HttpResponse(made, content_type=MEDIA_TYPES[format])
    name = file_name(code, the_period, language, format)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _content(request: AuthedRequest, unit: Unit, period: Period) -> ReviewContent:
    look = request.lens
    return review(unit.pk, period, known_on=look.known_on, tree=look.tree_on, today=look.today)


def _downloads(request: AuthedRequest, code: str, period: Period) -> list[dict[str, Any]]:
    """For each format the files in each language."""
    return [
        {
            "format": format,
            "files": [
                {
                    "language": language,
                    "name": name,
                    "file_name": file_name(code, period, language, format),
                    "address": reverse("reports:download", args=[code, period.code, format])
                    + query(request, language),
                }
                for language, name in settings.LANGUAGES
            ],
        }
        for format in RENDERERS
    ]


def _changed(request: AuthedRequest, unit: Unit, period: Period, form: ReviewForm, language: str) -> Changed:
    """What was typed beside what somebody else has saved meanwhile; it can be sent again over that edition."""
    now = as_written(unit.pk, period, language)
    day = request.lens.as_of
    what = _("%(unit)s: review report for %(period)s") % {
        "unit": unit_view(unit, day).name,
        "period": during(period, known_language(get_language())),
    }
    return Changed(
        what,
        differing(form, ReviewForm(initial=now)),
        back=request.get_full_path(),
        renewed={"edition": str(now["edition"])},
    )


def _other_languages(content: ReviewContent, language: str) -> Sequence[str]:
    """The names of the languages in which texts exist that this language lacks."""
    lacking = {
        text.language
        for section in SECTIONS
        if not any(text.language == language for text in content.texts.get(section, ()))
        for text in content.texts.get(section, ())
    }
    return [str(name) for code, name in settings.LANGUAGES if code in lacking]
