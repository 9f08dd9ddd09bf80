"""What holds for returns and figures: pure functions on values, periods and days."""

from plenum.figures.rules.counts import NotWhole, TooLarge, read_count
from plenum.figures.rules.course import Deed, NotNow, State, deeds_possible, state_after
from plenum.figures.rules.obligations import (
    days_late,
    due_on,
    first_boundary,
    periods_owed,
    reportable,
    running_year,
    shared_slots,
)
from plenum.figures.rules.plausibility import LARGEST_VALUE, Finding, Severity, errors, findings
from plenum.figures.rules.versions import Difference, Figures, difference, partition

__all__ = [
    "LARGEST_VALUE",
    "Deed",
    "Difference",
    "Figures",
    "Finding",
    "NotNow",
    "NotWhole",
    "Severity",
    "State",
    "TooLarge",
    "days_late",
    "deeds_possible",
    "difference",
    "due_on",
    "errors",
    "findings",
    "first_boundary",
    "partition",
    "periods_owed",
    "read_count",
    "reportable",
    "running_year",
    "shared_slots",
    "state_after",
]
