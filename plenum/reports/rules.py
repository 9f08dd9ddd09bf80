"""Which periods are reviewed, which comes after, which sections an officer writes, and what codes look like. Pure."""

from collections.abc import Sequence

from plenum.periods import Period, PeriodKind

SECTIONS = ("achievements", "shortcomings", "causes", "tasks")
"""The sections that an officer writes in words, in the order of the report."""

LONGEST_TEXT = 20_000
"""Characters in one section: some eight printed pages, far more than a review needs."""

LONGEST_REASON = 1_000
"""Characters of the reason for a new edition: it stands at the end of the document."""

REVIEWED = (PeriodKind.QUARTER, PeriodKind.HALF, PeriodKind.NINE_MONTHS, PeriodKind.YEAR)


class NotReviewed(ValueError):
    """A period for which no review is held."""


def next_period(period: Period) -> Period:
    """The period whose tasks a review sets: after nine months the last quarter, otherwise the next of its kind."""
    if period.kind is PeriodKind.NINE_MONTHS:
        return Period(period.year, PeriodKind.QUARTER, 4)
    return period.next()


def reviewed(code: str) -> Period:
    """The period written as `code`; PeriodError if it is none, NotReviewed if it is a month."""
    period = Period.parse(code)
    if period.kind not in REVIEWED:
        raise NotReviewed(f"no review is held for a single month ({period.code})")
    return period


def latest_over(day_year: int, months_over: int) -> Period:
    """The longest period of a year that is over after so many months, else the whole year before."""
    if months_over >= 12:
        return Period.of_year(day_year)
    if months_over >= 9:
        return Period(day_year, PeriodKind.NINE_MONTHS)
    if months_over >= 6:
        return Period(day_year, PeriodKind.HALF, 1)
    if months_over >= 3:
        return Period(day_year, PeriodKind.QUARTER, 1)
    return Period.of_year(day_year - 1)


ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""The characters of verification codes: none that is easily taken for another, and a prime number of them (31)."""

RANDOM = 14
"""Characters of a code that are drawn at random: 14 of 31 are 69 bits, which nobody guesses."""

GROUP = 5
"""Characters between two hyphens of a code, as people read it."""


def verification_code(drawn: Sequence[int]) -> str:
    """The code of `RANDOM` numbers below 31, with its check character: `K7M2P-9QRXA-4WDH8`."""
    if len(drawn) != RANDOM:
        raise ValueError(f"a code is made of {RANDOM} numbers")
    # The check character makes the weighted sum a multiple of 31: a prime, so that one wrong character is always
    # noticed, and two that changed places too.
    wanted = -_weighed(drawn) * pow(RANDOM + 1, -1, len(ALPHABET)) % len(ALPHABET)
    plain = "".join(ALPHABET[number] for number in (*drawn, wanted))
    return "-".join(plain[start : start + GROUP] for start in range(0, len(plain), GROUP))


def read_code(typed: str) -> str | None:
    """The code as it is written on documents, from what somebody typed; None if it cannot be one."""
    plain = "".join(c for c in typed.upper() if c.isalnum())
    if len(plain) != RANDOM + 1 or any(c not in ALPHABET for c in plain):
        return None
    numbers = [ALPHABET.index(c) for c in plain]
    if _weighed(numbers) % len(ALPHABET):
        return None
    return verification_code(numbers[:RANDOM])


def _weighed(numbers: Sequence[int]) -> int:
    return sum(weight * number for weight, number in enumerate(numbers, start=1))


def tidy(text: str) -> str:
    """`text` as it is kept: no spaces at the ends of lines, no control characters, which files cannot hold."""
    plain = "".join(
        c if c.isprintable() or c == "\n" else " " for c in text.replace("\r\n", "\n").replace("\r", "\n")
    )
    return "\n".join(line.rstrip() for line in plain.strip().split("\n"))
