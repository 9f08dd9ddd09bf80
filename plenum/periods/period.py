"""Reporting periods: month, quarter, half-year, first nine months, year."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from plenum.periods.span import Span


class PeriodError(ValueError):
    """A text that names no period, or a period that does not exist."""


class PeriodKind(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    NINE_MONTHS = "nine_months"
    YEAR = "year"


MONTHS_IN = {
    PeriodKind.MONTH: 1,
    PeriodKind.QUARTER: 3,
    PeriodKind.HALF: 6,
    PeriodKind.NINE_MONTHS: 9,
    PeriodKind.YEAR: 12,
}
"""How many months each kind of period lasts."""

PERIODS_IN_A_YEAR = {
    PeriodKind.MONTH: 12,
    PeriodKind.QUARTER: 4,
    PeriodKind.HALF: 2,
    PeriodKind.NINE_MONTHS: 1,
    PeriodKind.YEAR: 1,
}
FIRST_YEAR, LAST_YEAR = 1900, 2999
_WRITTEN = re.compile(
    r"(?P<year>\d{4})(?:-(?:Q(?P<quarter>[1-4])|H(?P<half>[12])|(?P<nine>9M)|(?P<month>\d{2})))?"
)


@dataclass(frozen=True)
class Period:
    """One reporting period. `index` counts from 1 within the year; the first nine months and a year have index 1."""

    year: int
    kind: PeriodKind
    index: int = 1

    def __post_init__(self) -> None:
        if not FIRST_YEAR <= self.year <= LAST_YEAR:
            raise PeriodError(f"year {self.year} is out of range: {FIRST_YEAR} to {LAST_YEAR}")
        if not 1 <= self.index <= PERIODS_IN_A_YEAR[self.kind]:
            raise PeriodError(f"a year has no {self.kind.value} number {self.index}")

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Read `2023`, `2023-Q3`, `2023-H2`, `2023-9M` or `2023-07`; PeriodError for anything else."""
        match = _WRITTEN.fullmatch(text.strip().upper())
        if match is None:
            raise PeriodError(f"“{text}” is not a period; write 2023, 2023-Q3, 2023-H1, 2023-9M or 2023-07")
        year = int(match["year"])
        if match["quarter"]:
            return cls(year, PeriodKind.QUARTER, int(match["quarter"]))
        if match["half"]:
            return cls(year, PeriodKind.HALF, int(match["half"]))
        if match["nine"]:
            return cls(year, PeriodKind.NINE_MONTHS)
        if match["month"]:
            return cls(year, PeriodKind.MONTH, int(match["month"]))
        return cls(year, PeriodKind.YEAR)

    @classmethod
    def month(cls, year: int, month: int) -> "Period":
        return cls(year, PeriodKind.MONTH, month)

    @classmethod
    def of_year(cls, year: int) -> "Period":
        return cls(year, PeriodKind.YEAR)

    @classmethod
    def ending(cls, last_month: date, length: int) -> "Period":
        """The period of `length` months whose last month is that of `last_month`; PeriodError if there is none."""
        for kind, months in MONTHS_IN.items():
            if months == length and last_month.month % months == 0:
                return cls(last_month.year, kind, last_month.month // months)
        raise PeriodError(f"no period of {length} months ends with {last_month:%Y-%m}")

    @property
    def length(self) -> int:
        """Months in the period."""
        return MONTHS_IN[self.kind]

    @property
    def code(self) -> str:
        """The way the period is written in addresses, files and the database."""
        match self.kind:
            case PeriodKind.MONTH:
                return f"{self.year}-{self.index:02}"
            case PeriodKind.QUARTER:
                return f"{self.year}-Q{self.index}"
            case PeriodKind.HALF:
                return f"{self.year}-H{self.index}"
            case PeriodKind.NINE_MONTHS:
                return f"{self.year}-9M"
            case PeriodKind.YEAR:
                return f"{self.year}"

    @property
    def first_month_number(self) -> int:
        return (self.index - 1) * self.length + 1

    @property
    def last_month_number(self) -> int:
        return self.first_month_number + self.length - 1

    @property
    def start(self) -> date:
        return date(self.year, self.first_month_number, 1)

    @property
    def last_month(self) -> date:
        """The first day of the last month: the month under which a return for this period is filed."""
        return date(self.year, self.last_month_number, 1)

    @property
    def span(self) -> Span:
        month = self.last_month_number
        end = date(self.year + 1, 1, 1) if month == 12 else date(self.year, month + 1, 1)
        return Span(self.start, end)

    @property
    def last_day(self) -> date:
        last = self.span.last_day
        assert last is not None
        return last

    @property
    def months(self) -> "tuple[Period, ...]":
        return tuple(
            Period.month(self.year, m) for m in range(self.first_month_number, self.last_month_number + 1)
        )

    def year_period(self) -> "Period":
        return Period.of_year(self.year)

    def same_last_year(self) -> "Period":
        """The same months of the year before."""
        return Period(self.year - 1, self.kind, self.index)

    def previous(self) -> "Period":
        """The period of the same kind just before; for the first nine months, those of the year before."""
        if self.index > 1:
            return Period(self.year, self.kind, self.index - 1)
        return Period(self.year - 1, self.kind, PERIODS_IN_A_YEAR[self.kind])

    def next(self) -> "Period":
        """The period of the same kind just after; for the first nine months, those of the year after."""
        if self.index < PERIODS_IN_A_YEAR[self.kind]:
            return Period(self.year, self.kind, self.index + 1)
        return Period(self.year + 1, self.kind, 1)

    def covers(self, other: "Period") -> bool:
        return self.span.covers(other.span)

    def months_complete_on(self, day: date) -> int:
        """How many whole months of the period are over when `day` ends (0 to `length`)."""
        return sum(1 for month in self.months if month.last_day <= day)

    def __str__(self) -> str:
        return self.code
