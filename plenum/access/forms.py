"""Forms of sign-in, the own account, and grants. What acts refuse is put beside the field it names."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plenum.access import rules
from plenum.access.fields import DayInput
from plenum.access.powers import label_of
from plenum.access.queries import role_choices
from plenum.tree.queries import UnitView


class SignInForm(forms.Form):
    login = forms.CharField(
        label=_("Login"),
        max_length=200,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": True}
        ),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=rules.LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class LanguageForm(forms.Form):
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)


class NewPasswordForm(forms.Form):
    """A password that is chosen, written twice."""

    password = forms.CharField(
        label=_("New password"),
        help_text=_("At least ten characters. A few words in a row are easy to keep and hard to guess."),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("New password again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("password") and data.get("again") and data["password"] != data["again"]:
            self.add_error("again", _("The two passwords differ. Write the same twice."))
        return data


class PasswordForm(NewPasswordForm):
    """Another password for the own account."""

    field_order = ["current", "password", "again"]

    current = forms.CharField(
        label=_("Current password"),
        strip=False,
        max_length=rules.LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class InvitationForm(forms.Form):
    """The code of an invitation; a link carries it behind #, where browsers keep it to themselves."""

    code = forms.CharField(
        label=_("Code of the invitation"),
        max_length=100,
        help_text=_("It stands in the link after the sign #."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )


class AcceptForm(NewPasswordForm):
    """What an invited person chooses for the account."""

    field_order = ["login", "password", "again", "language"]

    code = forms.CharField(max_length=100, widget=forms.HiddenInput)
    login = forms.CharField(
        label=_("Login"),
        max_length=rules.LONGEST_LOGIN,
        help_text=_("You sign in with it. Small letters without accents, digits and . - _ @ are allowed."),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)


class ConfirmForm(forms.Form):
    """The password once more, before something that matters."""

    password = forms.CharField(
        label=_("Current password"),
        strip=False,
        max_length=rules.LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )


class TokenForm(forms.Form):
    """A new token: what it is for, which of one's powers it has, where, and how long."""

    name = forms.CharField(label=_("What it is for"), max_length=100)
    unit = forms.ChoiceField(label=_("Unit"), required=False)
    last_day = forms.DateField(
        label=_("Last day"), widget=DayInput(), help_text=_("At most a year from today.")
    )
    powers = forms.MultipleChoiceField(label=_("Powers"), widget=forms.CheckboxSelectMultiple)

    def __init__(
        self, *args: Any, powers: Collection[str], units: Iterable[UnitView], today: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["last_day"].initial = today + timedelta(days=90)
        labels = sorted((str(label_of(code)), code) for code in powers)
        self._choices("powers", [(code, label) for label, code in labels])
        ordered = sorted(units, key=lambda unit: unit.sort_key)
        self._choices(
            "unit", [("", _("All units of my grants")), *((str(unit.id), unit.name) for unit in ordered)]
        )

    def _choices(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    @property
    def until(self) -> date:
        """The first day without, as acts count."""
        return day_after(self.cleaned_data["last_day"]) or date.max


class GrantForm(forms.Form):
    """Give powers to an account that exists; ``last_day`` belongs to the grant."""

    login = forms.CharField(
        label=_("Login"),
        max_length=rules.LONGEST_LOGIN,
        widget=forms.TextInput(attrs={"autocapitalize": "none"}),
    )
    role = forms.ChoiceField(label=_("Role"))
    start = forms.DateField(label=_("First day"), widget=DayInput())
    last_day = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=DayInput(),
        help_text=_("Leave it empty for a grant without end."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = role_choices()

    @property
    def until(self) -> date | None:
        """The first day without the grant, as acts count."""
        return day_after(self.cleaned_data["last_day"])


class AccountForm(GrantForm):
    """Create an account together with its first grant."""

    field_order = ["name", "login", "language", "role", "start", "last_day"]

    name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=200)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)


class EndGrantForm(forms.Form):
    last_day = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=DayInput(),
        help_text=_("Leave it empty to end the grant at once."),
    )
    even_if_last = forms.BooleanField(
        label=_("End it even if nobody is left who may give grants for this unit"), required=False
    )

    def until(self, today: date) -> date:
        """The first day without the grant: today if no last day is named."""
        return day_after(self.cleaned_data["last_day"]) or today


def day_after(last_day: date | None) -> date | None:
    """The first day after; None stays None. A day at the end of the calendar is taken as without end."""
    if last_day is None or last_day == date.max:
        return None
    return last_day + timedelta(days=1)
