"""What the home board of a unit shows: how the period stands, who is late, what waits for the reader."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from plenum.figures.powers import READ
from plenum.figures.queries import Due, Point, Waiting, below, late, series, to_accept, waiting_for
from plenum.journal.actor import Actor
from plenum.periods import Period
from plenum.reorganisations.queries import WaitingReforms, waiting_reforms
from plenum.targets.queries import Row, standing, verdict_counts
from plenum.targets.rules import Code

ATTRIBUTED = ("estimated", "compared_same_units", "compared_estimated")
"""Flags on how figures are attributed to units: a board shows them although they are quiet."""


@dataclass(frozen=True)
class Tally:
    """How many targets stand how."""

    total: int
    reached: int
    on_course: int
    at_risk: int
    missed: int
    unknown: int


@dataclass(frozen=True)
class Board:
    """A unit's period at a glance. `late`, `to_accept` and `own` are of the day itself, whatever period is shown.

    `to_accept`: returns that wait for the reader to accept them; `own`: what the reader's own units have to hand in.
    `reforms`: what reforms ask of the reader.
    """

    period: Period
    rows: tuple[Row, ...]
    tally: Tally
    late: Sequence[Due]
    to_accept: Sequence[Waiting]
    own: Sequence[Waiting]
    sparks: dict[str, list[Point]]
    reforms: WaitingReforms
    withheld: bool = False
    compared_on: date | None = None
    """The day on whose tree the years are compared; see `Standing`."""


def board(
    unit_id: int,
    period: Period,
    *,
    known_on: date | None,
    tree: date | None = None,
    as_of: date,
    today: date,
    actor: Actor,
) -> Board:
    """The board of a unit; the number of queries grows only with the indicators of the pack."""
    stands = standing(unit_id, period, known_on=known_on, tree=tree, today=today)
    rows = stands.rows
    shown = below(actor, READ, unit_id, today, as_of=as_of)
    own = waiting_for(actor, today)
    own_shown = shown.among({each.unit.id for each in own})
    return Board(
        period=period,
        rows=rows,
        tally=tally(rows),
        late=late(shown, today),
        to_accept=to_accept(actor, unit_id, today),
        own=[each for each in own if each.unit.id in own_shown],
        sparks={
            row.indicator.code: series(unit_id, row.indicator, period.year, known_on=known_on, tree=tree)
            for row in rows
            if row.target is not None and not row.indicator.from_register
        },
        reforms=waiting_reforms(actor, unit_id, today),
        withheld=stands.withheld,
        compared_on=stands.compared_on,
    )


def tally(rows: Sequence[Row]) -> Tally:
    """The verdicts of the rows that have a target, counted."""
    counts = verdict_counts(rows)
    return Tally(
        total=sum(1 for row in rows if row.target is not None),
        reached=counts[Code.MET] + counts[Code.EXCEEDED],
        on_course=counts[Code.ON_COURSE],
        at_risk=counts[Code.AT_RISK],
        missed=counts[Code.MISSED],
        unknown=counts[Code.NOT_YET_KNOWN],
    )
