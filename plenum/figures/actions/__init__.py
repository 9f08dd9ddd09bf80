"""What is done with returns. Each act checks the power, applies the rules, writes and journals in one transaction."""

from plenum.figures.actions.answer import accept_return, send_back
from plenum.figures.actions.collect import Collected, NotCollected, Tally, collect_returns
from plenum.figures.actions.draft import (
    correct_return,
    discard_draft,
    save_draft,
    submit_return,
    withdraw_return,
)
from plenum.figures.actions.load_obligations import load_obligations
from plenum.figures.actions.load_returns import load_returns
from plenum.figures.actions.oblige import check_reportable, end_obligation, oblige_unit, take_back_obligation
from plenum.figures.actions.turn import ReturnChanged

__all__ = [
    "Collected",
    "NotCollected",
    "ReturnChanged",
    "Tally",
    "accept_return",
    "check_reportable",
    "collect_returns",
    "correct_return",
    "discard_draft",
    "end_obligation",
    "load_obligations",
    "load_returns",
    "oblige_unit",
    "save_draft",
    "send_back",
    "submit_return",
    "take_back_obligation",
    "withdraw_return",
]
