"""Reforms as the reason for what happened to a unit."""

from collections.abc import Collection
from datetime import date

from django.urls import reverse

from plenum.journal.actor import Actor
from plenum.organisation.causes import TELLERS, Cause
from plenum.reorganisations.models import State
from plenum.reorganisations.queries import visible_reforms
from plenum.tree.models import Reshaped, Reshaping, Touched


def reforms_behind(
    actor: Actor, today: date, unit_ids: Collection[int], days: Collection[date]
) -> dict[date, Cause]:
    """The executed reforms that did something to the units on these days, as far as the reader sees them."""
    written = dict(
        Reshaping.objects.filter(on_date__in=list(days), undone=False).values_list("pk", "on_date")
    )
    touched = Reshaped.objects.filter(
        reshaping__in=list(written), what__in=Touched.values, unit__in=list(unit_ids)
    )
    of_units = set(touched.values_list("reshaping_id", flat=True)) if written else set()
    if not of_units:
        return {}
    reforms = visible_reforms(actor, today).filter(state=State.EXECUTED)
    return {
        written[reshaping]: Cause(title, reverse("reorganisations:reform", args=[pk]))
        for pk, title, reshapings in reforms.values_list("pk", "title", "reshapings")
        for reshaping in reshapings
        if reshaping in of_units
    }


TELLERS.append(reforms_behind)
