"""Forms of reforms: the head of a plan, one of its steps, a file, a reason."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plenum.access.fields import DayInput
from plenum.organisation.wording import kind_name
from plenum.packs import pack
from plenum.reorganisations.rules import Plan, Step, Unreadable, read_sheets, read_toml
from plenum.reorganisations.rules.data import as_data, step_from_data
from plenum.reorganisations.wording import faults_in_words
from plenum.tree.rules import LONGEST_CODE, LONGEST_NAME

LARGEST_FILE = 10 * 2**20
DO = {
    "merge": _("Merge units"),
    "split": _("Divide a unit"),
    "found": _("Found a unit"),
    "move": _("Move a unit"),
    "rename": _("Rename a unit"),
    "change_kind": _("Change the kind of a unit"),
    "dissolve": _("Dissolve a unit"),
    "end_level": _("End a level"),
}
BY = {"list": _("by a list"), "area": _("by area"), "members": _("by members")}


class PlanFileForm(forms.Form):
    """A plan that was written elsewhere."""

    file = forms.FileField(
        label=_("Plan as TOML or XLSX"), help_text=_("It takes the place of the plan before.")
    )

    def clean_file(self) -> Any:
        """The plan; what cannot be read in it is said by line and step."""
        given = self.cleaned_data["file"]
        if given.size > LARGEST_FILE:
            raise ValidationError(_now("This file is too large."))
        body = given.read()
        try:
            self.plan = (
                read_sheets(body) if given.name.lower().endswith(".xlsx") else read_toml(body.decode())
            )
        except UnicodeDecodeError:
            raise ValidationError(_now("This is no text in UTF-8. Save it so and send it again.")) from None
        except Unreadable as error:
            raise ValidationError(faults_in_words(error)) from None
        return given


class HeadForm(forms.Form):
    """The head of a plan."""

    code = forms.CharField(
        label=_("Code"),
        max_length=LONGEST_CODE,
        help_text=_("Small letters without accents, digits and hyphens, such as bloc-2025."),
    )
    title = forms.CharField(label=_("Title"), max_length=LONGEST_NAME)
    on = forms.DateField(label=_("Holds from"), widget=DayInput())
    basis = forms.CharField(
        label=_("Legal basis"),
        max_length=LONGEST_NAME,
        required=False,
        help_text=_("The document it follows."),
    )


class StepForm(forms.Form):
    """One step of a plan. Which fields it takes depends on what it does."""

    do = forms.ChoiceField(label=_("What is to happen"), choices=list(DO.items()))
    unit = forms.CharField(
        label=_("Unit"),
        max_length=2000,
        required=False,
        help_text=_(
            "Its code; of several units to merge, the codes with semicolons; of a new unit, its code."
        ),
    )
    into = forms.CharField(
        label=_("Goes to"),
        max_length=LONGEST_CODE,
        required=False,
        help_text=_("The unit into which is merged, under which it moves, or to which the units below go."),
    )
    name = forms.CharField(label=_("New name"), max_length=LONGEST_NAME, required=False)
    short = forms.CharField(label=_("New short name"), max_length=LONGEST_NAME, required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    parent = forms.CharField(label=_("Superior unit"), max_length=LONGEST_CODE, required=False)
    parts = forms.CharField(
        label=_("Parts"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "One line for each: the share, the unit, then the units below that go to it, as 2/3 a-unit: b; c."
        ),
    )
    by = forms.ChoiceField(label=_("Divided"), choices=list(BY.items()), required=False)
    on = forms.DateField(
        label=pgettext_lazy("step", "Holds from"),
        widget=DayInput(),
        required=False,
        help_text=_("Left empty: from the day of the plan."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(code, kind_name(code)) for code in pack().kinds]
        self.fields["kind"].choices = [("", "–"), *kinds]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Make the step of what was filled in."""
        given = super().clean() or {}
        if "do" in given:
            try:
                self.step: Step = step_from_data(self._data(given), 1)
            except Unreadable as error:
                raise ValidationError(faults_in_words(error)) from None
        return given

    def _data(self, given: dict[str, Any]) -> dict[str, Any]:
        do, unit, into = given["do"], given.get("unit", ""), given.get("into", "")
        data: dict[str, Any] = {"do": do} | ({"on": given["on"].isoformat()} if given.get("on") else {})
        new = {name: given.get(name, "") for name in ("name", "kind", "parent", "short")}
        match do:
            case "found":
                return data | {"unit": {"code": unit, **new}}
            case "merge":
                codes = [code.strip() for code in unit.split(";") if code.strip()]
                return data | {"from": codes, "into": {"code": into, **new} if new["name"] else into}
            case "split":
                parts = [_part(line) for line in given.get("parts", "").splitlines() if line.strip()]
                return data | {"from": unit, "into": parts, "by": given.get("by") or "list"}
            case "move":
                return data | {"unit": unit, "to": into}
            case "rename":
                return data | {"unit": unit, "name": new["name"], "short": new["short"]}
            case "change_kind":
                return data | {"unit": unit, "kind": new["kind"]}
            case "dissolve":
                return data | {"unit": unit, "children_to": into}
        return data | {"kind": new["kind"], "under": unit, "children_to": into}


class ReasonForm(forms.Form):
    """Why something is done."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}))


def shown_in_form(step: dict[str, Any]) -> dict[str, Any]:
    """A step, as plain values, as the form shows it. New units in a split are shown by their codes."""
    shown: dict[str, Any] = {"do": step["do"], "on": step.get("on", "")}
    unit, into = step.get("unit"), step.get("into")
    if isinstance(unit, dict):
        shown |= {**unit, "unit": unit["code"]}
    elif unit:
        shown["unit"] = unit
    match step["do"]:
        case "merge":
            shown["unit"] = "; ".join(step["from"])
            shown |= {**into, "into": into["code"]} if isinstance(into, dict) else {"into": into}
        case "split":
            shown |= {"unit": step["from"], "by": step["by"], "parts": "\n".join(map(_line, step["into"]))}
        case "move":
            shown["into"] = step["to"]
        case "end_level":
            shown["unit"] = step.get("under", "")
    shown |= {name: step[name] for name in ("name", "short", "kind") if name in step}
    if step.get("children_to"):
        shown["into"] = step["children_to"]
    return shown


def _part(line: str) -> dict[str, Any]:
    head, _colon, children = line.partition(":")
    share, _blank, code = head.strip().partition(" ")
    return {
        "unit": code.strip(),
        "share": share,
        "children": [child.strip() for child in children.split(";") if child.strip()],
    }


def _line(part: dict[str, Any]) -> str:
    unit = part["unit"]["code"] if isinstance(part["unit"], dict) else part["unit"]
    children = "; ".join(part.get("children", ()))
    return f"{part['share']} {unit}" + (f": {children}" if children else "")


def steps_data(plan: Plan) -> list[dict[str, Any]]:
    """The steps of a plan as plain values."""
    steps: list[dict[str, Any]] = as_data(plan)["steps"]
    return steps
