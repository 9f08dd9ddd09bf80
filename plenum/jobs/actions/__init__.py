"""The acts on jobs: start one, cancel one, start one's own again."""

from plenum.jobs.actions.cancelling import cancel
from plenum.jobs.actions.starting import Given, start, start_again

__all__ = ["Given", "cancel", "start", "start_again"]
