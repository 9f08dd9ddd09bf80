"""How units stand: figures against targets, with verdicts, changes and flags."""

from plenum.targets.queries.rows import (
    Change,
    Changes,
    Flag,
    LeagueRow,
    Row,
    Standing,
    Sum,
    TargetView,
    value_of,
)
from plenum.targets.queries.standing import league, standing, verdict_counts
from plenum.targets.queries.targets import (
    history,
    live_target,
    live_targets,
    on_document,
    statements_on,
)

__all__ = [
    "Change",
    "Changes",
    "Flag",
    "LeagueRow",
    "Row",
    "Standing",
    "Sum",
    "TargetView",
    "history",
    "league",
    "live_target",
    "live_targets",
    "on_document",
    "standing",
    "statements_on",
    "value_of",
    "verdict_counts",
]
