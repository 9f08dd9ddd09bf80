"""Units that would be too small or too large for their kind by the limits of the rule pack. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from plenum.reorganisations.rules.snapshot import Snapshot


@dataclass(frozen=True)
class Limits:
    """How many a unit of a kind has at least and at most; None where nothing is said."""

    fewest: int | None
    most: int | None


@dataclass(frozen=True)
class OutOfBounds:
    """A unit that would be too small (`few`) or too large for its kind."""

    unit: str
    kind: str
    size: Fraction
    estimated: bool
    few: bool


@dataclass(frozen=True)
class Sizes:
    """What was found: units out of bounds, how many were judged, and by kind how many could not be.

    `unknown`: their kind has limits, but nobody has reported their size. `without_limits`: the pack says nothing.
    """

    out: tuple[OutOfBounds, ...]
    judged: int
    unknown: Mapping[str, int]
    without_limits: Mapping[str, int]


def judge_sizes(
    codes: Iterable[str],
    after: Snapshot,
    limits: Mapping[str, Limits],
    sizes: Mapping[str, tuple[Fraction, bool]],
) -> Sizes:
    """Judge units that live after a plan. `sizes`: by code, with whether it is estimated; absent: not known."""
    out: list[OutOfBounds] = []
    unknown: dict[str, int] = {}
    without: dict[str, int] = {}
    judged = 0
    for code in sorted(codes):
        kind = after.units[code].kind
        limit = limits.get(kind)
        if limit is None:
            without[kind] = without.get(kind, 0) + 1
        elif code not in sizes:
            unknown[kind] = unknown.get(kind, 0) + 1
        else:
            judged += 1
            size, estimated = sizes[code]
            few = limit.fewest is not None and size < limit.fewest
            many = limit.most is not None and size > limit.most
            if few or many:
                out.append(OutOfBounds(code, kind, size, estimated, few))
    return Sizes(tuple(out), judged, unknown, without)
