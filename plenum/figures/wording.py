"""What states, checks and refusals of returns are called in sentences for people."""

from collections.abc import Iterable
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from plenum.figures.models import STATES
from plenum.figures.rules import Deed, Finding, NotNow, State
from plenum.packs import Form, Words, wording
from plenum.periods import Period

MISSING = "missing"
NOTHING_ENTERED = gettext_lazy("Nothing entered")


def said(words: Words) -> str:
    """The text of the pack in the language of the moment."""
    return words.in_(wording.language(get_language()))


def day(value: date) -> str:
    """A day as it is written in the language of the moment."""
    return wording.day(value, wording.language(get_language()))


def slot_names(form: Form, codes: Iterable[str]) -> str:
    """The names of slots in the language of the moment, separated by semicolons."""
    return "; ".join(said(form.slot(code).name) for code in codes)


def state_name(state: str) -> str | Promise:
    """What a state of a return, or `missing`, is called."""
    return NOTHING_ENTERED if state == MISSING else STATES[State(state)]


def return_name(form: Form, period: Period) -> str:
    """A return by its form and period, for messages and headings."""
    return f"{said(form.name)}, {wording.period_name(period, wording.language(get_language()))}"


def finding_sentence(finding: Finding, form: Form) -> str:
    """What does not fit, with both sides and the difference, in the reader's language."""
    language = wording.language(get_language())

    def number(value: int) -> str:
        return wording.number(value, language)

    names = {
        "left": number(finding.left),
        "right": number(finding.right),
        "difference": wording.number(finding.difference, language, signed=True),
        "slots": slot_names(form, finding.slots),
    }
    match finding.code:
        case "negative":
            return _("A figure cannot be below zero. %(slots)s: %(left)s.") % names
        case "too_large":
            return _("This figure is larger than any that can be true. %(slots)s: %(left)s.") % names
        case "empty":
            return _("Nothing has been entered yet. Enter at least one figure; write 0 where there was none.")
        case "continuity":
            return (
                _(
                    "The figure carried over is %(left)s; the period before ended with %(right)s "
                    "(difference %(difference)s)."
                )
                % names
            )
        case "at_most":
            sides = _("%(left)s is more than %(right)s (difference %(difference)s).") % names
        case _:
            sides = _("%(left)s against %(right)s (difference %(difference)s).") % names
    return f"{said(finding.check.message)} {sides}" if finding.check else sides


def finding_sentences(findings: Iterable[Finding], form: Form) -> list[tuple[Finding, str]]:
    """Each finding with its sentence."""
    return [(finding, finding_sentence(finding, form)) for finding in findings]


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
