"""The page on which a superior decides which returns a unit owes."""

from collections.abc import Collection

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from plenum.access.answers import REFUSED, put_errors
from plenum.access.reach import require
from plenum.access.requests import AuthedRequest, may, signed_in, unit_for
from plenum.figures.actions import end_obligation, oblige_unit
from plenum.figures.forms import EndObligationForm, ObligationForm
from plenum.figures.powers import OBLIGE, READ
from plenum.figures.queries import owed_by
from plenum.tree.models import Unit
from plenum.tree.queries import unit_view


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def obligations_page(request: AuthedRequest, code: str) -> HttpResponse:
    """What a unit owes and since when; with the power, add an obligation or let one end."""
    unit = unit_for(request, code, READ)
    kind = unit_view(unit, request.lens.today).kind
    owed = owed_by(unit.pk, request.lens.today)
    adding = ObligationForm(kind=kind, initial={"start": request.lens.today.replace(day=1)})
    ending = EndObligationForm()
    if request.method == "POST":
        require(request.actor, OBLIGE, unit, request.lens.today)
        if "obligation" in request.POST:
            ending = EndObligationForm(request.POST)
            done = _end(request, {each.id for each in owed}, ending)
        else:
            adding = ObligationForm(request.POST, kind=kind)
            done = _add(request, unit, adding)
        if done:
            return HttpResponseRedirect(request.get_full_path())
    return render(
        request,
        "figures/obligations.html",
        {
            "unit": unit_view(unit, request.lens.as_of),
            "door": "returns",
            "lines": owed,
            "adding": adding,
            "ending": ending,
            "has_forms": bool(adding.fields["form"].choices),  # type: ignore[attr-defined]
            "may_oblige": may(request, OBLIGE, unit),
        },
        status=REFUSED if adding.errors or ending.errors else 200,
    )


def _add(request: AuthedRequest, unit: Unit, form: ObligationForm) -> bool:
    if not form.is_valid():
        return False
    data = form.cleaned_data
    try:
        oblige_unit(
            unit.pk, data["form"], data["schedule"], form.span(), on=request.lens.today, by=request.actor
        )
    except ValidationError as error:
        put_errors(form, error, {"from": "start"})
        return False
    messages.success(request, _("The unit owes this return from now on."))
    return True


def _end(request: AuthedRequest, owed: Collection[int], form: EndObligationForm) -> bool:
    if not form.is_valid():
        return False
    if form.cleaned_data["obligation"] not in owed:
        form.add_error(None, _("This obligation is not one of the unit."))
        return False
    data = form.cleaned_data
    try:
        end_obligation(data["obligation"], data["last_day"], on=request.lens.today, by=request.actor)
    except ValidationError as error:
        put_errors(form, error, {"from": "last_day", "on": "last_day"})
        return False
    messages.success(request, _("The obligation ends on that day."))
    return True
