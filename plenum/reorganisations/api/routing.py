"""The router on which the operations of this room stand, and how they find a reform."""

from django.http import Http404
from ninja import Router

from plenum.access.programs import EditionIn, Told
from plenum.access.reach import require
from plenum.access.requests import AuthedRequest
from plenum.reorganisations.models import Reform
from plenum.reorganisations.powers import PLAN
from plenum.reorganisations.queries import visible_reforms

router = Router()


def reform_for(request: AuthedRequest, number: int) -> Reform:
    """A reform that the reader sees; otherwise Http404."""
    found = (
        visible_reforms(request.actor, request.lens.today).select_related("unit").filter(pk=number).first()
    )
    if found is None:
        raise Http404
    return found


def planned(request: AuthedRequest, number: int) -> Reform:
    """A reform that one may plan; for whoever only sees it, OutOfReach."""
    reform = reform_for(request, number)
    require(request.actor, PLAN, reform.unit_id, request.lens.today)
    return reform


class Deed(Told):
    """The edition of the reform that was read; 409 if it has changed since. Left out: whatever stands."""

    edition: EditionIn | None = None
