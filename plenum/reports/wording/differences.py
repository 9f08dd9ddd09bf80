"""What would be different today, line by line, in the reader's language."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plenum.packs import pack, wording
from plenum.periods import Period
from plenum.reports.comparison import Difference
from plenum.reports.content import Amount, Change, TargetFact
from plenum.reports.wording.amounts import (
    amount_text,
    change_text,
    during,
    sides_text,
    target_text,
    verdict_text,
)


@dataclass(frozen=True)
class Line:
    """One difference in words: what it is about, what differs, what the issue says and what is known now."""

    about: str
    what: str
    before: str
    now: str
    is_figure: bool


WORDS = frozenset({"text", "document", "given_to", "name", "stands", "superior", "unit", "issuer", "symbol"})
"""Differences that are told in words; the others are figures."""


def lines(found: Iterable[Difference], lang: str) -> list[Line]:
    """The differences as people read them; the language `lang` is the active one."""
    return [
        Line(
            _about(each, lang),
            _what(each, lang),
            _said(each, each.before, lang),
            _said(each, each.now, lang),
            each.what not in WORDS,
        )
        for each in found
    ]


def _about(each: Difference, lang: str) -> str:
    match each.about:
        case "indicator":
            return _indicator(each.key[0], each.name, lang)
        case "text":
            return str(_sections()[each.key[0]])
        case "basis":
            return _("Document %(symbol)s") % {"symbol": each.key[0]}
        case "head":
            return _("Heading")
        case "returns":
            return _("Returns")
        case "late":
            return _("%(unit)s: return for %(period)s") % {
                "unit": each.name,
                "period": during(Period.parse(each.key[2]), lang),
            }
        case _:
            return each.name


def _sections() -> dict[str, str]:
    return {
        "achievements": _("Achievements"),
        "shortcomings": _("Shortcomings"),
        "causes": _("Causes"),
        "tasks": _("Tasks of the next period"),
    }


def _what(each: Difference, lang: str) -> str:
    what, _dot, code = each.what.partition(".")
    match what:
        case "figure" if code:
            return _indicator(code, code, lang)
        case "course":
            return wording.period_name(Period.parse(code), lang)
        case "part":
            said = each.before or each.now
            return str(said["name"])
        case "text":
            return str(dict(settings.LANGUAGES)[each.key[1]])
    if each.what in _named():
        return _named()[each.what]
    return _named()[what]


def _named() -> dict[str, str]:
    return {
        "figure": pgettext("heading of a column", "Result"),
        "year_so_far": _("Year so far"),
        "target": pgettext("heading of a column", "Target"),
        "given_to": _("Given to"),
        "percent": pgettext("heading of a column", "Against the target"),
        "verdict": pgettext("heading of a column", "Assessment"),
        "projection": _("Projection"),
        "last_year": pgettext("heading of a column", "Same period last year"),
        "change.start_of_year": _("Since the start of the year"),
        "change.last_year": _("On last year"),
        "flag": _("Stated and computed"),
        "carried_from": _("Units whose last figure is carried forward"),
        "name": _("Name"),
        "stands": _("Place among the units"),
        "returns_due": _("Returns due"),
        "returns_received": pgettext("heading of a column", "Returns received"),
        "returns_late": pgettext("heading of a column", "Of these late"),
        "nothing_reported": _("Nothing reported"),
        "days": _("Days late"),
        "document": _("Basis"),
        "superior": _("Superior unit"),
        "unit": _("Unit"),
        "issuer": _("Issuing body"),
        "symbol": _("Number"),
        "due": _("Returns due"),
        "received": pgettext("heading of a column", "Returns received"),
    }


def _said(each: Difference, value: Any, lang: str) -> str:
    """A value as reports write it; a dash where nothing is said."""
    if value is None:
        return wording.MISSING
    match each.what.partition(".")[0]:
        case "figure" | "year_so_far" | "last_year":
            return _amount(value, lang)
        case "target":
            return _target(each.key[0], value, lang)
        case "percent":
            return wording.percent(value, lang)
        case "verdict":
            return verdict_text(value)
        case "projection":
            return _projection(each.key[0], value, lang)
        case "change":
            return change_text(Change(Decimal(value["difference"]), value["unit"], ""), lang, short=True)
        case "part":
            return wording.number(value["value"], lang) if value["value"] is not None else wording.MISSING
        case "flag":
            return _("stated: %(stated)s; computed: %(exact)s") % {
                "stated": _in_unit(value["stated"], value["stated_unit"], lang),
                "exact": _in_unit(value["exact"], value["exact_unit"], lang),
            }
        case "stands":
            return {"left": _("no longer directly below"), "itself": _("reported by the unit itself")}.get(
                value, _("directly below")
            )
        case "nothing_reported":
            return _("yes")
    return wording.number(value, lang) if isinstance(value, int) else str(value)


def _amount(said: dict[str, Any], lang: str) -> str:
    amount = Amount(said["value"], said["numerator"], said["denominator"], said["illustrative"])
    sides = sides_text(amount, lang)
    text = amount_text(amount, said["share"] is not None, lang)
    return f"{text} ({sides})" if sides else text


def _target(indicator: str, said: dict[str, Any], lang: str) -> str:
    target = TargetFact(said["comparison"], Decimal(said["amount"]), illustrative=said["illustrative"])
    text = target_text(target, _is_ratio(indicator), lang)
    if said["period"] is None:
        return text
    return f"{text} ({wording.period_name(Period.parse(said['period']), lang)})"


def _projection(indicator: str, said: dict[str, str], lang: str) -> str:
    unit = "percent" if _is_ratio(indicator) else "count"
    low, middle, high = (_in_unit(said[pace], unit, lang) for pace in ("low", "middle", "high"))
    return middle if low == high else f"{middle} ({low} – {high})"


def _in_unit(value: str | None, unit: str, lang: str) -> str:
    if value is None:
        return wording.MISSING
    amount = Decimal(value)
    if unit == "percent":
        return wording.percent(amount, lang)
    if unit == "points":
        return wording.points(amount, lang, short=True)
    return wording.number(wording.half_up(amount, 0), lang)


def _is_ratio(indicator: str) -> bool:
    known = pack().indicators.get(indicator)
    return known is not None and known.is_ratio


def _indicator(code: str, name: str, lang: str) -> str:
    known = pack().indicators.get(code)
    return known.name.in_(lang) if known is not None else name
