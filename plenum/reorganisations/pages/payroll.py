"""The payroll part of a plan: what counts heads, the target, and the posts of units."""

from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from plenum.access.answers import REFUSED, go_to, put_errors
from plenum.access.reach import require
from plenum.access.requests import AuthedRequest, signed_in
from plenum.reorganisations.forms.payroll import PayrollForm, payroll_initial
from plenum.reorganisations.models import State
from plenum.reorganisations.pages.reforms import reform_for
from plenum.reorganisations.pages.steps import change_plan
from plenum.reorganisations.powers import PLAN
from plenum.reorganisations.queries import plan_of
from plenum.tree.queries import unit_view


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def payroll_page(request: AuthedRequest, pk: int) -> HttpResponse:
    """Set a payroll target and the posts of units, or leave the part out again."""
    reform = reform_for(request, pk)
    require(request.actor, PLAN, reform.unit_id, request.lens.today)
    if reform.state == State.EXECUTED:
        return go_to(request, "reorganisations:reform", pk)
    plan = plan_of(reform)
    form = PayrollForm(request.POST or None, initial=payroll_initial(plan.payroll))
    if request.method == "POST" and form.is_valid():
        try:
            change_plan(request, reform, replace(plan, payroll=form.payroll))
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("The plan is changed. Rehearse it again."))
            return go_to(request, "reorganisations:reform", pk)
    return render(
        request,
        "reorganisations/payroll.html",
        {"unit": unit_view(reform.unit_id, request.lens.as_of), "reform": reform, "form": form},
        status=REFUSED if form.errors else 200,
    )
