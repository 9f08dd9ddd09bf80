"""Reading whole numbers as people write them."""

import re

from plenum.figures.rules.plausibility import LARGEST_VALUE

_GROUPED = re.compile(r"[0-9]{1,3}([.,\s\u00a0\u202f][0-9]{3})*")
_LONGEST = 100
"""No number to be counted has so many signs; Python refuses to read one of some thousands."""


class NotWhole(ValueError):
    """The text is no whole number from 0 up."""


class TooLarge(ValueError):
    """The number is larger than any figure."""


def read_count(text: str) -> int | None:
    """A whole number from 0 up: 1204, 1.204, 1,204 or 1 204; None for an empty text. NotWhole or TooLarge."""
    text = text.strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) and not _GROUPED.fullmatch(text):
        raise NotWhole(text[:_LONGEST])
    if len(text) > _LONGEST or (number := int(re.sub(r"\D", "", text))) > LARGEST_VALUE:
        raise TooLarge(text[:_LONGEST])
    return number
