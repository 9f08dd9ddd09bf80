"""Naming units in a step: chosen from what is offered, or written as a name or a code."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from plenum.organisation.wording import kind_name
from plenum.packs import pack
from plenum.reorganisations.queries import Called, founded_in, meant
from plenum.reorganisations.rules import Plan
from plenum.tree.kinds import KINDS
from plenum.tree.rules import LONGEST_CODE, LONGEST_NAME

OFFERED = "units-offered"
"""The list of a page from which fields for units complete what is typed."""


@dataclass(frozen=True)
class Drawing:
    """What a step form needs to know: the plan, the number of the unit that answers, and a code for a new unit."""

    plan: Plan
    owner_id: int
    make_code: Callable[[str, str], str]

    def kinds(self) -> list[tuple[str, str]]:
        """The kinds that are in force on the day of the plan."""
        return [(code, kind_name(code)) for code in pack().kinds if KINDS.holds(code, self.plan.on)]

    def free_code(self, name: str, parent: str, taken: Sequence[str] = ()) -> str:
        """A code for a new unit that neither the tree nor the plan has."""
        used = {unit.code for unit in founded_in(self.plan)} | set(taken)
        code = made = self.make_code(name, parent)
        number = 2
        while code in used:
            code = f"{made[: LONGEST_CODE - 4]}-{number}"
            number += 1
        return code


class UnitField(forms.CharField):
    """A unit as `Name (code)`, as its name or as its code; gives the code."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", LONGEST_NAME + LONGEST_CODE + 3)
        super().__init__(**kwargs)
        self.widget.attrs |= {"list": OFFERED, "autocomplete": "off"}
        self.among: Drawing | None = None

    def clean(self, value: Any) -> str:
        """The code; ValidationError with what it may mean."""
        text = str(super().clean(value) or "").strip()
        if not text or self.among is None:
            return text
        found = meant(text, self.among.plan, self.among.owner_id)
        if not found:
            raise ValidationError(
                _now("No unit is called “%(name)s”. Choose one of the list, or write its code."),
                params={"name": text},
            )
        if len(found) > 1:
            raise ValidationError(
                _now("Several units are called so. Write the code of the one you mean: %(units)s."),
                params={"units": "; ".join(each.text for each in found)},
            )
        return found[0].code


class UnitsField(forms.MultipleChoiceField):
    """Units that were picked, each of which can be left out again; `put` says which are there to choose."""

    widget = forms.CheckboxSelectMultiple

    def put(self, units: Sequence[Called]) -> None:
        self.choices = [(each.code, each.text) for each in units]


def new_unit_fields(form: forms.Form, drawing: Drawing, prefix: str = "") -> None:
    """Give a form the fields that describe a new unit."""
    fields = {
        "name": forms.CharField(label=_("Name of the new unit"), max_length=LONGEST_NAME, required=False),
        "short": forms.CharField(label=_("Its short name"), max_length=LONGEST_NAME, required=False),
        "kind": forms.ChoiceField(label=_("Its kind"), required=False, choices=[("", "–"), *drawing.kinds()]),
        "parent": UnitField(label=_("Its superior unit"), required=False),
        "code": forms.CharField(
            label=_("Its code"),
            max_length=LONGEST_CODE,
            required=False,
            help_text=_(
                "Small letters without accents, digits and hyphens; made from the name if left empty."
            ),
        ),
    }
    form.fields |= {f"{prefix}{name}": field for name, field in fields.items()}


def new_unit(
    form: forms.Form, drawing: Drawing, prefix: str = "", taken: Sequence[str] = ()
) -> dict[str, str]:
    """The new unit that was described, as a plan has it; the code is made from its name if none was written."""
    given = {
        name: form.cleaned_data.get(f"{prefix}{name}", "") for name in ("name", "kind", "parent", "short")
    }
    code = form.cleaned_data.get(f"{prefix}code", "").strip()
    if not code and given["name"]:
        code = drawing.free_code(given["name"], given["parent"] or drawing.plan.owner, taken)
    return {"code": code, **given}
