"""Versions of a return and the difference between two of them; periods that a year of returns allows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from plenum.packs import Form
from plenum.periods import Period


@dataclass(frozen=True)
class Figures:
    """All figures of one return: position n holds slot number n + 1; None means not reported."""

    values: tuple[int | None, ...]
    illustrative: tuple[bool, ...]

    @classmethod
    def of(cls, form: Form, values: Mapping[str, int | None], illustrative: Iterable[str] = ()) -> "Figures":
        """The row for figures given by slot code; a mark on a slot that is not reported is dropped."""
        marked = set(illustrative)
        row: list[int | None] = [None] * form.width
        marks = [False] * form.width
        for slot in form.slots:
            row[slot.number - 1] = values.get(slot.code)
            marks[slot.number - 1] = slot.code in marked and row[slot.number - 1] is not None
        return cls(tuple(row), tuple(marks))

    def by_slot(self, form: Form) -> dict[str, int | None]:
        """The figures by slot code; None for slots that the form has got since."""
        width = len(self.values)
        return {
            slot.code: self.values[slot.number - 1] if slot.number <= width else None for slot in form.slots
        }

    def marked(self, form: Form) -> frozenset[str]:
        """The codes of the slots whose figure is illustrative."""
        width = len(self.illustrative)
        return frozenset(
            slot.code for slot in form.slots if slot.number <= width and self.illustrative[slot.number - 1]
        )


@dataclass(frozen=True)
class Difference:
    """What a newly accepted version adds to the one before: sums, how many are reported, how many illustrative."""

    delta: tuple[int, ...]
    counts: tuple[int, ...]
    illustrative: tuple[int, ...]


def difference(before: Figures | None, after: Figures) -> Difference:
    """New minus old, slot by slot; a figure that is not reported counts as nothing, and as not counted."""
    width = max(len(after.values), len(before.values) if before else 0)
    old_values, old_marks = _padded(before, width)
    new_values, new_marks = _padded(after, width)
    pairs = list(zip(old_values, new_values, strict=True))
    return Difference(
        tuple((new or 0) - (old or 0) for old, new in pairs),
        tuple(int(new is not None) - int(old is not None) for old, new in pairs),
        tuple(int(new) - int(old) for old, new in zip(old_marks, new_marks, strict=True)),
    )


def _padded(figures: Figures | None, width: int) -> tuple[list[int | None], list[bool]]:
    values = list(figures.values) if figures else []
    marks = list(figures.illustrative) if figures else []
    return values + [None] * (width - len(values)), marks + [False] * (width - len(marks))


def partition(year: int, reported: Iterable[Period]) -> tuple[Period, ...]:
    """The finest periods of a year into which returns for these periods fit whole; months where there are none.

    Monthly and quarterly returns together fit into quarters; first nine months and a last quarter are kept as such.
    """
    open_cuts = set(range(1, 13))
    for period in reported:
        open_cuts -= set(range(period.first_month_number, period.last_month_number))
    parts, first = [], 1
    for month in sorted(open_cuts):
        parts.append(Period.ending(Period.month(year, month).start, month - first + 1))
        first = month + 1
    return tuple(parts)
