"""Small trees and returns for tests: the tree is written straight into its tables, returns through their acts."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction

from plenum.figures.actions import accept_return, oblige_unit, save_draft, submit_return
from plenum.figures.models import Obligation, Return
from plenum.journal.actor import Actor
from plenum.periods import Period, Span
from plenum.tree.models import Placement, Unit, UnitKind, UnitName
from plenum.tree.sorting import search_key

SYSTEM = Actor.system("test")
FOUNDED = date(2020, 1, 1)
MONTHLY = "grassroots-monthly"
SUMMARY = "province-summary"


@transaction.atomic
def plant(code: str, kind: str, parent: Unit | None, since: date = FOUNDED) -> Unit:
    """A unit that lives from a day as long as its parent, named by its code; without end below one that is over."""
    end = parent.lifetime.end if parent else None
    span = Span(since, end if end is None or since < end else None)
    unit = Unit.objects.create(code=code, lifetime=span)
    UnitName.objects.create(
        unit=unit, name=code, short=code, sort_key=code, search_key=search_key(code), span=span
    )
    UnitKind.objects.create(unit=unit, kind=kind, span=span)
    Placement.objects.create(unit=unit, parent=parent, span=span)
    return unit


@transaction.atomic
def move(unit: Unit, parent: Unit, on: date) -> None:
    """Place a unit under another parent from a day until its next move, the past included."""
    held = Placement.objects.get(unit=unit, span__contains=on)
    if held.span.start == on:
        held.parent = parent
        held.save()
        return
    rest = Span(on, held.span.end)
    held.span = Span(held.span.start, on)
    held.save()
    Placement.objects.create(unit=unit, parent=parent, span=rest)


@transaction.atomic
def dissolve(unit: Unit, on: date) -> None:
    """End a unit: the day is the first on which it does not exist."""
    for strand in (UnitName, UnitKind, Placement):
        strand.objects.filter(unit=unit, span__startswith__gte=on).delete()
        for held in strand.objects.filter(unit=unit, span__contains=on):
            held.span = Span(held.span.start, on)
            held.save()
    unit.lifetime = Span(unit.lifetime.start, on)
    unit.save()


def oblige(unit: Unit, form: str = MONTHLY, schedule: str = "month", since: date = FOUNDED) -> Obligation:
    """Let a unit owe a form from a day on."""
    return oblige_unit(unit.pk, form, schedule, Span(since), on=since, by=SYSTEM)


def submit(
    unit: Unit,
    period: str,
    values: Mapping[str, int | None],
    *,
    form: str = MONTHLY,
    on: date | None = None,
    by: Actor = SYSTEM,
    illustrative: tuple[str, ...] = (),
) -> Return:
    """A return entered and submitted, by default on the last day of its period."""
    the_period = Period.parse(period)
    day = on or the_period.last_day
    draft = save_draft(
        unit.pk, form, the_period, values, illustrative=illustrative, remark="test", edition=0, on=day, by=by
    )
    return submit_return(draft.pk, on=day, by=by)


def report(
    unit: Unit,
    period: str,
    values: Mapping[str, int | None],
    *,
    form: str = MONTHLY,
    on: date | None = None,
    by: Actor = SYSTEM,
    illustrative: tuple[str, ...] = (),
) -> Return:
    """A return entered, submitted and accepted on one day."""
    returned = submit(unit, period, values, form=form, on=on, by=by, illustrative=illustrative)
    return accept_return(returned.pk, on=on or Period.parse(period).last_day, by=by)
