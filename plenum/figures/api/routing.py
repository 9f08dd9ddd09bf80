"""The router on which the operations of this room stand, and how they find a return."""

from django.http import Http404
from ninja import Router

from plenum.access.reach import visible
from plenum.access.requests import AuthedRequest
from plenum.figures.models import Return
from plenum.figures.powers import READ
from plenum.figures.queries import Sheet, return_view, sheet
from plenum.figures.rows import OneReturn, one_return
from plenum.packs import pack
from plenum.periods import Period
from plenum.tree.models import Unit

router = Router()


def returned(request: AuthedRequest, number: int) -> OneReturn:
    """A return with everything about it; Http404 unless its unit is in reach."""
    if not visible(Return.objects.filter(pk=number), request.actor, READ, request.lens.today).exists():
        raise Http404
    return one_return(return_view(number, request.lens.today))


def sheet_of(request: AuthedRequest, unit: Unit, form: str, period: Period) -> Sheet:
    """The entry form of a unit; Http404 when the pack has no such form."""
    if form not in pack().forms:
        raise Http404
    return sheet(unit.pk, form, period, request.lens.today)
