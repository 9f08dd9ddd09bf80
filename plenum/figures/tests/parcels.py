"""What of some returns goes where when units are divided: taken apart by hand, for the recount."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

Chain = list[int]


@dataclass
class Parcel:
    """What of some returns is with a unit on its way through time: amounts by return, and whom it has been with.

    `as_itself`: it is the unit's own past, or that of one whose place it took; else it only stood below.
    """

    holder: int
    since: date
    as_itself: bool
    been: Chain
    amounts: dict[int, int]


def shared(
    parcel: Parcel, parts: list[tuple[int, Fraction]], day: date, stays: int | None = None
) -> list[Parcel]:
    """A parcel taken apart by shares: each return in whole numbers, nothing lost, nobody short in the long run."""
    amounts: list[dict[int, int]] = [{} for _part in parts]
    had = [0] * len(parts)
    so_far = 0
    for return_id, amount in parcel.amounts.items():
        so_far += amount
        due = [so_far * share - known for (_heir, share), known in zip(parts, had, strict=True)]
        given = [max(0, int(each // 1)) if amount else 0 for each in due]
        while sum(given) < amount:
            most = max(due[place] - given[place] for place in range(len(parts)))
            given[next(p for p in range(len(parts)) if due[p] - given[p] == most)] += 1
        while sum(given) > amount:
            least = min(due[p] - given[p] for p in range(len(parts)) if given[p])
            given[max(p for p in range(len(parts)) if given[p] and due[p] - given[p] == least)] -= 1
        for place, part in enumerate(given):
            amounts[place][return_id] = part
            had[place] += part
    return [
        Parcel(
            heir,
            day,
            parcel.as_itself,
            parcel.been if heir == stays else [*(parcel.been[:-1] if stays else parcel.been), heir],
            amounts[place],
        )
        for place, (heir, _share) in enumerate(parts)
    ]
