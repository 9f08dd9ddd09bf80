"""Units counted from the register: how many of each kind live below others, on the tree of the time or of a day."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from plenum.figures.queries.attribution import Estimate, Reason
from plenum.tree.queries import Divided, UnitView, below_by_branch, below_by_kind, regrouped, unit_views


@dataclass(frozen=True)
class Counted:
    """How many units of each kind count somewhere; `doubts`: which of them count with one of several successors."""

    kinds: Mapping[str, int] = field(default_factory=dict)
    doubts: Mapping[str, Sequence[Estimate]] = field(default_factory=dict)


def counted(
    unit_ids: Sequence[int], as_of: date, *, tree: date | None, found: Divided
) -> Mapping[int, Counted]:
    """The units that live below each of several on a day. One query; two more if one of them was divided since."""
    kinds = below_by_kind(unit_ids, as_of, tree=tree)
    return _regrouped({each: kinds.get(each, {}) for each in unit_ids}, unit_ids, as_of, found)


def counted_by_branch(
    unit_id: int, standing: Sequence[UnitView], as_of: date, *, tree: date | None, found: Divided
) -> Mapping[int, Counted]:
    """The same of one unit by the units directly below it: for the unit above, each counts itself, too."""
    if tree is not None:
        kinds = below_by_branch(unit_id, as_of, tree=tree)
        return _regrouped(kinds, [unit_id], as_of, found, by_branch=True)
    below = below_by_kind([child.id for child in standing], as_of)
    return {child.id: Counted(Counter(below.get(child.id, {})) + Counter([child.kind])) for child in standing}


def _regrouped(
    kinds: Mapping[int, Mapping[str, int]],
    unit_ids: Iterable[int],
    as_of: date,
    found: Divided,
    *,
    by_branch: bool = False,
) -> dict[int, Counted]:
    moved = regrouped(found, unit_ids, as_of, by_branch=by_branch)
    if not moved:
        return {each: Counted(of_unit) for each, of_unit in kinds.items()}
    forks = [(each, *doubt) for each in moved for doubt in found.doubts(each.way, each.above_id)]
    named = {unit for _each, fork, _share in forks for unit in (fork.unit_id, *found.successors(fork))}
    units = unit_views(named, as_of) if named else {}
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    for unit_id, of_unit in kinds.items():
        counts[unit_id].update(of_unit)
    for each in moved:
        for branch, sign in ((each.was, -1), (each.now, 1)):
            if branch is not None:
                counts[branch if by_branch else each.above_id][each.kind] += sign
    doubts: dict[int, dict[str, list[Estimate]]] = defaultdict(lambda: defaultdict(list))
    for each, fork, share in forks:
        others = sorted(
            (units[heir] for heir in found.successors(fork)), key=lambda unit: (unit.sort_key, unit.id)
        )
        at = each.now if by_branch else each.above_id
        if at is not None:
            doubts[at][each.kind].append(
                Estimate(Reason.DIVIDED, units[fork.unit_id], fork.on, tuple(others), None, 0, share, fork.by)
            )
    return {
        each: Counted(dict(of_unit), doubts.get(each, {}))
        for each, of_unit in counts.items()
        if not by_branch or any(of_unit.values())
    }
