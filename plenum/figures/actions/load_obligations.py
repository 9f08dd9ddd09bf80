"""Loading obligations from a file: everything or nothing."""

from collections.abc import Callable, Iterable, Mapping

from plenum.journal.actor import Actor

Progress = Callable[[int, int], None]


def load_obligations(
    rows: Iterable[Mapping[str, str]], *, by: Actor, progress: Progress | None = None
) -> int:
    """Load obligations from rows of a CSV file, all or nothing; gives their number.

    ValidationError lists every fault with its line and column.
    """
    raise LookupError
