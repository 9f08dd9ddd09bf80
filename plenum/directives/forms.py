"""Forms of documents."""

from collections.abc import Iterable
from datetime import date

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from plenum.access.fields import DayInput
from plenum.directives.actions import DocumentFields
from plenum.packs import pack
from plenum.tree.queries import UnitView


class DocumentForm(forms.Form):
    """What the register says of a document; give it the units that may have issued it."""

    kind = forms.ChoiceField(label=_("Kind"))
    number = forms.CharField(
        label=_("Number"),
        required=False,
        help_text=_("It may be left out if the symbol begins with it."),
    )
    symbol = forms.CharField(label=_("Symbol"), required=False, help_text=_("For example 18-NQ/TW."))
    date = forms.DateField(label=_("Date"), widget=DayInput())
    year_only = forms.BooleanField(
        label=_("Only the year is known"),
        required=False,
        help_text=_("Day and month of the date are then not kept."),
    )
    issuer = forms.TypedChoiceField(
        label=_("Issued by the unit"), required=False, coerce=int, empty_value=None
    )
    issuing_body = forms.CharField(
        label=_("Issued by the body"),
        required=False,
        help_text=_("As the document names it; needed if no unit is chosen."),
    )
    title = forms.CharField(label=_("Title"), widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: object, issuers: Iterable[UnitView], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        language = get_language() or "en"
        kinds = [(kind.code, kind.name.in_(language)) for kind in pack().document_kinds.values()]
        units = [(str(unit.id), unit.name) for unit in issuers]
        self.fields["kind"].choices = [("", "–"), *kinds]  # type: ignore[attr-defined]
        self.fields["issuer"].choices = [("", "–"), *units]  # type: ignore[attr-defined]

    def document_fields(self, *, illustrative: bool = False) -> DocumentFields:
        """The fields as the acts take them; only for a valid form."""
        data = self.cleaned_data
        day: date = data["date"]
        return DocumentFields(
            kind=data["kind"],
            title=data["title"],
            day=day,
            number=data["number"],
            symbol=data["symbol"],
            precision="year" if data["year_only"] else "day",
            issuer_id=data["issuer"],
            issuing_body=data["issuing_body"],
            illustrative=illustrative,
        )


class CorrectionForm(DocumentForm):
    """A document's entry with the reason why it is corrected."""

    edition = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    reason = forms.CharField(label=_("Reason for the correction"), widget=forms.Textarea(attrs={"rows": 2}))
