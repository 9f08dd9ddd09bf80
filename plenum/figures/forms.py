"""Forms of returns: one field for every slot, and reasons."""

from secrets import token_urlsafe
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from plenum.access.fields import DayInput
from plenum.figures.queries import Sheet
from plenum.figures.rules import NotWhole, TooLarge, read_count
from plenum.packs import pack
from plenum.periods import Period, PeriodError, Span


class CountField(forms.Field):
    """A whole number from 0 up, as people write it: 1204, 1.204, 1,204 or 1 204."""

    default_error_messages = {
        "not_whole": _("Enter a whole number, for example 12 or 1204. Leave it empty if it is not known."),
        "too_large": _("This number is too large. Check whether a digit was typed twice."),
    }
    widget = forms.TextInput

    def to_python(self, value: Any) -> int | None:
        """The number typed, or None when the field was left empty."""
        try:
            return read_count(str(value or ""))
        except NotWhole as error:
            raise forms.ValidationError(self.error_messages["not_whole"], code="not_whole") from error
        except TooLarge as error:
            raise forms.ValidationError(self.error_messages["too_large"], code="too_large") from error


class ReturnForm(forms.Form):
    """The figures of one return. `edition` tells the act from which state of the draft the person started, `sitting`
    which opened page is saving.
    """

    edition = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    sitting = forms.CharField(max_length=40, widget=forms.HiddenInput, required=False)
    remark = forms.CharField(
        label=_("Remark"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What the superior should know about these figures."),
    )

    def __init__(self, *args: Any, sheet: Sheet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "en"
        self.sheet = sheet
        for row in sheet.rows:
            self.fields[row.slot.code] = CountField(
                label=f"{row.slot.number}. {row.slot.name.in_(language)}",
                help_text=row.slot.help.in_(language),
                required=False,
                initial=row.value,
                widget=forms.TextInput(
                    attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": 20, "class": "count"}
                ),
            )
        self.fields["remark"].initial = sheet.remark
        self.fields["edition"].initial = sheet.edition
        self.fields["sitting"].initial = token_urlsafe(12)
        self.order_fields([row.slot.code for row in sheet.rows])

    def values(self) -> dict[str, int | None]:
        """The figures by slot code; only for a valid form."""
        return {row.slot.code: self.cleaned_data[row.slot.code] for row in self.sheet.rows}


class ReasonForm(forms.Form):
    """What is done with a return, and why it is sent back or corrected. `edition`, `version` and `state` are those that
    the person has seen.
    """

    edition = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput, required=False)
    state = forms.CharField(max_length=9, widget=forms.HiddenInput, required=False)
    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))


class WorkbookForm(forms.Form):
    """A workbook that was filled in offline."""

    file = forms.FileField(
        label=_("The filled-in workbook (XLSX)"),
        allow_empty_file=True,
        widget=forms.FileInput(
            attrs={"accept": ".xlsx,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
        ),
    )


class ObligationForm(forms.Form):
    """Which return a unit is to owe, by which schedule, from when."""

    form = forms.ChoiceField(label=_("Form"))
    schedule = forms.ChoiceField(label=_("How often"))
    start = forms.DateField(label=_("From"), widget=DayInput())
    end = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=DayInput(),
        help_text=_("Leave it empty if no end is foreseen."),
    )

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "en"
        rules = pack()
        owed = [form for form in rules.forms.values() if kind in form.kinds]
        self.fields["form"].choices = [(form.code, form.name.in_(language)) for form in owed]  # type: ignore[attr-defined]
        self.fields["schedule"].choices = [  # type: ignore[attr-defined]
            (schedule.code, schedule.name.in_(language)) for schedule in rules.schedules.values()
        ]

    def clean(self) -> dict[str, Any]:
        """Refuse an end before the start at the field where it can be mended."""
        data = super().clean() or {}
        start, end = data.get("start"), data.get("end")
        if start and end and end < start:
            self.add_error("end", _("The last day lies before the first. Choose a later day."))
        return data

    def span(self) -> Span:
        """The days of the obligation; only for a valid form."""
        end = self.cleaned_data["end"]
        start = self.cleaned_data["start"]
        return Span(start) if end is None else Span.through(start, end)


class EndObligationForm(forms.Form):
    """On which day an obligation ends."""

    obligation = forms.IntegerField(widget=forms.HiddenInput)
    last_day = forms.DateField(label=_("Last day"), widget=DayInput())


class DueFilterForm(forms.Form):
    """What to show of the returns owed below a unit."""

    STATES = [
        ("", _("All")),
        ("late", _("Late")),
        ("outstanding", _("Outstanding")),
        ("submitted", _("Waiting for acceptance")),
        ("accepted", _("Accepted")),
    ]
    q = forms.CharField(label=_("Unit"), required=False, max_length=200)
    state = forms.ChoiceField(label=_("State"), choices=STATES, required=False)


def read_period(text: str) -> Period | None:
    """The period written in an address, or None when it is none."""
    try:
        return Period.parse(text)
    except PeriodError:
        return None
