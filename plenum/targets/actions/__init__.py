"""Acts on targets and on what reports state."""

from plenum.targets.actions.load_statements import load_statements
from plenum.targets.actions.load_targets import load_targets
from plenum.targets.actions.record_statement import (
    StatementFields,
    record_statement,
    withdraw_statement,
)
from plenum.targets.actions.set_target import (
    TargetChanged,
    TargetFields,
    amend_target,
    set_target,
    withdraw_target,
)

__all__ = [
    "StatementFields",
    "TargetChanged",
    "TargetFields",
    "amend_target",
    "load_statements",
    "load_targets",
    "record_statement",
    "set_target",
    "withdraw_statement",
    "withdraw_target",
]
