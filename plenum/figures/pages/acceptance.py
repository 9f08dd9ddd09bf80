"""The page of what waits to be accepted."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from plenum.access.reach import visible
from plenum.access.requests import AuthedRequest, signed_in, unit_for
from plenum.figures.actions import accept_return
from plenum.figures.models import Return
from plenum.figures.powers import ACCEPT, READ
from plenum.figures.queries import Waiting, below, waiting_for
from plenum.figures.wording import return_name
from plenum.packs import Slot
from plenum.tree.queries import unit_view

ON_A_PAGE = 50
"""Returns shown at once: as many as can be weighed in one sitting."""


@dataclass(frozen=True)
class Line:
    """A submitted return as it is weighed: what it reports, and the edition that is accepted."""

    waiting: Waiting
    edition: int
    remark: str
    reported: list[tuple[Slot, int]]


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def acceptance_page(request: AuthedRequest, code: str) -> HttpResponse:
    """Weigh submitted returns of the units below and accept them, one by one or several at once."""
    unit = unit_for(request, code, READ)
    if request.method == "POST":
        _accept_chosen(request)
        return HttpResponseRedirect(request.get_full_path())
    answered = below(request.actor, ACCEPT, unit, request.lens.today) - {unit.pk}
    waiting = [
        each
        for each in waiting_for(request.actor, request.lens.today)
        if each.what == "accept" and each.unit.id in answered
    ]
    page = Paginator(waiting, ON_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "figures/acceptance.html",
        {
            "unit": unit_view(unit, request.lens.as_of),
            "door": "returns",
            "page": page,
            "total": len(waiting),
            "lines": _lines(list(page.object_list)),
        },
    )


def _lines(waiting: list[Waiting]) -> list[Line]:
    found = Return.objects.in_bulk([each.return_id for each in waiting if each.return_id])
    lines = []
    for each in waiting:
        if each.return_id in found:
            submitted = found[each.return_id]
            values = submitted.draft.by_slot(each.form)
            reported = [(slot, value) for slot in each.form.slots if (value := values[slot.code])]
            lines.append(Line(each, submitted.edition, submitted.remark, reported))
    return lines


def _accept_chosen(request: AuthedRequest) -> None:
    """Accept each chosen return by its own act; one that cannot be accepted does not hold back the others.

    Each choice is written `RETURN.EDITION`: a return that has changed since the page was shown is refused.
    """
    accepted = 0
    answerable = set(
        visible(Return.objects.all(), request.actor, ACCEPT, request.lens.today)
        .values_list("pk", flat=True)
        .filter(pk__in=[pk for choice in request.POST.getlist("choice") if (pk := _number(choice))])
    )
    for choice in request.POST.getlist("choice"):
        number, _dot, edition = choice.partition(".")
        if _number(choice) not in answerable or not (edition.isascii() and edition.isdigit()):
            continue
        try:
            accept_return(int(number), edition=int(edition), on=request.lens.today, by=request.actor)
        except ValidationError as error:
            _report(request, int(number), error)
        else:
            accepted += 1
    if accepted:
        said = ngettext("%(n)d return accepted.", "%(n)d returns accepted.", accepted)
        messages.success(request, said % {"n": accepted})
    elif not request.POST.getlist("choice"):
        messages.warning(request, _("Nothing was chosen. Tick the returns to accept."))


def _number(choice: str) -> int:
    """The number of the return in a choice; 0 when it is none that a return can have."""
    number = choice.partition(".")[0]
    return int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0


def _report(request: AuthedRequest, pk: int, error: ValidationError) -> None:
    refused = Return.objects.select_related("unit").get(pk=pk)
    name = unit_view(refused.unit, request.lens.today).name
    said = _("Not accepted: %(unit)s, %(return)s. %(why)s") % {
        "unit": name,
        "return": return_name(refused.form_of_pack, refused.period),
        "why": " ".join(error.messages),
    }
    messages.error(request, said)
