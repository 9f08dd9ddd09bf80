"""The page of one return: its figures, its course, its versions, and what can be done with it."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from plenum.access.answers import REFUSED, Changed, go_to, put_errors
from plenum.access.reach import visible
from plenum.access.requests import AuthedRequest, may, signed_in
from plenum.figures.actions import (
    ReturnChanged,
    accept_return,
    correct_return,
    discard_draft,
    send_back,
    withdraw_return,
)
from plenum.figures.forms import ReasonForm
from plenum.figures.models import DEEDS, Return
from plenum.figures.pages.changed import name_of, seen_against
from plenum.figures.powers import ACCEPT, ENTER, READ, SUBMIT
from plenum.figures.queries import ReturnView, return_view
from plenum.figures.rules import Deed, State
from plenum.figures.wording import finding_sentences, return_name, state_name

NEEDS_REASON = (Deed.SEND_BACK, Deed.CORRECT)
POWERS = {
    Deed.SAVE: ENTER,
    Deed.SUBMIT: SUBMIT,
    Deed.WITHDRAW: SUBMIT,
    Deed.CORRECT: SUBMIT,
    Deed.DISCARD: ENTER,
    Deed.ACCEPT: ACCEPT,
    Deed.SEND_BACK: ACCEPT,
}


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def return_page(request: AuthedRequest, pk: int) -> HttpResponse:
    """Read a return; accept it, send it back, take it back, correct it or discard its draft."""
    if not visible(Return.objects.filter(pk=pk), request.actor, READ, request.lens.today).exists():
        raise Http404
    found = return_view(pk, request.lens.today)
    if request.method == "POST":
        return _receive(request, pk, found)
    return _show(request, pk, found)


def _receive(request: AuthedRequest, pk: int, found: ReturnView) -> HttpResponse:
    try:
        deed = Deed(request.POST.get("deed", ""))
    except ValueError:
        raise Http404 from None
    form = ReasonForm(request.POST)
    if deed not in NEEDS_REASON:
        form.fields["reason"].required = False
    if not form.is_valid():
        return _show(request, pk, found, {deed: form}, REFUSED)
    try:
        after, said = _do(request, pk, deed, form)
    except ReturnChanged as error:
        raise _changed(request, pk, deed, form) from error
    except Return.DoesNotExist:
        raise Http404 from None
    except ValidationError as error:
        put_errors(form, error)
        return _show(request, pk, return_view(pk, request.lens.today), {deed: form}, REFUSED)
    messages.success(request, said % {"return": return_name(found.sheet.form, found.sheet.period)})
    unit, owed = found.sheet.unit.code, found.sheet
    if after is None:
        return go_to(request, "figures:returns", unit)
    if deed is Deed.CORRECT:
        return go_to(request, "figures:enter", unit, owed.form.code, owed.period.code)
    return go_to(request, "figures:return", pk)


def _changed(request: AuthedRequest, pk: int, deed: Deed, form: ReasonForm) -> Changed:
    """What was seen beside what stands now. A reason that was typed can be sent again; anything else is done anew."""
    found = return_view(pk, request.lens.today)
    data, query, address = form.cleaned_data, request.lens.query(), reverse("figures:return", args=[pk])
    again = deed in NEEDS_REASON and deed in found.sheet.deeds
    seen = {"edition": found.sheet.edition, "version": found.version, "state": found.sheet.state}
    return Changed(
        name_of(found.sheet),
        seen_against(found, deed, data["version"], data["state"]),
        back=f"{address}?{query}" if query else address,
        renewed={name: str(value) for name, value in seen.items()} if again else None,
    )


def _do(request: AuthedRequest, pk: int, deed: Deed, form: ReasonForm) -> tuple[Return | None, str]:
    """Carry out a deed by its act; gives the return as it is afterwards and what to tell the person."""
    edition, reason = form.cleaned_data["edition"], form.cleaned_data["reason"]
    on, by = request.lens.today, request.actor
    acts: dict[Deed, tuple[Callable[[], Return | None], str]] = {
        Deed.ACCEPT: (
            lambda: accept_return(pk, edition=edition, on=on, by=by),
            _("Accepted: %(return)s. Its figures count from now on."),
        ),
        Deed.SEND_BACK: (
            lambda: send_back(pk, reason, edition=edition, on=on, by=by),
            _("Sent back: %(return)s."),
        ),
        Deed.WITHDRAW: (
            lambda: withdraw_return(pk, edition=edition, on=on, by=by),
            _("Taken back: %(return)s. It can be changed again."),
        ),
        Deed.CORRECT: (
            lambda: correct_return(pk, reason, edition=edition, on=on, by=by),
            _("Correction begun: %(return)s. The accepted figures stand until the correction is accepted."),
        ),
        Deed.DISCARD: (
            lambda: discard_draft(pk, edition=edition, on=on, by=by),
            _("Draft discarded: %(return)s."),
        ),
    }
    if deed not in acts:
        raise Http404
    act, said = acts[deed]
    return act(), said


def _show(
    request: AuthedRequest,
    pk: int,
    found: ReturnView,
    forms: dict[Deed, ReasonForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    sheet = found.sheet
    allowed = {deed for deed in sheet.deeds if may(request, POWERS[deed], sheet.unit.id)}
    blank = ReasonForm(initial={"edition": sheet.edition})
    shown = {deed: (forms or {}).get(deed, blank) for deed in (*NEEDS_REASON, Deed.ACCEPT)}
    return render(
        request,
        "figures/return.html",
        {
            "unit": sheet.unit,
            "door": "returns",
            "found": found,
            "sheet": sheet,
            "state": state_name(sheet.state),
            "course": _course(sheet.state),
            "findings": finding_sentences(sheet.findings, sheet.form),
            "steps": [(DEEDS[step.what], step) for step in found.steps],
            "allowed": {deed.value for deed in allowed},
            "is_correction": found.accepted_version is not None and sheet.state != State.ACCEPTED,
            "refused": next(iter((forms or {}).values()), None),
            "send_back_form": shown[Deed.SEND_BACK],
            "correct_form": shown[Deed.CORRECT],
        },
        status=status,
    )


def _course(state: str) -> list[tuple[str, str]]:
    """The three stations of a return, with where it stands."""
    reached = {State.DRAFT: 0, State.SENT_BACK: 0, State.SUBMITTED: 1, State.ACCEPTED: 2}[State(state)]
    names = [_("Draft"), _("Submitted"), _("Accepted")]
    if state == State.SENT_BACK:
        names[0] = _("Sent back")
    return [
        (name, "done" if at < reached or reached == 2 else "current" if at == reached else "todo")
        for at, name in enumerate(names)
    ]
