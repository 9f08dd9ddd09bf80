"""Units whose past is divided among several on the tree of a day: by which ways it goes on, and above whom."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property
from itertools import groupby
from typing import Any

from django.db import connection

from plenum.tree.rules import Course, Cut, Fork, Way, Ways

Chain = tuple[int, ...]
"""Units from one that has reported up to the root, each counting at or below the next."""

_CUTS = """
    SELECT link.predecessor_id, link.on_date, link.by, link.successor_id, link.numerator, link.denominator
    FROM tree_lineage link
    JOIN tree_unit parted ON parted.id = link.predecessor_id
    JOIN tree_unit heir ON heir.id = link.successor_id
    WHERE link.by <> '' AND link.on_date <= %(day)s
      AND (upper_inf(parted.lifetime) OR link.on_date < upper(parted.lifetime)
           OR (link.on_date = upper(parted.lifetime) AND link.numerator < link.denominator))
      AND (upper_inf(heir.lifetime) OR upper(heir.lifetime) > link.on_date)
    ORDER BY 1, 2, 4
"""
_COURSES = """
    WITH RECURSIVE absent AS MATERIALIZED (SELECT * FROM tree_absent(%(day)s)),
    parted AS (
        SELECT * FROM unnest(%(parted)s::bigint[], %(heirs)s::bigint[]) AS parted(unit_id, heir_id)
    ),
    -- Whatever counts with a divided unit or below it, by any number of steps.
    forked AS (
        SELECT unit_id FROM parted
        UNION
        SELECT absent.unit_id FROM forked JOIN absent ON absent.parent_id = forked.unit_id
    ),
    next AS (
        SELECT unit_id, heir_id AS next_id FROM parted
        UNION ALL
        SELECT unit_id, parent_id FROM absent WHERE parent_id IS NOT NULL
    ),
    onward AS (
        SELECT unit_id FROM forked
        UNION
        SELECT next.next_id FROM onward JOIN next USING (unit_id)
    )
    SELECT onward.unit_id, lower(lives.lifetime), upper(lives.lifetime), absent.unit_id IS NOT NULL, absent.parent_id,
           coalesce(absent.by_heir, false), EXISTS (SELECT FROM forked WHERE forked.unit_id = onward.unit_id),
           CASE WHEN absent.unit_id IS NULL THEN ARRAY(
                SELECT line.ancestor_id FROM tree_ancestry line
                WHERE line.descendant_id = onward.unit_id AND line.span @> %(day)s::date AND line.depth > 0
                ORDER BY line.depth) END
    FROM onward CROSS JOIN LATERAL (SELECT lifetime FROM tree_unit WHERE id = onward.unit_id OFFSET 0) lives
    LEFT JOIN absent ON absent.unit_id = onward.unit_id
"""


@dataclass(frozen=True)
class Divided:
    """The units whose past goes several ways on the tree of a day; empty for most trees, and for that of the time.

    `leading`: those units, with the days on which they begin and end (None: they do not). `lines`: above whom the
    living units stand at which the ways end, the nearest first.
    """

    ways: Ways = field(default_factory=lambda: Ways({}))
    leading: Mapping[int, tuple[date, date | None]] = field(default_factory=dict)
    lines: Mapping[int, Chain] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.leading)

    def chains(self, way: Way) -> list[tuple[Fraction, Chain]]:
        """Every end of a way with its share, and the whole line up to the root that leads over it."""
        return [(share, self._with_line(units)) for share, units in way.ends()]

    def whole(self, unit_id: int) -> Chain:
        """The line on which the unit counts as long as nothing is divided; see `tree_absent`."""
        chain = [unit_id]
        while (course := self.ways.courses.get(chain[-1])) and course.absent and course.onward is not None:
            chain.append(course.onward)
        return self._with_line(tuple(chain))

    def touching(self, unit_id: int) -> list[int]:
        """The units of which only a part counts at or below one, or that count there on some of their lines only."""
        return self._touching.get(unit_id, [])

    def parting(self, unit_id: int) -> list[int]:
        """The same, with the units that count there whole, but through several of the units directly below."""
        return self._parting.get(unit_id, [])

    def doubts(self, way: Way, unit_id: int) -> list[tuple[Fork, Fraction]]:
        """The forks of a way that lead past a unit with a part, each with the part that comes to it from there on."""
        return self._seen(way, unit_id)[1]

    def ends(self) -> list[tuple[int, int]]:
        """Units that have ended divided, each with every successor."""
        return [
            (unit_id, heir_id)
            for unit_id, course in self.ways.courses.items()
            for cut in course.cuts
            if cut.on == course.ends
            for heir_id, _share in cut.parts
        ]

    def successors(self, fork: Fork) -> list[int]:
        """Those among whom a unit was divided, besides itself."""
        cuts = self.ways.courses[fork.unit_id].cuts
        return [heir for cut in cuts if cut.on == fork.on for heir, _share in cut.parts]

    def _seen(self, way: Way, unit_id: int) -> tuple[Fraction, list[tuple[Fork, Fraction]]]:
        """Which part of what goes a way comes to a unit, and the forks at which another part goes elsewhere."""
        if unit_id in way.units:
            return Fraction(1), []
        if way.fork is None:
            above = self.lines.get(way.units[-1], ()) if way.units else ()
            return Fraction(unit_id in above), []
        branches = [(share, self._seen(branch, unit_id)) for share, branch in way.fork.branches]
        total = sum((share * part for share, (part, _forks) in branches), Fraction(0))
        found = [each for _share, (_part, forks) in branches for each in forks]
        if len({part for _share, (part, _forks) in branches}) > 1:
            found.append((way.fork, total))
        return total, found

    @cached_property
    def _touching(self) -> Mapping[int, list[int]]:
        return {
            above: [unit_id for unit_id in units if any(above not in line for line in self._lines[unit_id])]
            for above, units in self._parting.items()
        }

    @cached_property
    def _parting(self) -> Mapping[int, list[int]]:
        found: dict[int, list[int]] = defaultdict(list)
        for unit_id, lines in self._lines.items():
            for above in set().union(*lines):
                if len({branch_of(line, above, unit_id) for line in lines}) > 1:
                    found[above].append(unit_id)
        return found

    @cached_property
    def _lines(self) -> Mapping[int, list[Chain]]:
        """Every line on which the leading units count, divided or not."""
        return {
            unit_id: [
                self.whole(unit_id),
                *(chain for _share, chain in self.chains(self.ways.way(unit_id, date.min))),
            ]
            for unit_id in self.leading
        }

    def _with_line(self, units: Chain) -> Chain:
        return (*units, *self.lines.get(units[-1], ())) if units else ()


def divided(tree: date | None) -> Divided:
    """What is divided on the tree of a day; nothing on the tree of the time. One query, two where there is anything."""
    if tree is None:
        return Divided()
    links = _rows(_CUTS, {"day": tree})
    if not links:
        return Divided()
    cuts: dict[int, list[Cut]] = defaultdict(list)
    for (unit_id, on), of_day in groupby(links, lambda link: (link[0], link[1])):
        listed = list(of_day)
        parts = tuple((heir_id, Fraction(part, whole)) for *_cut, heir_id, part, whole in listed)
        cuts[unit_id].append(Cut(on, listed[0][2], parts))
    rows = _rows(
        _COURSES, {"day": tree, "parted": [link[0] for link in links], "heirs": [link[3] for link in links]}
    )
    courses: dict[int, Course] = {}
    leading: dict[int, tuple[date, date | None]] = {}
    lines: dict[int, Chain] = {}
    for unit_id, begins, end, absent, onward, by_heir, leads, line in rows:
        ends = end if end is not None and end <= tree else None
        courses[unit_id] = Course(begins, ends, absent, onward, by_heir, tuple(cuts.get(unit_id, ())))
        if leads:
            leading[unit_id] = (begins, end)
        if line:
            lines[unit_id] = tuple(line)
    return Divided(Ways(courses), leading, lines)


@dataclass(frozen=True)
class Regrouped:
    """A unit that lives on a day and counts with one of several successors on the tree of another.

    `was`, `now`: through which unit directly below `above_id` it counts there when nothing is divided, and when it goes
    to one of its successors; None when it does not.
    """

    above_id: int
    unit_id: int
    kind: str
    was: int | None
    now: int | None
    way: Way


def regrouped(
    found: Divided, unit_ids: Iterable[int], as_of: date, *, by_branch: bool = False
) -> list[Regrouped]:
    """The units that live on a day and of which only a part would count below some units on the tree of another.

    A unit is not cut into pieces, either: it counts with the successor that has the largest share. One query, if there
    is any such unit.
    """
    wanted = [
        (above, unit_id, ends)
        for above in unit_ids
        for unit_id in (found.parting(above) if by_branch else found.touching(above))
        if unit_id != above and (ends := found.ways.courses[unit_id].ends) is not None
    ]
    if not wanted:
        return []
    kinds = dict(
        _rows(
            "SELECT unit_id, kind FROM tree_unitkind WHERE unit_id = ANY(%(units)s) AND span @> %(day)s::date",
            {"units": list({unit_id for _above, unit_id, _ends in wanted}), "day": as_of},
        )
    )
    listed = []
    for above, unit_id, ends in wanted:
        if unit_id in kinds:
            way = found.ways.way(unit_id, ends - timedelta(days=1))
            parts = zip(found.chains(way), way.apportioned([1]), strict=True)
            now = next(chain for (_share, chain), [part] in parts if part)
            was = found.whole(unit_id)
            listed.append(
                Regrouped(
                    above,
                    unit_id,
                    kinds[unit_id],
                    branch_of(was, above, unit_id),
                    branch_of(now, above, unit_id),
                    way,
                )
            )
    return listed


def branch_of(chain: Chain, above: int, unit_id: int) -> int | None:
    """Through which unit directly below another what a unit has reported comes to it on a line; None if it does not.

    The unit itself where it is the one above, or has given off a part to it.
    """
    if above not in chain:
        return None
    place = chain.index(above)
    return chain[place - 1] if place else unit_id


def _rows(query: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
