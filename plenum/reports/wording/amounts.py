"""How amounts, targets and differences are written inside a report."""

from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from plenum.packs import wording
from plenum.periods import Period, PeriodKind
from plenum.reports.content import Amount, Change, Result, TargetFact
from plenum.reports.wording.written import MARK, Bar, Tone
from plenum.targets.wording import verdict_word

SIGNS = {"value": "", "at_least": "≥", "more_than": ">", "at_most": "≤", "less_than": "<"}
CEILINGS = frozenset({"at_most", "less_than"})

_TONES: dict[str, Tone] = {
    "exceeded": "good",
    "met": "good",
    "on_course": "open",
    "not_yet_known": "open",
    "at_risk": "warn",
    "missed": "bad",
}
_VERDICT_SIGNS = {
    "exceeded": "●",
    "met": "●",
    "on_course": "○",
    "not_yet_known": "□",
    "at_risk": "▲",
    "missed": "▼",
}
FULL = Fraction(5, 4)
"""A bar is full at 125 % of the target, so that the tick of the target stands at four fifths."""


def marked(text: str, illustrative: bool) -> str:
    """`text` with the mark of an illustrative figure where it is one."""
    return f"{text}{MARK}" if illustrative else text


def amount_text(amount: Amount, is_ratio: bool, lang: str) -> str:
    """2.041, or 93,08% for a share; a dash when nothing is reported."""
    if amount.withheld:
        return _("withheld")
    if is_ratio:
        ratio = amount.ratio
        return wording.MISSING if ratio is None else marked(wording.percent(ratio, lang), amount.illustrative)
    if amount.value is None:
        return wording.MISSING
    return marked(wording.number(amount.value, lang), amount.illustrative)


def sides_text(amount: Amount, lang: str) -> str:
    """The two sides of a share: 121/130; empty when they are not known."""
    if amount.numerator is None or amount.denominator is None:
        return ""
    return f"{wording.number(amount.numerator, lang)}/{wording.number(amount.denominator, lang)}"


def target_text(target: TargetFact, is_ratio: bool, lang: str) -> str:
    """1.800, or > 90%: the sign of the comparison and the amount."""
    amount = plain_percent(target.amount, lang) if is_ratio else wording.number(whole(target.amount), lang)
    sign = SIGNS[target.comparison]
    return marked(f"{sign}{wording.NO_BREAK}{amount}" if sign else amount, target.illustrative)


def plain_percent(amount: Decimal, lang: str) -> str:
    """A percentage with no more decimals than it has: 90%, 92,5%."""
    return wording.percent(whole(amount), lang)


def whole(amount: Decimal) -> Decimal:
    """`amount` without decimals that say nothing: 1800.0000 is 1800."""
    trimmed = amount.normalize()
    exponent = trimmed.as_tuple().exponent
    return trimmed.quantize(Decimal(1)) if isinstance(exponent, int) and exponent > 0 else trimmed


def change_text(change: Change, lang: str, *, short: bool = False) -> str:
    """+186, or +8,46 percentage points in words; a change of nought keeps its unit."""
    if change.unit == "points":
        return wording.points(change.difference, lang, short=short)
    return wording.number(whole(change.difference), lang, signed=True)


def against_target(result: Result, lang: str) -> str:
    """113,39% of the target for a count; the distance in percentage points for a share; a dash when it says nothing."""
    target = result.target
    if target is None:
        return wording.MISSING
    if result.is_ratio:
        ratio = result.judged.ratio
        if ratio is None:
            return wording.MISSING
        return wording.points(wording.half_up(ratio * 100 - Fraction(target.amount)), lang, short=True)
    if result.percent is None or target.comparison in CEILINGS:
        return wording.MISSING
    return wording.percent(result.percent, lang)


def bar(result: Result) -> Bar | None:
    """The bar of a result: a count against 125 % of its target, a share against the whole."""
    target = result.target
    if target is None or not result.judged.is_known or target.amount <= 0:
        return None
    tone = verdict_tone(result.verdict)
    if result.is_ratio:
        ratio = result.judged.ratio or Fraction(0)
        return Bar(_within(ratio), _within(Fraction(target.amount) / 100), tone)
    reached = Fraction(result.judged.value or 0) / Fraction(target.amount)
    return Bar(_within(reached / FULL), _within(1 / FULL), tone)


def _within(part: Fraction) -> float:
    """A part of the whole as drawings take it, from 0 to 1."""
    return float(min(max(part, Fraction(0)), Fraction(1)))


def verdict_tone(verdict: str | None) -> Tone:
    return _TONES.get(verdict or "", "")


def verdict_text(verdict: str | None) -> str:
    """A sign and a word, so that a verdict is never colour alone."""
    if verdict is None or verdict not in _VERDICT_SIGNS:
        return wording.MISSING
    return f"{_VERDICT_SIGNS[verdict]}{wording.NO_BREAK}{verdict_word(verdict)}"


def during(period: Period, lang: str) -> str:
    """The name of a period as it follows "for": English needs its article, the other languages their plain name.

    In Russian and Czech this is the accusative ("за 2023 год", "za rok 2023"), which for all these names looks like the
    form that stands alone.
    """
    name = wording.period_name(period, lang)
    has_article = period.kind in (PeriodKind.QUARTER, PeriodKind.HALF, PeriodKind.NINE_MONTHS)
    return f"the {name}" if lang == "en" and has_article else name
