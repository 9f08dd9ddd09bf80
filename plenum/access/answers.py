"""What a page answers when it cannot do what was asked: refused, changed meanwhile, asked too often."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from plenum.access.requests import AuthedRequest
from plenum.packs import wording

REFUSED = 422
"""The status of a form that was not accepted; what was typed is kept."""


@dataclass(frozen=True)
class Side:
    """One thing in which two versions differ: its label, what I typed, what somebody else has saved."""

    label: str
    mine: str
    theirs: str


class Changed(Exception):
    """Somebody else has changed the thing since the form was opened; answered with 409 and both versions.

    ``what``: the thing, as people name it. ``sides``: where the versions differ. ``back``: the address of the thing as
    it stands now. ``renewed``: fields of the form that stand for what was seen (an edition), as they have to be sent
    to save mine over theirs after looking; None if that cannot be done. ``send_to``: where to, if elsewhere.
    """

    def __init__(
        self,
        what: str,
        sides: Sequence[Side],
        *,
        back: str,
        renewed: Mapping[str, str] | None = None,
        send_to: str = "",
    ) -> None:
        super().__init__(what)
        self.what = what
        self.sides = tuple(sides)
        self.back = back
        self.renewed = renewed
        self.send_to = send_to


class TooMany(Exception):
    """Asked too often; answered with 429. ``wait``: seconds after which it may be tried again."""

    def __init__(self, reason: str, wait: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.wait = wait


def go_to(request: AuthedRequest, name: str, *args: Any) -> HttpResponseRedirect:
    """Send the reader to another page through the same lens; `name` is that of its address."""
    query = request.lens.query()
    address = reverse(name, args=args)
    return HttpResponseRedirect(f"{address}?{query}" if query else address)


def invitation_link(request: AuthedRequest, key: str) -> str:
    """The link of an invitation, to be handed over: its secret stands where no browser sends it on."""
    return f"{request.build_absolute_uri(reverse('access:accept_invitation'))}#{key}"


def differing(mine: forms.Form, theirs: forms.Form, *, without: Collection[str] = ()) -> list[Side]:
    """Where two filled-in forms of one kind say different things, in the order of their fields."""
    sides = [
        Side(str(field.label), said(mine[name]), said(theirs[name]))
        for name, field in mine.fields.items()
        if name not in without and not field.widget.is_hidden
    ]
    return [side for side in sides if side.mine != side.theirs]


def said(field: forms.BoundField) -> str:
    """What a field of a form says, as people read it."""
    value = field.value()
    choices = getattr(field.field, "choices", None)
    if choices is not None:
        return next((str(label) for code, label in choices if str(code) == str(value or "")), "")
    if isinstance(field.field, forms.BooleanField):
        return str(_("yes") if value else _("no"))
    if isinstance(value, str) and isinstance(field.field, forms.DateField):
        value = parse_date(value.strip()) or value
    if isinstance(value, date):
        return wording.day(value, wording.language(get_language()))
    if isinstance(value, Decimal):
        return f"{value:f}"
    return "" if value is None else "\n".join(str(value).split("\r\n")).strip()


def put_errors(form: forms.Form, error: ValidationError, names: Mapping[str, str] | None = None) -> None:
    """Show what an act refused: at the field it names (``names``: field of the act to field of the form)."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for act_field, errors in error.error_dict.items():
        field = (names or {}).get(act_field, act_field)
        form.add_error(field if field in form.fields and field != NON_FIELD_ERRORS else None, errors)
