"""The stages of rehearsing, executing and undoing a reform, so that whoever waits is told which is under way."""

from collections.abc import Callable
from enum import StrEnum


class Stage(StrEnum):
    """What is being done; beside each what is counted while it lasts, if anything is."""

    READ = "read"
    """The tree is read."""
    STEPS = "steps"
    """Steps of the plan."""
    OWNERS = "owners"
    """Sorts of objects that are looked through for those without an owner."""
    FIGURES = "figures"
    """Units whose figures are added up."""
    ACCOUNTS = "accounts"
    """What accounts will reach."""
    TREE = "tree"
    """Changes of the tree, written or taken back."""
    OBJECTS = "objects"
    """Objects about which was decided."""
    BACK = "back"
    """Sorts of objects of which what was decided is taken back."""
    WORK = "work"
    """The lists of work."""
    CHECKS = "checks"
    """Days of which the tree is read again and compared with the rehearsal."""
    JOURNAL = "journal"
    """The entries of the journal."""
    KEPT = "kept"
    """The database checks what was written, and keeps it."""


WORKING_OUT = (Stage.READ, Stage.STEPS, Stage.OWNERS)
REHEARSING = (*WORKING_OUT, Stage.FIGURES, Stage.ACCOUNTS, Stage.KEPT)
EXECUTING = (
    *WORKING_OUT,
    Stage.TREE,
    Stage.OBJECTS,
    Stage.WORK,
    Stage.CHECKS,
    Stage.JOURNAL,
    Stage.KEPT,
)
UNDOING = (Stage.BACK, Stage.TREE, Stage.JOURNAL, Stage.KEPT)
"""The stages of each deed, in the order in which they come."""

Tell = Callable[[Stage, int, int], None]
"""Told a stage, how much of it is done, and of how much; 0 of 0 where nothing is counted. May raise to end the deed."""


def untold(_stage: Stage, _done: int, _of: int) -> None:
    """For whoever does not want to know."""
