"""The API of reforms: draft one, rehearse it, approve, decide, execute and undo it, and the work that follows."""

from plenum.reorganisations.api import deeds, plans, work
from plenum.reorganisations.api.routing import router

__all__ = ["deeds", "plans", "router", "work"]
