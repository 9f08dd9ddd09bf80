"""Forms of targets and of what reports state."""

from collections.abc import Sequence
from decimal import Decimal

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from plenum.directives.queries import DocumentView
from plenum.directives.wording import document_choices
from plenum.packs import pack, wording
from plenum.periods import Period, PeriodError
from plenum.targets.actions import StatementFields, TargetFields
from plenum.targets.models import Statement, Target
from plenum.targets.rules import TARGET_PERIODS


def indicator_choices() -> list[tuple[str, str]]:
    """Every indicator of the pack with its name in the reader's language."""
    language = wording.language(get_language())
    return [(each.code, each.name.in_(language)) for each in pack().indicators.values()]


class PeriodField(forms.CharField):
    """A period written as in addresses: 2023, 2023-H1, 2023-Q3, 2023-9M."""

    def clean(self, value: object) -> Period:
        """The period; ValidationError with the ways to write one."""
        text = super().clean(value)
        try:
            return Period.parse(text)
        except PeriodError:
            raise forms.ValidationError(_("Write a period as 2023, 2023-H1, 2023-Q3 or 2023-9M.")) from None


class AmountForm(forms.Form):
    """What can change in a target: how much, on what basis, given to whom."""

    comparison = forms.ChoiceField(label=_("How the result is compared"), choices=Target.Comparisons.choices)
    amount = forms.DecimalField(
        label=_("Amount"), help_text=_("A whole number; for a share, percent from 0 to 100."), localize=True
    )
    basis = forms.TypedChoiceField(
        label=_("Basis"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("The document that sets the target; register it first."),
    )
    given_to = forms.CharField(label=_("Given to (name)"), required=False)
    given_to_post = forms.CharField(label=_("Given to (post)"), required=False)

    def __init__(self, *args: object, documents: Sequence[DocumentView], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["basis"].choices = document_choices(documents)  # type: ignore[attr-defined]

    def target_fields(self, indicator: str, period: Period, *, illustrative: bool = False) -> TargetFields:
        """The fields as the acts take them; only for a valid form."""
        data = self.cleaned_data
        return TargetFields(
            indicator=indicator,
            period=period,
            comparison=data["comparison"],
            amount=data["amount"],
            basis_id=data["basis"],
            given_to=data["given_to"],
            given_to_post=data["given_to_post"],
            illustrative=illustrative,
        )


class TargetForm(AmountForm):
    """A new target of a unit."""

    indicator = forms.ChoiceField(label=_("Indicator"))
    period = PeriodField(label=_("Period"), help_text=_("2023, 2023-H1, 2023-Q3 or 2023-9M"))
    field_order = ("indicator", "period", "comparison", "amount", "basis", "given_to", "given_to_post")

    def __init__(self, *args: object, documents: Sequence[DocumentView], **kwargs: object) -> None:
        super().__init__(*args, documents=documents, **kwargs)
        self.fields["indicator"].choices = [("", "–"), *indicator_choices()]  # type: ignore[attr-defined]

    def clean_period(self) -> Period:
        """Refuse months at once, with the periods that are possible."""
        period: Period = self.cleaned_data["period"]
        if period.kind.value not in TARGET_PERIODS:
            raise forms.ValidationError(
                _("Targets are set for a year, a half-year, a quarter or nine months.")
            )
        return period


class AmendmentForm(AmountForm):
    """A changed target, with the reason."""

    reason = forms.CharField(label=_("Reason for the change"), widget=forms.Textarea(attrs={"rows": 2}))


class ReasonForm(forms.Form):
    """Why something is withdrawn."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}))


class StatementForm(forms.Form):
    """What a report states about a figure."""

    indicator = forms.ChoiceField(label=_("Indicator"))
    period = PeriodField(label=_("Period"), help_text=_("2023, 2023-H1, 2023-Q3, 2023-9M or 2023-07"))
    what = forms.ChoiceField(label=_("What is stated"), choices=Statement.What.choices)
    stated = forms.CharField(
        label=_("Stated number"), help_text=_("With as many decimals as the report has, for example 113.34.")
    )
    said_unit = forms.ChoiceField(label=_("Said in"), choices=Statement.SaidUnit.choices)
    source = forms.CharField(label=_("Where it is stated"), help_text=_("The report, speech or article."))
    document = forms.TypedChoiceField(
        label=_("Registered document"), required=False, coerce=int, empty_value=None
    )

    def __init__(self, *args: object, documents: Sequence[DocumentView], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["indicator"].choices = [("", "–"), *indicator_choices()]  # type: ignore[attr-defined]
        self.fields["document"].choices = document_choices(documents)  # type: ignore[attr-defined]

    def clean_stated(self) -> Decimal:
        """The number with the decimals it was typed with; a decimal comma is read as a point."""
        text = str(self.cleaned_data["stated"]).strip().replace("\u00a0", "").replace(" ", "")
        whole, mark, decimals = text.replace(",", ".").partition(".")
        if not whole.removeprefix("-").isdecimal() or (mark and not decimals.isdecimal()):
            raise forms.ValidationError(_("Write one number, without separators of thousands."))
        return Decimal(f"{whole}.{decimals}" if decimals else whole)

    def statement_fields(self) -> StatementFields:
        """The fields as the act takes them; only for a valid form."""
        data = self.cleaned_data
        return StatementFields(
            indicator=data["indicator"],
            period=data["period"],
            what=data["what"],
            stated=data["stated"],
            said_unit=data["said_unit"],
            source=data["source"],
            document_id=data["document"],
        )
