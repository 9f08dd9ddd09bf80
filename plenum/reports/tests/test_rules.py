"""Which periods are reviewed and what comes after; codes that people can type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plenum.periods import Period
from plenum.reports.rules import (
    ALPHABET,
    RANDOM,
    NotReviewed,
    latest_over,
    next_period,
    read_code,
    reviewed,
    verification_code,
)


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


drawn = st.lists(st.integers(0, len(ALPHABET) - 1), min_size=RANDOM, max_size=RANDOM)


@given(drawn)
def test_a_code_is_read_however_it_is_typed(numbers: list[int]) -> None:
    code = verification_code(numbers)
    assert [len(group) for group in code.split("-")] == [5, 5, 5]
    for typed in (code, code.lower(), code.replace("-", ""), f" {code.replace('-', ' ')} "):
        assert read_code(typed) == code


@given(drawn, st.data())
def test_a_wrong_character_and_two_that_changed_places_are_noticed(
    numbers: list[int], data: st.DataObject
) -> None:
    plain = verification_code(numbers).replace("-", "")
    at = data.draw(st.integers(0, len(plain) - 1))
    other = data.draw(st.sampled_from(ALPHABET.replace(plain[at], "")))
    assert read_code(plain[:at] + other + plain[at + 1 :]) is None
    one, two = sorted(data.draw(st.lists(st.integers(0, RANDOM), min_size=2, max_size=2, unique=True)))
    swapped = plain[:one] + plain[two] + plain[one + 1 : two] + plain[one] + plain[two + 1 :]
    assert swapped == plain or read_code(swapped) is None


@pytest.mark.parametrize(
    "typed", ["", "K7M2P", "K7M2P-9QRXA-4WDH", "0O1IL-00000-00000", "ÀÀÀÀÀ-ÀÀÀÀÀ-ÀÀÀÀÀ", "²" * 15]
)
def test_what_is_no_code_is_none(typed: str) -> None:
    assert read_code(typed) is None


def test_a_code_cannot_be_guessed() -> None:
    assert len(ALPHABET) ** RANDOM > 2**60
    assert len(set(ALPHABET)) == 31
    with pytest.raises(ValueError, match="14"):
        verification_code([1, 2])
