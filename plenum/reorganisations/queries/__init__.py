"""Reads about reforms, and rehearsals, which write nothing."""

from plenum.reorganisations.queries.reforms import (
    Asked,
    ReformView,
    decisions_of,
    plan_of,
    reform_view,
    reform_views,
    visible_reforms,
    work_for,
    work_of,
)
from plenum.reorganisations.queries.snapshots import links_of, snapshot
from plenum.reorganisations.queries.working_out import Rehearsed, decided_choice, work_out

__all__ = [
    "Asked",
    "ReformView",
    "Rehearsed",
    "decided_choice",
    "decisions_of",
    "links_of",
    "plan_of",
    "reform_view",
    "reform_views",
    "snapshot",
    "visible_reforms",
    "work_for",
    "work_of",
    "work_out",
]
