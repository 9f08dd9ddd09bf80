"""A small typed client of the API, for programs that are not Plenum: needs only httpx.

from plenum.client import Plenum

with Plenum("https://plenum.example", token="plenum_…") as plenum:
    for unit in plenum.units(kind="cell"):
        print(unit["code"], plenum.standing(unit["code"], period="2024-9M")["rows"])
"""

from plenum.client.asking import Plenum
from plenum.client.problems import (
    ChangedMeanwhile,
    Fault,
    NotAccepted,
    NotFound,
    NotPermitted,
    NotSignedIn,
    Problem,
    TooManyRequests,
)

__all__ = [
    "ChangedMeanwhile",
    "Fault",
    "NotAccepted",
    "NotFound",
    "NotPermitted",
    "NotSignedIn",
    "Plenum",
    "Problem",
    "TooManyRequests",
]
