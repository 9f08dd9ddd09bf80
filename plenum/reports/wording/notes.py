"""The notes of a report: numbered in the order in which they are first needed."""


class Notes:
    """Collects notes while the report is written; the same text keeps its number."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._tables = 0

    def number_of(self, text: str) -> int:
        return self._numbers.setdefault(text, len(self._numbers) + 1)

    def next_table(self) -> int:
        self._tables += 1
        return self._tables

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(self._numbers)
