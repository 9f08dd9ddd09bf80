"""What a list of jobs is chosen by."""

from django import forms
from django.utils.translation import gettext_lazy as _

from plenum.jobs.models import State


class JobFilterForm(forms.Form):
    """Whose jobs are shown, and in which state."""

    whose = forms.ChoiceField(
        label=_("Whose jobs"), required=False, choices=[("", _("All that I may see")), ("mine", _("Mine"))]
    )
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *State.choices])
