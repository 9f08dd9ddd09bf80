"""One step of a plan: what happens, to which units, and what comes of it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from plenum.access.answers import REFUSED, go_to
from plenum.access.reach import require
from plenum.access.requests import AuthedRequest, signed_in
from plenum.organisation.queries import free_code
from plenum.reorganisations.forms import (
    OFFERED,
    STEP_FORMS,
    DeedForm,
    Drawing,
    SplitForm,
    parts_of,
    shown_in_form,
    units_of,
)
from plenum.reorganisations.forms.split import MOST
from plenum.reorganisations.models import Reform, State
from plenum.reorganisations.pages.reforms import reform_for
from plenum.reorganisations.pages.steps import change_plan, codes_in, parse_date_or_none
from plenum.reorganisations.powers import PLAN
from plenum.reorganisations.queries import (
    Called,
    draft_of,
    founded_in,
    is_large,
    names_below,
    offered,
    plan_of,
)
from plenum.reorganisations.rules import Plan, as_data, codes_named
from plenum.reorganisations.wording import DO, finding_in_words
from plenum.tree.models import Unit
from plenum.tree.queries import UnitView, children, unit_view

MOST_CHILDREN = 1000
TARGETS = {"move": "to", "merge": "into", "dissolve": "children_to", "found": "parent", "end_level": "under"}
"""The field of each form that names another unit, so that one can be dropped on it."""


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def step_page(request: AuthedRequest, pk: int) -> HttpResponse:
    """Add a step about the units picked, or change one; several units give a step each where a step has only one."""
    reform = reform_for(request, pk)
    require(request.actor, PLAN, reform.unit_id, request.lens.today)
    if reform.state == State.EXECUTED:
        return go_to(request, "reorganisations:reform", pk)
    plan = plan_of(reform)
    number = _number(request, plan)
    kept = _data_of(plan, number)
    do = _deed(request, kept)
    changing = kept is not None and kept["do"] == do
    codes = codes_in(request.POST.getlist("pick") or request.GET.getlist("pick"))
    codes = codes or tuple(units_of(kept) if kept else ())
    names = names_below(reform.unit_id, {*codes, *codes_named(plan), *request.GET.getlist("to")[:1]}, plan.on)
    names |= {unit.code: unit.name for unit in founded_in(plan)}
    picked = [Called(code, names.get(code, code)) for code in codes]
    first = _first(reform, plan, picked)
    more: dict[str, Any] = {
        "drawing": Drawing(plan, reform.unit_id, free_code),
        "picked": picked,
        "parts": _parts(request, kept if changing else None),
    }
    if do == "split":
        more["children"] = _children(plan, first)
    texts = {code: Called(code, name).text for code, name in names.items()}
    initial = (
        shown_in_form(kept, texts) if changing and kept else _initial(request, do, picked, texts, plan, first)
    )
    form = STEP_FORMS[do](initial=initial, **more)
    status = 200
    if request.method == "POST":
        if request.POST.get("what") == "part":
            more["parts"] = min(more["parts"] + 1, MOST)
            form = STEP_FORMS[do](initial={**initial, **_typed(request)}, **more)
        else:
            form = STEP_FORMS[do](request.POST, **more)
            if form.is_valid() and _kept(request, reform, plan, number, form):
                return go_to(request, "reorganisations:steps", pk)
            status = REFUSED
    return render(
        request,
        "reorganisations/step.html",
        {
            "unit": unit_view(reform.unit_id, request.lens.as_of),
            "reform": reform,
            "plan": plan,
            "number": number,
            "do": do,
            "called": DO[do],
            "deeds": DO.items(),
            "picked": picked,
            "to": request.GET.get("to", ""),
            "form": form,
            "parts": form.rows() if isinstance(form, SplitForm) else [],
            "child_fields": form.child_fields() if isinstance(form, SplitForm) else [],
            "count": form.parts,
            "plain": [field for field in form if "-" not in field.name] if do == "split" else list(form),
            "list_id": OFFERED,
            "offered": offered(plan, reform.unit_id, [*codes, *request.GET.getlist("to")[:1]]),
            "findings": _findings(plan, reform, number, names) if number and not form.errors else [],
            "only_first": do in ("rename", "split") and len(picked) > 1,
        },
        status=status,
    )


def _number(request: AuthedRequest, plan: Plan) -> int:
    """Which step is changed, counted from 1; 0 for a new one."""
    text = request.POST.get("step", request.GET.get("step", ""))
    number = int(text) if text.isdecimal() and len(text) < 7 else 0
    return number if number <= len(plan.steps) else 0


def _data_of(plan: Plan, number: int) -> dict[str, Any] | None:
    if not number:
        return None
    steps: list[dict[str, Any]] = as_data(replace(plan, steps=(plan.steps[number - 1],)))["steps"]
    return steps[0]


def _deed(request: AuthedRequest, kept: dict[str, Any] | None) -> str:
    do = request.POST.get("do", request.GET.get("do", kept["do"] if kept else ""))
    return do if do in STEP_FORMS else next(iter(STEP_FORMS))


def _parts(request: AuthedRequest, kept: dict[str, Any] | None) -> int:
    text = request.POST.get("parts", "")
    if text.isdecimal() and len(text) < 3:
        return int(text)
    return parts_of(kept) if kept else 0


def _children(plan: Plan, view: UnitView | None) -> list[Called]:
    """The units directly below the one that is divided."""
    return (
        [Called(each.code, each.name) for each in children(view.id, plan.on)][:MOST_CHILDREN] if view else []
    )


def _first(reform: Reform, plan: Plan, picked: Sequence[Called]) -> UnitView | None:
    """The first unit picked, if it stands below the one that answers."""
    code = picked[0].code if picked else ""
    if not names_below(reform.unit_id, [code], plan.on):
        return None
    return unit_view(Unit.objects.get(code=code), plan.on)


def _initial(
    request: AuthedRequest,
    do: str,
    picked: Sequence[Called],
    texts: dict[str, str],
    plan: Plan,
    view: UnitView | None,
) -> dict[str, Any]:
    """What the form of a new step says before anybody has written into it."""
    shown: dict[str, Any] = {"units": [each.code for each in picked]}
    if picked:
        shown["unit"] = picked[0].text
    to = request.GET.get("to", "")
    if to and do in TARGETS:
        shown[TARGETS[do]] = texts.get(to, to)
    day = parse_date_or_none(request.GET.get("day", ""))
    if day and day != plan.on:
        shown["on"] = day
    owner = texts.get(plan.owner, plan.owner)
    above = texts.get(view.parent_code or "", view.parent_code or "") if view else owner
    if do == "found":
        return {"parent": picked[0].text if picked else owner} | shown
    if do == "merge":
        return shown | {"kind": view.kind if view else "", "parent": above}
    if do == "split":
        kinds = {f"part{number}-kind": view.kind if view else "" for number in range(MOST)}
        return shown | kinds | {f"part{number}-parent": above for number in range(MOST)}
    if do == "rename" and view:
        return shown | {"name": view.name, "short": "" if view.short == view.name else view.short}
    return shown


def _typed(request: AuthedRequest) -> dict[str, Any]:
    """What was typed, so that another part can be added without losing it."""
    return {name: values if name == "units" else values[-1] for name, values in request.POST.lists()}


def _kept(request: AuthedRequest, reform: Reform, plan: Plan, number: int, form: DeedForm) -> bool:
    """Whether the steps of the form are in the plan now; if not, the form says why."""
    steps = list(plan.steps)
    steps[number - 1 if number else len(steps) : number or len(steps)] = form.steps
    try:
        change_plan(request, reform, replace(plan, steps=tuple(steps)))
    except ValidationError as error:
        form.add_error(None, error.messages)
        return False
    messages.success(
        request, _("The step is changed.") if number else _("The plan has a new step. See what comes of it.")
    )
    return True


def _findings(plan: Plan, reform: Reform, number: int, names: dict[str, str]) -> list[str]:
    """What was found about the step that is changed."""
    if is_large(plan, reform.unit_id):
        return []
    found = draft_of(plan, reform.unit_id).findings
    return [finding_in_words(each, names) for each in found if each.step == number]
