"""Who owes which return by when, and who is late: of a few units all of it, of a country counts and a page."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import accumulate

from plenum.figures.models import Obligation, Return
from plenum.figures.queries.below import Shown
from plenum.figures.queries.handed import Owing, Place
from plenum.figures.queries.holding import Held, held
from plenum.figures.queries.pieces import Pieces
from plenum.figures.queries.sheets import MISSING
from plenum.figures.rules import State, days_late, due_on, periods_owed
from plenum.packs import Form, pack
from plenum.periods import Period, Span
from plenum.tree.fields import as_range
from plenum.tree.queries import UnitView, unit_views


@dataclass(frozen=True)
class Due:
    """One return that a unit owes.

    ``state``: a state of returns, or ``missing`` when nothing has been entered; a return whose accepted figures are
    being corrected counts as ``accepted``. ``days_late``: days past ``due_on`` at its first submission or, while it
    is outstanding, until the day asked.
    """

    unit: UnitView
    form: Form
    period: Period
    due_on: date
    state: str
    days_late: int
    submitted_on: date | None
    return_id: int | None

    @property
    def outstanding(self) -> bool:
        """Whether nothing has been submitted yet, or what was submitted has come back."""
        return self.state in (MISSING, State.DRAFT, State.SENT_BACK)

    @property
    def is_late(self) -> bool:
        """Whether it is outstanding past its day."""
        return self.outstanding and self.days_late > 0


class Dues(Pieces[Due]):
    """The returns of one choice that some units owe, the earliest due first, then by name; in pieces.

    How many there are, of every choice, is one query; a piece of them is three, whatever its place.
    """

    def __init__(self, owing: Owing, choice: str = "") -> None:
        self._owing = owing
        self._choice = choice

    @cached_property
    def _tally(self) -> dict[str, dict[Place, int]]:
        return self._owing.tally()

    def chosen(self, choice: str, text: str = "") -> "Dues":
        """Those of one of the choices, of units whose name has the text in it."""
        other = Dues(replace(self._owing, text=text), choice)
        if text == self._owing.text and "_tally" in self.__dict__:
            other.__dict__["_tally"] = self._tally
        return other

    def count_of(self, choice: str) -> int:
        """How many there are of one of the choices."""
        return sum(self._tally[choice].values())

    def _counted(self) -> int:
        return self.count_of(self._choice)

    def _piece(self, start: int, stop: int) -> list[Due]:
        """Only the days by which these are due are looked at."""
        by_day: dict[date, dict[Place, int]] = defaultdict(dict)
        for (form, period), count in self._tally[self._choice].items():
            by_day[due_on(pack().forms[form], period)][form, period] = count
        days = sorted(by_day)
        ends = list(accumulate(sum(by_day[day].values()) for day in days))
        begins = [end - sum(by_day[day].values()) for day, end in zip(days, ends, strict=True)]
        wanted = [
            place
            for place, (begin, end) in enumerate(zip(begins, ends, strict=True))
            if begin < stop and end > start
        ]
        places = [each for place in wanted for each in by_day[days[place]]]
        rows = self._owing.listed(self._choice, places, stop - start, start - begins[wanted[0]])
        return _dues_of([(unit, form, Period.parse(code)) for unit, form, code in rows], self._owing.on)


def due(unit_ids: Iterable[int], on: date, *, period: Period | None = None) -> list[Due]:
    """Every return that the units owe for periods that are over on the day, the earliest due first. Three queries.

    ``period``: only what lies in it; otherwise the year of the day and the one before.
    """
    window = _window(period, on)
    until = min(on, window.last_day or on)
    owed = [
        (each.obligation.unit_id, each.obligation.form, owed_period)
        for each in _obligations_in(unit_ids, window)
        for owed_period in _owed(each, window, until)
    ]
    found = _dues_of(owed, on)
    return sorted(found, key=lambda each: (each.due_on, each.unit.sort_key, each.unit.id, each.form.code))


def dues(shown: Shown, on: date, *, period: Period | None = None, choice: str = "", text: str = "") -> Dues:
    """As `due`, of one choice, and for any number of units."""
    window = _window(period, on)
    return Dues(Owing(shown, window, min(on, window.last_day or on), on, text), choice)


def late(shown: Shown, on: date, *, period: Period | None = None) -> Dues:
    """The returns that are outstanding past their due day, the longest late first."""
    return dues(shown, on, period=period, choice="late")


def _window(period: Period | None, on: date) -> Span:
    return period.span if period else Span(date(on.year - 1, 1, 1), date(on.year + 1, 1, 1))


def _dues_of(owed: Sequence[tuple[int, str, Period]], on: date) -> list[Due]:
    """What stands of returns that are owed by number of unit, in their order. Two queries."""
    ids, forms = {unit_id for unit_id, _form, _period in owed}, pack().forms
    begun = {
        (each.unit_id, each.form, each.period_code): each
        for each in Return.objects.filter(
            unit__in=ids, period_code__in={period.code for _unit, _form, period in owed}
        )
    }
    units = unit_views(ids, on)
    return [
        _due(units[unit_id], forms[form], period, begun.get((unit_id, form, period.code)), on)
        for unit_id, form, period in owed
    ]


def _obligations_in(unit_ids: Iterable[int], window: Span) -> list[Held]:
    """The obligations of units that were decided for a day of the window, and when they hold."""
    found = Obligation.objects.filter(unit__in=list(unit_ids), span__overlap=as_range(window))
    return held(found.order_by("span"))


def _owed(obligation: Held, window: Span, until: date) -> list[Period]:
    """The periods owed under an obligation that lie whole in the window and are over on ``until``."""
    schedule = pack().schedules[obligation.obligation.schedule]
    owed = (period for span in obligation.spans for period in periods_owed(schedule, span, until))
    return [period for period in owed if window.covers(period.span)]


def _due(unit: UnitView, form: Form, period: Period, returned: Return | None, on: date) -> Due:
    by = due_on(form, period)
    state, submitted = MISSING, None
    if returned is not None:
        state = State.ACCEPTED if returned.accepted_version is not None else returned.state
        submitted = returned.first_submitted_on
        if submitted is not None and submitted > on:
            state, submitted = State.DRAFT, None
    outstanding = state in (MISSING, State.DRAFT, State.SENT_BACK)
    return Due(
        unit=unit,
        form=form,
        period=period,
        due_on=by,
        state=state,
        days_late=days_late(by, None if outstanding else submitted, on),
        submitted_on=submitted,
        return_id=returned.pk if returned else None,
    )
