"""The drafting table: the tree before and after side by side, units picked in it, the steps of the plan, its head."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from plenum.access.answers import REFUSED, go_to, put_errors
from plenum.access.paging import page_of
from plenum.access.reach import reachable, require
from plenum.access.requests import AuthedRequest, signed_in
from plenum.reorganisations import actions
from plenum.reorganisations.forms import ChangeHeadForm, PlanFileForm
from plenum.reorganisations.models import Reform, State
from plenum.reorganisations.pages.plans import documents_for
from plenum.reorganisations.pages.reforms import edition_of, reform_for
from plenum.reorganisations.powers import PLAN, READ
from plenum.reorganisations.queries import Draft, draft_of, is_large, names_below, plan_of
from plenum.reorganisations.rules import Plan, Step, codes_named, sides
from plenum.reorganisations.wording import DO, StepWords, finding_in_words, step_in_words
from plenum.tree.models import Ancestry
from plenum.tree.queries import search, unit_view
from plenum.tree.rules import LONGEST_CODE

STEPS_ON_A_PAGE = 50
MOST_PICKED = 200
MOST_FOUND = 30
LONGEST_SEARCH = 100


@dataclass(frozen=True)
class Looked:
    """What the reader looks at: the text searched for, the units picked and opened, the day of a phase."""

    text: str
    picked: tuple[str, ...]
    opened: tuple[str, ...]
    day: date | None
    worked_out: bool


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def steps_page(request: AuthedRequest, pk: int) -> HttpResponse:
    """Draw up a plan: pick units and say what happens to them, change, order, remove and undo steps."""
    reform = reform_for(request, pk)
    require(request.actor, PLAN, reform.unit_id, request.lens.today)
    if reform.state == State.EXECUTED:
        return go_to(request, "reorganisations:reform", pk)
    plan = plan_of(reform)
    file: forms.Form = PlanFileForm()
    head: forms.Form = _head(request, reform, plan)
    if request.method == "POST":
        what = request.POST.get("what", "")
        form = forms.Form({})
        if what == "file":
            form = file = PlanFileForm(request.POST, request.FILES)
        elif what == "head":
            form = head = _head(request, reform, plan, request.POST)
        change = CHANGES.get(what)
        if change is None:
            raise Http404
        if form.is_valid() and (said := _done(request, reform, lambda: change(request, reform, form), form)):
            messages.success(request, said)
            return go_to(request, "reorganisations:steps", pk)
    return render(
        request,
        "reorganisations/steps.html",
        {**_shown(request, reform, plan), "file": file, "head": head},
        status=REFUSED if request.method == "POST" else 200,
    )


def looked_at(request: AuthedRequest) -> Looked:
    """What the address says of what the reader looks at."""
    shut = request.GET.get("shut", "")
    return Looked(
        text=request.GET.get("q", "").strip()[:LONGEST_SEARCH],
        picked=codes_in(request.GET.getlist("pick")),
        opened=tuple(code for code in codes_in(request.GET.getlist("open")) if code != shut),
        day=parse_date_or_none(request.GET.get("day", "")),
        worked_out=request.GET.get("worked_out") == "1",
    )


def codes_in(values: Sequence[str]) -> tuple[str, ...]:
    """Codes of an address, each once and not too many."""
    return tuple(dict.fromkeys(value for value in values if 0 < len(value) <= LONGEST_CODE))[:MOST_PICKED]


def parse_date_or_none(text: str) -> date | None:
    """A day written as ISO; None for anything else."""
    try:
        return parse_date(text)
    except ValueError:
        return None


def change_plan(request: AuthedRequest, reform: Reform, plan: Plan, **more: Any) -> None:
    """Put a plan in the place of the one that the reader has seen; ValidationError if that cannot be."""
    given: dict[str, Any] = {"document_id": reform.document_id, **more}
    actions.change_reform(
        reform.pk, plan, edition=edition_of(request), on=request.lens.today, by=request.actor, **given
    )


def _shown(request: AuthedRequest, reform: Reform, plan: Plan) -> dict[str, Any]:
    looked = looked_at(request)
    large = is_large(plan, reform.unit_id)
    draft = draft_of(plan, reform.unit_id) if looked.worked_out or not large else None
    below = Ancestry.objects.filter(ancestor=reform.unit_id, span__contains=plan.on).values("descendant")
    seen = reachable(request.actor, READ, request.lens.today).filter(pk__in=below)
    page = page_of(request, range(1, len(plan.steps) + 1), STEPS_ON_A_PAGE)
    on_page = replace(plan, steps=tuple(plan.steps[number - 1] for number in page.object_list))
    named = codes_named(on_page) | set(looked.picked)
    named |= {each.unit for each in draft.findings} if draft else set()
    names = names_below(reform.unit_id, named, plan.on)
    phases = [phase.on for phase in draft.came.phases] if draft else []
    day = looked.day if looked.day in phases else None
    return {
        "unit": unit_view(reform.unit_id, request.lens.as_of),
        "reform": reform,
        "plan": plan,
        "looked": looked,
        "picked": [(code, names.get(code, code)) for code in looked.picked],
        "hits": search(looked.text, plan.on, seen, most=MOST_FOUND) if looked.text else None,
        "large": large,
        "draft": draft,
        "sides": sides(draft.came, plan.owner, looked.opened, day) if draft else None,
        "phases": phases if len(phases) > 1 else [],
        "day": day,
        "page": page,
        "steps": steps_in_words(plan, names, draft, list(page.object_list)),
        "of_plan": [
            (finding_in_words(each, names), each.blocks)
            for each in (draft.findings if draft else ())
            if each.step is None
        ],
        "blocking": sum(each.blocks for each in draft.findings) if draft else 0,
        "deeds": DO.items(),
    }


def steps_in_words(
    plan: Plan, names: dict[str, str], draft: Draft | None, numbers: Sequence[int]
) -> list[StepWords]:
    """Some steps of a plan in words, with what was found about each."""
    found: dict[int, list[Any]] = {}
    for each in draft.findings if draft else ():
        if each.step is not None:
            found.setdefault(each.step, []).append(each)
    return [
        replace(
            step_in_words(plan.steps[number - 1], plan, names),
            number=number,
            findings=tuple(finding_in_words(each, names) for each in found.get(number, ())),
            wrong=any(each.blocks for each in found.get(number, ())),
        )
        for number in numbers
    ]


def _head(request: AuthedRequest, reform: Reform, plan: Plan, data: Any = None) -> ChangeHeadForm:
    initial = {"title": plan.title, "on": plan.on, "basis": plan.basis, "document": reform.document_id}
    documents = documents_for(request, reform.unit_id, reform.document_id)
    return ChangeHeadForm(data, documents=documents, initial=initial, prefix="head")


def _done(request: AuthedRequest, reform: Reform, do: Callable[[], str], form: forms.Form) -> str:
    """What the act said; empty, with the reasons shown, when it was refused."""
    try:
        return do()
    except ValidationError as error:
        if form.fields:
            put_errors(form, error)
        else:
            for message in error.messages:
                messages.error(request, message)
    return ""


def _number(request: AuthedRequest, plan: Plan) -> int:
    """Which step is meant, counted from 1; Http404 for none."""
    text = request.POST.get("step", "")
    number = int(text) if text.isdecimal() and len(text) < 7 else 0
    if not 0 < number <= len(plan.steps):
        raise Http404
    return number


def _remove(request: AuthedRequest, reform: Reform, _form: forms.Form) -> str:
    plan = plan_of(reform)
    number = _number(request, plan)
    change_plan(request, reform, _with(plan, [*plan.steps[: number - 1], *plan.steps[number:]]))
    return _("Step %(number)s is removed.") % {"number": number}


def _put_before(request: AuthedRequest, reform: Reform, _form: forms.Form) -> str:
    return _swap(request, reform, -1)


def _put_after(request: AuthedRequest, reform: Reform, _form: forms.Form) -> str:
    return _swap(request, reform, 1)


def _swap(request: AuthedRequest, reform: Reform, by: int) -> str:
    plan = plan_of(reform)
    number = _number(request, plan)
    steps = list(plan.steps)
    other = number + by
    if not 0 < other <= len(steps):
        raise Http404
    steps[number - 1], steps[other - 1] = steps[other - 1], steps[number - 1]
    change_plan(request, reform, _with(plan, steps))
    return _("The steps are in another order.")


def _undo(request: AuthedRequest, reform: Reform, _form: forms.Form) -> str:
    actions.take_back_change(reform.pk, edition=edition_of(request), on=request.lens.today, by=request.actor)
    return _("The last change of the plan is undone.")


def _take_file(request: AuthedRequest, reform: Reform, form: forms.Form) -> str:
    plan = plan_of(reform)
    read: Plan = form.plan  # type: ignore[attr-defined]
    change_plan(request, reform, replace(read, code=plan.code, owner=plan.owner))
    count = len(read.steps)
    text = ngettext("The plan now has %(n)s step.", "The plan now has %(n)s steps.", count)
    return text % {"n": count}


def _change_head(request: AuthedRequest, reform: Reform, form: forms.Form) -> str:
    given = form.cleaned_data
    plan = replace(plan_of(reform), title=given["title"], on=given["on"], basis=given["basis"])
    change_plan(request, reform, plan, document_id=given["document"])
    return _("Title, day and legal basis are changed.")


def _with(plan: Plan, steps: Sequence[Step]) -> Plan:
    return replace(plan, steps=tuple(steps))


CHANGES: dict[str, Callable[[AuthedRequest, Reform, forms.Form], str]] = {
    "remove": _remove,
    "before": _put_before,
    "after": _put_after,
    "undo": _undo,
    "file": _take_file,
    "head": _change_head,
}
"""What a form of the drafting table can ask for."""
