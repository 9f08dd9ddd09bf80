"""What would be otherwise after a reform: units side by side, figures, accounts, posts and sizes."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from plenum.access.paging import page_of
from plenum.access.requests import AuthedRequest, signed_in
from plenum.organisation.wording import by_rank, plural_kind_name
from plenum.packs import pack
from plenum.packs.wording import LANGUAGES, language
from plenum.reorganisations import difference_wording as words
from plenum.reorganisations.difference_rows import account_rows, figure_rows, payroll_row, size_rows
from plenum.reorganisations.pages.reforms import ON_A_PAGE, reform_for
from plenum.reorganisations.powers import FATES
from plenum.reorganisations.queries import decisions_of, reform_view
from plenum.reorganisations.queries.seen import seen
from plenum.reorganisations.queries.sides import by_superior, chosen, superiors

FORMATS = ("pdf", "docx", "md")
LONGEST_WORDS = 100


@require_safe
@signed_in
def difference_page(request: AuthedRequest, pk: int) -> HttpResponse:
    """Before and after, by superior; filtered by what becomes of units, by a superior and by a text."""
    reform = reform_for(request, pk)
    today = request.lens.today
    view = reform_view(reform, today)
    if view.rehearsal is None:
        raise Http404
    found = seen(view.rehearsal.difference, view.owner.code, request.actor, today)
    asked = {
        name: request.GET.get(name, "")[:LONGEST_WORDS].replace("\x00", "")
        for name in ("fate", "superior", "q")
    }
    units = chosen(found.units, fate=asked["fate"], superior=asked["superior"], text=asked["q"])
    figures = figure_rows(found.figures)
    accounts = account_rows(found.accounts, decisions_of(reform), found.units)
    lang = language(get_language())
    kinds: dict[str, list[int]] = view.rehearsal.report["kinds"]
    return render(
        request,
        "reorganisations/difference.html",
        {
            "unit": view.owner,
            "view": view,
            "reform": reform,
            "asked": asked,
            "filtered": any(asked.values()),
            "units": page_of(request, by_superior(units), ON_A_PAGE),
            "fates": [(code, str(name)) for code, name in FATES.items()],
            "superiors": superiors(found.units),
            "kinds": [(plural_kind_name(kind), *kinds[kind]) for kind in by_rank(kinds)],
            "said_of_units": words.said_of_units(found),
            "said_of_figures": words.said_of_figures(found),
            "said_of_accounts": words.said_of_accounts(found),
            "said_of_payroll": words.said_of_payroll(found),
            "said_of_sizes": words.said_of_sizes(found),
            "figures": _first(request, [{**row, **_named(row)} for row in figures]),
            "accounts": _first(request, accounts),
            "payroll": payroll_row(found.payroll) if found.payroll else None,
            "sizes": _first(request, size_rows(found.sizes)),
            "formats": FORMATS,
            "languages": LANGUAGES,
            "lang": lang,
        },
    )


def _named(row: Any) -> dict[str, Any]:
    """What a template needs to write a figure: the name of its indicator, and whether it is a ratio."""
    indicator = pack().indicators[row["indicator"]]
    return {"name_of": indicator.name, "is_ratio": indicator.is_ratio}


def _first(request: AuthedRequest, rows: list[Any]) -> "Page[Any]":
    """The first rows of a table below that of the units, which alone is turned over; in a file it has all of them."""
    if getattr(request, "to_file", False):
        return page_of(request, rows, ON_A_PAGE)
    return Paginator(rows, ON_A_PAGE).get_page(1)
