"""All living units on a day, as plain values: what a plan is worked out on."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

SEPARATOR = "\x1f"
"""Stands in no code and in no name that a page or a file can bring."""


class Standing(NamedTuple):
    """A unit as it stands: `id` is None before it is founded, `short` is empty when it has none."""

    id: int | None
    code: str
    name: str
    short: str
    kind: str
    parent: str | None


@dataclass(frozen=True)
class Snapshot:
    """The living units of a day by their codes; `former` are the codes of units that have ended by then."""

    on: date
    units: Mapping[str, Standing]
    former: frozenset[str] = frozenset()

    def digest(self) -> str:
        """The sha256 of the canonical text of the tree; numbers of rows are no part of it."""
        return digest(tree_lines(self.units.values()))


def tree_lines(units: Iterable[Standing]) -> list[str]:
    """One line for each unit, in the order of their codes."""
    return [
        SEPARATOR.join((unit.code, unit.name, unit.short, unit.kind, unit.parent or ""))
        for unit in sorted(units, key=lambda unit: unit.code)
    ]


def digest(lines: Iterable[str]) -> str:
    """The sha256 of lines, as 64 hexadecimal digits."""
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
