"""Reads of the tree. Each is a constant number of queries, whatever the size of the answer."""

from plenum.tree.queries.descent import Bond, Descent, descent, living_heirs
from plenum.tree.queries.finding import Hit, search
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
from plenum.tree.queries.views import (
    UnitUnknown,
    UnitView,
    ancestors,
    below_by_branch,
    below_by_kind,
    children,
    children_of,
    counted_below,
    roots,
    unit_by_code,
    unit_view,
    unit_views,
    units,
)

__all__ = [
    "Bond",
    "Descent",
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
    "children",
    "children_of",
    "counted_below",
    "descent",
    "history",
    "life",
    "lineage",
    "lives",
    "living_heirs",
    "roots",
    "search",
    "spans_below",
    "stands_on",
    "unit_by_code",
    "unit_view",
    "unit_views",
    "units",
]
