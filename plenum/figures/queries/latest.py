"""Which year a reader most likely wants to see."""

from datetime import date

from django.db.models import Max

from plenum.figures.models import Rollup
from plenum.periods import Period


def latest_year(unit_id: int, on: date) -> Period:
    """The last year up to a day for which the unit or anything below it has accepted figures; else that day's year."""
    month = Rollup.objects.filter(unit_id=unit_id, month__lte=on).aggregate(last=Max("month"))["last"]
    return Period.of_year(month.year if month else on.year)
