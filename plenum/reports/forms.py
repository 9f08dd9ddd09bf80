"""The form in which the officer writes what the record cannot say."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from plenum.reports.actions import HeadingFields
from plenum.reports.rules import LONGEST_TEXT, SECTIONS


def _section(label: Any, help_text: Any, lines: int) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": lines})
    return forms.CharField(
        label=label, help_text=help_text, required=False, max_length=LONGEST_TEXT, strip=True, widget=widget
    )


class ReviewForm(forms.Form):
    """The texts in one language, the head and the foot. `edition` is the one that the writer has seen."""

    achievements = _section(
        _("Achievements"), _("Added after the targets that were met. One paragraph a line."), 5
    )
    shortcomings = _section(_("Shortcomings"), _("Added after those that the record shows."), 4)
    causes = _section(_("Causes"), "", 4)
    tasks = _section(_("Tasks of the next period"), _("Stand before the targets to be carried on."), 6)
    number = forms.CharField(
        label=_("Number"), required=False, max_length=60, help_text=_("As the office numbers the report.")
    )
    place = forms.CharField(label=_("Place"), required=False, max_length=120)
    dated = forms.DateField(
        label=_("Date"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Left empty: the day on which the report is drawn."),
    )
    signer_post = forms.CharField(label=_("Post of the person who signs"), required=False, max_length=200)
    signer_name = forms.CharField(label=_("Name of the person who signs"), required=False, max_length=200)
    recipients = forms.CharField(
        label=_("Recipients"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line. Left empty: those that are usual for this kind of unit."),
    )
    edition = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def texts(self) -> dict[str, str]:
        """The sections as the act takes them; only for a valid form."""
        return {section: self.cleaned_data[section] for section in SECTIONS}

    def heading(self) -> HeadingFields:
        """Head and foot as the act takes them; only for a valid form."""
        data = self.cleaned_data
        dated: date | None = data["dated"]
        return HeadingFields(
            number=data["number"],
            place=data["place"],
            dated=dated,
            signer_post=data["signer_post"],
            signer_name=data["signer_name"],
            recipients=data["recipients"],
        )
