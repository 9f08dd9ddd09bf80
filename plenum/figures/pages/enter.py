"""The page on which a unit fills in its return."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from plenum.access.answers import REFUSED, Changed, go_to, put_errors
from plenum.access.reach import require
from plenum.access.requests import AuthedRequest, may, signed_in, unit_for
from plenum.figures.actions import ReturnChanged, check_reportable, save_draft, submit_return
from plenum.figures.forms import ReturnForm, read_period
from plenum.figures.models import Return
from plenum.figures.pages.changed import name_of, typed_against
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
    if request.method == "POST":
        require(request.actor, ENTER, unit, request.lens.today)
        return _receive(request, unit, found)
    if found.return_id is not None and (Deed.SAVE not in found.deeds or not may(request, ENTER, unit)):
        return go_to(request, "figures:return", found.return_id)
    try:
        check_reportable(unit.pk, form, owed)
    except ValidationError:
        if found.return_id is None:
            raise Http404 from None
    return _show(request, found, ReturnForm(sheet=found))


def _receive(request: AuthedRequest, unit: Unit, found: Sheet) -> HttpResponse:
    in_background = bool(request.headers.get("HX-Request"))
    form = ReturnForm(request.POST, sheet=found)
    if not form.is_valid():
        if in_background:
            return _not_saved(request, _("Some of it cannot be read. Put right what you typed, then save."))
        return _show(request, found, form, REFUSED)
    try:
        saved = _save(request, unit, found, form)
    except ReturnChanged as error:
        if in_background:
            return _not_saved(request, " ".join(error.messages))
        raise _changed(request, unit, found, form) from error
    except ValidationError as error:
        if in_background:
            return _not_saved(request, " ".join(error.messages))
        return _show(request, found, _with_errors(request, found, error), REFUSED)
    if saved is None:
        return go_to(request, "figures:return", found.return_id)
    fresh = sheet(unit.pk, found.form.code, found.period, request.lens.today)
    if in_background:
        return _show(request, fresh, ReturnForm(sheet=fresh), template="figures/saved.html")
    if request.POST.get("deed") != Deed.SUBMIT:
        messages.success(request, _("Draft saved."))
        return HttpResponseRedirect(request.get_full_path())
    try:
        submit_return(saved.pk, edition=saved.edition, on=request.lens.today, by=request.actor)
    except ReturnChanged as error:
        raise _changed(request, unit, found, form) from error
    except ValidationError as error:
        form = _with_errors(request, fresh, error, edition=saved.edition)
        return _show(request, fresh, form, REFUSED, refused_as=_("Kept as a draft, but not submitted"))
    messages.success(
        request,
        _("Submitted: %(return)s. The superior now accepts it or sends it back.")
        % {"return": return_name(found.form, found.period)},
    )
    return go_to(request, "figures:return", saved.pk)


def _save(request: AuthedRequest, unit: Unit, found: Sheet, form: ReturnForm) -> Return | None:
    """Keep what was typed. When somebody else has saved or submitted just the same meanwhile, nothing is overwritten:
    the draft is kept as it stands now, and None says that it is out of hand and can only be read.
    """
    values, remark = form.values(), form.cleaned_data["remark"]
    edition = form.cleaned_data["edition"]
    if edition != found.edition and found.return_id and not typed_against(found, values, remark):
        edition = found.edition
        if Deed.SAVE not in found.deeds:
            return None
    return save_draft(
        unit.pk,
        found.form.code,
        found.period,
        values,
        remark=remark,
        edition=edition,
        sitting=form.cleaned_data["sitting"],
        on=request.lens.today,
        by=request.actor,
    )


def _changed(request: AuthedRequest, unit: Unit, found: Sheet, form: ReturnForm) -> Changed:
    """Both versions; what was typed can be sent again for the edition that stands now, while that is still a draft."""
    fresh = sheet(unit.pk, found.form.code, found.period, request.lens.today)
    query = request.lens.query()
    address = reverse("figures:enter", args=[unit.code, found.form.code, found.period.code])
    return Changed(
        name_of(fresh),
        typed_against(fresh, form.values(), form.cleaned_data["remark"]),
        back=f"{address}?{query}" if query else address,
        renewed={"edition": str(fresh.edition)} if Deed.SAVE in fresh.deeds else None,
    )


def _not_saved(request: AuthedRequest, why: str) -> HttpResponse:
    """What stands at the foot of the form when saving in the background was refused; the page keeps what was typed.

    The status is that of a page that can be shown: what is not would never reach the person.
    """
    return render(request, "figures/not_saved.html", {"why": why})


def _with_errors(
    request: AuthedRequest, found: Sheet, error: ValidationError, *, edition: int | None = None
) -> ReturnForm:
    """The form as typed, with what was refused and why; ``edition``: that of the draft that has been saved with it.

    What was not saved keeps the edition that the person has seen, or it would pass over what others save meanwhile.
    """
    typed = request.POST.copy()
    if edition is not None:
        typed["edition"] = str(edition)
    form = ReturnForm(typed, sheet=found)
    put_errors(form, error)
    return form


def _show(
    request: AuthedRequest,
    found: Sheet,
    form: ReturnForm,
    status: int = 200,
    template: str = "figures/enter.html",
    refused_as: str = "",
) -> HttpResponse:
    """The sheet; `refused_as` stands above what was refused, if it is not just that nothing was saved."""
    return render(
        request,
        template,
        {
            "unit": found.unit,
            "door": "returns",
            "sheet": found,
            "state": state_name(found.state),
            "form": form,
            "refused_as": refused_as,
            "lines": [Line(form[row.slot.code], row) for row in found.rows],
            "findings": finding_sentences(found.findings, found.form) if found.return_id else [],
            "may_submit": may(request, SUBMIT, found.unit.id),
            "is_late": found.due_on < request.lens.today,
        },
        status=status,
    )
