"""On which tree a figure of the past is held against one of now, so that like is compared with like."""

from dataclasses import dataclass
from datetime import date

from plenum.figures.queries.figures import Figure, figures_of
from plenum.periods import Period
from plenum.tree.queries import like_with_like


@dataclass(frozen=True)
class Basis:
    """On which tree last year is read beside a period.

    `tree`: that tree, None for that of the time. `compared_on`: its day, if that is not the tree that was asked for;
    what is to be compared with last year is read on it as well.
    """

    tree: date | None
    compared_on: date | None


def beside_last_year(unit_id: int, period: Period, today: date, tree: date | None) -> Basis:
    """How a period is held against the same one of last year, of units as of its end, or of today while it runs.

    One query at most.
    """
    past = comparable(unit_id, period.same_last_year().start, min(period.last_day, today), tree)
    return Basis(past, past if tree is None else None)


def comparable(unit_id: int, earlier: date, later: date, tree: date | None) -> date | None:
    """The tree for both sides of a comparison: that of the later day if units have come to this one or left it since.

    Else the tree that is asked for: None for that of the time. Not asked where a tree is; one query otherwise.
    """
    if tree is not None:
        return tree
    return like_with_like(unit_id, earlier, later)


def of_same_units(
    unit_id: int, shown: Figure, compared_on: date | None, *, known_on: date | None = None
) -> Figure | None:
    """What the units that count at one on a day have reported, if that is another figure than the one shown.

    It is when some came or left while the period ran: the figure shown has each return where its unit stood then.
    """
    if compared_on is None:
        return None
    found = figures_of(
        [unit_id], shown.period, indicators=[shown.indicator], known_on=known_on, tree=compared_on
    )[unit_id][shown.indicator.code]
    return None if (found.value, found.ratio) == (shown.value, shown.ratio) else found
