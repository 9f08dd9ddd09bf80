"""What codes, days and numbers that were written down as text are called in a language. Pure.

For places that have only what was recorded, such as the journal. Whatever the pack does not know any more is shown
as it was recorded.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

from plenum.packs import wording
from plenum.packs.loader import pack
from plenum.packs.values import Words
from plenum.periods import Period, PeriodError


class Named(Protocol):
    """Whatever the pack gives a name."""

    @property
    def name(self) -> Words: ...


def kind(code: str, lang: str) -> str:
    """The name of a kind of units."""
    return _name(pack().kinds, code, lang)


def form(code: str, lang: str) -> str:
    """The name of a form."""
    return _name(pack().forms, code, lang)


def schedule(code: str, lang: str) -> str:
    """The name of a schedule."""
    return _name(pack().schedules, code, lang)


def indicator(code: str, lang: str) -> str:
    """The name of an indicator."""
    return _name(pack().indicators, code, lang)


def document_kind(code: str, lang: str) -> str:
    """The name of a kind of documents."""
    return _name(pack().document_kinds, code, lang)


def power_set(code: str, lang: str) -> str:
    """The name of a set of powers."""
    return _name(pack().power_sets, code, lang)


def slots(lang: str) -> dict[str, str]:
    """The names of all slots by their codes, in the order of the forms."""
    return {code: slot.name.in_(lang) for code, slot in pack().slots().items()}


def period(code: str, lang: str) -> str:
    """The name of a period: `2023-Q3` gives the third quarter of 2023."""
    try:
        return wording.period_name(Period.parse(code), lang)
    except PeriodError:
        return code


def day(text: str, lang: str) -> str:
    """A day written as `2024-10-08`; a year alone stays one."""
    found = _day(text)
    return text if found is None else wording.day(found, lang)


def day_before(text: str, lang: str) -> str:
    """The last day of what ends before a day."""
    found = _day(text)
    return text if found is None else wording.day(found - timedelta(days=1), lang)


def number(value: int | str, lang: str) -> str:
    """A number with the digits it was recorded with; `"90%"` is a percentage."""
    text = str(value)
    try:
        exact = Decimal(text.removesuffix("%"))
    except InvalidOperation:
        return text
    return wording.percent(exact, lang) if text.endswith("%") else wording.number(exact, lang)


def document(text: str, lang: str) -> str:
    """A document written as `880|2023-01-05`, by number or symbol and its date: `880 (5 Jan 2023)`."""
    name, found, written = text.rpartition("|")
    return f"{name} ({day(written, lang)})" if found else text


def _name(named: Mapping[str, Any], code: str, lang: str) -> str:
    found: Named | None = named.get(code)
    return found.name.in_(lang) if found else code


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
