"""Half-open spans of days."""

from dataclasses import dataclass
from datetime import date, timedelta


class SpanError(ValueError):
    """A span that would be empty or run backwards."""


@dataclass(frozen=True)
class Span:
    """The days from `start` up to but not including `end`; `end=None` means without end."""

    start: date
    end: date | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end <= self.start:
            raise SpanError(f"a span must end after it starts: {self.start} … {self.end}")

    @classmethod
    def through(cls, first: date, last: date) -> "Span":
        """The span whose first and last days both belong to it."""
        return cls(first, last + timedelta(days=1))

    @property
    def last_day(self) -> date | None:
        """The last day that belongs to the span, or None when it has no end."""
        return None if self.end is None else self.end - timedelta(days=1)

    def __contains__(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)

    def intersection(self, other: "Span") -> "Span | None":
        """The days that belong to both, or None when there are none."""
        start = max(self.start, other.start)
        ends = [end for end in (self.end, other.end) if end is not None]
        end = min(ends) if ends else None
        return None if end is not None and end <= start else Span(start, end)

    def overlaps(self, other: "Span") -> bool:
        return self.intersection(other) is not None

    def covers(self, other: "Span") -> bool:
        """Whether every day of `other` belongs to this span."""
        return self.intersection(other) == other

    def __str__(self) -> str:
        return f"{self.start} … {self.end or ''}".rstrip()
