"""Reads of figures and returns. Each is a constant number of queries, whatever the size of the answer."""

from plenum.figures.queries.answering import Submission, answerable, submissions
from plenum.figures.queries.attribution import Estimate, Reason
from plenum.figures.queries.behind import Behind, Withheld, returns_behind
from plenum.figures.queries.below import Shown, below
from plenum.figures.queries.comparable import Basis, beside_last_year, comparable, of_same_units
from plenum.figures.queries.dues import Due, Dues, due, dues, late
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
from plenum.figures.queries.missing import MissingReturns, missing_returns
from plenum.figures.queries.owed import Owed, obligations, owed_by
from plenum.figures.queries.owing import Owing, owing
from plenum.figures.queries.recount import Discrepancy, Unaccounted, returns_unaccounted, rollups_recounted
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
from plenum.figures.queries.twice import CountedTwice, OwedTwice, counted_twice, owed_twice
from plenum.figures.queries.waiting import Submitted, Waiting, to_accept, waiting_for

__all__ = [
    "Basis",
    "Behind",
    "Change",
    "CountedTwice",
    "Discrepancy",
    "Due",
    "Dues",
    "Estimate",
    "Figure",
    "League",
    "MissingReturns",
    "Owed",
    "OwedTwice",
    "Owing",
    "Part",
    "Place",
    "Point",
    "Reason",
    "ReturnView",
    "Share",
    "Shares",
    "Sheet",
    "SheetRow",
    "Shown",
    "Stands",
    "StepView",
    "Submission",
    "Submitted",
    "Unaccounted",
    "VersionView",
    "Waiting",
    "Withheld",
    "answerable",
    "below",
    "beside_last_year",
    "by_child",
    "comparable",
    "counted_twice",
    "due",
    "dues",
    "figures",
    "figures_of",
    "late",
    "league",
    "missing_returns",
    "obligations",
    "of_same_units",
    "owed_by",
    "owed_twice",
    "owing",
    "own_returns",
    "return_view",
    "returns_behind",
    "returns_unaccounted",
    "rollups_recounted",
    "series",
    "shares",
    "sheet",
    "start_of_year",
    "submissions",
    "to_accept",
    "waiting_for",
]
