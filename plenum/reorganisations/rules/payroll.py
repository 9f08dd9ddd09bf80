"""Posts against a payroll target: what a plan asks for, and what its posts come to beside the heads of today. Pure.

The target is a change in percent of the heads counted today; how far a plan is from it is said in percentage points.
"""

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from fractions import Fraction

from plenum.reorganisations.rules.findings import Finding, Problem
from plenum.reorganisations.rules.outcome import Outcome
from plenum.reorganisations.rules.plan import Payroll
from plenum.reorganisations.rules.snapshot import Snapshot


@dataclass(frozen=True)
class PostsOf:
    """One unit: how many heads count there after the plan by the figures of today (None: not known), and its posts."""

    unit: str
    heads: Fraction | None
    posts: int
    estimated: bool = False


@dataclass(frozen=True)
class PayrollResult:
    """What the posts come to. Units without a figure are in no sum: neither their heads nor their posts.

    `without_figure` have posts but no known heads; `without_posts` are changed by the plan and have none.
    """

    rows: tuple[PostsOf, ...]
    target: Fraction
    without_figure: tuple[str, ...]
    without_posts: tuple[str, ...]

    @property
    def heads(self) -> Fraction:
        """Heads of today at the units whose figures are known."""
        return sum((row.heads for row in self.rows if row.heads is not None), Fraction(0))

    @property
    def posts(self) -> int:
        """Posts afterwards at the same units."""
        return sum(row.posts for row in self.rows if row.heads is not None)

    @property
    def change(self) -> Fraction | None:
        """By how many percent the posts differ from the heads; None when no heads are known."""
        return Fraction(self.posts - self.heads) / self.heads * 100 if self.heads else None

    @property
    def points_from_target(self) -> Fraction | None:
        """How many percentage points the change is above the target; at most 0 when it is met."""
        return None if self.change is None else self.change - self.target

    @property
    def met(self) -> bool | None:
        """Whether the posts are no more than the target allows; None while that cannot be known."""
        if self.points_from_target is None or self.without_figure:
            return None
        return self.points_from_target <= 0


def payroll_result(
    payroll: Payroll, heads: Mapping[str, tuple[Fraction, bool]], concerned: Iterable[str], after: Snapshot
) -> PayrollResult:
    """What the posts of a plan come to. `heads`: by code, with whether it is estimated; `concerned`: changed units."""
    rows = []
    for code, posts in payroll.posts:
        value, estimated = heads.get(code, (None, False))
        rows.append(PostsOf(code, value, posts, estimated))
    given = {code for code, _posts in payroll.posts}
    above_given = {above for code in given for above in _above(after, code)}
    return PayrollResult(
        rows=tuple(rows),
        target=payroll.change,
        without_figure=tuple(row.unit for row in rows if row.heads is None),
        without_posts=tuple(
            code
            for code in sorted(concerned)
            if code not in given and code not in above_given and given.isdisjoint(_above(after, code))
        ),
    )


def check_payroll(payroll: Payroll, came: Outcome, stocks: Set[str], owner: str) -> list[Finding]:
    """What speaks against the payroll part of a plan of `owner`. `stocks`: the indicators that count a stock."""
    found: list[Finding] = []
    if payroll.indicator not in stocks:
        choices = ", ".join(sorted(stocks))
        values = {"indicator": payroll.indicator, "choices": choices}
        found.append(Finding(Problem.PAYROLL_INDICATOR, None, "", values))
    given: dict[str, int] = {}
    for code, _posts in payroll.posts:
        given[code] = given.get(code, 0) + 1
    for code, times in given.items():
        if code not in came.after.units:
            found.append(Finding(Problem.PAYROLL_UNIT, None, code))
        elif code != owner and owner not in _above(came.after, code):
            found.append(Finding(Problem.OUTSIDE, None, code, {"owner": owner}))
        elif times > 1:
            found.append(Finding(Problem.PAYROLL_TWICE, None, code, {"of": code}))
        elif twice := next((above for above in _above(came.after, code) if above in given), None):
            found.append(Finding(Problem.PAYROLL_TWICE, None, code, {"of": twice}))
    return found


def _above(tree: Snapshot, code: str) -> Iterator[str]:
    """What stands above a unit, the nearest first."""
    unit = tree.units.get(code)
    seen = {code}
    while unit is not None and unit.parent is not None and unit.parent not in seen:
        seen.add(unit.parent)
        yield unit.parent
        unit = tree.units.get(unit.parent)
