"""Which year a reader most likely wants to see."""

from datetime import date

from plenum.figures.queries.sums import last_month_reported
from plenum.periods import Period


def latest_year(unit_id: int, on: date) -> Period:
    """The last year up to a day for which the unit or anything below it has accepted figures; else that day's year."""
    return Period.of_year((last_month_reported(unit_id, on) or on).year)
