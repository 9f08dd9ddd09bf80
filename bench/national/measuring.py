"""Times, and the line that is printed for every measure."""

import json
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

T = TypeVar("T")

PATIENCE = 8.0
"""Seconds after which a slow question is asked no more."""


@dataclass
class Times:
    """How long a question took, in milliseconds."""

    taken: list[float] = field(default_factory=list)

    @property
    def p50(self) -> float:
        return statistics.median(self.taken)

    @property
    def p95(self) -> float:
        return sorted(self.taken)[max(0, round(len(self.taken) * 0.95) - 1)]

    def told(self, name: str) -> dict[str, Any]:
        """What is printed of them."""
        return {
            f"{name}_ms": round(self.p50, 2),
            f"{name}_p95_ms": round(self.p95, 2),
            f"{name}_asked": len(self.taken),
        }


def timed(question: Callable[[], T], *, times: int = 40) -> tuple[Times, T]:
    """Ask once to warm up, then up to so many times; the answer with how long it took."""
    answer = question()
    found = Times()
    begun = time.perf_counter()
    while len(found.taken) < times and (not found.taken or time.perf_counter() - begun < PATIENCE):
        start = time.perf_counter()
        question()
        found.taken.append((time.perf_counter() - start) * 1000)
    return found, answer


def in_turns(
    question: Callable[[], T], other: Callable[[], T], *, times: int, for_each: int
) -> tuple[tuple[Times, T], tuple[Times, T]]:
    """Ask two questions in turns, one of them more often than the other: what else the machine does meets both."""
    answers = question(), other()
    found, of_other = Times(), Times()
    for _turn in range(times):
        for _each in range(for_each):
            found.taken.append(seconds(question) * 1000)
        of_other.taken.append(seconds(other) * 1000)
    return (found, answers[0]), (of_other, answers[1])


def seconds(deed: Callable[[], Any]) -> float:
    """How long a deed takes that is done once."""
    start = time.perf_counter()
    deed()
    return time.perf_counter() - start


class Report:
    """Prints a line per measure as soon as it is known; remembers whether one of them is not as it should be."""

    def __init__(self, scale: float) -> None:
        self.scale = scale
        self.failed: list[str] = []

    def line(
        self,
        bench: str,
        ratio: float | None,
        limit: float | None,
        *,
        right: bool = True,
        at_least: bool = False,
        **more: Any,
    ) -> None:
        """One measure: within its limit, and only if the answer was right."""
        within = ratio is None or limit is None or (ratio >= limit if at_least else ratio <= limit)
        ok = right and within
        if not ok:
            self.failed.append(bench)
        said = {
            "bench": bench,
            "ratio": None if ratio is None else float(f"{ratio:.4g}"),
            "limit": limit,
            "ok": ok,
            "right": right,
            "scale": self.scale,
        }
        print(json.dumps(said | more, ensure_ascii=False), flush=True)
