"""Why an act on a unit is refused."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Problem(StrEnum):
    """Why an act on a unit is refused."""

    CODE_NOT_PLAIN = "code_not_plain"
    CODE_TAKEN = "code_taken"
    NAME_MISSING = "name_missing"
    NAME_TOO_LONG = "name_too_long"
    KIND_UNKNOWN = "kind_unknown"
    KIND_NOT_IN_FORCE = "kind_not_in_force"
    KIND_NEEDS_PARENT = "kind_needs_parent"
    KIND_NOT_UNDER = "kind_not_under"
    CHILD_KIND_NOT_UNDER = "child_kind_not_under"
    ENDS_BEFORE_IT_STARTS = "ends_before_it_starts"
    BEFORE_FOUNDING = "before_founding"
    AFTER_END = "after_end"
    ALREADY_ENDED = "already_ended"
    UNCHANGED = "unchanged"
    CHANGED_THAT_DAY = "changed_that_day"
    CHANGED_LATER = "changed_later"
    PARENT_NOT_ALIVE = "parent_not_alive"
    BELOW_ITSELF = "below_itself"
    ROOT_EXISTS = "root_exists"
    CHILDREN_ALIVE = "children_alive"
    NOTHING_TO_TAKE_BACK = "nothing_to_take_back"
    LINEAGE_OF_ONE = "lineage_of_one"
    LINEAGE_KNOWN = "lineage_known"
    PREDECESSOR_TOO_YOUNG = "predecessor_too_young"
    UNIT_UNKNOWN = "unit_unknown"
    SAID_TWICE = "said_twice"
    ENDS_AND_CHANGES = "ends_and_changes"
    ENDS_AND_IS_NAMED = "ends_and_is_named"
    SHARE_NOT_POSSIBLE = "share_not_possible"
    SHARES_NOT_WHOLE = "shares_not_whole"
    IN_EFFECT = "in_effect"
    CHANGED_SINCE = "changed_since"
    STILL_NAMED = "still_named"
    NAMED_BY_ROWS = "named_by_rows"
    """Rows of other rooms name a unit; which ones they are, those rooms say."""
    ENDED_BY_REFORM = "ended_by_reform"


@dataclass(frozen=True)
class Finding:
    """One reason against an act: `field` is the argument to correct, `values` are what a sentence about it needs."""

    problem: Problem
    field: str
    values: Mapping[str, str | int | date] = dataclasses.field(default_factory=dict)


class Refused(ValueError):
    """An act that the rules of the tree do not allow, with every reason found."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("; ".join(f"{f.field}: {f.problem.value} {dict(f.values)}" for f in findings))
        self.findings = tuple(findings)
