"""The API of returns and figures."""

from plenum.figures.api import acts, reads, workbooks
from plenum.figures.api.routing import router

__all__ = ["acts", "reads", "router", "workbooks"]
