"""The list of reforms, and one reform: its plan, its rehearsal, what has no owner, who has approved, what follows."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from plenum.access.paging import page_of
from plenum.access.powers import GRANT
from plenum.access.reach import reachable
from plenum.access.requests import AuthedRequest, may, signed_in
from plenum.directives.queries import readable
from plenum.directives.queries import view as document_view
from plenum.jobs.queries import job_views
from plenum.reorganisations.forms import ReasonForm, ReformsFilterForm
from plenum.reorganisations.models import OPEN_STATES, Reform, State
from plenum.reorganisations.powers import ANSWER, EXECUTE, PLAN
from plenum.reorganisations.queries import (
    ReformOrder,
    ReformView,
    decisions_of,
    jobs_of,
    listed_reforms,
    names_below,
    reform_view,
    reform_views,
    reforms_numbered,
    staleness,
    visible_reforms,
    work_for,
    work_of,
)
from plenum.reorganisations.queries.seen import units_reached
from plenum.reorganisations.rows import ObjectRow, RehearsalRow, rehearsal_row
from plenum.reorganisations.rules import codes_named, write_sheets, write_toml
from plenum.reorganisations.wording import nobody_may_approve, objects_hidden_in_words, step_in_words
from plenum.tree.sorting import search_key

ON_A_PAGE = 50
STEPS_SHOWN = 50
LONGEST_SEARCH = 100
TICKED = "ticked"
"""In the address: every row of the page is ticked."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@signed_in
def reforms_page(request: AuthedRequest) -> HttpResponse:
    """The reforms that one sees, the latest first or in another order; found by their names, and by where they are."""
    today = request.lens.today
    form = ReformsFilterForm(request.GET)
    form.is_valid()
    text, state = form.cleaned_data.get("q", ""), form.cleaned_data.get("state", "")
    order = form.cleaned_data.get("order") or ReformOrder.NEWEST
    found = listed_reforms(visible_reforms(request.actor, today), text=text, state=state, order=order)
    page = page_of(request, found, ON_A_PAGE)
    plans = reachable(request.actor, PLAN, today)
    at = request.actor.acting_for
    return render(
        request,
        "reorganisations/reforms.html",
        {
            "page": page,
            "views": reform_views(reforms_numbered(page.object_list), today),
            "filter": form,
            "chosen": bool(text or state),
            "draft_at": plans.filter(pk=at).first() if at else None,
            "work": work_for(request.actor, today).filter(done_on=None).count(),
        },
    )


@require_safe
@signed_in
def reform_page(request: AuthedRequest, pk: int) -> HttpResponse:
    """One reform: how it stands, before and after, what has no owner, who has approved."""
    return shown(request, reform_for(request, pk))


@require_safe
@signed_in
def plan_toml(request: AuthedRequest, pk: int) -> HttpResponse:
    """The plan as TOML."""
    reform = reform_for(request, pk)
    text = write_toml(reform_view(reform, request.lens.today).plan)
    return _file(text.encode(), "application/toml", f"{reform.code}.toml")


@require_safe
@signed_in
def plan_xlsx(request: AuthedRequest, pk: int) -> HttpResponse:
    """The plan as a workbook."""
    reform = reform_for(request, pk)
    return _file(write_sheets(reform_view(reform, request.lens.today).plan), XLSX, f"{reform.code}.xlsx")


def reform_for(request: AuthedRequest, pk: int) -> Reform:
    """A reform that the reader sees; otherwise Http404."""
    found = visible_reforms(request.actor, request.lens.today).select_related("unit", "document")
    reform = found.filter(pk=pk).first()
    if reform is None:
        raise Http404
    return reform


def edition_of(request: AuthedRequest) -> int | None:
    """The edition that the reader of a form has seen."""
    text = request.POST.get("edition", "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


def shown(request: AuthedRequest, reform: Reform, status: int = 200) -> HttpResponse:
    """The page of a reform."""
    today = request.lens.today
    view = reform_view(reform, today)
    plan = view.plan
    rehearsed = None
    if view.rehearsal is not None:
        reached = units_reached(view.rehearsal.report, view.owner.code, request.actor, today)
        rehearsed = rehearsal_row(view.rehearsal, decisions_of(reform), reached)
    asked = {each.unit.id for each in view.asked}
    mine = set(reachable(request.actor, ANSWER, today).filter(pk__in=asked).values_list("pk", flat=True))
    nobody = [each.unit.id for each in view.asked if each.by_nobody]
    grants = reachable(request.actor, GRANT, today).filter(pk__in=nobody)
    granting = set(grants.values_list("pk", flat=True)) if nobody else set()
    may_plan = may(request, PLAN, reform.unit_id)
    may_execute = may(request, EXECUTE, reform.unit_id)
    is_open = reform.state in OPEN_STATES
    few = replace(plan, steps=plan.steps[:STEPS_SHOWN])
    names = names_below(reform.unit_id, codes_named(few), plan.on)
    known = reform.document_id and readable(request.actor, today).filter(pk=reform.document_id).exists()
    jobs = job_views(jobs_of(reform), request.actor, today)
    ready = bool(view.rehearsed and rehearsed and not rehearsed["blocking"])
    return render(
        request,
        "reorganisations/reform.html",
        {
            "unit": view.owner,
            "view": view,
            "reform": reform,
            "plan": plan,
            "document": document_view(reform.document) if known and reform.document else None,
            "steps": [
                replace(step_in_words(step, plan, names), number=number)
                for number, step in enumerate(few.steps, start=1)
            ],
            "more_steps": len(plan.steps) - len(few.steps),
            "way": _way(view, rehearsed),
            "job": jobs[0] if jobs else None,
            "stale": staleness(view.rehearsal, plan)
            if is_open and view.rehearsal is not None and view.rehearsed
            else "",
            "rehearsed": rehearsed,
            "units": view.rehearsal.report.get("first", []) if view.rehearsal else [],
            **_objects(request, rehearsed),
            "mine": mine,
            "nobody": nobody_may_approve(),
            "may_grant": granting,
            "waiting_for": (waiting_for := [each.unit for each in view.asked if not each.on]),
            "waiting_hidden": max(view.waiting - len(waiting_for), 0),
            "may_plan": may_plan,
            "may_change": may_plan and (is_open or reform.state == State.UNDONE),
            "may_rehearse": may_plan and is_open and bool(plan.steps),
            "may_decide": may_plan and is_open and view.rehearsed,
            "may_submit": may_plan and reform.state == State.DRAFT and ready,
            "may_execute": view.approved and may_execute,
            "may_undo": reform.state == State.EXECUTED and today < reform.on_date and may_execute,
            "may_correct": reform.state == State.EXECUTED and today >= reform.on_date and may_plan,
            "correcting": _("Correction: %(title)s") % {"title": reform.title},
            "work": work_of(reform).filter(done_on=None).count() if reform.state == State.EXECUTED else 0,
            "reason": ReasonForm(),
        },
        status=status,
    )


def _objects(request: AuthedRequest, rehearsed: RehearsalRow | None) -> dict[str, Any]:
    """What has no owner, as the reader has asked to see it, and by what sorts it can be narrowed."""
    rows: Sequence[ObjectRow] = rehearsed["objects"] if rehearsed else []
    text = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    of = request.GET.get("of", "")
    is_undecided = request.GET.get("undecided") == "1"
    sorts: dict[str, list[Any]] = {}
    for row in rows:
        sort = sorts.setdefault(row["of"], [row["title"], 0, 0])
        sort[1] += 1
        sort[2] += row["decided"] is None
    words = search_key(text).split()
    narrowed = [
        row
        for row in rows
        if (not of or row["of"] == of)
        and not (is_undecided and row["decided"] is not None)
        and all(word in search_key(f"{row['label']} {row['title']}") for word in words)
    ]
    page = page_of(request, narrowed, ON_A_PAGE)
    ticking = request.GET.copy()
    ticking[TICKED] = "1"
    common: dict[str, str] = {}
    for row in page.object_list:
        common |= {choice["choice"]: choice["text"] for choice in row["choices"]}
    return {
        "objects": page,
        "sorts": [(code, *said) for code, said in sorted(sorts.items(), key=lambda item: str(item[1][0]))],
        "of": of,
        "of_left": sorts[of][2] if of in sorts else 0,
        "text": text,
        "is_undecided": is_undecided,
        "is_ticked": TICKED in request.GET,
        "ticking": ticking.urlencode(),
        "is_narrowed": bool(text or of or is_undecided),
        "hidden": objects_hidden_in_words(rehearsed["objects_hidden"])
        if rehearsed and rehearsed["objects_hidden"]
        else "",
        "common": sorted(common.items(), key=lambda choice: choice[1]),
    }


def _way(view: ReformView, rehearsed: RehearsalRow | None) -> list[tuple[str, str]]:
    """How far a reform is: what is done, what comes next, what later."""
    ready = bool(view.rehearsed and rehearsed and not rehearsed["blocking"])
    executed = view.reform.state == State.EXECUTED
    done = [
        (_("Plan"), bool(view.plan.steps)),
        (_("Rehearsal"), ready or executed),
        (_("Decisions"), executed or bool(ready and rehearsed and not rehearsed["undecided"])),
        (_("Approvals"), view.approved or executed),
        (_("Execution"), executed),
    ]
    current = next((number for number, (_label, is_done) in enumerate(done) if not is_done), len(done))
    return [
        (label, "done" if is_done else "current" if number == current else "todo")
        for number, (label, is_done) in enumerate(done)
    ]


def _file(body: bytes, media_type: str, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
