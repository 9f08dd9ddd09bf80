"""How documents are numbered and how a reference to one is read. Pure."""

import re
from dataclasses import dataclass
from datetime import date

_DATED = re.compile(r"(?P<number>[^|]+)\|(?P<year>\d{4})(?:-(?P<month>\d{2})-(?P<day>\d{2}))?")
_SYMBOL = re.compile(r"0*(?P<number>\d+[a-zA-Z]?)\s*[-/].+")


class ReferenceUnreadable(ValueError):
    """A text that cannot be read as a reference to a document."""


@dataclass(frozen=True)
class Reference:
    """What a reader wrote to name a document: a number or a symbol, with a day or a year if given."""

    name: str
    day: date | None = None
    year: int | None = None

    @property
    def number(self) -> str:
        """The number without leading zeros, as it is compared: `05` and `5` are the same."""
        return plain_number(self.name)


def plain_number(number: str) -> str:
    """A number as it is compared: without spaces and leading zeros (guidance on numbering writes 01, texts
    write 1).
    """
    stripped = number.strip()
    return stripped.lstrip("0") or stripped


def number_in_symbol(symbol: str) -> str | None:
    """The number a symbol begins with: `18-NQ/TW` gives `18`, `30/2020/NĐ-CP` gives `30`; None if there is
    none.
    """
    match = _SYMBOL.fullmatch(symbol.strip())
    return match["number"] if match else None


def read_reference(text: str) -> Reference:
    """Read `880`, `880|2023-01-05`, `880|2023` or `18-NQ/TW`; ReferenceUnreadable if the text is empty or
    the day unreal.
    """
    text = text.strip()
    if not text:
        raise ReferenceUnreadable("empty")
    match = _DATED.fullmatch(text)
    if match is None:
        return Reference(text)
    if match["month"] is None:
        return Reference(match["number"].strip(), year=int(match["year"]))
    try:
        day = date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError as error:
        raise ReferenceUnreadable(text) from error
    return Reference(match["number"].strip(), day=day)
