"""The form in which the officer writes what the record cannot say."""

from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from plenum.access.fields import DayInput
from plenum.reports.actions import HeadingFields
from plenum.reports.models import FORMATS
from plenum.reports.powers import FORMAT_NAMES
from plenum.reports.rules import LONGEST_REASON, LONGEST_TEXT, SECTIONS, read_code

LARGEST_DOCUMENT = 20_000_000
"""Bytes of a file that is compared: far more than any report has."""


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
        widget=DayInput(),
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


class IssueForm(forms.Form):
    """In which formats a report is issued, and why another edition replaces one. `after`: the last one seen."""

    formats = forms.MultipleChoiceField(
        label=_("Formats"),
        choices=[(code, FORMAT_NAMES[code]) for code in FORMATS],
        initial=FORMATS,
        widget=forms.CheckboxSelectMultiple,
    )
    reason = forms.CharField(
        label=_("Reason for a new edition"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Stands at the end of the document; the edition before is marked as superseded."),
    )
    after = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, data: QueryDict | None, *, last: int) -> None:
        super().__init__(data, initial={"after": last})
        if not last and not self.is_bound:
            del self.fields["reason"]
        elif last:
            # Who has not seen the last edition is told of it first.
            self.fields["reason"].required = data is None or data.get("after") == str(last)


class FileForm(forms.Form):
    """A file to be compared with what was issued."""

    file = forms.FileField(
        label=_("File"), help_text=_("It is compared here and not kept."), allow_empty_file=True
    )

    def clean_file(self) -> "UploadedFile[bytes] | None":
        """Refuse what is larger than any document that is issued."""
        file: UploadedFile[bytes] | None = self.cleaned_data["file"]
        if file is not None and (file.size or 0) > LARGEST_DOCUMENT:
            raise forms.ValidationError(_("The file is too large to be one that was issued here."))
        return file


class VerifyForm(FileForm):
    """A code as it stands on a document, or the document itself."""

    code = forms.CharField(
        label=_("Verification code"),
        required=False,
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        help_text=_("It stands at the end of the document: fifteen letters and digits."),
    )
    field_order = ("code", "file")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].required = False

    def clean_code(self) -> str:
        """The code as it is written; refused when a character is wrong, missing or too many."""
        typed: str = self.cleaned_data["code"]
        if not typed.strip():
            return ""
        code = read_code(typed)
        if code is None:
            raise forms.ValidationError(
                _("This is not a verification code. Compare it with the document, letter by letter.")
            )
        return code

    def clean(self) -> dict[str, Any]:
        """One of both is needed."""
        data = super().clean() or {}
        if not self.errors and not data.get("code") and data.get("file") is None:
            self.add_error("code", _("Write the code, or choose the file."))
        return data
