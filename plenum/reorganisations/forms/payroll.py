"""The form of the payroll part of a plan."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from plenum.packs import pack
from plenum.packs.wording import language
from plenum.reorganisations.queries.working_out import stocks
from plenum.reorganisations.rules import Payroll, Unreadable
from plenum.reorganisations.rules.data import decimal_text, payroll_from_data
from plenum.reorganisations.wording import faults_in_words

LONGEST_POSTS = 200_000


def _indicators() -> list[tuple[str, str]]:
    lang = language(get_language())
    return [(code, pack().indicators[code].name.in_(lang)) for code in sorted(stocks())]


class PayrollForm(forms.Form):
    """What counts heads, the target, and the posts of units; without any posts the plan has no payroll part."""

    indicator = forms.ChoiceField(label=_("Heads are counted by"), choices=_indicators)
    change = forms.CharField(
        label=_("Target: change in percent"), help_text=_("For example -5."), max_length=20
    )
    year = forms.CharField(label=_("By the end of the year"), max_length=4)
    posts = forms.CharField(
        label=_("Posts of units"),
        help_text=_("A line for each unit: its code and the number of posts, with everything below it."),
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=LONGEST_POSTS,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """Read the part as a file would say it; `payroll` is what it comes to."""
        given: dict[str, Any] = super().clean() or {}
        self.payroll: Payroll | None = None
        lines = [
            line.replace(";", " ").split() for line in given.get("posts", "").splitlines() if line.strip()
        ]
        if not lines or self.errors:
            return given
        posts = [{"unit": line[0], "posts": " ".join(line[1:])} for line in lines]
        try:
            self.payroll = payroll_from_data(
                {name: given[name] for name in ("indicator", "change", "year")} | {"posts": posts}
            )
        except Unreadable as error:
            raise ValidationError(faults_in_words(error)) from None
        return given


def payroll_initial(payroll: Payroll | None) -> dict[str, str]:
    """What the form shows of the payroll part that a plan has."""
    if payroll is None:
        return {}
    return {
        "indicator": payroll.indicator,
        "change": decimal_text(payroll.change),
        "year": str(payroll.year),
        "posts": "\n".join(f"{unit} {posts}" for unit, posts in payroll.posts),
    }
