"""Forms that set, amend and withdraw targets and record what reports state; the history of a target."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from plenum.access.answers import REFUSED, Changed, Side, differing, put_errors
from plenum.access.reach import require, visible
from plenum.access.requests import AuthedRequest, may, signed_in, unit_for
from plenum.directives.queries import DocumentView, of_line, readable, views
from plenum.packs import pack, wording
from plenum.periods import Period
from plenum.targets.actions import (
    TargetChanged,
    amend_target,
    record_statement,
    set_target,
    withdraw_statement,
    withdraw_target,
)
from plenum.targets.forms import AmendmentForm, ReasonForm, StatementForm, TargetForm
from plenum.targets.models import Statement, Target
from plenum.targets.powers import READ, SET, STATE
from plenum.targets.queries import TargetView, history, live_target, statements_on
from plenum.targets.queries.targets import as_view
from plenum.targets.wording import target_text
from plenum.tree.models import Unit
from plenum.tree.queries import unit_view

DOCUMENTS_TO_CHOOSE_FROM = 200


@dataclass(frozen=True)
class Deed:
    """One row of a target's history with its amount in words."""

    row: Target
    target: TargetView
    text: str


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def set_page(request: AuthedRequest, code: str) -> HttpResponse:
    """Give a unit a target."""
    unit = unit_for(request, code, READ)
    require(request.actor, SET, unit, request.lens.today)
    period = request.lens.period or Period.of_year(request.lens.today.year)
    form = TargetForm(
        request.POST or None,
        documents=_documents(request, unit.pk),
        initial={"indicator": request.GET.get("indicator", ""), "period": period.code},
    )

    def act() -> str:
        data = form.cleaned_data
        set_target(
            unit,
            form.target_fields(data["indicator"], data["period"]),
            on=request.lens.today,
            by=request.actor,
        )
        return _targets_of(request, unit, data["period"])

    return _answer(
        request, form, act, unit, _("Set a target"), _("Set the target"), _targets_of(request, unit, period)
    )


@require_safe
@signed_in
def history_page(request: AuthedRequest, pk: int) -> HttpResponse:
    """Everything that was done to a target, with the doors to amend and withdraw it."""
    target = _readable_target(request, pk)
    period = Period.parse(target.period_code)
    indicator = pack().indicators[target.indicator]
    deeds = []
    for row in history(target.unit_id, target.indicator, period):
        shown = as_view(row)
        deeds.append(Deed(row, shown, target_text(indicator, shown)))
    return render(
        request,
        "targets/history.html",
        {
            "unit": unit_view(target.unit_id, request.lens.as_of),
            "door": "targets",
            "period": period,
            "indicator": indicator,
            "deeds": deeds,
            "live": live_target(target),
            "statements": [
                each for each in statements_on(target.unit_id, period) if each.indicator == target.indicator
            ],
            "may_set": may(request, SET, target.unit_id),
            "may_state": may(request, STATE, target.unit_id),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def amend_page(request: AuthedRequest, pk: int) -> HttpResponse:
    """Change the amount, basis or leader of a target, with the reason."""
    target = _readable_target(request, pk)
    require(request.actor, SET, target.unit_id, request.lens.today)
    documents = _documents(request, target.unit_id)
    form = AmendmentForm(request.POST or None, documents=documents, initial=_entry(target))

    def act() -> str:
        fields = form.target_fields(target.indicator, Period.parse(target.period_code))
        day, reason = request.lens.today, form.cleaned_data["reason"]
        try:
            new = amend_target(target, fields, reason=reason, on=day, by=request.actor)
        except TargetChanged as error:
            now = live_target(target)
            theirs = AmendmentForm(documents=documents, initial=_entry(now)) if now is not None else None
            raise _changed(request, target, now, form, theirs) from error
        return _target(request, new.pk)

    back = _target(request, pk)
    return _answer(request, form, act, target.unit, _("Amend the target"), _("Save the change"), back, target)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def withdraw_page(request: AuthedRequest, pk: int) -> HttpResponse:
    """End a target, with the reason."""
    target = _readable_target(request, pk)
    require(request.actor, SET, target.unit_id, request.lens.today)
    form = ReasonForm(request.POST or None)

    def act() -> str:
        try:
            withdraw_target(
                target, reason=form.cleaned_data["reason"], on=request.lens.today, by=request.actor
            )
        except TargetChanged as error:
            raise _changed_before_the_end(request, target) from error
        return _targets_of(request, target.unit, Period.parse(target.period_code))

    back = _target(request, pk)
    title = _("Withdraw the target")
    return _answer(request, form, act, target.unit, title, title, back, target)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def state_page(request: AuthedRequest, code: str) -> HttpResponse:
    """Record what a report states about a figure."""
    unit = unit_for(request, code, READ)
    require(request.actor, STATE, unit, request.lens.today)
    period = request.lens.period or Period.of_year(request.lens.today.year)
    form = StatementForm(
        request.POST or None,
        documents=_documents(request, unit.pk),
        initial={"indicator": request.GET.get("indicator", ""), "period": period.code},
    )

    def act() -> str:
        record_statement(unit, form.statement_fields(), on=request.lens.today, by=request.actor)
        return _targets_of(request, unit, form.cleaned_data["period"])

    return _answer(
        request,
        form,
        act,
        unit,
        _("Record what a report states"),
        _("Record"),
        _targets_of(request, unit, period),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def withdraw_statement_page(request: AuthedRequest, pk: int) -> HttpResponse:
    """Take back what was recorded as stated."""
    rows = visible(Statement.objects.all(), request.actor, READ, request.lens.today)
    statement = rows.select_related("unit").filter(pk=pk).first()
    if statement is None:
        raise Http404
    require(request.actor, STATE, statement.unit_id, request.lens.today)
    form = ReasonForm(request.POST or None)
    back = _targets_of(request, statement.unit, Period.parse(statement.period_code))

    def act() -> str:
        withdraw_statement(
            statement, reason=form.cleaned_data["reason"], on=request.lens.today, by=request.actor
        )
        return back

    title = _("Withdraw the statement")
    return _answer(request, form, act, statement.unit, title, title, back)


def _answer(
    request: AuthedRequest,
    form: forms.Form,
    act: Callable[[], str],
    unit: Unit,
    title: str,
    button: str,
    back: str,
    target: Target | None = None,
) -> HttpResponse:
    """Do the act if the form is right and go where it says; otherwise show the form with what was typed."""
    if request.method == "POST" and form.is_valid():
        try:
            return HttpResponseRedirect(act())
        except ValidationError as error:
            put_errors(form, error)
    return render(
        request,
        "targets/act.html",
        {
            "unit": unit_view(unit, request.lens.as_of),
            "door": "targets",
            "form": form,
            "title": title,
            "button": button,
            "back": back,
            "target": as_view(target) if target else None,
            "indicator": pack().indicators[target.indicator] if target else None,
        },
        status=REFUSED if form.errors else 200,
    )


def _entry(target: Target) -> dict[str, Any]:
    """What the form of an amendment shows at first."""
    return {
        "comparison": target.comparison,
        "amount": as_view(target).amount,
        "basis": target.basis_id,
        "given_to": target.given_to,
        "given_to_post": target.given_to_post,
    }


def _changed(
    request: AuthedRequest, target: Target, now: Target | None, form: forms.Form, theirs: forms.Form | None
) -> Changed:
    """What was typed beside the target as it stands now; one that was withdrawn meanwhile can only be looked at."""
    back = _target(request, target.pk if now is None else now.pk)
    if now is None or theirs is None:
        return Changed(_what(target), [], back=back)
    sides = differing(form, theirs, without=["reason"])
    return Changed(_what(target), sides, back=back, renewed={}, send_to=_target(request, now.pk, "amend"))


def _changed_before_the_end(request: AuthedRequest, target: Target) -> Changed:
    """The target that was to be withdrawn beside the one that stands now."""
    now = live_target(target)
    if now is None:
        return Changed(_what(target), [], back=_target(request, target.pk))
    indicator = pack().indicators[target.indicator]
    sides = [Side(_("Target"), *(str(target_text(indicator, as_view(row))) for row in (target, now)))]
    back, again = (_target(request, now.pk, name) for name in ("target", "withdraw"))
    return Changed(_what(target), sides, back=back, renewed={}, send_to=again)


def _what(target: Target) -> str:
    language = wording.language(get_language())
    name = pack().indicators[target.indicator].name.in_(language)
    period = wording.period_name(Period.parse(target.period_code), language)
    return f"{unit_view(target.unit_id, target.known_on).name}: {name}, {period}"


def _readable_target(request: AuthedRequest, pk: int) -> Target:
    rows = visible(Target.objects.all(), request.actor, READ, request.lens.today)
    target = rows.select_related("unit", "basis").filter(pk=pk).first()
    if target is None:
        raise Http404
    return target


def _documents(request: AuthedRequest, unit_id: int) -> list[DocumentView]:
    found = of_line(readable(request.actor, request.lens.today), unit_id, request.lens.today)
    return views(found[:DOCUMENTS_TO_CHOOSE_FROM])


def _targets_of(request: AuthedRequest, unit: Unit, period: Period) -> str:
    return f"{reverse('targets:list', args=[unit.code])}?{request.lens.query(period=period)}"


def _target(request: AuthedRequest, pk: int, page: str = "target") -> str:
    """The address of a page about a target, through the reader's lens."""
    query = request.lens.query()
    return reverse(f"targets:{page}", args=[pk]) + (f"?{query}" if query else "")
