"""Marks inside written texts: where a number or a day stands in them, and which one, for whoever makes cells of them.

Only while somebody asks for it (`marking`), `plenum.packs.wording` surrounds each number and day that it writes with
characters of Unicode's private use and says the value for machines. Nobody sees them; `found_in` takes them away.
"""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

_OPEN: Final = "\ue000"
_VALUE: Final = "\ue001"
_CLOSE: Final = "\ue002"
_MARK: Final = re.compile(f"{_OPEN}([^{_VALUE}]*){_VALUE}([^{_CLOSE}]*){_CLOSE}")

_sign: ContextVar[str] = ContextVar("sign", default="")


@dataclass(frozen=True)
class Marked:
    """A text without marks; the only number or day in it, if there is exactly one; what stands around that."""

    text: str
    value: Decimal | date | None = None
    before: str = ""
    after: str = ""


@contextmanager
def marking() -> Iterator[str]:
    """Have numbers and days marked in this thread; gives the sign by which `found_in` knows our marks from others'."""
    sign = secrets.token_hex(4)
    token = _sign.set(sign)
    try:
        yield sign
    finally:
        _sign.reset(token)


def mark(text: str, value: Decimal | int | date) -> str:
    """The text of a value, marked if somebody has asked for it."""
    sign = _sign.get()
    if not sign:
        return text
    exact = (
        value.isoformat()
        if isinstance(value, date)
        else format(value, "f" if isinstance(value, Decimal) else "d")
    )
    return f"{_OPEN}{sign}{exact}{_VALUE}{text}{_CLOSE}"


def found_in(text: str, sign: str) -> Marked:
    """The text without marks, and its value if it has exactly one mark with this sign."""
    plain = _MARK.sub(lambda match: match[2] if match[1].startswith(sign) else match[0], text)
    ours = [match for match in _MARK.finditer(text) if match[1].startswith(sign)]
    if len(ours) != 1:
        return Marked(plain)
    (only,) = ours
    return Marked(plain, _value(only[1].removeprefix(sign)), text[: only.start()], text[only.end() :])


def _value(exact: str) -> Decimal | date:
    return date.fromisoformat(exact) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", exact) else Decimal(exact)
