"""Two people with a form about the same unit open: the second is shown what the first has done before anything is."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _

from plenum.access.answers import Changed, Side, said
from plenum.access.requests import AuthedRequest
from plenum.journal.queries import entries
from plenum.journal.words import Change
from plenum.organisation import queries
from plenum.organisation.wording import kind_name
from plenum.tree.queries import UnitView, life, unit_view, unit_views

SEEN = "seen"
"""The hidden field that says which unit, with all its names, kinds and places, the reader had before them."""


def state_of(unit_id: int) -> str:
    """The whole life of a unit in a few letters: another life, other letters."""
    return queries.edition_of(life(unit_id))


def watch(form: forms.Form, unit_id: int) -> None:
    """Let a form carry what its reader saw of the unit."""
    form.fields[SEEN] = forms.CharField(
        required=False, widget=forms.HiddenInput, initial=lambda: state_of(unit_id)
    )


def refuse_unseen(request: AuthedRequest, view: UnitView, form: forms.Form) -> None:
    """Raise Changed if the unit is not any more what the reader of the form saw."""
    seen = form.cleaned_data.pop(SEEN, "")
    now = state_of(view.id) if seen else ""
    if seen == now:
        return
    query = request.lens.query()
    address = reverse("organisation:unit", args=[view.code])
    raise Changed(
        view.name,
        _sides(request, form, view.id),
        back=f"{address}?{query}" if query else address,
        renewed={SEEN: now},
    )


def _sides(request: AuthedRequest, form: forms.Form, unit_id: int) -> list[Side]:
    """What was typed beside what the unit is now, and last what has been done to it meanwhile."""
    now = unit_view(unit_id, request.lens.as_of)
    above = unit_views([now.parent_id] if now.parent_id else [], request.lens.as_of)
    stands: dict[str, Any] = {
        "name": now.name,
        "short": "" if now.short == now.name else now.short,
        "kind": kind_name(now.kind),
        "parent": above[now.parent_id].name if now.parent_id else "",
    }
    sides = [
        Side(str(field.label), said(form[name]), str(stands[name]))
        for name, field in form.fields.items()
        if name in stands
    ]
    return sides + _last_act(request, unit_id)


def _last_act(request: AuthedRequest, unit_id: int) -> list[Side]:
    lines = queries.journal_lines(list(entries([unit_id])[:1]), request.lens.as_of)
    return [
        Side(str(_("The last change")), "", " · ".join([line.act, *(_change(each) for each in line.changes)]))
        for line in lines
    ]


def _change(change: Change) -> str:
    values = " → ".join(each for each in (change.before, change.after) if each)
    return f"{change.field}: {values}" if change.field else values
