"""Drafting a reform: its head by hand, or a file; and what pages on plans share."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from plenum.access.answers import REFUSED, go_to, put_errors
from plenum.access.guard import speaking
from plenum.access.reach import require
from plenum.access.requests import AuthedRequest, signed_in, unit_for
from plenum.directives.queries import DocumentView, of_line, readable
from plenum.directives.queries import views as document_views
from plenum.journal.actor import Actor
from plenum.organisation.rules import code_from
from plenum.reorganisations import actions
from plenum.reorganisations.forms import HeadForm, PlanFileForm
from plenum.reorganisations.models import Reform
from plenum.reorganisations.powers import PLAN, READ
from plenum.reorganisations.rules import Plan
from plenum.tree.queries import unit_view
from plenum.tree.rules import LONGEST_CODE

MOST_DOCUMENTS = 300
"""So many documents are offered as the legal basis, the latest first."""


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def draft_page(request: AuthedRequest, code: str) -> HttpResponse:
    """Draft a reform for which a unit answers: by hand, or from a file."""
    unit = unit_for(request, code, READ)
    require(request.actor, PLAN, unit, request.lens.today)
    documents = documents_for(request, unit.pk)
    by_file = "file" in request.FILES or request.POST.get("what") == "file"
    initial = {"title": request.GET.get("title", "")[:300]}
    head = HeadForm(None if by_file else request.POST or None, documents=documents, initial=initial)
    file = PlanFileForm(request.POST, request.FILES) if by_file else PlanFileForm()
    form: forms.Form = file if by_file else head
    if request.method == "POST" and form.is_valid():
        document = None
        if by_file:
            plan = replace(file.plan, owner=unit.code)
        else:
            given = head.cleaned_data
            document = given["document"]
            name = given["code"] or _free(given["title"], unit.code, request.lens.today)
            plan = Plan(name, given["title"], given["on"], unit.code, given["basis"])
        try:
            reform = actions.draft_reform(plan, document_id=document, on=request.lens.today, by=request.actor)
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


def documents_for(request: AuthedRequest, unit_id: int, chosen: int | None = None) -> Sequence[DocumentView]:
    """The documents that can be the legal basis of a reform of a unit, and the one that is."""
    today = request.lens.today
    can = readable(request.actor, today)
    found = list(of_line(can, unit_id, today)[:MOST_DOCUMENTS])
    if chosen is not None and all(each.pk != chosen for each in found):
        found += list(can.filter(pk=chosen))
    return document_views(found)


def _free(title: str, owner: str, today: date) -> str:
    """A code for a reform, made from its title; one that no reform has, also none that the reader does not see."""
    plain = (code_from(title) or f"{owner}-reform")[: LONGEST_CODE - 4].strip("-")
    with speaking(Actor.system("codes"), today):
        taken = set(Reform.objects.filter(code__startswith=plain).values_list("code", flat=True))
    number, code = 2, plain
    while code in taken:
        code, number = f"{plain}-{number}", number + 1
    return code
