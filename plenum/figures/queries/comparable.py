"""On which tree a figure of the past is held against one of now, so that like is compared with like."""

from datetime import date

from plenum.tree.queries import reformed_between


def comparable(unit_id: int, earlier: date, later: date, tree: date | None) -> date | None:
    """The tree for what is compared with: that of the later day if the unit took in, gave off or followed others since.

    Else the tree that is asked for: None for that of the time. Not asked where a tree is; one query otherwise.
    """
    if tree is not None or not reformed_between(unit_id, earlier, later):
        return tree
    return later
