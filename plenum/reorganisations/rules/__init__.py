"""The rules of reforms: plans, what they come to, and what speaks against them. No Django, no database, no clock."""

from plenum.reorganisations.rules.data import as_data, from_data
from plenum.reorganisations.rules.flaws import Fault, Flaw, Unreadable
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
)
from plenum.reorganisations.rules.toml import read_toml, write_toml

__all__ = [
    "TO_PARENT",
    "ChangeKind",
    "Dissolve",
    "EndLevel",
    "Fault",
    "Flaw",
    "Found",
    "Merge",
    "Move",
    "NewUnit",
    "Part",
    "Plan",
    "Rename",
    "Split",
    "SplitBy",
    "Step",
    "Successor",
    "Unreadable",
    "as_data",
    "from_data",
    "read_toml",
    "write_toml",
]
