"""How numbers, percentages, days and periods are written in the four languages. Pure, exact, no Django.

The norms (the same on every screen and in every file):

============  ==========  ============  ===========  ===================
              vi          en            ru           cs
============  ==========  ============  ===========  ===================
number        2.041       2,041         2 041        2 041
percent       113,39%     113.39%       113,39 %     113,39 %
day           08/10/2024  8 Oct 2024    08.10.2024   8. 10. 2024
============  ==========  ============  ===========  ===================

Spaces inside a number, a percentage or a date are no-break spaces; a minus is the minus sign. Rounding is
half up (away from zero) and happens here, at the edge, from exact fractions.

What a value means follows from its type: a ``Fraction`` is a ratio (``Fraction(2041, 1800)`` is 113.39 per
cent), a ``Decimal`` or a decimal string is what it says (``Decimal("113.39")`` is 113.39 per cent, with the
digits it was stated with).
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final, Protocol

from plenum.packs.marks import mark

LANGUAGES: Final = ("vi", "en", "ru", "cs")
NO_BREAK: Final = "\u00a0"
MINUS: Final = "\u2212"
MISSING: Final = "\u2013"

Exact = int | Fraction | Decimal
"""A number without binary rounding; floats are not accepted anywhere."""


@dataclass(frozen=True)
class _Marks:
    """The separators of a language."""

    thousands: str
    decimal: str
    percent: str


_MARKS: Final = {
    "vi": _Marks(".", ",", "%"),
    "en": _Marks(",", ".", "%"),
    "ru": _Marks(NO_BREAK, ",", NO_BREAK + "%"),
    "cs": _Marks(NO_BREAK, ",", NO_BREAK + "%"),
}


def language(code: str | None) -> str:
    """One of ``LANGUAGES`` for any language tag (``"ru-RU"`` gives ``"ru"``); else English."""
    base = (code or "").replace("_", "-").split("-")[0].lower()
    return base if base in LANGUAGES else "en"


# --- rounding ------------------------------------------------------------------------------------------


def half_up(value: Exact, places: int = 2) -> Decimal:
    """``value`` rounded half up (away from zero) to ``places`` decimals, exactly; never a negative zero."""
    exact = Fraction(value)
    scale = 10**places
    units = (abs(exact.numerator) * scale * 2 + exact.denominator) // (exact.denominator * 2)
    signed_units = -units if exact < 0 else units
    return Decimal(signed_units).scaleb(-places)


def two_decimals(value: Exact) -> str:
    """``value`` for machines: a point, two decimals, half up: ``"113.39"``, ``"-0.50"``."""
    return f"{half_up(value):.2f}"


def percent_of(part: Exact, whole: Exact) -> str | None:
    """What percentage ``part`` is of ``whole``, for machines: ``percent_of(2041, 1800) == "113.39"``.

    None if ``whole`` is zero.
    """
    if whole == 0:
        return None
    return two_decimals(Fraction(part) / Fraction(whole) * 100)


# --- numbers -------------------------------------------------------------------------------------------


def number(value: Exact, lang: str, *, signed: bool = False) -> str:
    """A count with its separators: 2.041 in Vietnamese, 2 041 in Russian. ``signed`` writes the plus as well.

    A Decimal keeps the digits it has; a Fraction that is not whole is written with two decimals.
    """
    if isinstance(value, Fraction):
        value = int(value) if value.denominator == 1 else half_up(value)
    marks = _MARKS[language(lang)]
    whole, _, digits = format(abs(value), "f" if isinstance(value, Decimal) else "d").partition(".")
    grouped = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", marks.thousands, whole)
    text = grouped + (marks.decimal + digits if digits else "")
    return mark(_sign(value, signed) + text, value)


def decimal(value: Exact, places: int, lang: str, *, signed: bool = False) -> str:
    """``value`` with ``places`` decimals, rounded half up: ``decimal(Fraction(1, 3), 2, "cs") == "0,33"``."""
    return number(half_up(value, places), lang, signed=signed)


def percent(value: Fraction | Decimal | int | str, lang: str, *, signed: bool = False) -> str:
    """A percentage: a Fraction (or int) is a ratio, a Decimal or a decimal string is already per cent.

    ``percent(Fraction(2041, 1800), "ru") == "113,39 %"``; ``percent("113.34", "vi") == "113,34%"``.
    """
    shown = half_up(Fraction(value) * 100) if isinstance(value, (Fraction, int)) else Decimal(value)
    return number(shown, lang, signed=signed) + _MARKS[language(lang)].percent


_POINTS: Final = {
    "vi": "điểm phần trăm",
    "en": "percentage points",
    "ru": "процентного пункта",
    "cs": "procentního bodu",
}
_POINTS_SHORT: Final = {
    "vi": f"điểm{NO_BREAK}%",
    "en": "pp",
    "ru": f"п.{NO_BREAK}п.",
    "cs": f"p.{NO_BREAK}b.",
}


def points(
    value: Fraction | Decimal | int | str, lang: str, *, signed: bool = True, short: bool = False
) -> str:
    """A difference of two percentages, in words: +8,46 điểm phần trăm, +8,46 процентного пункта.

    Types as in ``percent``: a Fraction (or int) is a difference of ratios, a Decimal or string is in points
    already, with the decimals they were stated with. Decimals are always written, so that Russian and Czech
    need one form only (the one that follows a decimal).
    """
    if isinstance(value, (Fraction, int)):
        shown = half_up(Fraction(value) * 100)
    else:
        stated = Decimal(value)
        shown = stated if "." in f"{stated:f}" else half_up(stated)
    lang = language(lang)
    unit = (_POINTS_SHORT if short else _POINTS)[lang]
    return number(shown, lang, signed=signed) + NO_BREAK + unit


def _sign(value: Exact, signed: bool) -> str:
    if value < 0:
        return MINUS
    return "+" if signed and value > 0 else ""


# --- days and months -----------------------------------------------------------------------------------

_MONTHS: Final = {
    "vi": tuple(f"tháng {month}" for month in range(1, 13)),
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
    "ru": (
        "январь", "февраль", "март", "апрель", "май", "июнь",
        "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь",
    ),
    "cs": (
        "leden", "únor", "březen", "duben", "květen", "červen",
        "červenec", "srpen", "září", "říjen", "listopad", "prosinec",
    ),
}  # fmt: skip
_MONTHS_IN_DATES: Final = {
    "ru": (
        "января", "февраля", "марта", "апреля", "мая", "июня",
        "июля", "августа", "сентября", "октября", "ноября", "декабря",
    ),
    "cs": (
        "ledna", "února", "března", "dubna", "května", "června",
        "července", "srpna", "září", "října", "listopadu", "prosince",
    ),
}  # fmt: skip
_MONTHS_SHORT: Final = {
    "vi": tuple(f"T{month}" for month in range(1, 13)),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "ru": ("янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"),
    "cs": ("led", "úno", "bře", "dub", "kvě", "čvn", "čvc", "srp", "zář", "říj", "lis", "pro"),
}


def month_name(month: int, lang: str) -> str:
    """The name of month 1 to 12, standing alone: tháng 7, July, июль, červenec."""
    return _MONTHS[language(lang)][month - 1]


def month_short(month: int, lang: str) -> str:
    """The name of month 1 to 12 for narrow places such as the axis of a chart: T7, Jul, июл, čvc."""
    return _MONTHS_SHORT[language(lang)][month - 1]


def day(value: date, lang: str) -> str:
    """A day for tables: 08/10/2024, 8 Oct 2024, 08.10.2024, 8. 10. 2024."""
    return mark(_day(value, language(lang)), value)


def _day(value: date, lang: str) -> str:
    if lang == "vi":
        return f"{value:%d/%m}/{value.year}"
    if lang == "ru":
        return f"{value:%d.%m}.{value.year}"
    if lang == "cs":
        return f"{value.day}.{NO_BREAK}{value.month}.{NO_BREAK}{value.year}"
    return NO_BREAK.join((str(value.day), month_short(value.month, lang), str(value.year)))


def day_long(value: date, lang: str) -> str:
    """A day for sentences: ngày 8 tháng 10 năm 2024, 8 October 2024, 8 октября 2024 года, 8. října 2024."""
    return mark(_day_long(value, language(lang)), value)


def _day_long(value: date, lang: str) -> str:
    if lang == "vi":
        return f"ngày {value.day} tháng {value.month} năm {value.year}".replace(" ", NO_BREAK)
    if lang == "ru":
        return f"{value.day}{NO_BREAK}{_MONTHS_IN_DATES['ru'][value.month - 1]} {value.year}{NO_BREAK}года"
    if lang == "cs":
        return f"{value.day}.{NO_BREAK}{_MONTHS_IN_DATES['cs'][value.month - 1]} {value.year}"
    return f"{value.day}{NO_BREAK}{month_name(value.month, lang)} {value.year}"


# --- periods -------------------------------------------------------------------------------------------


class HasCode(Protocol):
    """Anything with a period's code, above all ``plenum.periods.Period``."""

    @property
    def code(self) -> str: ...


def period_name(period: HasCode, lang: str) -> str:
    """The name of a period, in a form that stands alone, without case.

    9 tháng đầu năm 2024; first nine months of 2024; первое полугодие 2023 года; červenec 2023.
    """
    return _fill(_PERIOD_NAMES, period, language(lang))


def period_title(period: HasCode, lang: str) -> str:
    """``period_name`` with a capital first letter, for headings: Năm 2023, Первое полугодие 2023 года."""
    name = period_name(period, lang)
    return name[:1].upper() + name[1:]


def period_short(period: HasCode, lang: str) -> str:
    """The name of a period within its year, for switches and columns: Cả năm, Quý I; Q1; 1. čtvrtletí."""
    name = _fill(_PERIOD_SHORT, period, language(lang))
    return name[:1].upper() + name[1:]


_CODE: Final = re.compile(r"(\d{4})(?:-(?:Q([1-4])|H([12])|(9M)|(0[1-9]|1[0-2])))?")
_ROMAN: Final = ("I", "II", "III", "IV")
_HALVES: Final = {
    "vi": ("đầu", "cuối"),
    "en": ("first", "second"),
    "ru": ("первое", "второе"),
    "cs": ("první", "druhé"),
}
_QUARTERS: Final = ("first", "second", "third", "fourth")

_PERIOD_NAMES: Final = {
    "vi": {
        "year": "năm {year}",
        "half": "6 tháng {half} năm {year}",
        "quarter": "quý {roman} năm {year}",
        "nine": "9 tháng đầu năm {year}",
        "month": "tháng {n} năm {year}",
    },
    "en": {
        "year": "{year}",
        "half": "{half} half of {year}",
        "quarter": "{quarter} quarter of {year}",
        "nine": "first nine months of {year}",
        "month": "{month} {year}",
    },
    "ru": {
        "year": "{year} год",
        "half": "{half} полугодие {year} года",
        "quarter": "{roman} квартал {year} года",
        "nine": "9 месяцев {year} года",
        "month": "{month} {year} года",
    },
    "cs": {
        "year": "rok {year}",
        "half": "{half} pololetí roku {year}",
        "quarter": "{n}. čtvrtletí roku {year}",
        "nine": "prvních devět měsíců roku {year}",
        "month": "{month} {year}",
    },
}
_PERIOD_SHORT: Final = {
    "vi": {
        "year": "cả năm",
        "half": "6 tháng {half}",
        "quarter": "quý {roman}",
        "nine": "9 tháng",
        "month": "{month}",
    },
    "en": {"year": "year", "half": "H{n}", "quarter": "Q{n}", "nine": "9 months", "month": "{month}"},
    "ru": {
        "year": "год",
        "half": "{roman} полугодие",
        "quarter": "{roman} квартал",
        "nine": "9 месяцев",
        "month": "{month}",
    },
    "cs": {
        "year": "celý rok",
        "half": "{n}. pololetí",
        "quarter": "{n}. čtvrtletí",
        "nine": "9 měsíců",
        "month": "{month}",
    },
}


def _fill(patterns: dict[str, dict[str, str]], period: HasCode, lang: str) -> str:
    match = _CODE.fullmatch(period.code)
    if match is None:
        raise ValueError(f"not a period code: {period.code!r}")
    year, quarter, half, nine, month = match.groups()
    part = "quarter" if quarter else "half" if half else "nine" if nine else "month" if month else "year"
    n = int(quarter or half or month or 1)
    return patterns[lang][part].format(
        year=year,
        n=n,
        roman=_ROMAN[n - 1] if n <= len(_ROMAN) else "",
        half=_HALVES[lang][n - 1] if half else "",
        quarter=_QUARTERS[n - 1] if quarter else "",
        month=month_name(n, lang),
    )
