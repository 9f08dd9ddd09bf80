"""What of a figure cannot be attributed exactly, and why.

On the tree of its time a return is never divided: it is counted whole where its unit stands at the end of its last
month, also when the unit stood elsewhere for some of its days. On the tree of another day it counts for the successors
of its unit by their shares, where these are known (`plenum.figures.queries.portions`); else it is counted whole at one
place, also when what it tells of has been divided or joined between its time and that day. A figure is marked when
such a return is in it that is, or could be, elsewhere in part, or is elsewhere and could be in it in part; of the
latter, those that the reader does not reach are not told, because that would tell who has reported.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any

from django.db import connection

from plenum.figures.queries.portions import Portions, portions
from plenum.figures.queries.sums import ASKED, Ask, parameters
from plenum.packs import Behaviour, pack
from plenum.tree.queries import UnitView, unit_views
from plenum.tree.rules import Fork


class Reason(StrEnum):
    """Why returns could belong to several places."""

    MOVED = "moved"
    SUCCESSORS = "successors"
    SPLIT = "split"
    JOINED = "joined"
    DIVIDED = "divided"


@dataclass(frozen=True)
class Estimate:
    """Returns that are counted whole at one place although they could belong to several, or divided by shares.

    ``unit`` is what moved, ended, gave off a part, took in another or was divided on the day ``on``, with everything
    below it. ``others``: for a move, where it stood before and after; else those it went on in, those that came out of
    it, or those it took in. ``counted``: with whom the returns are counted; None where nobody stands above, and where
    they are divided. ``returns``: how many there are. ``share``: which part of what the divided unit has reported is in
    the figure, exactly; ``by``: by what it was divided.
    """

    reason: Reason
    unit: UnitView
    on: date
    others: tuple[UnitView, ...]
    counted: UnitView | None
    returns: int
    share: Fraction | None = None
    by: str = ""


Estimates = dict[tuple[int, str], list[Estimate]]
"""By the key of the ask and the code of the slot, in order of time; absent when everything is exact."""

_KNOWN = "{row}.counts[slot.number] > 0"
_KNOWN_THEN = """
    (SELECT sum(entry.delta_counts[slot.number]) FROM figures_entry entry
     WHERE entry.return_id = {row}.return_id AND entry.known_on <= %(known_on)s) > 0
"""
_ASTRIDE = f"""
    WITH {ASKED},
    -- Days in the middle of a month on which somebody came to stand below a unit, or left it, or changed depth.
    within_a_month AS (
        SELECT ask.key, ask.unit_id AS above_id, ask.first_month, ask.month, line.descendant_id, lower(line.span) AS day
        FROM ask JOIN tree_ancestry line ON line.ancestor_id = ask.unit_id AND extract(day FROM lower(line.span)) <> 1
            AND lower(line.span) > ask.first_month AND lower(line.span) <= ask.last_day
        UNION
        SELECT ask.key, ask.unit_id, ask.first_month, ask.month, line.descendant_id, upper(line.span)
        FROM ask JOIN tree_ancestry line ON line.ancestor_id = ask.unit_id AND extract(day FROM upper(line.span)) <> 1
            AND upper(line.span) > ask.first_month AND upper(line.span) <= ask.last_day
    ),
    -- The same days between the months of the few returns that cover several.
    between_months AS (
        SELECT ask.key, ask.unit_id AS above_id, ask.first_month, ask.month, line.descendant_id, changed.day
        FROM figures_standing standing
        JOIN tree_ancestry line ON line.descendant_id = standing.unit_id
        CROSS JOIN LATERAL (VALUES (lower(line.span)), (upper(line.span))) AS changed(day)
        JOIN ask ON ask.unit_id = line.ancestor_id
            AND standing.month <= ask.month AND standing.first_month >= ask.first_month
        WHERE standing.first_month < standing.month
          AND standing.month BETWEEN (SELECT min(first_month) FROM ask) AND (SELECT max(month) FROM ask)
          AND changed.day > standing.first_month AND changed.day <= standing.month
          -- Most often there is none, or nobody has moved, which is found out without looking at everything below.
          AND EXISTS (SELECT FROM figures_standing longer WHERE longer.first_month < longer.month
                        AND longer.month BETWEEN (SELECT min(first_month) FROM ask) AND (SELECT max(month) FROM ask))
          AND EXISTS (SELECT FROM tree_placement placed
                      WHERE lower(placed.span) > (SELECT min(first_month) FROM ask)
                        AND lower(placed.span) <= (SELECT max(month) FROM ask))
    ),
    crossed AS MATERIALIZED (
        SELECT * FROM (SELECT * FROM within_a_month UNION SELECT * FROM between_months) changed
        WHERE EXISTS (SELECT FROM tree_ancestry line WHERE line.descendant_id = changed.descendant_id
                        AND line.ancestor_id = changed.above_id AND line.span @> changed.day - 1)
           <> EXISTS (SELECT FROM tree_ancestry line WHERE line.descendant_id = changed.descendant_id
                        AND line.ancestor_id = changed.above_id AND line.span @> changed.day)
    ),
    -- What moved that day: the first on the way up, from whoever reports, that stands elsewhere than the day before.
    moved AS (
        SELECT crossed.*, root.*
        FROM crossed
        CROSS JOIN LATERAL (
            SELECT here.unit_id, was.parent_id AS old_id, here.parent_id AS new_id
            FROM tree_ancestry line
            JOIN tree_placement here ON here.unit_id = line.ancestor_id AND lower(here.span) = crossed.day
            JOIN tree_placement was ON was.unit_id = here.unit_id AND upper(was.span) = crossed.day
                AND was.parent_id IS DISTINCT FROM here.parent_id
            WHERE line.descendant_id = crossed.descendant_id AND line.span @> crossed.day
            ORDER BY line.depth
            LIMIT 1
        ) root
    ),
    astride AS (
        SELECT moved.*, standing.return_id, standing.form, standing.counts, standing.ancestors
        FROM moved
        JOIN figures_standing standing ON standing.unit_id = moved.descendant_id
            AND standing.first_month < moved.day AND (standing.month + interval '1 month')::date > moved.day
            AND standing.first_month >= moved.first_month AND standing.month <= moved.month
        WHERE EXISTS (SELECT FROM tree_unit lives
                      WHERE lives.id = moved.descendant_id
                        AND lives.lifetime @> daterange(moved.day - 1, moved.day, '[]'))
    )
    SELECT astride.key, slot.code, 'moved', astride.unit_id, astride.day, ARRAY[astride.old_id, astride.new_id],
           coalesce(astride.ancestors[array_position(astride.ancestors, astride.unit_id) + 1], astride.new_id),
           count(*)
    FROM astride JOIN slot ON slot.form = astride.form
    WHERE {{known}}
    GROUP BY 1, 2, 3, 4, 5, 6, 7
"""  # noqa: S608
_DOUBTFUL = f"""
    WITH RECURSIVE {ASKED},
    absent AS MATERIALIZED (SELECT * FROM tree_absent(%(tree)s)),
    heir AS MATERIALIZED (SELECT * FROM tree_heirs()),
    doubt AS MATERIALIZED (
        SELECT 'successors' AS reason, heir.unit_id AS root_id, upper(ended.lifetime) AS day,
               absent.parent_id AS place_id, heir.heir_id AS other_id, NULL::date AS before, NULL::date AS since
        FROM heir JOIN tree_unit ended ON ended.id = heir.unit_id JOIN absent ON absent.unit_id = heir.unit_id
        WHERE heir.heirs > 1 AND upper(ended.lifetime) <= %(tree)s AND heir.unit_id <> ALL (%(parted)s)
        UNION ALL
        -- By shares, only what was reported for days before and after is in doubt.
        SELECT 'split', link.predecessor_id, link.on_date, link.predecessor_id, link.successor_id, link.on_date,
               CASE WHEN link.by <> '' THEN link.on_date END
        FROM tree_lineage link JOIN tree_unit parted ON parted.id = link.predecessor_id
        WHERE link.on_date <= %(tree)s
          AND NOT (upper(parted.lifetime) <= %(tree)s AND NOT upper_inf(parted.lifetime) AND EXISTS (
                SELECT FROM heir WHERE heir.unit_id = link.predecessor_id AND heir.heir_id = link.successor_id))
        UNION ALL
        SELECT 'joined', link.successor_id, link.on_date,
               CASE WHEN absent.unit_id IS NULL THEN link.successor_id ELSE absent.parent_id END, link.predecessor_id,
               NULL, link.on_date
        FROM tree_lineage link LEFT JOIN absent ON absent.unit_id = link.successor_id
        WHERE link.on_date > %(tree)s
    ),
    line AS (
        SELECT end_id AS start_id, end_id AS above_id
        FROM doubt CROSS JOIN LATERAL unnest(ARRAY[place_id, other_id]) AS end_id WHERE end_id IS NOT NULL
        UNION
        SELECT line.start_id, above.parent_id
        FROM line CROSS JOIN LATERAL (
            SELECT placed.parent_id FROM tree_placement placed
            WHERE placed.unit_id = line.above_id AND placed.span @> %(tree)s::date
            UNION ALL
            SELECT absent.parent_id FROM absent
            WHERE absent.unit_id = line.above_id AND absent.unit_id <> ALL (%(parted)s)
            UNION ALL
            SELECT part.heir_id FROM unnest(%(parted)s::bigint[], %(heirs)s::bigint[]) AS part(unit_id, heir_id)
            WHERE part.unit_id = line.above_id
        ) above
        WHERE above.parent_id IS NOT NULL
    ),
    touched AS (
        SELECT DISTINCT key, first_month, month, last_day, year, reason, root_id, day, place_id, before, since
        FROM (
            SELECT ask.*, doubt.*
            FROM doubt
            JOIN line ON line.start_id IN (doubt.place_id, doubt.other_id)
            JOIN ask ON ask.unit_id = line.above_id
            WHERE doubt.place_id IS DISTINCT FROM doubt.other_id
        ) ends
        GROUP BY key, first_month, month, last_day, year, reason, root_id, day, place_id, other_id, before, since
        HAVING count(*) = 1
    ),
    member AS (
        SELECT DISTINCT touched.root_id, touched.root_id AS unit_id, absent.unit_id IS NOT NULL AS with_all
        FROM touched LEFT JOIN absent ON absent.unit_id = touched.root_id
        UNION
        SELECT member.root_id, before.unit_id, member.with_all
        FROM member CROSS JOIN LATERAL (
            SELECT absent.unit_id FROM absent
            WHERE absent.parent_id = member.unit_id AND (member.with_all OR absent.by_heir)
              AND absent.unit_id <> ALL (%(parted)s)
            UNION ALL
            SELECT part.unit_id FROM unnest(%(parted)s::bigint[], %(heirs)s::bigint[]) AS part(unit_id, heir_id)
            WHERE part.heir_id = member.unit_id
        ) before
    ),
    counted AS (
        SELECT touched.*, standing.return_id, slot.code
        FROM touched
        JOIN member USING (root_id)
        JOIN figures_standing standing ON standing.unit_id = member.unit_id
            AND standing.month <= touched.month AND standing.first_month >= touched.first_month
            AND (before IS NULL OR standing.first_month < before)
            AND (since IS NULL OR (standing.month + interval '1 month')::date > since)
        JOIN slot ON slot.form = standing.form AND slot.code = ANY (%(flows)s)
        WHERE {{known}}
        UNION ALL
        SELECT touched.*, latest.return_id, latest.code
        FROM touched
        JOIN member USING (root_id)
        JOIN tree_unit lives ON lives.id = member.unit_id AND lives.lifetime @> touched.last_day
        CROSS JOIN LATERAL (
            SELECT DISTINCT ON (slot.code) slot.code, standing.return_id, standing.month
            FROM figures_standing standing
            JOIN slot ON slot.form = standing.form AND slot.code <> ALL (%(flows)s)
            WHERE standing.unit_id = member.unit_id AND standing.month BETWEEN touched.year AND touched.month
              AND {{known}}
            ORDER BY slot.code, standing.month DESC
        ) latest
        WHERE (before IS NULL OR (latest.month + interval '1 month')::date <= before)
          AND (since IS NULL OR (latest.month + interval '1 month')::date > since)
    )
    SELECT key, code, reason, root_id, day,
           (SELECT array_agg(DISTINCT named.other_id) FROM doubt named
            WHERE (named.reason, named.root_id, named.day) = (counted.reason, counted.root_id, counted.day)),
           place_id, count(DISTINCT return_id)
    FROM counted
    GROUP BY key, code, reason, root_id, day, place_id
"""  # noqa: S608


def estimates(
    asks: Sequence[Ask],
    slots: Collection[str],
    *,
    known_on: date | None = None,
    tree: date | None = None,
    parted: Portions | None = None,
) -> Estimates:
    """What of the sums of these asks could be elsewhere in part. One query, and one for names if there is anything.

    On the tree of the time a stock is never in doubt: it is of one day. ``parted``: as in `sums`.
    """
    of_pack = pack().slots()
    flows = sorted(code for code in slots if of_pack[code].behaviour is Behaviour.FLOW)
    wanted = flows if tree is None else sorted(slots)
    if not asks or not wanted:
        return {}
    known = (_KNOWN if known_on is None else _KNOWN_THEN).format(
        row="astride" if tree is None else "standing"
    )
    if parted is None:
        parted = portions(asks, wanted, known_on=known_on, tree=tree)
    ends = parted.divided.ends()
    query = (_ASTRIDE if tree is None else _DOUBTFUL).format(known=known)
    values = {
        **parameters(asks, wanted, known_on, tree),
        "flows": flows,
        "parted": [unit_id for unit_id, _heir in ends],
        "heirs": [heir for _unit, heir in ends],
    }
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        rows = [(*row, None, "") for row in cursor.fetchall()]
    rows += _apportioned(parted, {ask.key: ask.unit_id for ask in asks})
    return _named(rows, {ask.key: ask.period.last_day for ask in asks}) if rows else {}


def _apportioned(parted: Portions, asked: dict[int, int]) -> list[tuple[Any, ...]]:
    """What of divided returns is in the sums in part: as rows of the query above, with the share and by what."""
    found: dict[tuple[int, str, Fork, Fraction], set[int]] = defaultdict(set)
    for each in parted.counted:
        if each.share is not None:
            for fork, share in parted.divided.doubts(each.way, asked[each.key]):
                found[each.key, each.line.slot, fork, share].add(each.line.return_id)
    return [
        (
            key,
            slot,
            Reason.DIVIDED,
            fork.unit_id,
            fork.on,
            parted.divided.successors(fork),
            None,
            len(returns),
            share,
            fork.by,
        )
        for (key, slot, fork, share), returns in found.items()
    ]


def _named(rows: Sequence[tuple[Any, ...]], days: dict[int, date]) -> Estimates:
    mentioned = {
        unit_id
        for _key, _code, _reason, unit_id, _day, others, counted, *_told in rows
        for unit_id in (unit_id, *others, counted)
        if unit_id is not None
    }
    units = unit_views(mentioned, max(days.values()))
    found: Estimates = {}
    for key, code, reason, unit_id, day, others, counted, returns, share, by in rows:
        named = tuple(units[other] for other in others if other is not None)
        if reason != Reason.MOVED:
            named = tuple(sorted(named, key=lambda unit: (unit.sort_key, unit.id)))
        estimate = Estimate(
            Reason(reason), units[unit_id], day, named, units.get(counted), returns, share, by
        )
        found.setdefault((key, code), []).append(estimate)
    for listed in found.values():
        listed.sort(key=lambda each: (each.on, each.unit.sort_key, each.unit.id, each.reason))
    return found
