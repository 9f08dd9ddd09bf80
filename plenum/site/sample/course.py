"""How the return of a month went: in time or late, sent back, accepted, corrected, or never come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from plenum.figures.rules import Deed, Difference, Figures, State, difference
from plenum.periods import Period
from plenum.site.sample.chance import Chance
from plenum.site.sample.figures import Values, corrected

MISSING, LATE, SENT_BACK, CORRECTED = 0.004, 0.04, 0.02, 0.028
"""Shares of the returns of a month; corrections of the last months are yet to come, so that a year has fewer."""

LAST_MISSING, LAST_SENT_BACK, LAST_WAITING = 0.03, 0.03, 0.10
"""The same for the month that has only just ended, with those that nobody has answered yet."""

WRONG_TOTALS = "Số liệu chưa khớp với danh sách đảng viên; đề nghị kiểm tra lại."
FORGOTTEN = "Bổ sung chuyển sinh hoạt và đảng phí còn thiếu."


@dataclass(frozen=True, slots=True)
class Submitted:
    """One version of a return; ``accepted`` with what it added to the figures, unless it was not accepted."""

    values: Values
    on: date
    reason: str = ""
    accepted: date | None = None
    added: Difference | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """One step in the course of a return."""

    what: Deed
    version: int
    on: date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Course:
    """A return with all its versions and steps, and the state in which it is today."""

    period: Period
    state: State
    versions: Sequence[Submitted]
    steps: Sequence[Taken]
    sent_back: str = ""


def course(period: Period, values: Values, due_days: int, chance: Chance, *, today: date) -> Course | None:
    """What became of the return of a month; None when it has not come."""
    due = period.last_day + timedelta(days=due_days)
    latest = today <= due + timedelta(days=due_days)
    if chance.happens(LAST_MISSING if latest else MISSING):
        return None
    late = chance.happens(LATE)
    on = due + timedelta(days=chance.between(1, 12) if late else -chance.between(0, 4))
    if on > today:
        return None
    steps = [Taken(Deed.SUBMIT, 1, on)]
    versions: list[Submitted] = []
    if chance.happens(LAST_SENT_BACK if latest else SENT_BACK):
        steps.append(Taken(Deed.SEND_BACK, 1, min(today, on + timedelta(days=1)), WRONG_TOTALS))
        versions.append(Submitted(values, on))
        on += timedelta(days=chance.between(2, 5))
        if latest or on > today:
            return Course(period, State.SENT_BACK, versions, steps, WRONG_TOTALS)
        steps.append(Taken(Deed.SUBMIT, 2, on))
    answered = on + timedelta(days=chance.between(0, 3))
    if answered > today or (latest and chance.happens(LAST_WAITING)):
        versions.append(Submitted(values, on))
        return Course(period, State.SUBMITTED, versions, steps)
    versions.append(Submitted(values, on, "", answered, _added(None, values)))
    steps.append(Taken(Deed.ACCEPT, len(versions), answered))
    again = answered + timedelta(days=chance.between(20, 80))
    if chance.happens(CORRECTED) and again <= today:
        better, before = corrected(values, chance), len(versions)
        versions.append(Submitted(better, again, FORGOTTEN, again, _added(values, better)))
        steps.append(Taken(Deed.CORRECT, before, again, FORGOTTEN))
        steps.append(Taken(Deed.SUBMIT, before + 1, again, FORGOTTEN))
        steps.append(Taken(Deed.ACCEPT, before + 1, again, FORGOTTEN))
    return Course(period, State.ACCEPTED, versions, steps)


def _added(before: Values | None, after: Values) -> Difference:
    return difference(None if before is None else figures(before), figures(after))


def figures(values: Values) -> Figures:
    """The row of a return whose figures are all illustrative."""
    return Figures(tuple(values), tuple(value is not None for value in values))
