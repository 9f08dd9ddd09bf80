"""Acts on reforms: each asks for its power, and is journalled."""

from plenum.reorganisations.actions.approve import approve_reform, withdraw_approval
from plenum.reorganisations.actions.decide import accept_proposals, decide
from plenum.reorganisations.actions.draft import (
    change_reform,
    draft_reform,
    submit_reform,
    take_back_change,
)
from plenum.reorganisations.actions.execute import Stale, execute_reform
from plenum.reorganisations.actions.finish_work import finish_work
from plenum.reorganisations.actions.rehearse import rehearse_reform
from plenum.reorganisations.actions.turn import ReformChanged
from plenum.reorganisations.actions.undo import undo_reform

__all__ = [
    "ReformChanged",
    "Stale",
    "accept_proposals",
    "approve_reform",
    "change_reform",
    "decide",
    "draft_reform",
    "execute_reform",
    "finish_work",
    "rehearse_reform",
    "submit_reform",
    "take_back_change",
    "undo_reform",
    "withdraw_approval",
]
