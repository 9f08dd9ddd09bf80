"""Acts on review reports."""

from plenum.reports.actions.issue_review import IssuedMeanwhile, issue_review
from plenum.reports.actions.load_reviews import load_reviews
from plenum.reports.actions.save_review import (
    HeadingFields,
    ReviewChanged,
    save_review,
    write_review_section,
)

__all__ = [
    "HeadingFields",
    "IssuedMeanwhile",
    "ReviewChanged",
    "issue_review",
    "load_reviews",
    "save_review",
    "write_review_section",
]
