"""Who owes which return by when, who is late, and what waits for whom."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F

from plenum.access.reach import reachable, visible
from plenum.figures import powers
from plenum.figures.models import Obligation, Return
from plenum.figures.queries.outstanding import outstanding_past_due, unreported
from plenum.figures.queries.sheets import MISSING
from plenum.figures.queries.twice import owed_twice
from plenum.figures.rules import State, days_late, due_on, periods_owed
from plenum.journal.actor import Actor
from plenum.packs import Form, Schedule, Slot, pack
from plenum.periods import Period, Span
from plenum.tree.fields import as_range
from plenum.tree.queries import UnitView, counted_below, unit_views


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


@dataclass(frozen=True)
class Waiting:
    """A return that waits for somebody.

    ``what``: ``accept`` (the actor may accept it), ``sent_back``, ``due`` or ``late``. ``since``: the day of
    submission, of sending back, the last day of the period, or the day by which it was due.
    """

    what: str
    unit: UnitView
    form: Form
    period: Period
    since: date
    return_id: int | None


@dataclass(frozen=True)
class NotReported:
    """A unit from which figures are missing in a period, with the periods for which nothing is accepted."""

    unit: UnitView
    form: Form
    periods: tuple[Period, ...]
    nothing_at_all: bool


@dataclass(frozen=True)
class Owed:
    """One obligation of a unit, with its form and schedule; ``twice`` names what a unit on its line owes as well."""

    id: int
    form: Form
    schedule: Schedule
    span: Span
    twice: tuple[Slot, ...]


def owed_by(unit_id: int, on: date) -> list[Owed]:
    """Every obligation of a unit, past and future ones too, by form; on which a move has put another. Two queries."""
    twice: dict[str, set[str]] = defaultdict(set)
    for each in owed_twice(on, unit_id=unit_id):
        twice[each.form if each.upper_id == unit_id else each.other_form].update(each.slots)
    rules = pack()
    return [
        Owed(
            id=each.pk,
            form=rules.forms[each.form],
            schedule=rules.schedules[each.schedule],
            span=each.span,
            twice=tuple(
                slot
                for slot in rules.forms[each.form].slots
                if on in each.span and slot.code in twice[each.form]
            ),
        )
        for each in Obligation.objects.filter(unit=unit_id).order_by("form", "span")
    ]


def obligations(unit_ids: Iterable[int], on: date) -> list[Obligation]:
    """The obligations of units on a day, with their units, by form. One query."""
    found = Obligation.objects.filter(unit__in=list(unit_ids), span__contains=on)
    return list(found.select_related("unit").order_by("form", "unit__code"))


def due(unit_ids: Iterable[int], on: date, *, period: Period | None = None) -> list[Due]:
    """Every return that the units owe for periods that are over on the day, the earliest due first. Three queries.

    ``period``: only what lies in it; otherwise the year of the day and the one before.
    """
    window = _window(on, period)
    until = min(on, window.last_day or on)
    owed = [
        (obligation, owed_period)
        for obligation in _obligations_in(unit_ids, window)
        for owed_period in _owed(obligation, window, until)
    ]
    ids = {obligation.unit_id for obligation, _period in owed}
    begun = {
        (returned.unit_id, returned.form, returned.period_code): returned
        for returned in Return.objects.filter(unit__in=ids, month__gte=window.start, month__lte=until)
    }
    units = unit_views(ids, on)
    return _in_order(
        _due(
            units[obligation.unit_id],
            pack().forms[obligation.form],
            owed_period,
            begun.get((obligation.unit_id, obligation.form, owed_period.code)),
            on,
        )
        for obligation, owed_period in owed
    )


def late(unit_ids: Iterable[int], on: date, *, period: Period | None = None) -> list[Due]:
    """The returns that are outstanding past their due day, the longest late first. At most three queries."""
    window = _window(on, period)
    found = outstanding_past_due(unit_ids, window, min(on, window.last_day or on), on)
    begun = Return.objects.in_bulk([each.return_id for each in found if each.return_id is not None])
    units = unit_views({each.unit_id for each in found}, on)
    return _in_order(
        _due(units[each.unit_id], pack().forms[each.form], each.period, begun.get(each.return_id or 0), on)
        for each in found
    )


def waiting_for(actor: Actor, on: date) -> list[Waiting]:
    """What waits for the actor, the longest waiting first; a constant number of queries.

    Returns to accept, own returns sent back, and own returns due (from the end of their period).
    """
    submitted = visible(Return.objects.filter(state=State.SUBMITTED), actor, powers.ACCEPT, on)
    sent_back = visible(Return.objects.filter(state=State.SENT_BACK), actor, powers.SUBMIT, on)
    returns = [
        *(("accept", each, each.submitted_on or on) for each in submitted.filter(submitted_on__lte=on)),
        *(("sent_back", each, each.last_step_on or on) for each in sent_back),
    ]
    units = unit_views({returned.unit_id for _what, returned, _since in returns}, on)
    waiting = [
        Waiting(what, units[each.unit_id], each.form_of_pack, each.period, since, each.pk)
        for what, each, since in returns
    ]
    own = list(reachable(actor, powers.ENTER, on).values_list("pk", flat=True))
    for each in due(own, on):
        if each.outstanding and each.state != State.SENT_BACK:
            what, since = ("late", each.due_on) if each.days_late else ("due", each.period.last_day)
            waiting.append(Waiting(what, each.unit, each.form, each.period, since, each.return_id))
    return sorted(waiting, key=lambda each: (each.since, each.unit.sort_key, each.unit.id, each.form.code))


def units_without_report(
    unit_id: int,
    period: Period,
    *,
    on: date | None = None,
    known_on: date | None = None,
    tree: date | None = None,
) -> list[NotReported]:
    """Units at or below one that owe returns in the period for which nothing is accepted, sorted by name.

    Only periods that are over on ``on`` (when given) and on whose last day the unit stood there. ``known_on``: what
    had been accepted by the end of that day. ``tree``: those that count there on the tree of that day instead, if they
    have stood there since the period began: what others have not reported is not told. Two queries, or three.
    """
    until = min(day for day in (period.last_day, on, known_on) if day is not None)
    counted = None if tree is None else counted_below(unit_id, tree)
    missing = unreported(unit_id, period.span, until, known_on=known_on, counted=counted)
    units = unit_views({each.unit_id for each in missing}, period.last_day)
    found = [
        NotReported(
            units[each.unit_id], pack().forms[each.form], each.periods, len(each.periods) == each.owed
        )
        for each in missing
    ]
    return sorted(found, key=lambda each: (each.unit.sort_key, each.unit.id, each.form.code))


def _window(on: date, period: Period | None) -> Span:
    """Of when what is owed is told: the period asked for, or the year of the day and the one before."""
    return period.span if period else Span(date(on.year - 1, 1, 1), date(on.year + 1, 1, 1))


def _in_order(dues: Iterable[Due]) -> list[Due]:
    return sorted(dues, key=lambda each: (each.due_on, each.unit.sort_key, each.unit.id, each.form.code))


def _obligations_in(unit_ids: Iterable[int], window: Span) -> list[Obligation]:
    """Obligations that hold on a day of the window on which their unit lives."""
    found = Obligation.objects.filter(
        unit__in=list(unit_ids), span__overlap=as_range(window), unit__lifetime__overlap=F("span")
    )
    return list(found.select_related("unit").order_by("span"))


def _owed(obligation: Obligation, window: Span, until: date) -> list[Period]:
    """The periods owed under an obligation that lie whole in the window and are over on ``until``."""
    span = obligation.span.intersection(obligation.unit.lifetime)
    if span is None:
        return []
    owed = periods_owed(pack().schedules[obligation.schedule], span, until)
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
