"""Apportioning whole numbers by shares, and the ways of what is divided: without a database."""

from datetime import date
from fractions import Fraction as F
from random import Random

import pytest

from plenum.tree.rules import Course, Cut, Way, Ways, apportion, apportion_in_turn

DAY, LATER, LAST = date(2024, 1, 1), date(2024, 7, 1), date(2025, 1, 1)
BEFORE = date(2023, 12, 31)


class TestApportioning:
    @pytest.mark.parametrize(
        ("amount", "shares", "parts"),
        [
            (10, (F(1, 2), F(1, 2)), [5, 5]),
            (11, (F(1, 2), F(1, 2)), [6, 5]),
            (0, (F(1, 3), F(2, 3)), [0, 0]),
            (1, (F(1, 3), F(2, 3)), [0, 1]),
            (100, (F(1, 3), F(1, 3), F(1, 3)), [34, 33, 33]),
            (7, (F(1),), [7]),
            (5, (F(9, 10), F(1, 20), F(1, 20)), [5, 0, 0]),
        ],
    )
    def test_the_largest_remainders_have_what_is_left(
        self, amount: int, shares: tuple[F, ...], parts: list[int]
    ) -> None:
        assert apportion(amount, shares) == parts

    def test_single_ones_in_halves_are_shared_out_in_turn(self) -> None:
        first, second = apportion_in_turn([1] * 12, (F(1, 2), F(1, 2)))
        assert (sum(first), sum(second)) == (6, 6)
        assert [one + other for one, other in zip(first, second, strict=True)] == [1] * 12

    def test_shares_that_are_not_a_whole_are_refused(self) -> None:
        with pytest.raises(ValueError, match="5/6"):
            apportion(10, (F(1, 2), F(1, 3)))

    @pytest.mark.parametrize("seed", range(200))
    def test_parts_add_up_and_stay_near_their_shares(self, seed: int) -> None:
        random = Random(seed)
        weights = [
            random.randrange(1, random.choice([3, 30, 10**6])) for _part in range(random.randrange(1, 6))
        ]
        shares = [F(weight, sum(weights)) for weight in weights]
        amounts = [
            random.choice([0, 1, 2, random.randrange(40), random.randrange(10**6)]) for _month in range(12)
        ]
        parts = apportion_in_turn(amounts, shares)
        assert [sum(each) for each in zip(*parts, strict=True)] == amounts
        assert min(min(each) for each in parts) >= 0
        for month in range(12):
            for share, part in zip(shares, parts, strict=True):
                assert abs(sum(part[: month + 1]) - share * sum(amounts[: month + 1])) < len(shares)
        for amount in amounts:
            alone = apportion(amount, shares)
            assert sum(alone) == amount
            assert all(abs(part - share * amount) < 1 for part, share in zip(alone, shares, strict=True))


def course(*cuts: Cut, ends: date | None = None, onward: int | None = None, by_heir: bool = True) -> Course:
    return Course(date(2020, 1, 1), ends, ends is not None, onward, by_heir, cuts)


def ends(way: Way) -> list[tuple[F, tuple[int, ...]]]:
    return list(way.ends())


class TestWays:
    def test_shares_multiply_along_a_chain_of_reforms(self) -> None:
        """1 merges into 2, 2 is divided into 3 and 4, 4 merges into 5, 5 is divided into 6 and 7."""
        ways = Ways(
            {
                1: course(ends=BEFORE, onward=2),
                2: course(Cut(DAY, "area", ((3, F(1, 3)), (4, F(2, 3)))), ends=DAY, onward=9, by_heir=False),
                4: course(ends=LATER, onward=5),
                5: course(Cut(LAST, "members", ((6, F(1, 4)), (7, F(3, 4)))), ends=LAST, onward=9),
            }
        )
        assert ends(ways.way(1, date(2023, 1, 31))) == [
            (F(1, 2), (1, 2, 4, 5, 7)),
            (F(1, 6), (1, 2, 4, 5, 6)),
            (F(1, 3), (1, 2, 3)),
        ]
        assert [sum(each) for each in zip(*ways.way(1, BEFORE).apportioned([5, 1, 1]), strict=True)] == [
            5,
            1,
            1,
        ]

    def test_what_is_reported_after_a_part_was_given_off_is_not_divided(self) -> None:
        ways = Ways({1: course(Cut(DAY, "list", ((2, F(1, 4)),)))})
        assert ends(ways.way(1, BEFORE)) == [(F(1, 4), (2,)), (F(3, 4), (1,))]
        assert ends(ways.way(1, DAY)) == [(F(1), (1,))]

    def test_what_merged_on_the_day_of_a_division_or_later_is_not_divided_by_it(self) -> None:
        ways = Ways({1: course(ends=DAY, onward=2), 2: course(Cut(DAY, "list", ((3, F(1, 4)),)))})
        assert ends(ways.way(1, BEFORE)) == [(F(1), (1, 2))]

    def test_what_only_stood_below_is_divided_when_its_superior_ends(self) -> None:
        off, end = Cut(LATER, "area", ((3, F(1, 2)),)), Cut(LAST, "area", ((3, F(1, 2)), (4, F(1, 2))))
        ways = Ways(
            {
                1: course(ends=DAY, onward=2, by_heir=False),
                2: course(off, end, ends=LAST, onward=9, by_heir=False),
            }
        )
        assert ends(ways.way(1, BEFORE)) == [(F(1, 2), (1, 2, 3)), (F(1, 2), (1, 2, 4))]
