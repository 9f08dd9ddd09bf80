"""What speaks against a plan in a particular tree, or should be seen before it is decided."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from plenum.tree.rules import Finding as Refusal

Value = str | int | date


class Problem(StrEnum):
    """What is found about a step, or about a unit as it would be afterwards."""

    UNIT_UNKNOWN = "unit_unknown"
    UNIT_ENDED = "unit_ended"
    NEEDS_EARLIER_STEP = "needs_earlier_step"
    ENDED_BY_EARLIER_STEP = "ended_by_earlier_step"
    CODE_TAKEN = "code_taken"
    SAID_TWICE = "said_twice"
    TWO_FATES = "two_fates"
    ENDS_AND_CHANGES = "ends_and_changes"
    TARGET_ENDS = "target_ends"
    FOUNDED_AND_CHANGES = "founded_and_changes"
    NOT_BELOW = "not_below"
    OUTSIDE = "outside"
    LINEAGE_OF_ONE = "lineage_of_one"
    LINEAGE_KNOWN = "lineage_known"
    SHARES_NOT_WHOLE = "shares_not_whole"
    LEFT_WITHOUT_PARENT = "left_without_parent"
    BELOW_ITSELF = "below_itself"
    KIND_UNKNOWN = "kind_unknown"
    KIND_NOT_IN_FORCE = "kind_not_in_force"
    KIND_NOT_UNDER = "kind_not_under"
    KIND_NEEDS_PARENT = "kind_needs_parent"
    ROOT_EXISTS = "root_exists"
    NO_STEP = "no_step"
    NO_UNIT_OF_KIND = "no_unit_of_kind"
    UNCHANGED = "unchanged"
    NAMES_CLASH = "names_clash"
    SEVERAL_DAYS = "several_days"
    FORMS_END = "forms_end"
    FORMS_BEGIN = "forms_begin"
    PAYROLL_INDICATOR = "payroll_indicator"
    PAYROLL_UNIT = "payroll_unit"
    PAYROLL_TWICE = "payroll_twice"
    HOLDS_ALREADY = "holds_already"
    OTHERS_BETWEEN = "others_between"
    REFUSED = "refused"
    """What the tree refuses; `why` of the values is its own word for that, the others are what it says with it."""


REMARKS = frozenset(
    {
        Problem.NO_UNIT_OF_KIND,
        Problem.UNCHANGED,
        Problem.NAMES_CLASH,
        Problem.SEVERAL_DAYS,
        Problem.HOLDS_ALREADY,
        Problem.FORMS_END,
        Problem.FORMS_BEGIN,
    }
)
"""What should be seen but can be wanted; everything else has to be put right before a reform can be executed."""


@dataclass(frozen=True)
class Finding:
    """One thing found. `step` counts from 1, None is about the plan or the tree as a whole; `unit` is a code."""

    problem: Problem
    step: int | None = None
    unit: str = ""
    values: Mapping[str, Value] = dataclasses.field(default_factory=dict)

    @classmethod
    def of_tree(cls, found: Refusal, step: int | None = None) -> "Finding":
        """What the rules of the tree find, as a finding about the unit that they name."""
        values = {**found.values, "why": found.problem.value, "field": found.field}
        return cls(Problem.REFUSED, step, str(values.pop("unit", "")), values)

    @property
    def blocks(self) -> bool:
        """Whether the reform cannot be executed with it."""
        return self.problem not in REMARKS
