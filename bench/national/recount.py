"""The independent recount: numpy over accepted entries and placements, which shares nothing with the roll-ups."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import psycopg

from plenum.packs import Behaviour
from plenum.site.sample.figures import FORM, form

Array = np.ndarray[Any, Any]
CODES = [slot.code for slot in form().slots]
STOCKS = np.array([slot.behaviour is Behaviour.STOCK for slot in form().slots])
WIDTH = len(CODES)
HEAD = 4
EPOCH = date(2000, 1, 1)

_ENTRIES = """
    COPY (SELECT concat_ws(' ', filed.id, filed.unit_id, extract(month FROM filed.month)::int,
                           entry.known_on - '2000-01-01'::date, array_to_string(entry.delta, ' '),
                           array_to_string(entry.delta_counts, ' '))
          FROM figures_return filed JOIN figures_entry entry ON entry.return_id = filed.id
          WHERE filed.form = '{form}' AND filed.month = '{month}' ORDER BY filed.id, entry.id)
    TO STDOUT
"""


@dataclass(frozen=True)
class Totals:
    """What every unit adds up to, slot by slot, and how many units made it up; the first index is the unit's id."""

    values: Array
    units: Array

    def of(self, unit_id: int, codes: Iterable[str] = CODES) -> dict[str, int]:
        """By slot code what is known of one unit."""
        places = [CODES.index(code) for code in codes]
        return {CODES[at]: int(self.values[unit_id, at]) for at in places if self.units[unit_id, at] > 0}


class Recount:
    """All accepted entries of a year, and the tree, as plain arrays."""

    def __init__(self, owner: "psycopg.Connection[Any]", year: int) -> None:
        rows = np.concatenate([_entries(owner, date(year, month, 1)) for month in range(1, 13)])
        self.returned, self.unit, self.month, self.known_on = rows[:, :HEAD].T
        self.delta = rows[:, HEAD : HEAD + WIDTH]
        self.counts = rows[:, HEAD + WIDTH :]

    @property
    def figures(self) -> int:
        """How many figures have been accepted, corrections not counted again."""
        return int(self.counts.sum())

    def latest(self, known_on: date | None = None) -> tuple[Array, Array, Array, Array]:
        """Of every return its unit, month, values and which of them are known, when a day ended."""
        held = slice(None) if known_on is None else self.known_on <= (known_on - EPOCH).days
        returned, unit, month = self.returned[held], self.unit[held], self.month[held]
        order = np.argsort(returned, kind="stable")
        starts = np.flatnonzero(np.diff(returned[order], prepend=-1))
        first = order[starts]
        values = np.add.reduceat(self.delta[held][order], starts)
        known = np.add.reduceat(self.counts[held][order], starts)
        return unit[first], month[first], values, known

    def totals(
        self, parents: Array, *, first: int = 1, last: int = 12, known_on: date | None = None
    ) -> Totals:
        """Flows summed over the months, stocks as last known up to the last one, for every unit on a tree."""
        unit, month, values, known = self.latest(known_on)
        sums = np.zeros((len(parents), WIDTH), dtype=np.int64)
        counts = np.zeros((len(parents), WIDTH), dtype=np.int64)
        for each in range(1, last + 1):
            rows = month == each
            ids, said, there = unit[rows], values[rows], known[rows] > 0
            stocks = there & STOCKS
            sums[ids] = np.where(stocks, said, sums[ids])
            counts[ids] = np.where(stocks, 1, counts[ids])
            if each >= first:
                flows = there & ~STOCKS
                sums[ids] += np.where(flows, said, 0)
                counts[ids] |= flows
        reporting = np.unique(unit)
        own, own_counts = sums[reporting], counts[reporting]
        above = parents[reporting]
        while above.any():
            np.add.at(sums, above, own)
            np.add.at(counts, above, own_counts)
            above = np.where(above > 0, parents[above], 0)
        sums[0] = counts[0] = 0
        return Totals(sums, counts)


def parents(owner: "psycopg.Connection[Any]", day: date) -> Array:
    """The unit above every unit on a day, by id; 0 where there is none."""
    pairs = owner.execute(
        "SELECT unit_id, coalesce(parent_id, 0) FROM tree_placement WHERE span @> %s::date", [day]
    ).fetchall()
    (largest,) = owner.execute("SELECT max(id) FROM tree_unit").fetchone() or (0,)
    found = np.zeros(largest + 1, dtype=np.int64)
    units, above = np.array(pairs, dtype=np.int64).T
    found[units] = above
    return found


def _entries(owner: "psycopg.Connection[Any]", month: date) -> Array:
    with owner.cursor() as cursor, cursor.copy(_ENTRIES.format(form=FORM, month=month)) as copy:
        text = b"".join(map(bytes, copy)).decode()
    return np.array(text.split(), dtype=np.int64).reshape(-1, HEAD + 2 * WIDTH)
