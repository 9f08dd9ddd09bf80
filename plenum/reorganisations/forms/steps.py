"""One form for each thing that a step can do. Each gives its steps, or says at the field what is wrong."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plenum.access.fields import DayInput
from plenum.reorganisations.forms.units import Drawing, UnitField, UnitsField, new_unit, new_unit_fields
from plenum.reorganisations.queries import Called
from plenum.reorganisations.rules import TO_PARENT, Step, Unreadable
from plenum.reorganisations.rules.data import step_from_data
from plenum.reorganisations.wording import flaw_in_words
from plenum.tree.rules import LONGEST_NAME


class DeedForm(forms.Form):
    """What all steps have. `picked` are the units that can be among those to which something happens."""

    on = forms.DateField(
        label=pgettext_lazy("step", "Holds from"),
        widget=DayInput(),
        required=False,
        help_text=_("Left empty: from the day of the plan."),
    )
    AT: ClassVar[Mapping[str, str]] = {}
    """At which field of the form a fault in a field of the plan is said, where the names differ."""
    last: ClassVar[tuple[str, ...]] = ("on",)

    def __init__(
        self, *args: Any, drawing: Drawing, picked: Sequence[Called] = (), parts: int = 0, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.drawing, self.picked, self.parts = drawing, picked, parts
        self.steps: list[Step] = []
        self.build()
        for field in self.fields.values():
            if isinstance(field, UnitField):
                field.among = drawing
            elif isinstance(field, UnitsField):
                field.put(picked)
        self.order_fields([name for name in self.fields if name not in self.last] + list(self.last))

    def build(self) -> None:
        """Add the fields that depend on what was picked."""

    def data_of_steps(self) -> list[dict[str, Any]]:
        """The steps as plain values, when every field by itself is sound; what is wrong is put at the fields."""
        return []

    def clean(self) -> dict[str, Any]:
        """Make the steps of what was filled in."""
        given = super().clean() or {}
        if self.errors:
            return given
        on = {"on": given["on"].isoformat()} if given.get("on") else {}
        try:
            for data in self.data_of_steps():
                self.steps.append(step_from_data(data | on, 1))
        except Unreadable as error:
            for fault in error.faults:
                name = self.AT.get(fault.field, fault.field.rpartition(".")[2])
                self.add_error(name if name in self.fields else None, flaw_in_words(fault))
        return given


class SeveralForm(DeedForm):
    """A step for each of several units; when one step is changed, it is only one."""

    units = UnitsField(label=_("Units"), required=False)
    also = UnitField(
        label=_("One more unit"), required=False, help_text=_("Its name or code; the list completes it.")
    )

    def build(self) -> None:
        if not self.picked:
            del self.fields["units"]
            self.fields["also"].label = _("Unit")
            self.fields["also"].required = True

    def codes(self) -> list[str]:
        """What was chosen; ValidationError on `units` for nothing."""
        also = self.cleaned_data.get("also")
        found = [*self.cleaned_data.get("units", ()), *([also] if also else [])]
        if not found:
            self.add_error("units", ValidationError(_now("Choose at least one unit.")))
        return list(dict.fromkeys(found))


class FoundForm(DeedForm):
    """A new unit."""

    AT: ClassVar[Mapping[str, str]] = {"unit": "name"}

    def build(self) -> None:
        new_unit_fields(self, self.drawing)
        for name in ("name", "kind", "parent"):
            self.fields[name].required = True

    def data_of_steps(self) -> list[dict[str, Any]]:
        return [{"do": "found", "unit": new_unit(self, self.drawing)}]


class MergeForm(SeveralForm):
    """Units go on in one that exists or that is new."""

    AT: ClassVar[Mapping[str, str]] = {"from": "units"}

    def build(self) -> None:
        super().build()
        self.fields["into"] = UnitField(
            label=_("Into a unit that exists"),
            required=False,
            help_text=_("Also one of those above, which then lives on, or one that the plan founds."),
        )
        new_unit_fields(self, self.drawing)

    def data_of_steps(self) -> list[dict[str, Any]]:
        codes, into, new = self.codes(), self.cleaned_data["into"], new_unit(self, self.drawing)
        if bool(into) == bool(new["name"]):
            text = (
                _now("Name either a unit that exists or a new one, not both.")
                if into
                else _now("Name the unit into which they are merged, or describe a new one.")
            )
            self.add_error("into", text)
        if self.errors:
            return []
        return [{"do": "merge", "from": codes, "into": into or new}]


class MoveForm(SeveralForm):
    """Units come to stand under another."""

    AT: ClassVar[Mapping[str, str]] = {"unit": "units"}
    to = UnitField(label=_("New superior unit"))

    def data_of_steps(self) -> list[dict[str, Any]]:
        return [{"do": "move", "unit": code, "to": self.cleaned_data["to"]} for code in self.codes()]


class DissolveForm(SeveralForm):
    """Units end without a successor."""

    AT: ClassVar[Mapping[str, str]] = {"unit": "units"}
    children_to = UnitField(
        label=_("What stands below them goes to"),
        required=False,
        help_text=_("Left empty if nothing stands below, or if other steps say where it goes."),
    )

    def data_of_steps(self) -> list[dict[str, Any]]:
        to = self.cleaned_data["children_to"]
        return [{"do": "dissolve", "unit": code, "children_to": to} for code in self.codes()]


class ChangeKindForm(SeveralForm):
    """Units become units of another kind."""

    AT: ClassVar[Mapping[str, str]] = {"unit": "units"}

    def build(self) -> None:
        super().build()
        self.fields["kind"] = forms.ChoiceField(
            label=_("New kind"), choices=[("", "–"), *self.drawing.kinds()]
        )

    def data_of_steps(self) -> list[dict[str, Any]]:
        return [
            {"do": "change_kind", "unit": code, "kind": self.cleaned_data["kind"]} for code in self.codes()
        ]


class RenameForm(DeedForm):
    """A unit is called otherwise."""

    unit = UnitField(label=_("Unit"))
    name = forms.CharField(label=_("New name"), max_length=LONGEST_NAME)
    short = forms.CharField(label=_("New short name"), max_length=LONGEST_NAME, required=False)

    def data_of_steps(self) -> list[dict[str, Any]]:
        given = self.cleaned_data
        return [{"do": "rename", "unit": given["unit"], "name": given["name"], "short": given["short"]}]


class EndLevelForm(DeedForm):
    """Every unit of a kind ends, unless another step says what it becomes."""

    under = UnitField(
        label=_("Everywhere below"), required=False, help_text=_("Left empty: below the unit that answers.")
    )
    children_to = UnitField(
        label=_("What stands below them goes to"),
        required=False,
        help_text=_("Left empty: each under what stood above the unit that ends."),
    )

    def build(self) -> None:
        kind = forms.ChoiceField(label=_("Which kind ends"), choices=[("", "–"), *self.drawing.kinds()])
        self.fields = {"kind": kind, **self.fields}

    def data_of_steps(self) -> list[dict[str, Any]]:
        given = self.cleaned_data
        to = given["children_to"] or TO_PARENT
        return [{"do": "end_level", "kind": given["kind"], "under": given["under"], "children_to": to}]
