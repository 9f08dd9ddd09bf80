"""Which periods are reviewed, which comes after, and which sections an officer writes. Pure."""

from plenum.periods import Period, PeriodKind

SECTIONS = ("achievements", "shortcomings", "causes", "tasks")
"""The sections that an officer writes in words, in the order of the report."""

LONGEST_TEXT = 20_000
"""Characters in one section: some eight printed pages, far more than a review needs."""

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


def tidy(text: str) -> str:
    """`text` as it is kept: no spaces at the ends of lines, no control characters, which files cannot hold."""
    plain = "".join(
        c if c.isprintable() or c == "\n" else " " for c in text.replace("\r\n", "\n").replace("\r", "\n")
    )
    return "\n".join(line.rstrip() for line in plain.strip().split("\n"))
