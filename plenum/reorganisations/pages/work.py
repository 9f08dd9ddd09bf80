"""What units have to look at after reforms, and how far each of them is."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from plenum.access.answers import go_to
from plenum.access.paging import page_of
from plenum.access.reach import reachable
from plenum.access.requests import AuthedRequest, signed_in
from plenum.reorganisations import actions
from plenum.reorganisations.forms import WorkFilterForm
from plenum.reorganisations.models import Work
from plenum.reorganisations.powers import ANSWER
from plenum.reorganisations.queries import progress, reforms_with_work, work_for
from plenum.tree.models import UnitName
from plenum.tree.queries import unit_views
from plenum.tree.sorting import search_key

ON_A_PAGE = 50
STATES = ("todo", "current", "done")


@require_safe
@signed_in
def work_page(request: AuthedRequest) -> HttpResponse:
    """What is left to do, or done, at the units that one reaches; who answers for a unit says here that it is done."""
    today = request.lens.today
    everything = work_for(request.actor, today)
    form, work = _narrowed(request, everything)
    given = form.cleaned_data
    if not given.get("shown"):
        work = work.filter(done_on=None)
    elif given["shown"] == "done":
        work = work.filter(done_on__isnull=False)
    page = page_of(request, work, ON_A_PAGE)
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
            "left": everything.filter(done_on=None).count(),
            "all": everything.count(),
            "filter": form,
            "chosen": any(given.values()) or "unit" in request.GET,
        },
    )


@require_safe
@signed_in
def progress_page(request: AuthedRequest) -> HttpResponse:
    """How far each unit is with its work after reforms: who has not begun is seen first."""
    today = request.lens.today
    form, work = _narrowed(request, work_for(request.actor, today))
    found = progress(work, today)
    counts = {state: sum(each.state == state for each in found) for state in STATES}
    state = request.GET.get("state", "")
    page = page_of(request, [each for each in found if not state or each.state == state], ON_A_PAGE)
    return render(
        request,
        "reorganisations/progress.html",
        {
            "page": page,
            "count": len(found),
            "counts": counts,
            "state": state if state in STATES else "",
            "filter": form,
            "chosen": any(form.cleaned_data.values()),
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


def _narrowed(request: AuthedRequest, work: QuerySet[Work]) -> tuple[WorkFilterForm, QuerySet[Work]]:
    """The filter of a page, and the work that it lets through."""
    form = WorkFilterForm(request.GET, reforms=reforms_with_work(work))
    form.is_valid()
    given: dict[str, Any] = form.cleaned_data
    if given.get("reform"):
        work = work.filter(reform=given["reform"])
    if given.get("what"):
        work = work.filter(what=given["what"])
    for word in search_key(given.get("q", "")).split():
        names = UnitName.objects.filter(search_key__contains=word)
        work = work.filter(unit__in=names.values("unit"))
    if code := request.GET.get("unit", "")[:80]:
        work = work.filter(unit__code=code)
    return form, work
