"""Reads about reforms, and rehearsals, which write nothing."""

from plenum.reorganisations.queries.drafting import (
    Called,
    Draft,
    draft_of,
    founded_in,
    is_large,
    meant,
    names_below,
    offered,
)
from plenum.reorganisations.queries.reforms import (
    Asked,
    ReformView,
    decisions_of,
    jobs_of,
    plan_of,
    reform_view,
    reform_views,
    visible_reforms,
)
from plenum.reorganisations.queries.snapshots import links_of, snapshot
from plenum.reorganisations.queries.work import (
    Progress,
    WaitingReforms,
    progress,
    reforms_with_work,
    waiting_reforms,
    work_for,
    work_of,
)
from plenum.reorganisations.queries.working_out import Rehearsed, decided_choice, is_stale, work_out

__all__ = [
    "Asked",
    "Called",
    "Draft",
    "Progress",
    "ReformView",
    "Rehearsed",
    "WaitingReforms",
    "decided_choice",
    "decisions_of",
    "draft_of",
    "founded_in",
    "is_large",
    "is_stale",
    "jobs_of",
    "links_of",
    "meant",
    "names_below",
    "offered",
    "plan_of",
    "progress",
    "reform_view",
    "reform_views",
    "reforms_with_work",
    "snapshot",
    "visible_reforms",
    "waiting_reforms",
    "work_for",
    "work_of",
    "work_out",
]
