"""What units have to look at after reforms."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from plenum.access.answers import go_to
from plenum.access.paging import page_of
from plenum.access.reach import reachable
from plenum.access.requests import AuthedRequest, signed_in
from plenum.reorganisations import actions
from plenum.reorganisations.powers import ANSWER
from plenum.reorganisations.queries import work_for
from plenum.tree.queries import unit_views

ON_A_PAGE = 50


@require_safe
@signed_in
def work_page(request: AuthedRequest) -> HttpResponse:
    """What is not done yet, at the units that one reaches; a superior follows it here."""
    today = request.lens.today
    open_work = work_for(request.actor, today).filter(done_on=None)
    page = page_of(request, open_work, ON_A_PAGE)
    rows = list(page.object_list)
    units = unit_views({row.unit_id for row in rows}, today)
    mine = set(
        reachable(request.actor, ANSWER, today).filter(pk__in=list(units)).values_list("pk", flat=True)
    )
    return render(
        request,
        "reorganisations/work.html",
        {
            "page": page,
            "rows": [(row, units[row.unit_id], row.unit_id in mine) for row in rows],
            "count": page.paginator.count,
        },
    )


@require_POST
@signed_in
def finish(request: AuthedRequest, pk: int) -> HttpResponse:
    """Say that something has been done."""
    if not work_for(request.actor, request.lens.today).filter(pk=pk).exists():
        raise Http404
    try:
        actions.finish_work(pk, on=request.lens.today, by=request.actor)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Done."))
    return go_to(request, "reorganisations:work")
