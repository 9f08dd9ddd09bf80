"""The list of reforms, one reform with its rehearsal, and everything that is done with it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from plenum.access.answers import REFUSED, go_to
from plenum.access.paging import page_of
from plenum.access.reach import reachable
from plenum.access.requests import AuthedRequest, may, signed_in
from plenum.reorganisations import actions
from plenum.reorganisations.forms import ReasonForm
from plenum.reorganisations.models import OPEN_STATES, Reform, State
from plenum.reorganisations.powers import ANSWER, EXECUTE, PLAN
from plenum.reorganisations.queries import (
    decisions_of,
    reform_view,
    reform_views,
    visible_reforms,
    work_for,
    work_of,
)
from plenum.reorganisations.rows import rehearsal_row
from plenum.reorganisations.rules import write_sheets, write_toml
from plenum.reorganisations.wording import step_in_words
from plenum.tree.models import Unit

ON_A_PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CHOICE = "choice-"


@require_safe
@signed_in
def reforms_page(request: AuthedRequest) -> HttpResponse:
    """The reforms that one sees, the latest first."""
    today = request.lens.today
    page = page_of(request, visible_reforms(request.actor, today), ON_A_PAGE)
    plans = reachable(request.actor, PLAN, today)
    at = request.actor.acting_for
    return render(
        request,
        "reorganisations/reforms.html",
        {
            "page": page,
            "views": reform_views(page.object_list, today),
            "draft_at": plans.filter(pk=at).first() if at else None,
            "work": work_for(request.actor, today).filter(done_on=None).count(),
        },
    )


@require_safe
@signed_in
def reform_page(request: AuthedRequest, pk: int) -> HttpResponse:
    """One reform: how it stands, before and after, what has no owner, who has approved."""
    return shown(request, reform_for(request, pk))


@require_POST
@signed_in
def deed(request: AuthedRequest, pk: int) -> HttpResponse:
    """Do with a reform what a button of its page says."""
    reform = reform_for(request, pk)
    do = DEEDS.get(request.POST.get("deed", ""))
    if do is None:
        raise Http404
    try:
        said = do(request, reform)
    except ValidationError as error:
        for message in error.messages:
            messages.error(request, message)
        return shown(request, reform_for(request, pk), REFUSED)
    messages.success(request, said)
    return go_to(request, "reorganisations:reform", pk)


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


def shown(request: AuthedRequest, reform: Reform, status: int = 200) -> HttpResponse:
    """The page of a reform."""
    today = request.lens.today
    view = reform_view(reform, today)
    rehearsed = rehearsal_row(view.rehearsal, decisions_of(reform)) if view.rehearsal else None
    units = view.rehearsal.report.get("units", []) if view.rehearsal else []
    asked = {each.unit.id for each in view.asked}
    mine = set(reachable(request.actor, ANSWER, today).filter(pk__in=asked).values_list("pk", flat=True))
    may_plan = may(request, PLAN, reform.unit_id)
    is_open = reform.state in OPEN_STATES
    return render(
        request,
        "reorganisations/reform.html",
        {
            "unit": view.owner,
            "view": view,
            "reform": reform,
            "steps": [step_in_words(step, view.plan) for step in view.plan.steps],
            "rehearsed": rehearsed,
            "objects": page_of(request, rehearsed["objects"] if rehearsed else [], ON_A_PAGE),
            "units": units,
            "mine": mine,
            "may_plan": may_plan,
            "may_change": may_plan and (is_open or reform.state == State.UNDONE),
            "may_rehearse": may_plan and is_open,
            "may_submit": may_plan
            and reform.state == State.DRAFT
            and view.rehearsed
            and not (rehearsed and rehearsed["blocking"]),
            "may_execute": view.approved and may(request, EXECUTE, reform.unit_id),
            "may_undo": reform.state == State.EXECUTED
            and today < reform.on_date
            and may(request, EXECUTE, reform.unit_id),
            "work": work_of(reform).filter(done_on=None).count() if reform.state == State.EXECUTED else 0,
            "reason": ReasonForm(),
        },
        status=status,
    )


def _file(body: bytes, media_type: str, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _edition(request: AuthedRequest) -> int | None:
    text = request.POST.get("edition", "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


def _rehearse(request: AuthedRequest, reform: Reform) -> str:
    actions.rehearse_reform(reform.pk, edition=_edition(request), on=request.lens.today, by=request.actor)
    return _("The reform is rehearsed. Nothing has been changed by that.")


def _submit(request: AuthedRequest, reform: Reform) -> str:
    actions.submit_reform(reform.pk, edition=_edition(request), on=request.lens.today, by=request.actor)
    return _("The units concerned are asked to approve.")


def _approve(request: AuthedRequest, reform: Reform) -> str:
    actions.approve_reform(
        reform.pk, _unit(request), edition=_edition(request), on=request.lens.today, by=request.actor
    )
    return _("The reform is approved.")


def _withdraw(request: AuthedRequest, reform: Reform) -> str:
    actions.withdraw_approval(
        reform.pk,
        _unit(request),
        reason=request.POST.get("reason", ""),
        on=request.lens.today,
        by=request.actor,
    )
    return _("The approval is taken back.")


def _decide(request: AuthedRequest, reform: Reform) -> str:
    choices = {
        name.removeprefix(CHOICE): str(value)
        for name, value in request.POST.items()
        if name.startswith(CHOICE) and value
    }
    if not choices:
        raise ValidationError(_("Choose what becomes of at least one of them."))
    actions.decide(reform.pk, choices, edition=_edition(request), on=request.lens.today, by=request.actor)
    return _("What was chosen is decided.")


def _accept(request: AuthedRequest, reform: Reform) -> str:
    actions.accept_proposals(reform.pk, edition=_edition(request), on=request.lens.today, by=request.actor)
    return _("Everything that was open is decided as proposed.")


def _execute(request: AuthedRequest, reform: Reform) -> str:
    actions.execute_reform(reform.pk, edition=_edition(request), on=request.lens.today, by=request.actor)
    return _("The reform is executed.")


def _undo(request: AuthedRequest, reform: Reform) -> str:
    actions.undo_reform(
        reform.pk, reason=request.POST.get("reason", ""), on=request.lens.today, by=request.actor
    )
    return _("The reform is undone; everything is as it was before.")


def _unit(request: AuthedRequest) -> Unit:
    found = Unit.objects.filter(code=request.POST.get("unit", "")[:80]).first()
    if found is None:
        raise Http404
    return found


DEEDS: dict[str, Callable[[AuthedRequest, Reform], Any]] = {
    "rehearse": _rehearse,
    "submit": _submit,
    "approve": _approve,
    "withdraw": _withdraw,
    "decide": _decide,
    "accept": _accept,
    "execute": _execute,
    "undo": _undo,
}
