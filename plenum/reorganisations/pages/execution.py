"""Executing a reform: what will happen is said once more, and confirmed, before it happens."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from plenum.access.answers import REFUSED, go_to
from plenum.access.reach import require
from plenum.access.requests import AuthedRequest, signed_in
from plenum.reorganisations import actions
from plenum.reorganisations.forms import ExecuteForm
from plenum.reorganisations.jobs import EXECUTE_JOB, start_if_large
from plenum.reorganisations.models import State
from plenum.reorganisations.pages.reforms import edition_of, reform_for
from plenum.reorganisations.powers import EXECUTE
from plenum.reorganisations.queries import decisions_of, reform_view
from plenum.reorganisations.rows import rehearsal_row


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def execution_page(request: AuthedRequest, pk: int) -> HttpResponse:
    """Confirm the execution of a reform; what still stands in its way is said here, with what to do about it."""
    reform = reform_for(request, pk)
    today = request.lens.today
    require(request.actor, EXECUTE, reform.unit_id, today)
    if reform.state == State.EXECUTED:
        return go_to(request, "reorganisations:reform", pk)
    view = reform_view(reform, today)
    form = ExecuteForm(request.POST if request.method == "POST" else None)
    stale = False
    if request.method == "POST" and form.is_valid():
        try:
            edition = edition_of(request)
            if start_if_large(EXECUTE_JOB, reform, edition=edition, on=today, by=request.actor):
                messages.success(request, _("The execution has been started. This page says how far it is."))
            else:
                actions.execute_reform(reform.pk, edition=edition, on=today, by=request.actor)
                messages.success(request, _("The reform is executed."))
        except ValidationError as error:
            form.add_error(None, error.messages)
            stale = isinstance(error, actions.Stale)
        else:
            return go_to(request, "reorganisations:reform", pk)
    return render(
        request,
        "reorganisations/execute.html",
        {
            "unit": view.owner,
            "reform": reform,
            "view": view,
            "rehearsed": rehearsal_row(view.rehearsal, decisions_of(reform)) if view.rehearsal else None,
            "waiting_for": [each.unit for each in view.asked if not each.on],
            "is_undoable": today < reform.on_date,
            "form": form,
            "stale": stale,
        },
        status=REFUSED if form.errors else 200,
    )
