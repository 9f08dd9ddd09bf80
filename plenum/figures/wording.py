"""What the rules say, as sentences for people."""

from collections.abc import Iterable

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from plenum.figures.models import STATES
from plenum.figures.rules import Deed, Finding, NotNow
from plenum.packs import Form, Words


def said(words: Words) -> str:
    """The text of the pack in the language of the moment."""
    return words.in_(get_language() or "en")


def slot_names(form: Form, codes: Iterable[str]) -> str:
    """The names of slots in the language of the moment, separated by semicolons."""
    return "; ".join(said(form.slot(code).name) for code in codes)


def finding_text(finding: Finding, form: Form) -> str:
    """One finding as a sentence with both sides and the difference."""
    figures = {"left": finding.left, "right": finding.right, "difference": f"{finding.difference:+d}"}
    match finding.code:
        case "negative":
            return _("A figure cannot be less than 0. Entered: %(left)s.") % figures
        case "too_large":
            return (
                _("This figure is larger than Plenum can add up. Entered: %(left)s. Largest: %(right)s.")
                % figures
            )
        case "empty":
            return _("Nothing is entered. Write at least one figure; 0 counts as a figure.")
        case "continuity":
            return (
                _(
                    "The period before ended with another number. Here: %(left)s. There: %(right)s. "
                    "Difference: %(difference)s."
                )
                % figures
            )
    message = said(finding.check.message) if finding.check else ""
    sides = _("Left side: %(left)s. Right side: %(right)s. Difference: %(difference)s.") % figures
    return f"{message} {sides}"


def not_now_text(refusal: NotNow) -> str:
    """Why a deed is not possible now, and what the return is instead."""
    tried = {
        Deed.SAVE: _("Figures can be entered while a return is a draft or has been sent back."),
        Deed.SUBMIT: _("Only a draft, or a return that has been sent back, can be submitted."),
        Deed.WITHDRAW: _("Only a submitted return that is not accepted yet can be taken back."),
        Deed.ACCEPT: _("Only a submitted return can be accepted."),
        Deed.SEND_BACK: _(
            "Only a submitted return can be sent back. Ask the unit to correct an accepted one."
        ),
        Deed.CORRECT: _("Only an accepted return can be corrected."),
        Deed.DISCARD: _("Only a draft that was never submitted, or a correction, can be discarded."),
    }[refusal.deed]
    if refusal.state is None:
        return tried
    return f"{tried} " + _("State of the return now: %(state)s.") % {"state": STATES[refusal.state]}
