"""From the facts of a report to its words, in the language asked for, whatever the language of the screen."""

from plenum.reports.wording.report import write
from plenum.reports.wording.written import Written

__all__ = ["Written", "write"]
