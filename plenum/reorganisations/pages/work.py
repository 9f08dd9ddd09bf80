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
from plenum.reorganisations.forms import ProgressFilterForm, WorkFilterForm
from plenum.reorganisations.models import Work
from plenum.reorganisations.powers import ANSWER
from plenum.reorganisations.queries import (
    WORK_STATES,
    ProgressOrder,
    WorkOrder,
    count_by_state,
    narrowed_work,
    ordered_progress,
    ordered_work,
    progress,
    reforms_with_work,
    work_for,
)
from plenum.tree.queries import unit_views

ON_A_PAGE = 50


@require_safe
@signed_in
def work_page(request: AuthedRequest) -> HttpResponse:
    """What is left to do, or done, at the units that one reaches; who answers for a unit says here that it is done."""
    today = request.lens.today
    everything = work_for(request.actor, today)
    form, work = _narrowed(request, everything, WorkFilterForm)
    given = form.cleaned_data
    if not given.get("shown"):
        work = work.filter(done_on=None)
    elif given["shown"] == "done":
        work = work.filter(done_on__isnull=False)
    order = given.pop("order", "") or WorkOrder.UNIT
    page = page_of(request, ordered_work(work, order), ON_A_PAGE)
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
    """How far each unit is with its work after reforms: unless asked otherwise, who has not begun is seen first."""
    today = request.lens.today
    form, work = _narrowed(request, work_for(request.actor, today), ProgressFilterForm)
    order = form.cleaned_data.pop("order", "") or ProgressOrder.LEAST
    counts = count_by_state(work)
    state = request.GET.get("state", "")
    found = ordered_progress(work, state=state, order=order)
    page = page_of(request, found, ON_A_PAGE, total=counts.get(state, sum(counts.values())))
    return render(
        request,
        "reorganisations/progress.html",
        {
            "page": page,
            "rows": progress(page.object_list, today),
            "count": sum(counts.values()),
            "counts": counts,
            "state": state if state in WORK_STATES else "",
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


def _narrowed(
    request: AuthedRequest, work: QuerySet[Work], form_of: type[WorkFilterForm]
) -> tuple[WorkFilterForm, QuerySet[Work]]:
    """The filter of a page, and the work that it lets through."""
    form = form_of(request.GET, reforms=reforms_with_work(work))
    form.is_valid()
    given: dict[str, Any] = form.cleaned_data
    found = narrowed_work(
        work,
        text=given.get("q", ""),
        reform=given.get("reform"),
        what=given.get("what", ""),
        unit=request.GET.get("unit", "")[:80],
    )
    return form, found
