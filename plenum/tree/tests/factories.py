"""Small trees for tests, founded through the ledger."""

from datetime import date

from plenum.tree import ledger
from plenum.tree.models import Unit

FOUNDED = date(2020, 1, 1)


def centre(code: str = "centre", on: date = FOUNDED) -> Unit:
    return ledger.found(code=code, name=code.title(), kind="centre", parent=None, on=on)


def unit(
    code: str, kind: str, parent: Unit, on: date = FOUNDED, *, name: str = "", until: date | None = None
) -> Unit:
    return ledger.found(code=code, name=name or code.title(), kind=kind, parent=parent, on=on, until=until)


def small_tree() -> dict[str, Unit]:
    """A centre, two provinces, two districts, a commune with two cells, and a cell directly under a district."""
    root = centre()
    north, south = unit("north", "province", root), unit("south", "province", root)
    east, west = unit("east", "district", north), unit("west", "district", south)
    commune = unit("commune", "commune_committee", east)
    return {
        "centre": root,
        "north": north,
        "south": south,
        "east": east,
        "west": west,
        "commune": commune,
        "cell-1": unit("cell-1", "cell", commune),
        "cell-2": unit("cell-2", "cell", commune),
        "alone": unit("alone", "grassroots_cell", east),
    }
