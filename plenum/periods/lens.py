"""How a reader looks at the record."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from plenum.periods.period import Period


@dataclass(frozen=True)
class Lens:
    """The day it is, the day looked at, the day of knowledge, and the period asked for.

    `today` is the day for acts. `as_of` is the day on which the tree is looked at. `known_on` restricts figures to what
    was known when that day ended; None means everything known by now. `period` is None when the reader chose none.
    """

    today: date
    as_of: date
    known_on: date | None = None
    period: Period | None = None

    @classmethod
    def plain(cls, today: date) -> "Lens":
        return cls(today=today, as_of=today)

    @property
    def is_plain(self) -> bool:
        """Whether the reader looks at today's record with nothing held back."""
        return self.as_of == self.today and self.known_on is None

    def query(self, **changes: date | Period | str | None) -> str:
        """The query string of this lens with `changes`, leaving out what is the default; "" when nothing is left.

        Names other than `as_of`, `known_on` and `period` are passed through, so that a page can keep its own.
        """
        values: dict[str, date | Period | str | None] = {
            "period": self.period,
            "as_of": None if self.as_of == self.today else self.as_of,
            "known_on": self.known_on,
        }
        values.update(changes)
        if values["as_of"] == self.today:
            values["as_of"] = None
        return urlencode({name: str(value) for name, value in values.items() if value not in (None, "")})
