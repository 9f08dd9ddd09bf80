"""The API of returns and figures."""

from plenum.figures.api import acts, collections, reads, workbooks
from plenum.figures.api.routing import router

__all__ = ["acts", "collections", "reads", "router", "workbooks"]
