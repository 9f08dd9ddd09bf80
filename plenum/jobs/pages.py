"""Pages of jobs: what waits, runs and has ended; how far one is; cancel it, start it again, take its result."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from plenum.access.answers import REFUSED, go_to
from plenum.access.paging import page_of
from plenum.access.requests import AuthedRequest, signed_in
from plenum.jobs import actions
from plenum.jobs.answers import result_answer
from plenum.jobs.forms import JobFilterForm
from plenum.jobs.models import UNDER_WAY
from plenum.jobs.queries import (
    JobView,
    chosen,
    job_view,
    job_views,
    own,
    shown,
    units_with_jobs,
    wait_for_nobody,
)

ON_A_PAGE = 50


@never_cache
@require_safe
@signed_in
def jobs_page(request: AuthedRequest) -> HttpResponse:
    """My jobs and those of the units where I may see which run, the newest first."""
    today = request.lens.today
    filtered = JobFilterForm(request.GET)
    filtered.is_valid()
    whose, state = filtered.cleaned_data.get("whose", ""), filtered.cleaned_data.get("state", "")
    all_jobs = own(request.actor) if whose == "mine" else shown(request.actor, today)
    page = page_of(request, chosen(all_jobs, state=state), ON_A_PAGE)
    return render(
        request,
        "jobs/jobs.html",
        {
            "filter": filtered,
            "page": page,
            "jobs": job_views(page.object_list, request.actor, today),  # type: ignore[arg-type]
            "no_worker": wait_for_nobody(all_jobs),
            "under_way": all_jobs.filter(state__in=UNDER_WAY).count(),
            "chosen": bool(whose or state),
            "others": units_with_jobs(request.actor, today).exists(),
        },
    )


@never_cache
@require_safe
@signed_in
def job_page(request: AuthedRequest, pk: int) -> HttpResponse:
    """One job: how far it is, what came of it. Asked for by htmx, only the part that changes."""
    return _shown(request, _job(request, pk))


@require_POST
@signed_in
def cancel(request: AuthedRequest, pk: int) -> HttpResponse:
    """Cancel a job that waits or runs."""
    job = _job(request, pk)
    try:
        actions.cancel(pk, on=request.lens.today, by=request.actor)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return _shown(request, job, REFUSED)
    messages.success(request, _("The job is cancelled."))
    return go_to(request, "jobs:job", pk)


@require_POST
@signed_in
def start_again(request: AuthedRequest, pk: int) -> HttpResponse:
    """Start one's own job once more."""
    job = _job(request, pk)
    try:
        actions.start_again(pk, on=request.lens.today, by=request.actor)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return _shown(request, job, REFUSED)
    messages.success(request, _("The job is started again."))
    return go_to(request, "jobs:job", pk)


@never_cache
@require_safe
@signed_in
def result(request: AuthedRequest, pk: int) -> HttpResponseBase:
    """The file that one's own job has left."""
    return result_answer(request, pk)


def _job(request: AuthedRequest, pk: int) -> JobView:
    found = job_view(pk, request.actor, request.lens.today)
    if found is None:
        raise Http404
    return found


def _shown(request: AuthedRequest, job: JobView, status: int = 200) -> HttpResponse:
    part = request.headers.get("HX-Request") == "true"
    return render(request, "jobs/progress.html" if part else "jobs/job.html", {"job": job}, status=status)
