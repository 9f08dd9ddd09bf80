"""What is wrong with the way a plan is written: which step, which field, and what would be right."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Flaw(StrEnum):
    """Why a plan cannot be read."""

    NO_FILE_OF_THIS_SORT = "no_file_of_this_sort"
    NO_SHEET = "no_sheet"
    MISSING = "missing"
    UNKNOWN_FIELD = "unknown_field"
    NO_TEXT = "no_text"
    NO_DAY = "no_day"
    NO_SHARE = "no_share"
    NO_LIST = "no_list"
    NO_TABLE = "no_table"
    NOT_ONE_OF = "not_one_of"
    TOO_LONG = "too_long"
    SHARES_NOT_WHOLE = "shares_not_whole"
    NO_PERCENT = "no_percent"
    NO_YEAR = "no_year"
    NO_COUNT = "no_count"


@dataclass(frozen=True)
class Fault:
    """One thing to correct. `step` counts from 1, None is the head of the plan; `line` is that of a sheet."""

    flaw: Flaw
    field: str
    step: int | None = None
    line: int | None = None
    values: Mapping[str, str | int] = dataclasses.field(default_factory=dict)


class Unreadable(ValueError):
    """A plan that cannot be read, with every fault found."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(
            "; ".join(f"{f.step or 'head'} {f.field}: {f.flaw.value} {dict(f.values)}" for f in faults)
        )
        self.faults = tuple(faults)
