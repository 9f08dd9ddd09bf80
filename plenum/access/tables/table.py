"""What a table is made of, wherever it was read: its head, its rows, and what each cell says and is."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Cell:
    """What a cell says, the number or day that it is, what stands around that, and notes on it.

    ``seen`` is false for a heading that is there for screen readers only; ``drawn`` says that there is a drawing.
    """

    text: str = ""
    value: Decimal | date | None = None
    before: str = ""
    after: str = ""
    notes: tuple[str, ...] = ()
    code: str = ""
    drawn: bool = False
    seen: bool = True


@dataclass
class ReadTable:
    """One table of a page: as much of its rows as this page has, on how many pages it stands, of which period."""

    caption: str = ""
    pages: int = 1
    period: str = ""
    head: list[Cell] = field(default_factory=list)
    rows: list[list[Cell]] = field(default_factory=list)
