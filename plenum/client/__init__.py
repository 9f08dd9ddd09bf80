"""A small typed client of the API, for programs that are not Plenum: needs only httpx.

from plenum.client import Plenum

with Plenum("https://plenum.example", token="plenum_…") as plenum:
    for unit in plenum.units(kind="cell"):
        print(unit["code"], plenum.standing(unit["code"], period="2024-9M")["rows"])
"""

from plenum.client.documents import Documents
from plenum.client.exports import Exports
from plenum.client.figures import Figures
from plenum.client.jobs import Jobs
from plenum.client.people import People
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
from plenum.client.reforms import Reforms
from plenum.client.reports import Reports
from plenum.client.targets import Targets
from plenum.client.units import Units


class Plenum(Units, Documents, Figures, Targets, Reports, Reforms, People, Jobs, Exports):
    """A program's way into one installation, with a method for each operation of the API."""


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
