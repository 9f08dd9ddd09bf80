"""The page on which a unit fills in its return."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from plenum.access.answers import put_errors
from plenum.access.reach import require
from plenum.access.requests import AuthedRequest, may, signed_in, unit_for
from plenum.figures.actions import check_reportable, save_draft, submit_return
from plenum.figures.forms import ReturnForm, read_period
from plenum.figures.pages import REFUSED, go_to
from plenum.figures.powers import ENTER, READ, SUBMIT
from plenum.figures.queries import Sheet, SheetRow, sheet
from plenum.figures.rules import Deed
from plenum.figures.wording import finding_sentences, return_name, state_name
from plenum.packs import pack
from plenum.tree.models import Unit


@dataclass(frozen=True)
class Line:
    """One slot on the page: its field and what is known of it."""

    field: BoundField
    row: SheetRow


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def enter_page(request: AuthedRequest, code: str, form: str, period: str) -> HttpResponse:
    """Fill in a return: saves drafts, shows the period before, submits."""
    unit = unit_for(request, code, READ)
    owed = read_period(period)
    if form not in pack().forms or owed is None:
        raise Http404
    found = sheet(unit.pk, form, owed, request.lens.today)
    if found.return_id is None:
        require(request.actor, ENTER, unit, request.lens.today)
    if found.return_id is not None and (Deed.SAVE not in found.deeds or not may(request, ENTER, unit)):
        return go_to(request, "return", found.return_id)
    if request.method == "POST":
        return _receive(request, unit, found)
    try:
        check_reportable(unit.pk, form, owed)
    except ValidationError:
        if found.return_id is None:
            raise Http404 from None
    return _show(request, found, ReturnForm(sheet=found))


def _receive(request: AuthedRequest, unit: Unit, found: Sheet) -> HttpResponse:
    form = ReturnForm(request.POST, sheet=found)
    if not form.is_valid():
        return _show(request, found, form, REFUSED)
    try:
        saved = save_draft(
            unit.pk,
            found.form.code,
            found.period,
            form.values(),
            remark=form.cleaned_data["remark"],
            edition=form.cleaned_data["edition"],
            sitting=form.cleaned_data["sitting"],
            on=request.lens.today,
            by=request.actor,
        )
    except ValidationError as error:
        fresh = sheet(unit.pk, found.form.code, found.period, request.lens.today)
        conflict = fresh.edition != form.cleaned_data["edition"]
        return _show(request, fresh, _with_errors(request, fresh, error), REFUSED, conflict=conflict)
    fresh = sheet(unit.pk, found.form.code, found.period, request.lens.today)
    if request.headers.get("HX-Request"):
        return _show(request, fresh, ReturnForm(sheet=fresh), template="figures/saved.html")
    if request.POST.get("deed") != Deed.SUBMIT:
        messages.success(request, _("Draft saved."))
        return HttpResponseRedirect(request.get_full_path())
    try:
        submit_return(saved.pk, edition=saved.edition, on=request.lens.today, by=request.actor)
    except ValidationError as error:
        return _show(request, fresh, _with_errors(request, fresh, error), REFUSED)
    messages.success(
        request,
        _("Submitted: %(return)s. The superior now accepts it or sends it back.")
        % {"return": return_name(found.form, found.period)},
    )
    return go_to(request, "return", saved.pk)


def _with_errors(request: AuthedRequest, fresh: Sheet, error: ValidationError) -> ReturnForm:
    """The form as typed, on the edition of the draft that is saved now, with what was refused and why."""
    typed = request.POST.copy()
    typed["edition"] = str(fresh.edition)
    form = ReturnForm(typed, sheet=fresh)
    put_errors(form, error)
    return form


def _show(
    request: AuthedRequest,
    found: Sheet,
    form: ReturnForm,
    status: int = 200,
    template: str = "figures/enter.html",
    conflict: bool = False,
) -> HttpResponse:
    return render(
        request,
        template,
        {
            "unit": found.unit,
            "door": "returns",
            "sheet": found,
            "state": state_name(found.state),
            "form": form,
            "conflict": conflict,
            "lines": [Line(form[row.slot.code], row) for row in found.rows],
            "findings": finding_sentences(found.findings, found.form) if found.return_id else [],
            "may_submit": may(request, SUBMIT, found.unit.id),
            "is_late": found.due_on < request.lens.today,
        },
        status=status,
    )
