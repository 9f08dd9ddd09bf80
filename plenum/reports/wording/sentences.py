"""The sentences of a review report, whole, in the language that is active.

Names of units, people and documents are never inflected: they stand in apposition or after a colon. Whatever follows
a number and changes with it goes through plural forms.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plenum.packs import wording
from plenum.reports.content import (
    Amount,
    Basis,
    Change,
    Contradiction,
    LateReturn,
    Result,
    ReviewContent,
    Silent,
    TargetFact,
)
from plenum.reports.wording.amounts import (
    CEILINGS,
    amount_text,
    change_text,
    during,
    marked,
    sides_text,
    target_text,
    whole,
)

NAMES_IN_A_SENTENCE = 12
"""A sentence that lists units names so many; the rest are counted."""


# --- the targets as a whole -------------------------------------------------------------------------------------


def how_targets_stand(content: ReviewContent, lang: str) -> str:
    """One paragraph: how many targets there are and how many have each verdict."""
    results = content.with_target
    if not results:
        return _("No targets are set for this period.")
    count = {code: sum(1 for r in results if r.verdict == code) for code in {r.verdict for r in results}}
    sentences = [
        ngettext(
            "Of %(total)s target, met or exceeded: %(met)s.",
            "Of %(total)s targets, met or exceeded: %(met)s.",
            len(results),
        )
        % {
            "total": wording.number(len(results), lang),
            "met": wording.number(count.get("met", 0) + count.get("exceeded", 0), lang),
        }
    ]
    told = (
        ("on_course", _("On course: %(count)s.")),
        ("at_risk", _("At risk: %(count)s.")),
        ("missed", _("Missed: %(count)s.")),
        ("not_yet_known", _("Not yet known: %(count)s.")),
    )
    sentences += [
        text % {"count": wording.number(count[code], lang)} for code, text in told if count.get(code)
    ]
    return " ".join(sentences)


def longer_targets(content: ReviewContent, lang: str) -> list[str]:
    """That targets were set for a longer period than the report is about."""
    periods = {
        r.target.period for r in content.with_target if r.target is not None and r.target.period is not None
    }
    return [
        _("Targets set for %(period)s are compared with what was reached so far.")
        % {"period": during(period, lang)}
        for period in sorted(periods, key=lambda period: period.code)
    ]


def same_months_of_last_year(content: ReviewContent, lang: str) -> str:
    """Up to which day last year is compared with, while the period runs; empty when it is over."""
    until = content.last_year_until
    if until is None or not any(result.last_year.is_known for result in content.results):
        return ""
    return _("Last year is compared over the same months only, up to %(day)s.") % {
        "day": wording.day_long(until, lang)
    }


def returns_received(content: ReviewContent, lang: str) -> str:
    """How many of the returns due have arrived; empty when none are due."""
    if not content.due:
        return ""
    return ngettext(
        "Returns received: %(received)s of %(due)s due.",
        "Returns received: %(received)s of %(due)s due.",
        content.due,
    ) % {"received": wording.number(content.received, lang), "due": wording.number(content.due, lang)}


# --- one indicator ----------------------------------------------------------------------------------------------


def result_sentences(result: Result, lang: str) -> str:
    """What is to be said of a judged result: the amount, the target, the verdict, the change, the outlook."""
    sentences = [
        _verdict_sentence(result, lang),
        *_in_the_period_itself(result, lang),
        *(change_sentence(change, lang) for change in result.changes),
    ]
    if result.verdict == "at_risk" and result.outlook is not None:
        sentences.append(_outlook_sentence(result, lang))
    return " ".join(sentences)


def _in_the_period_itself(result: Result, lang: str) -> list[str]:
    """The amount of the period, where the sentence before is about the year so far."""
    if result.so_far is None:
        return []
    amount = amount_text(result.amount, result.is_ratio, lang)
    return [_("In the period itself: %(value)s.") % {"value": amount}]


def _verdict_sentence(result: Result, lang: str) -> str:
    target = result.target
    assert target is not None, "a result without a target has no verdict"
    said = {
        "indicator": result.name.in_(lang),
        "value": amount_text(result.judged, result.is_ratio, lang),
        "target": target_text(target, result.is_ratio, lang),
    }
    if result.is_ratio:
        return _share_sentence(result) % {**said, "sides": sides_text(result.judged, lang)}
    if result.percent is None or target.comparison in CEILINGS:
        return _count_sentence(result, target) % said
    return _percent_sentence(result) % {**said, "percent": wording.percent(result.percent, lang)}


def _percent_sentence(result: Result) -> str:
    match result.verdict:
        case "exceeded":
            return _(
                "%(indicator)s: %(value)s, or %(percent)s of the target (%(target)s); the target was exceeded."
            )
        case "met":
            return _(
                "%(indicator)s: %(value)s, or %(percent)s of the target (%(target)s); the target was met."
            )
        case "missed":
            return _(
                "%(indicator)s: %(value)s, or %(percent)s of the target (%(target)s); the target was missed."
            )
        case "at_risk":
            return _(
                "%(indicator)s: %(value)s, or %(percent)s of the target (%(target)s); the target is at risk."
            )
    return _("%(indicator)s: %(value)s, or %(percent)s of the target (%(target)s).")


def _share_sentence(result: Result) -> str:
    match result.verdict:
        case "exceeded":
            return _(
                "%(indicator)s: %(value)s (%(sides)s) against a target of %(target)s; the target was exceeded."
            )
        case "met":
            return _(
                "%(indicator)s: %(value)s (%(sides)s) against a target of %(target)s; the target was met."
            )
        case "missed":
            return _(
                "%(indicator)s: %(value)s (%(sides)s) against a target of %(target)s; the target was missed."
            )
        case "at_risk":
            return _(
                "%(indicator)s: %(value)s (%(sides)s) against a target of %(target)s; the target is at risk."
            )
    return _("%(indicator)s: %(value)s (%(sides)s) against a target of %(target)s.")


def _count_sentence(result: Result, target: TargetFact) -> str:
    is_limit = target.comparison in CEILINGS
    match result.verdict:
        case "met" | "exceeded" if is_limit:
            return _("%(indicator)s: %(value)s against a limit of %(target)s; the limit was kept.")
        case "missed" if is_limit:
            return _("%(indicator)s: %(value)s against a limit of %(target)s; the limit was passed.")
        case "exceeded":
            return _("%(indicator)s: %(value)s against a target of %(target)s; the target was exceeded.")
        case "met":
            return _("%(indicator)s: %(value)s against a target of %(target)s; the target was met.")
        case "missed":
            return _("%(indicator)s: %(value)s against a target of %(target)s; the target was missed.")
        case "at_risk":
            return _("%(indicator)s: %(value)s against a target of %(target)s; the target is at risk.")
    return _("%(indicator)s: %(value)s against a target of %(target)s.")


def change_sentence(change: Change, lang: str) -> str:
    said = {"change": change_text(change, lang)}
    if change.since == "start_of_year":
        return _("Change since the start of the year: %(change)s.") % said
    if change.until is not None:
        return _("Change on the same months of last year, up to %(day)s: %(change)s.") % {
            **said,
            "day": wording.day_long(change.until, lang),
        }
    return _("Change on the same period last year: %(change)s.") % said


def _outlook_sentence(result: Result, lang: str) -> str:
    outlook = result.outlook
    assert outlook is not None
    middle, low, high = (
        _outlook_text(x, result.is_ratio, lang) for x in (outlook.middle, outlook.low, outlook.high)
    )
    if low == high:
        return _("Projected result at the present pace: %(middle)s.") % {"middle": middle}
    return _("Projected result at the present pace: %(middle)s (range: %(low)s to %(high)s).") % {
        "middle": middle,
        "low": low,
        "high": high,
    }


def _outlook_text(value: Decimal, is_ratio: bool, lang: str) -> str:
    return wording.percent(wording.half_up(value), lang) if is_ratio else wording.decimal(value, 0, lang)


# --- figures that contradict each other -------------------------------------------------------------------------


def contradiction_note(result: Result, found: Contradiction, lang: str) -> str:
    """Both figures, the arithmetic, and where the stated one comes from."""
    note = _contradiction(result, found, lang)
    if not found.source:
        return note
    source = _("Source: %(source)s.") % {"source": found.source.rstrip(".")}
    return f"{note} {source}"


def carried_note(units: int, lang: str) -> str:
    """For how many units no newer figure was reported."""
    return ngettext(
        "For %(count)s unit the last figure reported is carried forward.",
        "For %(count)s units the last figure reported is carried forward.",
        units,
    ) % {"count": wording.number(units, lang)}


def _contradiction(result: Result, found: Contradiction, lang: str) -> str:
    stated = _stated_text(found.stated, found.stated_unit, lang)
    if found.exact is None:
        return _("Stated: %(stated)s; the record has nothing to check it against.") % {"stated": stated}
    exact = _stated_text(found.exact, found.exact_unit, lang)
    if found.what == "percent_of_target" and found.value is not None and result.target is not None:
        return _("Stated: %(stated)s; computed: %(value)s of %(target)s is %(exact)s.") % {
            "stated": stated,
            "exact": exact,
            "value": wording.number(whole(found.value), lang),
            "target": wording.number(whole(result.target.amount), lang),
        }
    if found.what == "change" and found.stated_unit == "percent" and found.exact_unit == "points":
        return _(
            "Stated as a change of %(stated)s; the difference of two shares is counted in percentage points: %(exact)s."
        ) % {"stated": stated, "exact": wording.points(found.exact, lang)}
    if found.what == "change":
        return _("Stated change: %(stated)s; computed: %(exact)s.") % {"stated": stated, "exact": exact}
    return _("Stated: %(stated)s; according to the record: %(exact)s.") % {"stated": stated, "exact": exact}


def _stated_text(value: Decimal, unit: str, lang: str) -> str:
    if unit == "percent":
        return wording.percent(value, lang)
    if unit == "points":
        return wording.points(value, lang)
    return wording.number(whole(value), lang)


# --- returns ----------------------------------------------------------------------------------------------------


def late_returns_intro(late: Sequence[LateReturn], lang: str) -> str:
    return ngettext(
        "%(count)s return was late or is still missing:",
        "%(count)s returns were late or are still missing:",
        len(late),
    ) % {"count": wording.number(len(late), lang)}


def late_returns_of(unit: str, late: Sequence[LateReturn], lang: str) -> str:
    """The late returns of one unit: the one with its period and delay, or how many and the longest delay."""
    days = max(one.days for one in late)
    if len(late) == 1:
        return ngettext(
            "%(unit)s: return for %(period)s, %(days)s day late",
            "%(unit)s: return for %(period)s, %(days)s days late",
            days,
        ) % {"unit": unit, "period": during(late[0].period, lang), "days": wording.number(days, lang)}
    return ngettext(
        "%(unit)s: late returns: %(count)s; longest delay: %(days)s day",
        "%(unit)s: late returns: %(count)s; longest delay: %(days)s days",
        days,
    ) % {"unit": unit, "count": wording.number(len(late), lang), "days": wording.number(days, lang)}


def more_units(count: int, lang: str) -> str:
    return ngettext("and %(count)s more unit", "and %(count)s more units", count) % {
        "count": wording.number(count, lang)
    }


def silent_units(silent: Sequence[Silent], lang: str) -> str:
    """How many units reported nothing, and which."""
    names = [unit.unit for unit in silent[:NAMES_IN_A_SENTENCE]]
    rest = len(silent) - len(names)
    if rest:
        names.append(more_units(rest, lang))
    return ngettext(
        "%(count)s unit reported nothing for the period: %(units)s.",
        "%(count)s units reported nothing for the period: %(units)s.",
        len(silent),
    ) % {"count": wording.number(len(silent), lang), "units": "; ".join(names)}


# --- tasks ------------------------------------------------------------------------------------------------------


def carried_on(result: Result, lang: str) -> str:
    """The task that a missed or endangered target leaves behind, with what is still lacking."""
    target = result.target
    assert target is not None
    said = {"indicator": result.name.in_(lang), "target": target_text(target, result.is_ratio, lang)}
    lacking = _lacking(result.judged, target, result.is_ratio)
    if lacking is None or lacking <= 0 or target.comparison in CEILINGS:
        if result.verdict == "at_risk":
            return _("%(indicator)s: secure the target of %(target)s.") % said
        return _("%(indicator)s: remedy the missed target of %(target)s.") % said
    said["lacking"] = (
        wording.points(lacking, lang, signed=False)
        if result.is_ratio
        else wording.number(whole(lacking), lang)
    )
    if result.verdict == "at_risk":
        return _("%(indicator)s: secure the target of %(target)s; still lacking: %(lacking)s.") % said
    return _("%(indicator)s: remedy the missed target of %(target)s; lacking: %(lacking)s.") % said


def _lacking(amount: Amount, target: TargetFact, is_ratio: bool) -> Decimal | None:
    if is_ratio:
        return None if amount.ratio is None else wording.half_up(Fraction(target.amount) - amount.ratio * 100)
    return None if amount.value is None else target.amount - amount.value


# --- documents --------------------------------------------------------------------------------------------------


def document(basis: Basis, lang: str) -> str:
    """A document as it is cited: kind, symbol, day, issuer, title."""
    said = {"kind": basis.kind.in_(lang), "symbol": basis.symbol}
    if basis.day is None:
        cited = _("%(kind)s No. %(symbol)s") % said
    elif basis.year_only:
        cited = _("%(kind)s No. %(symbol)s of %(year)s") % {**said, "year": basis.day.year}
    else:
        cited = _("%(kind)s No. %(symbol)s of %(day)s") % {**said, "day": wording.day_long(basis.day, lang)}
    if basis.issuer:
        cited = f"{cited} ({basis.issuer})"
    return marked(f"{cited}: {basis.title}" if basis.title else cited, basis.illustrative)
