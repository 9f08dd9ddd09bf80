"""Forms of the acts on units."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plenum.access.fields import DayInput
from plenum.organisation.wording import kind_name
from plenum.packs import pack
from plenum.tree.queries import UnitView
from plenum.tree.rules import LONGEST_CODE, LONGEST_NAME


def day_field(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateField:
    """A day, chosen in the browser's own calendar."""
    widget = DayInput()
    return forms.DateField(label=label, widget=widget, help_text=help_text, required=required)


def reason_field(*, required: bool = True) -> forms.CharField:
    return forms.CharField(label=_("Reason"), required=required, widget=forms.Textarea(attrs={"rows": 2}))


class KindChoice(forms.Form):
    """A form with a kind among those that may stand where the unit does."""

    kind = forms.ChoiceField(label=_("Kind"))

    def __init__(self, *args: Any, kinds: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(code, kind_name(code)) for code in kinds]
        self.fields["kind"].choices = [("", "–"), *choices]  # type: ignore[attr-defined]


class FoundForm(KindChoice):
    """A new unit below another."""

    name = forms.CharField(label=pgettext_lazy("unit", "Name"), max_length=LONGEST_NAME)
    short = forms.CharField(label=_("Short name"), max_length=LONGEST_NAME, required=False)
    code = forms.CharField(
        label=_("Code"),
        max_length=LONGEST_CODE,
        required=False,
        help_text=_("Small letters without accents, digits and hyphens; made from the name if left empty."),
    )
    since = day_field(_("Exists from"))
    until = day_field(
        _("Until before"), _("The first day without it, if that is already known."), required=False
    )
    field_order = ("name", "short", "kind", "code", "since", "until")


class NameForm(forms.Form):
    """Another name from a day."""

    name = forms.CharField(label=_("New name"), max_length=LONGEST_NAME)
    short = forms.CharField(label=_("New short name"), max_length=LONGEST_NAME, required=False)
    since = day_field(_("Called so from"))
    reason = reason_field(required=False)


class CorrectNameForm(forms.Form):
    """The same name, written correctly."""

    name = forms.CharField(label=pgettext_lazy("unit", "Name"), max_length=LONGEST_NAME)
    short = forms.CharField(label=_("Short name"), max_length=LONGEST_NAME, required=False)
    reason = reason_field()


class KindForm(KindChoice):
    """Another kind from a day."""

    since = day_field(_("Of this kind from"))
    reason = reason_field(required=False)


class MoveForm(forms.Form):
    """Another superior unit from a day."""

    parent = forms.TypedChoiceField(label=_("New superior unit"), coerce=int)
    since = day_field(_("Stands there from"))
    reason = reason_field(required=False)

    def __init__(self, *args: Any, parents: Iterable[UnitView], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(unit.id), unit.name) for unit in parents]
        if not choices:
            _nothing_to_choose(self.fields["parent"], _("No other unit can take it in."))
        self.fields["parent"].choices = [("", "–"), *choices]  # type: ignore[attr-defined]


class DissolveForm(forms.Form):
    """The end of a unit."""

    since = day_field(_("Does not exist any more from"), _("The first day without the unit."))
    reason = reason_field(required=False)


class TakeBackForm(forms.Form):
    """Which change is taken back, and why."""

    LABELS = {
        "name": _("The last renaming"),
        "kind": _("The last change of kind"),
        "parent": _("The last move"),
        "dissolution": _("The dissolution"),
    }

    what = forms.ChoiceField(label=_("What is taken back"), widget=forms.RadioSelect)
    reason = reason_field()

    def __init__(self, *args: Any, changes: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(each, self.LABELS[each]) for each in changes]
        self.fields["what"].choices = choices  # type: ignore[attr-defined]
        if not choices:
            _nothing_to_choose(self.fields["what"], _("There is nothing that you could take back."))


def _nothing_to_choose(field: forms.Field, why: Any) -> None:
    """Say why, whatever is sent for a field that offers nothing."""
    field.error_messages |= {"required": why, "invalid_choice": why}


def kinds_under(parent_kind: str, on: Any) -> list[str]:
    """The kinds that may stand under one on a day, in the order of the pack."""
    return [code for code in pack().kinds if pack().may_stand_under(code, parent_kind, on)]
