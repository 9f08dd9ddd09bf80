"""Reads of figures and returns. Each is a constant number of queries, whatever the size of the answer."""

from plenum.figures.queries.behind import Behind, returns_behind
from plenum.figures.queries.below import below
from plenum.figures.queries.dues import (
    Due,
    NotReported,
    Waiting,
    due,
    late,
    obligations,
    units_without_report,
    waiting_for,
)
from plenum.figures.queries.figures import (
    Figure,
    Part,
    Point,
    figures,
    figures_of,
    series,
    start_of_year,
)
from plenum.figures.queries.league import League, Place, league
from plenum.figures.queries.recount import Discrepancy, counted_twice, rollups_recounted
from plenum.figures.queries.shares import Share, Shares, Stands, by_child, shares
from plenum.figures.queries.sheets import (
    Change,
    ReturnView,
    Sheet,
    SheetRow,
    StepView,
    VersionView,
    own_returns,
    return_view,
    sheet,
)

__all__ = [
    "Behind",
    "Change",
    "Discrepancy",
    "Due",
    "Figure",
    "League",
    "NotReported",
    "Part",
    "Place",
    "Point",
    "ReturnView",
    "Share",
    "Shares",
    "Sheet",
    "SheetRow",
    "Stands",
    "StepView",
    "VersionView",
    "Waiting",
    "below",
    "by_child",
    "counted_twice",
    "due",
    "figures",
    "figures_of",
    "late",
    "league",
    "obligations",
    "own_returns",
    "return_view",
    "returns_behind",
    "rollups_recounted",
    "series",
    "shares",
    "sheet",
    "start_of_year",
    "units_without_report",
    "waiting_for",
]
