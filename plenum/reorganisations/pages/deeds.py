"""What the buttons of the page of a reform do."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from plenum.access.answers import REFUSED
from plenum.access.requests import AuthedRequest, signed_in
from plenum.reorganisations import actions
from plenum.reorganisations.jobs import REHEARSE, UNDO_JOB, start_if_large
from plenum.reorganisations.models import Reform, Rehearsal
from plenum.reorganisations.pages.reforms import TICKED, edition_of, reform_for, shown
from plenum.reorganisations.rows import rehearsal_row
from plenum.tree.models import Unit

CHOICE = "choice-"
AS_PROPOSED = "proposed"
AT = {"rehearse": "rehearsal", "decide": "objects", "accept": "objects"}
"""Where on the page one sees what came of a deed."""


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
    place = reverse("reorganisations:reform", args=[pk])
    kept = request.GET.copy()
    kept.pop(TICKED, None)
    query = kept.urlencode()
    at = AT.get(request.POST["deed"], "")
    return HttpResponseRedirect("".join((place, query and f"?{query}", at and f"#{at}")))


def _rehearse(request: AuthedRequest, reform: Reform) -> str:
    edition, today = edition_of(request), request.lens.today
    if start_if_large(REHEARSE, reform, edition=edition, on=today, by=request.actor):
        return _("The rehearsal has been started. This page says how far it is.")
    actions.rehearse_reform(reform.pk, edition=edition, on=today, by=request.actor)
    return _("The reform is rehearsed. Nothing has been changed by that.")


def _submit(request: AuthedRequest, reform: Reform) -> str:
    actions.submit_reform(reform.pk, edition=edition_of(request), on=request.lens.today, by=request.actor)
    return _("The units concerned are asked to approve.")


def _approve(request: AuthedRequest, reform: Reform) -> str:
    actions.approve_reform(
        reform.pk, _unit(request), edition=edition_of(request), on=request.lens.today, by=request.actor
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
    """Decide row by row, or about the rows that are ticked in one way."""
    if "ticked" in request.POST.getlist("how"):
        choices = _of_the_ticked(request, reform)
    else:
        choices = {
            name.removeprefix(CHOICE): str(value)
            for name, value in request.POST.items()
            if name.startswith(CHOICE) and value
        }
    if not choices:
        raise ValidationError(_("Choose what becomes of at least one of them."))
    actions.decide(reform.pk, choices, edition=edition_of(request), on=request.lens.today, by=request.actor)
    text = ngettext(
        "What was chosen is decided: %(n)s object.",
        "What was chosen is decided: %(n)s objects.",
        len(choices),
    )
    return text % {"n": len(choices)}


def _of_the_ticked(request: AuthedRequest, reform: Reform) -> dict[str, str]:
    """One choice for all objects that are ticked; ValidationError if one of them does not have it."""
    rehearsal = Rehearsal.objects.filter(reform=reform).first()
    objects = rehearsal_row(rehearsal, {})["objects"] if rehearsal else []
    rows = {row["subject"]: row for row in objects}
    ticked = [subject for subject in request.POST.getlist("subject") if subject in rows]
    wanted = request.POST.get("as", AS_PROPOSED)
    if wanted == AS_PROPOSED:
        return {subject: rows[subject]["proposal"] for subject in ticked}
    cannot = [
        rows[subject]["label"]
        for subject in ticked
        if wanted not in {choice["choice"] for choice in rows[subject]["choices"]}
    ]
    if cannot:
        text = _("This cannot be decided about: %(labels)s. Choose something else for them.")
        raise ValidationError(text % {"labels": "; ".join(cannot[:5])})
    return dict.fromkeys(ticked, wanted)


def _accept(request: AuthedRequest, reform: Reform) -> str:
    count = actions.accept_proposals(
        reform.pk,
        of=request.POST.get("of", "")[:80],
        edition=edition_of(request),
        on=request.lens.today,
        by=request.actor,
    )
    text = ngettext("Decided as proposed: %(n)s object.", "Decided as proposed: %(n)s objects.", count)
    return text % {"n": count}


def _undo(request: AuthedRequest, reform: Reform) -> str:
    reason, today = request.POST.get("reason", ""), request.lens.today
    if reason.strip() and start_if_large(UNDO_JOB, reform, reason=reason, on=today, by=request.actor):
        return _("The undoing has been started. This page says how far it is.")
    actions.undo_reform(reform.pk, reason=reason, on=today, by=request.actor)
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
    "undo": _undo,
}
