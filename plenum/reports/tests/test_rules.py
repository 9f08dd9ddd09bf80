"""Which periods are reviewed and what comes after."""

import pytest

from plenum.periods import Period
from plenum.reports.rules import NotReviewed, latest_over, next_period, reviewed


@pytest.mark.parametrize(
    ("period", "following"),
    [
        ("2023", "2024"),
        ("2024-9M", "2024-Q4"),
        ("2024-H1", "2024-H2"),
        ("2024-H2", "2025-H1"),
        ("2024-Q1", "2024-Q2"),
        ("2024-Q4", "2025-Q1"),
    ],
)
def test_a_review_sets_the_tasks_of_the_period_that_follows(period: str, following: str) -> None:
    assert next_period(Period.parse(period)).code == following


def test_a_single_month_is_not_reviewed() -> None:
    with pytest.raises(NotReviewed):
        reviewed("2024-07")


@pytest.mark.parametrize(
    ("months", "code"),
    [(0, "2023"), (2, "2023"), (3, "2024-Q1"), (8, "2024-H1"), (9, "2024-9M"), (12, "2024")],
)
def test_the_page_opens_at_the_longest_period_that_is_over(months: int, code: str) -> None:
    assert latest_over(2024, months).code == code
