"""Sentences about targets, verdicts and flags in the reader's language, made at the edge from exact values.

The language is Django's active one; numbers are written by `plenum.packs.wording`.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import get_language, ngettext, pgettext_lazy
from django.utils.translation import gettext as _

from plenum.figures.queries import Figure
from plenum.figures.wording import estimate_sentences, withheld_sentence
from plenum.packs import Indicator, PackLookupError, pack, wording
from plenum.targets.queries import Change, Flag, TargetView
from plenum.targets.queries.rows import value_of
from plenum.targets.rules import Citation, Code, Comparison, Projection, Reason, Verdict

VERDICTS = {
    Code.NOT_YET_KNOWN: pgettext_lazy("verdict", "Not yet known"),
    Code.ON_COURSE: pgettext_lazy("verdict", "On course"),
    Code.AT_RISK: pgettext_lazy("verdict", "At risk"),
    Code.MET: pgettext_lazy("verdict", "Met"),
    Code.EXCEEDED: pgettext_lazy("verdict", "Exceeded"),
    Code.MISSED: pgettext_lazy("verdict", "Missed"),
}
NO_TARGET = pgettext_lazy("verdict", "No target")


def verdict_word(code: str | None) -> str:
    """The word for a verdict, on screens and in reports alike; `no_target` where there is nothing to judge."""
    if code == "no_target":
        return str(NO_TARGET)
    return str(VERDICTS[Code(code) if code in VERDICTS else Code.NOT_YET_KNOWN])


def language() -> str:
    """The reader's language, one of those that packs are written in."""
    return wording.language(get_language())


def amount_text(indicator: Indicator, amount: Fraction | Decimal | int) -> str:
    """A value or amount of an indicator: a count, or percent for ratios."""
    if indicator.is_ratio:
        return percent_text(amount)
    exact = Fraction(amount)
    return wording.number(exact if exact.denominator == 1 else wording.half_up(exact), language())


def percent_text(amount: Fraction | Decimal | int) -> str:
    """A number that is percent already; whole ones without decimals, as targets are written."""
    exact = Fraction(amount)
    shown = Decimal(int(exact)) if exact.denominator == 1 else wording.half_up(exact)
    return wording.percent(shown, language())


def target_text(indicator: Indicator, target: TargetView) -> str:
    """The amount with its comparison: `1,800`, `more than 90%`."""
    amount = amount_text(indicator, target.amount)
    match target.comparison:
        case Comparison.AT_LEAST:
            return _("at least %(amount)s") % {"amount": amount}
        case Comparison.MORE_THAN:
            return _("more than %(amount)s") % {"amount": amount}
        case Comparison.AT_MOST:
            return _("at most %(amount)s") % {"amount": amount}
        case Comparison.LESS_THAN:
            return _("less than %(amount)s") % {"amount": amount}
        case _:
            return amount


def verdict_reasons(indicator: Indicator, verdict: Verdict) -> list[str]:
    """The steps of the explanation of a verdict, each a sentence."""
    return [_reason(indicator, reason) for reason in verdict.reasons]


def projection_text(indicator: Indicator, projection: Projection) -> str:
    """Where the value will stand at the end of the period, with its range if it has one."""
    middle = _projected(indicator, projection.middle)
    low, high = _projected(indicator, projection.low), _projected(indicator, projection.high)
    if low == high:
        return _("Projection for the end of the period: %(middle)s.") % {"middle": middle}
    return _("Projection for the end of the period: %(middle)s; between %(low)s and %(high)s.") % {
        "middle": middle,
        "low": low,
        "high": high,
    }


def citation_text(citation: Citation, on: date) -> str:
    """What a rule of the pack says, as it holds on a day, and where it stands."""
    try:
        rule = pack().rule(citation.code, on)
    except PackLookupError:
        return citation.source
    return _("%(rule)s Source: %(source)s.") % {
        "rule": rule.explanation.in_(language()),
        "source": str(rule.source),
    }


def change_text(change: Change) -> str:
    """A change as tables show it: +186, or percentage points with the unit abbreviated."""
    if change.is_points:
        return wording.points(change.as_ratio, language(), short=True)
    return wording.number(change.amount, language(), signed=True)


def flag_text(flag: Flag) -> str:
    """One sentence (or two) that says what a flag means, with both numbers where two disagree."""
    if flag.code in _STATED:
        return _stated(flag)
    match flag.code:
        case "illustrative_value":
            return _("The value is illustrative: no source states it.")
        case "illustrative_split":
            return _("The total is stated by a source; its split over units and months is illustrative.")
        case "illustrative_target":
            return _("The target is illustrative: no source states it.")
        case "carried_forward":
            count = int(flag.params["units"])
            return ngettext(
                "%(count)s unit has not reported for the last month; its latest figure is carried forward.",
                "%(count)s units have not reported for the last month; their latest figures are carried forward.",
                count,
            ) % {"count": wording.number(count, language())}
        case "units_missing":
            count = int(flag.params["units"])
            return ngettext(
                "Returns of %(count)s unit are missing: %(names)s.",
                "Returns of %(count)s units are missing: %(names)s.",
                count,
            ) % {"count": wording.number(count, language()), "names": _names(flag.params["names"], count)}
        case "estimated":
            return " ".join(estimate_sentences(flag.params["estimated"]))
        case "compared_same_units":
            return _(
                "Compared with last year: %(value)s, what the units that count here on %(day)s have reported,"
                " wherever they stood."
            ) % {
                "value": _measured(flag.params["figure"]),
                "day": wording.day(flag.params["day"], language()),
            }
        case "compared_estimated":
            reasons = estimate_sentences(flag.params["estimated"])
            return " ".join([_("What it is compared with is estimated."), *reasons])
        case "withheld":
            return withheld_sentence()
        case _:
            return flag.code


def _measured(figure: Figure) -> str:
    """A figure as it is compared: a count, or the ratio in percent."""
    measured = value_of(figure)
    return wording.MISSING if measured is None else amount_text(figure.indicator, measured)


_STATED = (
    "stated_percent_contradicted",
    "stated_value_differs",
    "stated_without_figure",
    "points_called_percent",
    "percent_called_points",
    "stated_change_contradicted",
)
_MOST_NAMES = 5


def _names(names: tuple[str, ...], count: int) -> str:
    """The first names, and how many there are beside them."""
    shown = ", ".join(names[:_MOST_NAMES])
    return shown if count <= _MOST_NAMES else f"{shown} +{wording.number(count - _MOST_NAMES, language())}"


def _stated(flag: Flag) -> str:
    said = flag.params
    texts = {
        "day": wording.day(said["day"], language()),
        "stated": _in_unit(said["stated"], said["stated_unit"]),
        "exact": "" if said["exact"] is None else _in_unit(said["exact"], said["exact_unit"]),
    }
    match flag.code:
        case "stated_percent_contradicted":
            return _("The report of %(day)s states %(stated)s; %(value)s / %(amount)s = %(exact)s.") % {
                **texts,
                "value": _plain(said["value"]),
                "amount": _plain(said["amount"]),
            }
        case "stated_value_differs":
            return _("The report of %(day)s states %(stated)s; the record gives %(exact)s.") % texts
        case "stated_without_figure":
            return (
                _("The report of %(day)s states %(stated)s; the record has nothing to compare it with.")
                % texts
            )
        case "points_called_percent" | "percent_called_points":
            return _wrong_unit(flag.code, said, texts)
        case _:
            return (
                _("The report of %(day)s states a change of %(stated)s; the record gives %(exact)s.") % texts
            )


def _wrong_unit(code: str, said: Mapping[str, Any], texts: dict[str, str]) -> str:
    numbers = {
        **texts,
        "before": wording.percent(wording.half_up(said["before"]), language()),
        "after": wording.percent(wording.half_up(said["after"]), language()),
        "points": wording.points(wording.half_up(said["points"]), language()),
        "percent": wording.percent(wording.half_up(said["percent"]), language(), signed=True),
    }
    if code == "points_called_percent":
        return (
            _(
                "The report of %(day)s states a change of %(stated)s, but means percentage points:"
                " from %(before)s to %(after)s is %(points)s (%(percent)s in percent)."
            )
            % numbers
        )
    return (
        _(
            "The report of %(day)s states a change of %(stated)s, but means percent:"
            " from %(before)s to %(after)s is %(percent)s in percent (%(points)s)."
        )
        % numbers
    )


def _in_unit(number: Decimal, unit: str) -> str:
    if unit == "percent":
        return wording.percent(number, language())
    if unit == "points":
        return wording.points(number, language(), signed=False)
    return wording.number(number, language())


def _plain(exact: Fraction) -> str:
    return wording.number(exact if exact.denominator == 1 else wording.half_up(exact), language())


def _projected(indicator: Indicator, exact: Fraction) -> str:
    if indicator.is_ratio:
        return wording.percent(wording.half_up(exact), language())
    return wording.number(int(wording.half_up(exact, 0)), language())


def _reason(indicator: Indicator, reason: Reason) -> str:
    said = reason.params
    match reason.code:
        case "not_begun":
            return _("The period has not begun.")
        case "no_figure":
            return _("Nothing has been reported yet.")
        case "value_equal" | "value_above" | "value_below":
            return _compared(indicator, reason)
        case "period_over":
            return _("The period is over.")
        case "reached_early":
            return _("The target was reached early; months counted: %(elapsed)s of %(months)s.") % said
        case "limit_passed_early":
            return _("The limit has been passed; months counted: %(elapsed)s of %(months)s.") % said
        case "months_elapsed":
            return _("Months counted: %(elapsed)s of %(months)s.") % said
        case "already_satisfied":
            return _("As it stands, the target is satisfied.")
        case "no_projection":
            return _("Too little is known for a projection.")
        case _:
            return _about_the_rest(indicator, reason)


def _compared(indicator: Indicator, reason: Reason) -> str:
    texts = {
        "value": _value(indicator, reason.params["value"]),
        "amount": amount_text(indicator, reason.params["amount"]),
    }
    match reason.code:
        case "value_equal":
            return _("Result: %(value)s, exactly the amount of the target.") % texts
        case "value_above":
            return _("Result: %(value)s, above the amount of the target: %(amount)s.") % texts
        case _:
            return _("Result: %(value)s, below the amount of the target: %(amount)s.") % texts


def _about_the_rest(indicator: Indicator, reason: Reason) -> str:
    said = reason.params
    match reason.code:
        case "projection_reaches" | "projection_falls_short":
            texts = {
                "projected": _projected(indicator, said["projected"]),
                "amount": amount_text(indicator, said["amount"]),
            }
            if reason.code == "projection_reaches":
                return (
                    _("At this pace the period ends with %(projected)s; that satisfies %(amount)s.") % texts
                )
            return (
                _("At this pace the period ends with %(projected)s; that does not satisfy %(amount)s.")
                % texts
            )
        case "range_from_share" | "range_from_months":
            texts = {"low": _projected(indicator, said["low"]), "high": _projected(indicator, said["high"])}
            if reason.code == "range_from_share":
                return (
                    _("Range: %(low)s to %(high)s, because too few returns show how the pace varies.") % texts
                )
            parts = {"slow": f"1/{said['slow']}", "fast": f"1/{said['fast']}"}
            return _(
                "Range: %(low)s to %(high)s, by the slowest %(slow)s and the fastest %(fast)s of the months."
            ) % {**texts, **parts}
        case "needed_pace":
            return _("Needed each month from now on: %(needed)s; so far: %(pace)s.") % {
                "needed": wording.decimal(said["needed"], 1, language()),
                "pace": wording.decimal(said["pace"], 1, language()),
            }
        case _:
            return reason.code


def _value(indicator: Indicator, value: Fraction) -> str:
    if indicator.is_ratio:
        return wording.percent(wording.half_up(value), language())
    return _plain(value)
