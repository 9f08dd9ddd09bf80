"""Reads of the tree. Each is a constant number of queries, whatever the size of the answer."""

from plenum.tree.queries.descent import Bond, Descent, descent, living_heirs
from plenum.tree.queries.divided import Divided, branch_of, divided, regrouped
from plenum.tree.queries.finding import Hit, search
from plenum.tree.queries.kinds import below_by_kind
from plenum.tree.queries.past import (
    Event,
    HistoryEvent,
    Relative,
    Relatives,
    history,
    life,
    lineage,
    lives,
    spans_below,
)
from plenum.tree.queries.standing import stands_on
from plenum.tree.queries.territory import like_with_like
from plenum.tree.queries.views import (
    UnitUnknown,
    UnitView,
    ancestors,
    below_by_branch,
    children,
    children_of,
    counted_below,
    only_root,
    roots,
    unit_by_code,
    unit_view,
    unit_views,
    units,
)

__all__ = [
    "Bond",
    "Descent",
    "Divided",
    "Event",
    "HistoryEvent",
    "Hit",
    "Relative",
    "Relatives",
    "UnitUnknown",
    "UnitView",
    "ancestors",
    "below_by_branch",
    "below_by_kind",
    "branch_of",
    "children",
    "children_of",
    "counted_below",
    "descent",
    "divided",
    "history",
    "life",
    "like_with_like",
    "lineage",
    "lives",
    "living_heirs",
    "only_root",
    "regrouped",
    "roots",
    "search",
    "spans_below",
    "stands_on",
    "unit_by_code",
    "unit_view",
    "unit_views",
    "units",
]
