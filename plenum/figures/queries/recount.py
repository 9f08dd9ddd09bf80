"""Whether the sums that the database keeps are what a recount gives."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Discrepancy:
    """A kept sum that a recount does not confirm: ``table`` is ``standing`` or ``rollup``."""

    table: str
    unit_id: int
    form: str
    month: date
    kept: str
    recounted: str


@dataclass(frozen=True)
class CountedTwice:
    """Two obligations on one line of the tree with common slots at the same time (a move can bring this about)."""

    upper_id: int
    lower_id: int
    form: str
    other_form: str
    slots: tuple[str, ...]


def rollups_recounted() -> list[Discrepancy]:
    """Every kept sum that differs from a recount from the accepted entries and the tree; nothing when all is well."""
    raise LookupError


def counted_twice(on: date) -> list[CountedTwice]:
    """Units that report the same slots as a unit above them on a day."""
    raise LookupError
