"""The page of what waits to be accepted."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from plenum.access.paging import page_of
from plenum.access.requests import AuthedRequest, signed_in, unit_for
from plenum.figures.actions import accept_return
from plenum.figures.models import Return
from plenum.figures.powers import READ
from plenum.figures.queries import answerable, submissions, to_accept
from plenum.figures.wording import return_name
from plenum.tree.queries import unit_view

ON_A_PAGE = 50
"""Returns shown at once: as many as can be weighed in one sitting."""


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def acceptance_page(request: AuthedRequest, code: str) -> HttpResponse:
    """Weigh submitted returns of the units below and accept them, one by one or several at once."""
    unit = unit_for(request, code, READ)
    if request.method == "POST":
        _accept_chosen(request)
        return HttpResponseRedirect(request.get_full_path())
    waiting = to_accept(request.actor, unit.pk, request.lens.today)
    page = page_of(request, waiting, ON_A_PAGE)
    return render(
        request,
        "figures/acceptance.html",
        {
            "unit": unit_view(unit, request.lens.as_of),
            "door": "returns",
            "page": page,
            "total": len(waiting),
            "lines": submissions(page.object_list),
        },
    )


def _accept_chosen(request: AuthedRequest) -> None:
    """Accept each chosen return by its own act; one that cannot be accepted does not hold back the others.

    Each choice is written `RETURN.EDITION`: a return that has changed since the page was shown is refused.
    """
    accepted = 0
    choices = request.POST.getlist("choice")
    numbers = {pk for choice in choices if (pk := _number(choice))}
    mine = answerable(request.actor, numbers, request.lens.today)
    for choice in choices:
        number, edition = _number(choice), _number(choice.partition(".")[2])
        if number not in mine:
            continue
        try:
            accept_return(number, edition=edition, on=request.lens.today, by=request.actor)
        except ValidationError as error:
            _report(request, mine[number], error)
        else:
            accepted += 1
    if accepted:
        said = ngettext("%(n)d return accepted.", "%(n)d returns accepted.", accepted)
        messages.success(request, said % {"n": accepted})
    elif not choices:
        messages.warning(request, _("Nothing was chosen. Tick the returns to accept."))


def _number(choice: str) -> int:
    """The number that a text begins with, up to a dot; 0 when it is none that the database could hold."""
    number = choice.partition(".")[0]
    return int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0


def _report(request: AuthedRequest, refused: Return, error: ValidationError) -> None:
    name = unit_view(refused.unit, request.lens.today).name
    said = _("Not accepted: %(unit)s, %(return)s. %(why)s") % {
        "unit": name,
        "return": return_name(refused.form_of_pack, refused.period),
        "why": " ".join(error.messages),
    }
    messages.error(request, said)
