"""The units directly below one beside each other: who stands where in an indicator."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from plenum.figures.queries.figures import Figure, indicator_of
from plenum.figures.queries.shares import Share, Stands, by_child
from plenum.packs import Indicator
from plenum.periods import Period


@dataclass(frozen=True)
class Place:
    """One unit in the league: its rank, and its size in per cent of the largest; None when only one part is known."""

    rank: int | None
    of: Share
    size: Fraction | None


@dataclass(frozen=True)
class League:
    """What a figure comes from. The shares in ``places`` and ``others`` add up to it.

    ``places``: the units directly below that have reported, best first or by name; equal figures share a rank.
    ``others``: through whom else something has come: units that have left since, and the unit itself. ``silent``:
    the units directly below that have reported nothing. ``withheld``: those whose figures on the tree asked for are
    not shown to the reader.
    """

    places: Sequence[Place]
    others: Sequence[Share]
    silent: Sequence[Share]
    withheld: Sequence[Share] = ()


def league(
    unit_id: int,
    indicator: str | Indicator,
    period: Period,
    *,
    known_on: date | None = None,
    tree: date | None = None,
    by_name: bool = False,
) -> League:
    """The league of the units directly below one. The number of queries does not grow with the units."""
    watched = indicator_of(indicator)
    found = by_child(unit_id, watched, period, known_on=known_on, tree=tree)
    below = [(each, amount(each.figure)) for each in found if each.stands is Stands.BELOW]
    known = sorted(
        (measure for _share, measure in below if measure is not None), reverse=watched.better != "lower"
    )
    largest = max((abs(measure) for measure in known), default=Fraction(0))
    places = [
        Place(None, share, None)
        if measure is None
        else Place(known.index(measure) + 1, share, measure / largest * 100 if largest else None)
        for share, measure in below
        if share.says_anything
    ]
    return League(
        places=places if by_name else sorted(places, key=lambda place: place.rank or len(places) + 1),
        others=[each for each in found if each.stands is not Stands.BELOW and not each.figure.withheld],
        silent=[share for share, _measure in below if not share.says_anything and not share.figure.withheld],
        withheld=[each for each in found if each.figure.withheld],
    )


def amount(figure: Figure) -> Fraction | None:
    """What units are ranked by: the ratio, or the count."""
    if figure.indicator.is_ratio:
        return figure.ratio
    return None if figure.value is None else Fraction(figure.value)
