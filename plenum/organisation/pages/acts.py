"""Pages of the acts on a unit: each says what will follow before anything is done."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from plenum.access.answers import REFUSED, go_to, put_errors
from plenum.access.powers import Power
from plenum.access.reach import require
from plenum.access.requests import AuthedRequest, signed_in, unit_for
from plenum.organisation import actions, queries
from plenum.organisation.actions.take_back import POWER_FOR, TakeBack
from plenum.organisation.forms import (
    CorrectNameForm,
    DissolveForm,
    FoundForm,
    KindForm,
    MoveForm,
    NameForm,
    TakeBackForm,
    kinds_under,
)
from plenum.organisation.pages.meanwhile import refuse_unseen, watch
from plenum.organisation.powers import DISSOLVE, FOUND, MOVE, READ, RENAME
from plenum.packs import pack
from plenum.tree.models import Unit
from plenum.tree.queries import UnitView, below_by_kind, unit_view
from plenum.tree.turn import take_turn

LONGEST_SEARCH = 100
post_or_read = require_http_methods(["GET", "HEAD", "POST"])


@post_or_read
@signed_in
def found(request: AuthedRequest, code: str) -> HttpResponse:
    """Found a unit below this one."""
    parent = unit_for(request, code, READ)
    require(request.actor, FOUND, parent, request.lens.today)
    view = unit_view(parent, request.lens.as_of)
    form = FoundForm(
        request.POST or None,
        kinds=kinds_under(view.kind, request.lens.as_of),
        initial={"since": request.lens.as_of, "until": view.span.end},
    )

    def act() -> Unit:
        data = dict(form.cleaned_data)
        data["code"] = data["code"] or queries.free_code(data["name"], parent.code)
        return actions.found_unit(parent=parent, on=request.lens.today, by=request.actor, **data)

    return _page(request, view, form, act, "organisation/found.html", _("The unit is founded."))


@post_or_read
@signed_in
def rename(request: AuthedRequest, code: str) -> HttpResponse:
    """Give the unit another name from a day."""
    unit, view = _unit(request, code, RENAME)
    form = NameForm(request.POST or None, initial={"since": request.lens.as_of})

    def act() -> Unit:
        return actions.rename_unit(unit, on=request.lens.today, by=request.actor, **form.cleaned_data)

    return _page(request, view, form, act, "organisation/rename.html", _("The unit is renamed."))


@post_or_read
@signed_in
def correct_name(request: AuthedRequest, code: str) -> HttpResponse:
    """Correct how the name of the day looked at is written."""
    unit, view = _unit(request, code, RENAME)
    short = "" if view.short == view.name else view.short
    form = CorrectNameForm(request.POST or None, initial={"name": view.name, "short": short})

    def act() -> Unit:
        return actions.correct_name(
            unit, of=request.lens.as_of, on=request.lens.today, by=request.actor, **form.cleaned_data
        )

    return _page(request, view, form, act, "organisation/correct_name.html", _("The name is corrected."))


@post_or_read
@signed_in
def change_kind(request: AuthedRequest, code: str) -> HttpResponse:
    """Make the unit one of another kind from a day."""
    unit, view = _unit(request, code, RENAME)
    form = KindForm(
        request.POST or None, kinds=_other_kinds(view, request), initial={"since": request.lens.as_of}
    )

    def act() -> Unit:
        return actions.change_kind(unit, on=request.lens.today, by=request.actor, **form.cleaned_data)

    return _page(request, view, form, act, "organisation/change_kind.html", _("The kind is changed."))


@post_or_read
@signed_in
def move(request: AuthedRequest, code: str) -> HttpResponse:
    """Place the unit, with all that stands below it, under another superior unit."""
    unit = unit_for(request, code, READ)
    view = unit_view(unit, request.lens.as_of)
    if view.parent_id is None:
        raise PermissionDenied
    require(request.actor, MOVE, view.parent_id, request.lens.today)
    text = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    parents = queries.possible_parents(request.actor, request.lens.today, view, request.lens.as_of, text)
    form = MoveForm(request.POST or None, parents=parents, initial={"since": request.lens.as_of})

    def act() -> Unit:
        data = dict(form.cleaned_data)
        parent = queries.unit_of(data.pop("parent"))
        return actions.move_unit(unit, parent=parent, on=request.lens.today, by=request.actor, **data)

    context = {
        "goes_along": queries.kind_counts(below_by_kind([unit.pk], request.lens.as_of).get(unit.pk, {})),
        "parents": parents,
        "text": text,
        "more": len(parents) == queries.MOST_PARENTS,
    }
    return _page(request, view, form, act, "organisation/move.html", _("The unit is moved."), context)


@post_or_read
@signed_in
def dissolve(request: AuthedRequest, code: str) -> HttpResponse:
    """End the unit; says which units still stand below it."""
    unit, view = _unit(request, code, DISSOLVE)
    form = DissolveForm(request.POST or None, initial={"since": request.lens.as_of})

    def act() -> Unit:
        return actions.dissolve_unit(unit, on=request.lens.today, by=request.actor, **form.cleaned_data)

    context = {"living": queries.living_below(unit.pk, request.lens.as_of)}
    return _page(request, view, form, act, "organisation/dissolve.html", _("The unit is dissolved."), context)


@post_or_read
@signed_in
def take_back(request: AuthedRequest, code: str) -> HttpResponse:
    """Take back one of the unit's last changes."""
    unit = unit_for(request, code, READ)
    view = unit_view(unit, request.lens.as_of)
    places = {what: view.parent_id if what is TakeBack.PARENT else view.id for what in TakeBack}
    held = queries.held_at(
        request.actor,
        request.lens.today,
        {what.value: (POWER_FOR[what], place) for what, place in places.items()},
    )
    if not any(held.values()):
        raise PermissionDenied
    known = queries.taken_back(unit.pk)
    changes = [each for each in known if held[each]]
    form = TakeBackForm(request.POST or None, changes=changes)

    def act() -> Unit:
        return actions.take_back(
            unit,
            what=TakeBack(form.cleaned_data["what"]),
            reason=form.cleaned_data["reason"],
            on=request.lens.today,
            by=request.actor,
        )

    context = {"changes": changes, "others": bool(known) and not changes}
    return _page(
        request, view, form, act, "organisation/take_back.html", _("The change is taken back."), context
    )


def _unit(request: AuthedRequest, code: str, power: Power) -> tuple[Unit, UnitView]:
    """The unit, which the person may see (else Http404), when they hold the power there (else 403)."""
    unit = unit_for(request, code, READ)
    require(request.actor, power, unit, request.lens.today)
    return unit, unit_view(unit, request.lens.as_of)


def _page(
    request: AuthedRequest,
    view: UnitView,
    form: forms.Form,
    act: Callable[[], Unit],
    template: str,
    done: str,
    context: dict[str, Any] | None = None,
) -> HttpResponse:
    """Show the form, or do the act and go to the unit's page; what is refused comes back with what was typed.

    What somebody else has done to the unit since the form was opened is shown first (409).
    """
    if not isinstance(form, FoundForm):
        watch(form, view.id)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                take_turn()
                refuse_unseen(request, view, form)
                unit = act()
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, done)
            return go_to(request, "organisation:unit", unit.code)
    status = REFUSED if form.errors else 200
    page = {"unit": view, "door": "unit", "form": form, **(context or {})}
    return render(request, template, page, status=status)


def _other_kinds(view: UnitView, request: AuthedRequest) -> list[str]:
    as_of = request.lens.as_of
    if view.parent_id is None:
        return [
            code for code in pack().kinds if code != view.kind and pack().may_stand_under(code, None, as_of)
        ]
    parent = unit_view(view.parent_id, as_of)
    return [code for code in kinds_under(parent.kind, as_of) if code != view.kind]
