"""Acts on units: each asks for its power, writes through the ledger of the tree, and is journalled."""

from plenum.organisation.actions.change_kind import change_kind
from plenum.organisation.actions.correct_name import correct_name
from plenum.organisation.actions.dissolve_unit import dissolve_unit
from plenum.organisation.actions.found_unit import found_unit
from plenum.organisation.actions.load_units import load_units
from plenum.organisation.actions.move_unit import move_unit
from plenum.organisation.actions.rename_unit import rename_unit
from plenum.organisation.actions.take_back import TakeBack, take_back

__all__ = [
    "TakeBack",
    "change_kind",
    "correct_name",
    "dissolve_unit",
    "found_unit",
    "load_units",
    "move_unit",
    "rename_unit",
    "take_back",
]
