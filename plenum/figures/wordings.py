"""What states, checks and returns are called in sentences for people."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from plenum.figures.models import STATES
from plenum.figures.rules import Finding, State
from plenum.packs import Form, wording
from plenum.periods import Period

MISSING = "missing"
NOTHING_ENTERED = gettext_lazy("Nothing entered")


def state_name(state: str) -> str | Promise:
    """What a state of a return, or `missing`, is called."""
    return NOTHING_ENTERED if state == MISSING else STATES[State(state)]


def return_name(form: Form, period: Period) -> str:
    """A return by its form and period, for messages and headings."""
    language = wording.language(get_language())
    return f"{form.name.in_(language)}, {wording.period_name(period, language)}"


def finding_sentence(finding: Finding, form: Form) -> str:
    """What does not fit, with both sides and the difference, in the reader's language."""
    language = wording.language(get_language())

    def number(value: int) -> str:
        return wording.number(value, language)

    names = {
        "left": number(finding.left),
        "right": number(finding.right),
        "difference": wording.number(finding.difference, language, signed=True),
        "slots": ", ".join(form.slot(code).name.in_(language) for code in finding.slots),
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
                    "The figure carried over is %(left)s; the period before ended with %(right)s (difference %(difference)s)."
                )
                % names
            )
        case "at_most":
            sides = _("%(left)s is more than %(right)s (difference %(difference)s).") % names
        case _:
            sides = _("%(left)s against %(right)s (difference %(difference)s).") % names
    return f"{finding.check.message.in_(language)} {sides}" if finding.check else sides


def finding_sentences(findings: Iterable[Finding], form: Form) -> list[tuple[Finding, str]]:
    """Each finding with its sentence."""
    return [(finding, finding_sentence(finding, form)) for finding in findings]
