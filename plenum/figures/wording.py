"""What states, checks and refusals of returns are called in sentences for people."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from plenum.figures.models import STATES
from plenum.figures.queries import Estimate, Reason
from plenum.figures.rules import Deed, Finding, NotNow, State
from plenum.packs import Form, Words, wording
from plenum.periods import Period
from plenum.tree.models import DividedBy

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


MOST_NAMED = 5
"""A sentence names at most so many units, a note at most so many reasons."""


def view_sentence(known_on: date | None, tree: date | None) -> str:
    """Which view of the figures is shown; empty when it is the plain one."""
    days = {"tree": day(tree) if tree else "", "known": day(known_on) if known_on else ""}
    if tree is not None and known_on is not None:
        return (
            _("These figures are restated on the tree of organisations of %(tree)s, as known on %(known)s.")
            % days
        )
    if tree is not None:
        return _("These figures are restated on the tree of organisations of %(tree)s.") % days
    if known_on is not None:
        return _("These figures are shown as they were known on %(known)s.") % days
    return ""


def withheld_sentence() -> str:
    """Why a figure is not told on the tree of another day."""
    return _(
        "Withheld: on the tree of this day, units that you do not reach count here. "
        "Figures on the tree of their time are shown to you."
    )


def compared_sentence(compared_on: date | None) -> str:
    """On which tree the years are compared, if that is another than the one shown; empty otherwise."""
    if compared_on is None:
        return ""
    return _(
        "The years are compared over the same units, those that count here on %(day)s, because some came or left since"
        " last year."
    ) % {"day": day(compared_on)}


def estimate_sentence(estimate: Estimate) -> str:
    """Why a figure is estimated: what happened on which day, and where or in which part returns are counted."""
    names = [unit.name for unit in estimate.others]
    said_of = {
        "unit": estimate.unit.name,
        "day": day(estimate.on),
        "others": _listed(names),
        "before": names[0] if names else "",
        "after": names[-1] if names else "",
        "counted": estimate.counted.name if estimate.counted else wording.MISSING,
        "count": wording.number(estimate.returns, wording.language(get_language())),
        "by": DividedBy(estimate.by).label if estimate.by else "",
        "share": share_said(estimate.share) if estimate.share else "",
    }
    match estimate.reason:
        case Reason.MOVED:
            return (
                ngettext(
                    "%(unit)s moved from %(before)s to %(after)s on %(day)s: %(count)s return for days before and after"
                    " is counted whole with %(counted)s.",
                    "%(unit)s moved from %(before)s to %(after)s on %(day)s: %(count)s returns for days before and"
                    " after are counted whole with %(counted)s.",
                    estimate.returns,
                )
                % said_of
            )
        case Reason.SUCCESSORS:
            return (
                _(
                    "%(unit)s ended on %(day)s and went on in several units (%(others)s): what it reported is counted "
                    "whole with %(counted)s."
                )
                % said_of
            )
        case Reason.SPLIT:
            return (
                _(
                    "%(unit)s gave off a part on %(day)s (%(others)s): what it reported before is counted whole with "
                    "%(counted)s."
                )
                % said_of
            )
        case Reason.JOINED:
            return (
                _(
                    "%(unit)s took in others on %(day)s (%(others)s): what it has reported since is counted whole with "
                    "%(counted)s."
                )
                % said_of
            )
        case Reason.DIVIDED if estimate.returns:
            return (
                _(
                    "%(unit)s was divided on %(day)s (%(others)s): of what it reported before, %(share)s is counted "
                    "here (%(by)s)."
                )
                % said_of
            )
        case Reason.DIVIDED:
            return (
                _(
                    "%(unit)s was divided on %(day)s (%(others)s): it is counted with the one that has the largest "
                    "share."
                )
                % said_of
            )


def share_said(share: Fraction) -> str:
    """A share in per cent, for people."""
    return wording.percent(share, wording.language(get_language()))


def estimate_sentences(estimated: Iterable[Estimate]) -> list[str]:
    """The reasons for an estimate, each once; the first few, and how many more there are."""
    said_once = list(dict.fromkeys(estimate_sentence(each) for each in estimated))
    more = len(said_once) - MOST_NAMED
    if more <= 0:
        return said_once
    count = wording.number(more, wording.language(get_language()))
    return [
        *said_once[:MOST_NAMED],
        ngettext("%(count)s reason more.", "%(count)s reasons more.", more) % {"count": count},
    ]


def _listed(names: list[str]) -> str:
    shown = ", ".join(names[:MOST_NAMED])
    return shown if len(names) <= MOST_NAMED else f"{shown} +{len(names) - MOST_NAMED}"
