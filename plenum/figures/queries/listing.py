"""Many numbers or days in one value of a query."""

from collections.abc import Iterable
from datetime import date


def listed(values: Iterable[int | date]) -> str:
    """Numbers or days as the database writes an array: so thousands are written many times faster than one by one.

    What is asked like this is planned without knowing how many there are (`plenum.site.database.guarded.prepared`).
    """
    return f"{{{','.join(map(str, values))}}}"
