"""The language of a report on a page: as asked for, else that of the screen. They need not be the same."""

from typing import Any

from django.conf import settings
from django.http import Http404
from django.utils.translation import get_language

from plenum.access.requests import AuthedRequest
from plenum.packs.wording import language as known_language
from plenum.periods import Period, PeriodError
from plenum.reports.rules import NotReviewed, reviewed


def language_of(request: AuthedRequest) -> str:
    """The language of the report that is asked for."""
    asked = request.GET.get("lang", "")
    return asked if asked in dict(settings.LANGUAGES) else known_language(get_language())


def languages(request: AuthedRequest, chosen: str) -> list[dict[str, Any]]:
    """All languages of reports, with the query that asks for each through the reader's lens."""
    return [
        {"code": code, "name": name, "is_chosen": code == chosen, "query": query(request, code)}
        for code, name in settings.LANGUAGES
    ]


def query(request: AuthedRequest, language: str) -> str:
    """The query string of a report in a language, through the reader's lens."""
    return "?" + request.lens.query(period=None, lang=language)


def period_of(code: str) -> Period:
    """The period of a review in an address; Http404 for what is none."""
    try:
        return reviewed(code)
    except (PeriodError, NotReviewed):
        raise Http404 from None
