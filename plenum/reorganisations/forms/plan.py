"""Forms of reforms: the head of a plan, a file, a reason, a confirmation, what lists show."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plenum.access.fields import DayInput
from plenum.directives.queries import DocumentView
from plenum.directives.wording import document_choices
from plenum.reorganisations.models import Reform, Work
from plenum.reorganisations.queries import STATES, ProgressOrder, ReformOrder, WorkOrder
from plenum.reorganisations.rules import Unreadable, read_sheets, read_toml
from plenum.reorganisations.wording import faults_in_words
from plenum.tree.rules import LONGEST_CODE, LONGEST_NAME

LARGEST_FILE = 10 * 2**20


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


class ChangeHeadForm(forms.Form):
    """What the head of a plan says, as far as it can be changed."""

    title = forms.CharField(label=pgettext_lazy("reform", "Title"), max_length=LONGEST_NAME)
    on = forms.DateField(label=_("Holds from"), widget=DayInput())
    document = forms.TypedChoiceField(
        label=_("Legal basis: a registered document"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("The document it follows; register it first, or write below what it is called."),
    )
    basis = forms.CharField(
        label=_("Legal basis in words"),
        max_length=LONGEST_NAME,
        required=False,
        help_text=_("Its number, day and issuer, if it is not registered here."),
    )

    def __init__(self, *args: Any, documents: Sequence[DocumentView] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["document"].choices = document_choices(documents)  # type: ignore[attr-defined]


class HeadForm(ChangeHeadForm):
    """The head of a new plan."""

    code = forms.CharField(
        label=_("Code"),
        max_length=LONGEST_CODE,
        required=False,
        help_text=_("Small letters without accents, digits and hyphens; made from the title if left empty."),
    )
    field_order = ("title", "on", "code", "document", "basis")


class ReasonForm(forms.Form):
    """Why something is done."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}))


class ExecuteForm(forms.Form):
    """That somebody knows what they do."""

    seen = forms.BooleanField(
        label=_("I have seen what the rehearsal has found and what was decided."),
        error_messages={"required": _("Confirm this first.")},
    )


class ReformsFilterForm(forms.Form):
    """Which reforms are shown."""

    q = forms.CharField(label=_("Search"), max_length=100, required=False)
    state = forms.ChoiceField(label=_("State"), choices=[("", _("All")), *STATES.items()], required=False)
    order = forms.ChoiceField(label=_("Order"), choices=ReformOrder.choices, required=False)


class WorkFilterForm(forms.Form):
    """Which work after reforms is shown, and in which order."""

    SHOWN = (("", _("What is left")), ("done", _("What is done")), ("all", _("Everything")))

    q = forms.CharField(label=_("Unit"), max_length=100, required=False)
    reform = forms.TypedChoiceField(label=_("Reform"), coerce=int, empty_value=None, required=False)
    what = forms.ChoiceField(
        label=_("What is to be done"), choices=[("", _("All")), *Work.What.choices], required=False
    )
    shown = forms.ChoiceField(label=_("Show"), choices=SHOWN, required=False)
    order = forms.ChoiceField(label=_("Order"), choices=WorkOrder.choices, required=False)

    def __init__(self, *args: Any, reforms: Iterable[Reform], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(each.pk), each.title) for each in reforms]
        self.fields["reform"].choices = [("", _("All")), *choices]  # type: ignore[attr-defined]


class ProgressFilterForm(WorkFilterForm):
    """Which units are shown with how far they are, and in which order."""

    shown = None  # type: ignore[assignment]
    order = forms.ChoiceField(label=_("Order"), choices=ProgressOrder.choices, required=False)
