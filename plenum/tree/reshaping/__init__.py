"""Changing the tree in many places on one day, at once: written in a few statements, whatever the number of units.

Like the ledger, which changes one unit after the other, it asks for no power: acts above it do. `reshape` refuses what
the ledger would refuse, and what is written is what the ledger would have written.
"""

from plenum.tree.reshaping.foresee import foresee, is_foreseeable
from plenum.tree.reshaping.reshape import Written, reshape
from plenum.tree.reshaping.undo import undo_reshape
from plenum.tree.reshaping.unwritten import against_unwritten, changed_between

__all__ = [
    "Written",
    "against_unwritten",
    "changed_between",
    "foresee",
    "is_foreseeable",
    "reshape",
    "undo_reshape",
]
