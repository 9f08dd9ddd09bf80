"""Dividing a unit: its parts, the share of each, and which of the units below go where."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from plenum.reorganisations.forms.steps import DeedForm
from plenum.reorganisations.forms.units import UnitField, new_unit, new_unit_fields
from plenum.reorganisations.queries import Called
from plenum.reorganisations.rules import fraction_of

FEWEST, MOST = 2, 12
"""How many parts the form has."""
LONGEST_SHARE = 20
BY = {"list": _("by a list"), "area": _("by area"), "members": _("by members")}
CHILD = "child-"


class SplitForm(DeedForm):
    """A unit is divided among others. `children` are the units directly below it, to be given to the parts."""

    AT: ClassVar[Mapping[str, str]] = {"from": "unit", "into": "part0-share"}
    unit = UnitField(label=_("Unit"))
    by = forms.ChoiceField(
        label=_("Divided"),
        choices=list(BY.items()),
        help_text=_(
            "By a list: shares that come to 1, such as 2/3 and 1/3; left empty, by how many units go to each part."
            " By area or by members: the area or the number of members of each part."
        ),
    )

    def __init__(self, *args: Any, children: Sequence[Called] = (), **kwargs: Any) -> None:
        self.children = children
        super().__init__(*args, **kwargs)

    def build(self) -> None:
        self.parts = min(max(self.parts, FEWEST), MOST)
        for number in range(self.parts):
            at = f"part{number}-"
            self.fields[f"{at}unit"] = UnitField(
                label=_("Or a unit that exists"),
                required=False,
                help_text=_("Also the divided one itself, which then lives on, or one that the plan founds."),
            )
            new_unit_fields(self, self.drawing, at)
            self.fields[f"{at}share"] = forms.CharField(
                label=_("Share or amount"), max_length=LONGEST_SHARE, required=False
            )
        places = [
            ("", "–"),
            *((str(number), _now("Part %(n)s") % {"n": number + 1}) for number in range(self.parts)),
        ]
        for child in self.children:
            self.fields[f"{CHILD}{child.code}"] = forms.ChoiceField(
                label=child.name, choices=places, required=False
            )

    def rows(self) -> list[list[forms.BoundField]]:
        """The fields of each part."""
        return [
            [
                self[f"part{number}-{name}"]
                for name in ("name", "short", "kind", "parent", "code", "unit", "share")
            ]
            for number in range(self.parts)
        ]

    def child_fields(self) -> list[forms.BoundField]:
        """The field of each unit below."""
        return [self[f"{CHILD}{child.code}"] for child in self.children]

    def data_of_steps(self) -> list[dict[str, Any]]:
        given = self.cleaned_data
        units: dict[int, str | dict[str, str]] = {}
        made: list[str] = []
        for number in range(self.parts):
            at = f"part{number}-"
            new = new_unit(self, self.drawing, at, made)
            if given[f"{at}unit"] and new["name"]:
                self.add_error(f"{at}unit", _now("Name either a unit that exists or a new one, not both."))
            elif given[f"{at}unit"]:
                units[number] = given[f"{at}unit"]
            elif new["name"]:
                made.append(new["code"])
                units[number] = new
        below: dict[int, list[str]] = {number: [] for number in units}
        for child in self.children:
            place = given[f"{CHILD}{child.code}"]
            if place and int(place) not in units:
                self.add_error(f"{CHILD}{child.code}", _now("This part is not named. Name its unit."))
            elif place:
                below[int(place)].append(child.code)
        if not units and not self.errors:
            self.add_error("part0-unit", _now("Name the units among which it is divided."))
        if self.errors:
            return []
        shares = self._shares(list(units), below)
        parts = [
            {"unit": units[number], "share": str(shares[number]), "children": below[number]}
            for number in shares
        ]
        return [{"do": "split", "from": given["unit"], "by": given["by"], "into": parts}] if shares else []

    def _shares(self, numbers: Sequence[int], below: Mapping[int, Sequence[str]]) -> dict[int, Fraction]:
        """The share of each part; empty, with errors at the fields, when they cannot be reckoned."""
        written = {number: self.cleaned_data[f"part{number}-share"].strip() for number in numbers}
        by_list = self.cleaned_data["by"] == "list"
        if by_list and not any(written.values()):
            amounts = {number: Fraction(len(below[number])) for number in numbers}
            if len(numbers) == 1:
                amounts = {numbers[0]: Fraction(1)}
        else:
            amounts = {}
            for number, text in written.items():
                try:
                    amounts[number] = amount_of(text)
                except ValueError:
                    error = _now("“%(value)s” is no share. Write a fraction or a number above 0.")
                    self.add_error(f"part{number}-share", ValidationError(error, params={"value": text}))
            if self.errors:
                return {}
        total = sum(amounts.values(), Fraction(0))
        if by_list and any(written.values()) and total != 1:
            error = _now("The shares come to %(total)s. Together they must be 1.")
            self.add_error(f"part{numbers[-1]}-share", ValidationError(error, params={"total": str(total)}))
            return {}
        if not all(amounts.values()):
            empty = next(number for number in numbers if not amounts[number])
            self.add_error(f"part{empty}-share", _now("Write its share, or give it units from below."))
            return {}
        return {number: amount / total for number, amount in amounts.items()}


def amount_of(text: str) -> Fraction:
    """What is written as `2/3`, `0.4`, `0,4` or `40 %`; ValueError for anything else and for what is not above 0."""
    plain = text.replace(" ", "").replace("\u00a0", "").replace("\u202f", "").replace(",", ".")
    percent = plain.endswith("%")
    amount = fraction_of(plain.removesuffix("%"))
    if amount <= 0:
        raise ValueError(text)
    return amount / 100 if percent else amount
