"""The lineage of a unit as people see it: a picture with a row for each unit, and the same in words."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date

from plenum.organisation.picture import Dot, Picture, picture
from plenum.tree.models import Became, DividedBy
from plenum.tree.queries import Descent, UnitView


@dataclass(frozen=True)
class Row:
    """A unit with its dot; `seen` if the reader may open it, `asked` if the lineage is its own."""

    unit: UnitView
    dot: Dot
    seen: bool
    asked: bool


@dataclass(frozen=True)
class BondInWords:
    """Who went on in whom from which day; `share` as a fraction, `by` empty when nothing was divided."""

    before: UnitView
    after: UnitView
    on: date
    how: str
    share: str
    by: str


@dataclass(frozen=True)
class Lineage:
    """What the page shows."""

    picture: Picture
    rows: tuple[Row, ...]
    bonds: tuple[BondInWords, ...]
    cut: bool


def lineage_of(kin: Descent, unit_id: int, seen: Container[int]) -> Lineage:
    """The picture of where a unit came from and went on, the older units first."""
    units = sorted(kin.units, key=lambda unit: (unit.span.start, unit.sort_key, unit.code))
    place = {unit.id: number for number, unit in enumerate(units)}
    drawn = picture(
        len(units), [(place[bond.predecessor_id], place[bond.successor_id]) for bond in kin.bonds]
    )
    return Lineage(
        picture=drawn,
        rows=tuple(
            Row(units[dot.place], dot, units[dot.place].id in seen, units[dot.place].id == unit_id)
            for dot in drawn.dots
        ),
        bonds=tuple(
            BondInWords(
                before=units[place[bond.predecessor_id]],
                after=units[place[bond.successor_id]],
                on=bond.on,
                how=str(Became(bond.how).label),
                share=str(bond.share),
                by=str(DividedBy(bond.by).label) if bond.by else "",
            )
            for bond in kin.bonds
        ),
        cut=kin.cut,
    )
