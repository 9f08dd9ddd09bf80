"""How a reader looks at the record."""

from dataclasses import dataclass
from datetime import date
from typing import Literal
from urllib.parse import urlencode

from plenum.periods.period import Period

Tree = Literal["then", "now"] | date
"""On which tree figures are added up: that of their time, that of the day looked at, or that of another day."""


@dataclass(frozen=True)
class Lens:
    """The day it is, the day looked at, the day of knowledge, the tree of figures, and the period asked for.

    `today` is the day for acts. `as_of` is the day on which the tree is looked at. `known_on` restricts figures to what
    was known when that day ended; None means everything known by now. `tree` says on which tree figures are added up:
    `then` is that of their time, anything else restates them. `period` is None when the reader chose none.
    """

    today: date
    as_of: date
    known_on: date | None = None
    period: Period | None = None
    tree: Tree = "then"

    @classmethod
    def plain(cls, today: date) -> "Lens":
        return cls(today=today, as_of=today)

    @property
    def is_plain(self) -> bool:
        """Whether the reader looks at today's record with nothing held back and nothing restated."""
        return self.as_of == self.today and self.known_on is None and self.tree == "then"

    @property
    def tree_on(self) -> date | None:
        """The day on whose tree figures are restated; None when each stays on the tree of its time."""
        if self.tree == "then":
            return None
        return self.as_of if self.tree == "now" else self.tree

    def query(self, **changes: date | Period | str | None) -> str:
        """The query string of this lens with `changes`, leaving out what is the default; "" when nothing is left.

        Names other than `as_of`, `known_on`, `tree` and `period` are passed through, so that a page can keep its own.
        """
        values: dict[str, date | Period | str | None] = {
            "period": self.period,
            "as_of": None if self.as_of == self.today else self.as_of,
            "known_on": self.known_on,
            "tree": self.tree,
        }
        values.update(changes)
        if values["tree"] == "then":
            values["tree"] = None
        if values["as_of"] == self.today:
            values["as_of"] = None
        return urlencode({name: str(value) for name, value in values.items() if value not in (None, "")})
