"""The rules of reforms: plans, what they come to, and what speaks against them. No Django, no database, no clock."""

from plenum.reorganisations.rules.concerned import Left, asked, left, outside, touched
from plenum.reorganisations.rules.data import as_data, from_data
from plenum.reorganisations.rules.findings import Finding, Problem
from plenum.reorganisations.rules.flaws import Fault, Flaw, Unreadable
from plenum.reorganisations.rules.outcome import Fate, Outcome, Phase, outcome, outcome_digest
from plenum.reorganisations.rules.phase import Heir
from plenum.reorganisations.rules.plan import (
    TO_PARENT,
    ChangeKind,
    Dissolve,
    EndLevel,
    Found,
    Merge,
    Move,
    NewUnit,
    Part,
    Plan,
    Rename,
    Split,
    SplitBy,
    Step,
    Successor,
    codes_named,
    new_units,
)
from plenum.reorganisations.rules.sheets import read_sheets, write_sheets
from plenum.reorganisations.rules.sides import Branch, Mark, Sides, Sign, sides
from plenum.reorganisations.rules.snapshot import Snapshot, Standing
from plenum.reorganisations.rules.toml import read_toml, write_toml

__all__ = [
    "TO_PARENT",
    "Branch",
    "ChangeKind",
    "Dissolve",
    "EndLevel",
    "Fate",
    "Fault",
    "Finding",
    "Flaw",
    "Found",
    "Heir",
    "Left",
    "Mark",
    "Merge",
    "Move",
    "NewUnit",
    "Outcome",
    "Part",
    "Phase",
    "Plan",
    "Problem",
    "Rename",
    "Sides",
    "Sign",
    "Snapshot",
    "Split",
    "SplitBy",
    "Standing",
    "Step",
    "Successor",
    "Unreadable",
    "as_data",
    "asked",
    "codes_named",
    "from_data",
    "left",
    "new_units",
    "outcome",
    "outcome_digest",
    "outside",
    "read_sheets",
    "read_toml",
    "sides",
    "touched",
    "write_sheets",
    "write_toml",
]
