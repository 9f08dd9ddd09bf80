"""One return as people read and fill it in: its figures beside earlier ones, its versions and its course."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from plenum.figures.rules import Deed, Finding
from plenum.packs import Form, Slot
from plenum.periods import Period
from plenum.tree.queries import UnitView


@dataclass(frozen=True)
class SheetRow:
    """One slot to fill in: the draft's figure, that of the period before, and the one that stands as accepted."""

    slot: Slot
    value: int | None
    illustrative: bool
    previous: int | None
    accepted: int | None


@dataclass(frozen=True)
class Sheet:
    """The entry form of a return, whether it has been begun or not.

    ``edition`` goes back with the form (0 when nothing has been entered). ``deeds``: what its state allows, whoever may.
    ``reason``: why it was sent back or is being corrected. ``previous_period``: what the previous figures are of.
    """

    unit: UnitView
    form: Form
    period: Period
    return_id: int | None
    state: str
    edition: int
    rows: tuple[SheetRow, ...]
    remark: str
    reason: str
    previous_period: Period | None
    findings: tuple[Finding, ...]
    deeds: frozenset[Deed]
    due_on: date
    saved_by: str
    saved_at: datetime | None


@dataclass(frozen=True)
class Change:
    """One slot in which a version differs from the one before it."""

    slot: Slot
    before: int | None
    after: int | None

    @property
    def difference(self) -> int | None:
        """After minus before; None when either was not reported."""
        return None if self.before is None or self.after is None else self.after - self.before


@dataclass(frozen=True)
class VersionView:
    """One version with what it changed (for the first: everything reported) and when it became known, if ever."""

    number: int
    values: dict[str, int | None]
    illustrative: frozenset[str]
    changes: tuple[Change, ...]
    remark: str
    reason: str
    entered_by: str
    submitted_by: str
    on_date: date
    recorded_at: datetime
    accepted_on: date | None


@dataclass(frozen=True)
class StepView:
    """One step in the course of the return."""

    what: Deed
    version: int
    reason: str
    by: str
    on_date: date
    recorded_at: datetime


@dataclass(frozen=True)
class ReturnView:
    """A return with everything about it. ``rows`` show the draft; versions are newest first, steps oldest first."""

    sheet: Sheet
    version: int
    accepted_version: int | None
    versions: tuple[VersionView, ...]
    steps: tuple[StepView, ...]


def sheet(unit_id: int, form: str, period: Period, on: date) -> Sheet:
    """The entry form of a unit for a form and period.

    LookupError when the pack has no such form. Whether the unit may report for the period is said by
    `plenum.figures.actions.check_reportable`.
    """
    raise LookupError


def return_view(return_id: int, on: date) -> ReturnView:
    """A return with its versions and steps; LookupError (`Return.DoesNotExist`) if there is none."""
    raise LookupError


def own_returns(unit_ids: Iterable[int], *, period: Period | None = None) -> list[Sheet]:
    """The returns of units that have been begun, latest month first (without previous figures)."""
    raise LookupError
