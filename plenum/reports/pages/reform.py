"""The paper on a reform as a file."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from plenum.access.requests import AuthedRequest, signed_in
from plenum.reorganisations.queries import reform_view, visible_reforms
from plenum.reports.pages.languages import language_of
from plenum.reports.reform_paper import NotRehearsed, reform_paper
from plenum.reports.render import MEDIA_TYPES, PAPER_FORMATS, paper_name, render_paper


@require_safe
@signed_in
def reform_paper_file(request: AuthedRequest, pk: int, format: str) -> HttpResponse:
    """What would be otherwise after a reform, in the language asked for; 404 before it was rehearsed."""
    today = request.lens.today
    reform = visible_reforms(request.actor, today).filter(pk=pk).first()
    if reform is None or format not in PAPER_FORMATS:
        raise Http404
    language = language_of(request)
    try:
        paper = reform_paper(reform_view(reform, today), request.actor, today, language)
    except NotRehearsed:
        raise Http404 from None
    response = HttpResponse(render_paper(paper, today, format), content_type=MEDIA_TYPES[format])
    name = paper_name(reform.code, language, format)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
