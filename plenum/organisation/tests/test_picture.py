"""Lines of a lineage run beside the units they pass, and every unit stands below those it came from."""

import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from plenum.organisation.picture import EDGE, LANE, ROW, Picture, picture

Bonds = list[tuple[int, int]]


@st.composite
def families(draw: st.DrawFn) -> tuple[int, Bonds]:
    count = draw(st.integers(1, 12))
    pairs = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1))
    bonds = draw(st.lists(pairs.filter(lambda pair: pair[0] < pair[1]), max_size=20))
    return count, bonds


def runs(drawn: Picture) -> list[tuple[int, int, int]]:
    """The upright pieces of the lines: where, from which height to which."""
    found = []
    for path in drawn.paths:
        match = re.search(r" (\d+) (\d+)V(\d+)C", path)
        if match:
            x, top, bottom = (int(number) for number in match.groups())
            found.append((x, top, bottom))
    return found


@given(family=families())
def test_no_line_runs_through_a_unit_that_it_does_not_belong_to(family: tuple[int, Bonds]) -> None:
    count, bonds = family
    drawn = picture(count, bonds)
    assert sorted(dot.place for dot in drawn.dots) == list(range(count))
    assert len(drawn.paths) == len(set(bonds))
    height = {dot.place: dot.y for dot in drawn.dots}
    assert all(height[before] < height[after] for before, after in bonds)
    assert all(lower.y - upper.y == ROW for upper, lower in pairwise(drawn.dots))
    for x, top, bottom in runs(drawn):
        assert not [dot for dot in drawn.dots if dot.x == x and top <= dot.y <= bottom]
    assert all(EDGE <= dot.x <= drawn.width - EDGE for dot in drawn.dots)
    assert drawn.height == ROW * count


def test_two_that_merge_take_two_lanes_and_meet() -> None:
    drawn = picture(3, [(0, 2), (1, 2)])
    assert [dot.place for dot in drawn.dots] == [0, 1, 2]
    assert [dot.x for dot in drawn.dots] == [EDGE, EDGE + LANE, EDGE]
    assert drawn.width == 2 * EDGE + LANE


def test_units_that_came_of_each_other_are_drawn_all_the_same() -> None:
    drawn = picture(2, [(0, 1), (1, 0)])
    assert [dot.place for dot in drawn.dots] == [0, 1]
    assert len(drawn.paths) == 2
