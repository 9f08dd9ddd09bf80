"""Drafting a plan in the browser: its head, its steps, or a file."""

from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from plenum.access.answers import REFUSED, go_to, put_errors
from plenum.access.reach import require
from plenum.access.requests import AuthedRequest, signed_in, unit_for
from plenum.reorganisations import actions
from plenum.reorganisations.forms import HeadForm, PlanFileForm, StepForm, shown_in_form, steps_data
from plenum.reorganisations.models import Reform
from plenum.reorganisations.pages.reforms import reform_for
from plenum.reorganisations.powers import PLAN, READ
from plenum.reorganisations.queries import plan_of
from plenum.reorganisations.rules import Plan
from plenum.reorganisations.wording import step_in_words
from plenum.tree.queries import unit_view, units

MOST_OFFERED = 500
"""So many units are offered for choosing while one types a code."""


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def draft_page(request: AuthedRequest, code: str) -> HttpResponse:
    """Draft a reform for which a unit answers: by hand, or from a file."""
    unit = unit_for(request, code, READ)
    require(request.actor, PLAN, unit, request.lens.today)
    by_file = "file" in request.FILES
    head = HeadForm(None if by_file else request.POST or None)
    file = PlanFileForm(request.POST, request.FILES) if by_file else PlanFileForm()
    form: forms.Form = file if by_file else head
    if request.method == "POST" and form.is_valid():
        if by_file:
            plan = replace(file.plan, owner=unit.code)
        else:
            given = head.cleaned_data
            plan = Plan(given["code"], given["title"], given["on"], unit.code, given["basis"])
        try:
            reform = actions.draft_reform(plan, on=request.lens.today, by=request.actor)
        except ValidationError as error:
            put_errors(form, error)
        else:
            return go_to(request, "reorganisations:steps", reform.pk)
    return render(
        request,
        "reorganisations/draft.html",
        {"unit": unit_view(unit, request.lens.as_of), "head": head, "file": file},
        status=REFUSED if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def steps_page(request: AuthedRequest, pk: int) -> HttpResponse:
    """Change a plan: add a step, change or remove one, or send a file in its place."""
    reform = reform_for(request, pk)
    require(request.actor, PLAN, reform.unit_id, request.lens.today)
    plan = plan_of(reform)
    number = _number(request, plan)
    file, step = PlanFileForm(), StepForm(initial=_initial(plan, number))
    if request.method == "POST":
        what = request.POST.get("what", "")
        form: forms.Form
        if what == "file":
            form = file = PlanFileForm(request.POST, request.FILES)
        elif what == "remove":
            form = forms.Form({})
        else:
            form = step = StepForm(request.POST)
        if form.is_valid() and (what != "remove" or number):
            answer = _changed(request, reform, _next(plan, form, number))
            if answer is not None:
                return answer
    return render(
        request,
        "reorganisations/steps.html",
        {
            "unit": unit_view(reform.unit_id, request.lens.as_of),
            "reform": reform,
            "steps": [step_in_words(each, plan) for each in plan.steps],
            "number": number,
            "step": step,
            "file": file,
            "offered": units(plan.on, under=reform.unit_id)[:MOST_OFFERED],
        },
        status=REFUSED if request.method == "POST" else 200,
    )


def _next(plan: Plan, form: forms.Form, number: int) -> Plan:
    """The plan with what was filled in: `number` is the step that is changed or removed, 0 adds one."""
    if isinstance(form, PlanFileForm):
        return replace(form.plan, code=plan.code, owner=plan.owner)
    steps = list(plan.steps)
    if isinstance(form, StepForm):
        steps[number - 1 if number else len(steps) : number or len(steps)] = [form.step]
    else:
        del steps[number - 1]
    return replace(plan, steps=tuple(steps))


def _changed(request: AuthedRequest, reform: Reform, plan: Plan) -> HttpResponse | None:
    text = request.POST.get("edition", "")
    edition = int(text) if text.isdecimal() and len(text) < 10 else None
    try:
        actions.change_reform(
            reform.pk,
            plan,
            edition=edition,
            document_id=reform.document_id,
            on=request.lens.today,
            by=request.actor,
        )
    except ValidationError as error:
        for message in error.messages:
            messages.error(request, message)
        return None
    messages.success(request, _("The plan is changed. Rehearse it again."))
    return go_to(request, "reorganisations:steps", reform.pk)


def _number(request: AuthedRequest, plan: Plan) -> int:
    """Which step is changed, counted from 1; 0 for none."""
    text = request.POST.get("step", request.GET.get("step", ""))
    number = int(text) if text.isdecimal() and len(text) < 7 else 0
    return number if number <= len(plan.steps) else 0


def _initial(plan: Plan, number: int) -> dict[str, Any]:
    return shown_in_form(steps_data(plan)[number - 1]) if number else {}
