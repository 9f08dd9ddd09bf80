"""The lineage of a unit as a picture: one row for each unit, the older above, joined by lines. Pure geometry.

It is drawn like the history of a piece of writing: lines run down beside the names in lanes, meet where units merged
and part where one was divided. So it fits a phone, however many units there are.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

ROW, LANE, EDGE = 56, 18, 11
"""Heights of rows and widths of lanes and of the margin, in pixels."""


@dataclass(frozen=True)
class Dot:
    """A unit: its place among those given, and where its dot is."""

    place: int
    x: int
    y: int


@dataclass(frozen=True)
class Picture:
    """Dots in the order of their rows, the paths of the lines between them, and the size in pixels."""

    dots: tuple[Dot, ...]
    paths: tuple[str, ...]
    width: int
    height: int


def picture(count: int, bonds: Sequence[tuple[int, int]]) -> Picture:
    """The picture of `count` units, named by their places from 0, and of who went on in whom.

    The older come first; units that came of each other in a circle stand in the order given.
    """
    rows = _rows(count, bonds)
    at = {unit: row for row, unit in enumerate(rows)}
    after: dict[int, list[int]] = defaultdict(list)
    for before, successor in sorted(set(bonds), key=lambda bond: (at[bond[0]], at[bond[1]])):
        after[before].append(successor)
    lanes: list[int | None] = []
    lane_of: dict[int, int] = {}
    waiting: dict[int, int] = {}
    drawn: list[tuple[int, int, int]] = []
    for unit in rows:
        own = waiting.pop(unit, None)
        if own is None:
            own = _free(lanes)
        lanes[own] = None
        lane_of[unit] = own
        fresh = [each for each in after[unit] if at[each] > at[unit] and each not in waiting]
        for successor in fresh:
            lane = _free(lanes)
            lanes[lane] = successor
            waiting[successor] = lane
        drawn += [(unit, each, waiting.get(each, own)) for each in after[unit]]
    return Picture(
        dots=tuple(Dot(unit, _x(lane_of[unit]), _y(row)) for row, unit in enumerate(rows)),
        paths=tuple(_path(at, lane_of, *line) for line in drawn),
        width=2 * EDGE + LANE * max(len(lanes) - 1, 0),
        height=ROW * count,
    )


def _rows(count: int, bonds: Iterable[tuple[int, int]]) -> list[int]:
    """The units so that each comes after those it came from, as near to the order given as that allows."""
    sorter: TopologicalSorter[int] = TopologicalSorter({unit: set() for unit in range(count)})
    for before, successor in bonds:
        sorter.add(successor, before)
    try:
        sorter.prepare()
    except CycleError:
        return list(range(count))
    rows: list[int] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        rows += ready
        sorter.done(*ready)
    return rows


def _free(lanes: list[int | None]) -> int:
    """The first lane in which no line runs."""
    if None in lanes:
        return lanes.index(None)
    lanes.append(None)
    return len(lanes) - 1


def _path(at: dict[int, int], lane_of: dict[int, int], before: int, successor: int, lane: int) -> str:
    """From dot to dot: into the lane within a row, down the lane, and out of it within another."""
    x1, y1 = _x(lane_of[before]), _y(at[before])
    x2, y2 = _x(lane_of[successor]), _y(at[successor])
    x, half = _x(lane), ROW // 2
    if at[successor] - at[before] <= 1:
        return f"M{x1} {y1}C{x1} {y1 + half} {x2} {y2 - half} {x2} {y2}"
    into = f"M{x1} {y1}C{x1} {y1 + half} {x} {y1 + half} {x} {y1 + ROW}"
    return f"{into}V{y2 - ROW}C{x} {y2 - half} {x2} {y2 - half} {x2} {y2}"


def _x(lane: int) -> int:
    return EDGE + LANE * lane


def _y(row: int) -> int:
    return ROW // 2 + ROW * row
