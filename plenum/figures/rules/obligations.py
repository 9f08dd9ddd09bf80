"""Who owes which periods, by when, and what may not be owed twice on one line."""

from datetime import date, timedelta

from plenum.packs import Form, Schedule
from plenum.periods import Period, Span


def periods_owed(schedule: Schedule, span: Span, until: date) -> list[Period]:
    """The periods of a schedule that an obligation over ``span`` makes owed, of those that are over on ``until``.

    A period is owed by whoever is obliged on its last day.
    """
    last = until if span.last_day is None else min(until, span.last_day)
    return [
        period
        for year in range(span.start.year, last.year + 1)
        for period in schedule.periods(year)
        if period.last_day in span and period.last_day <= until
    ]


def reportable(schedule: Schedule, span: Span, period: Period) -> bool:
    """Whether a return for the period can be made under an obligation: it is of the schedule and they share a day.

    A unit that ends within a period does not owe it, but can still report its last days.
    """
    return schedule.has(period) and span.overlaps(period.span)


def first_boundary(earlier: Schedule, later: Schedule, wanted: date) -> date:
    """The first day from ``wanted`` on which both schedules begin a period: where one can follow the other."""
    for year in range(wanted.year, wanted.year + 2):
        starts = {period.start for period in earlier.periods(year)}
        for period in later.periods(year):
            if period.start >= wanted and period.start in starts:
                return period.start
    raise AssertionError("every schedule begins a period with each year")


def due_on(form: Form, period: Period) -> date:
    """The day by which a return has to be submitted."""
    return period.last_day + timedelta(days=form.due_days)


def running_year(on: date) -> Period:
    """The year whose returns are handed in now: that of the last month that is over, in January the year before."""
    return Period.of_year((on.replace(day=1) - timedelta(days=1)).year)


def days_late(due: date, submitted: date | None, on: date) -> int:
    """Days past the due day at submission or, if nothing is submitted by ``on``, until then; 0 when in time."""
    reached = submitted if submitted is not None and submitted <= on else on
    return max(0, (reached - due).days)


def shared_slots(form: Form, other: Form) -> tuple[str, ...]:
    """The codes of the slots that both forms have: figures that would be counted twice on one line of the tree."""
    return tuple(slot.code for slot in form.slots if other.has(slot.code))
