"""One return as people read and fill it in: its figures beside earlier ones, its versions and its course."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from plenum.figures.models import Entry, Return, Version
from plenum.figures.queries.below import Shown
from plenum.figures.queries.pieces import Pieces
from plenum.figures.rules import Deed, Figures, Finding, State, deeds_possible, due_on, findings
from plenum.packs import Form, Slot, pack
from plenum.periods import Period
from plenum.tree.queries import UnitView, unit_view, unit_views


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

    ``edition`` goes back with the form (0 when nothing has been entered), ``state`` is then ``missing``. ``deeds``:
    what its state allows, whoever may. ``reason``: why it is being corrected. ``sent_back_reason``: why it came back.
    ``previous_period``: what the previous figures are of. ``findings``: what does not fit in the draft.
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
    sent_back_reason: str
    previous_period: Period | None
    findings: tuple[Finding, ...]
    deeds: frozenset[Deed]
    due_on: date
    entered_by: str
    changed_by: str
    changed_at: datetime | None


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


MISSING = "missing"
"""The state of a return that nobody has begun."""


def sheet(unit_id: int, form: str, period: Period, on: date) -> Sheet:
    """The entry form of a unit for a form and period; names as on the day.

    LookupError when the pack has no such form. Whether the unit may report for the period is said by
    `plenum.figures.actions.check_reportable`.
    """
    the_form = pack().forms[form]
    returned = Return.objects.filter(unit_id=unit_id, form=form, period_code=period.code).first()
    return _laid_out(unit_view(unit_id, on), the_form, period, returned)


def return_view(return_id: int, on: date) -> ReturnView:
    """A return with its versions and steps; LookupError (`Return.DoesNotExist`) if there is none."""
    returned = Return.objects.get(pk=return_id)
    form = returned.form_of_pack
    known = {entry.version_id: entry.known_on for entry in Entry.objects.filter(of_return=returned)}
    versions: list[VersionView] = []
    before: dict[str, int | None] = {}
    for version in returned.versions.order_by("number"):
        after = version.figures.by_slot(form)
        versions.insert(0, _version_view(version, form, before, after, known.get(version.pk)))
        before = after
    steps = tuple(
        StepView(Deed(step.what), step.version, step.reason, step.by, step.on_date, step.recorded_at)
        for step in returned.steps.order_by("number")
    )
    return ReturnView(
        sheet=_laid_out(unit_view(returned.unit_id, on), form, returned.period, returned),
        version=returned.version,
        accepted_version=returned.accepted_version,
        versions=tuple(versions),
        steps=steps,
    )


class OwnReturns(Pieces[Sheet]):
    """Returns that have been begun, without earlier figures. Their number is one query, a piece of them two."""

    def __init__(self, returns: "QuerySet[Return]", on: date) -> None:
        self._returns = returns
        self._on = on

    def _counted(self) -> int:
        return self._returns.count()

    def _piece(self, start: int, stop: int) -> list[Sheet]:
        found = list(self._returns[start:stop])
        units = unit_views({returned.unit_id for returned in found}, self._on)
        return [
            _sheet(units[each.unit_id], each.form_of_pack, each.period, each, {}, None, {}) for each in found
        ]


def own_returns(shown: Shown, on: date, *, period: Period | None = None) -> OwnReturns:
    """The returns of units that have been begun, latest month first."""
    returns = shown.filtered(Return.objects.order_by("-month", "form", "unit_id"))
    if period is not None:
        returns = returns.filter(first_month__gte=period.start, month__lte=period.last_month)
    return OwnReturns(returns, on)


def figures_before(returned: Return) -> dict[str, int | None] | None:
    """What the return for the period just before says in its latest version, by slot; None if there is none."""
    version = _versions_before(returned.unit_id, returned.form, returned.period).first()
    return version.figures.by_slot(returned.form_of_pack) if version else None


def _versions_before(unit_id: int, form: str, period: Period) -> "QuerySet[Version]":
    month = (period.start - timedelta(days=1)).replace(day=1)
    return (
        Version.objects.filter(of_return__unit=unit_id, of_return__form=form, of_return__month=month)
        .select_related("of_return")
        .order_by("-number")
    )


def _laid_out(unit: UnitView, form: Form, period: Period, returned: Return | None) -> Sheet:
    version = _versions_before(unit.id, form.code, period).first()
    before = version.figures.by_slot(form) if version else None
    accepted: dict[str, int | None] = {}
    if returned is not None and returned.accepted_version is not None:
        accepted = returned.versions.get(number=returned.accepted_version).figures.by_slot(form)
    return _sheet(
        unit, form, period, returned, before or {}, version.of_return.period if version else None, accepted
    )


def _sheet(
    unit: UnitView,
    form: Form,
    period: Period,
    returned: Return | None,
    before: Mapping[str, int | None],
    previous_period: Period | None,
    accepted: Mapping[str, int | None],
) -> Sheet:
    draft = returned.draft if returned else Figures.of(form, {})
    values, marked = draft.by_slot(form), draft.marked(form)
    return Sheet(
        unit=unit,
        form=form,
        period=period,
        return_id=returned.pk if returned else None,
        state=returned.state if returned else MISSING,
        edition=returned.edition if returned else 0,
        rows=tuple(
            SheetRow(
                slot, values[slot.code], slot.code in marked, before.get(slot.code), accepted.get(slot.code)
            )
            for slot in form.slots
        ),
        remark=returned.remark if returned else "",
        reason=returned.reason if returned else "",
        sent_back_reason=returned.sent_back_reason if returned else "",
        previous_period=previous_period,
        findings=findings(form, values, before=before or None) if returned else (),
        deeds=_deeds(returned),
        due_on=due_on(form, period),
        entered_by=returned.entered_by if returned else "",
        changed_by=returned.changed_by if returned else "",
        changed_at=returned.changed_at if returned else None,
    )


def _deeds(returned: Return | None) -> frozenset[Deed]:
    if returned is None:
        return deeds_possible(None, submitted=False, accepted=False)
    return deeds_possible(
        State(returned.state),
        submitted=returned.version > 0,
        accepted=returned.accepted_version is not None,
    )


def _version_view(
    version: Version,
    form: Form,
    before: Mapping[str, int | None],
    after: Mapping[str, int | None],
    accepted_on: date | None,
) -> VersionView:
    changes = tuple(
        Change(slot, before.get(slot.code), after[slot.code])
        for slot in form.slots
        if before.get(slot.code) != after[slot.code]
    )
    return VersionView(
        number=version.number,
        values=dict(after),
        illustrative=version.figures.marked(form),
        changes=changes,
        remark=version.remark,
        reason=version.reason,
        entered_by=version.entered_by,
        submitted_by=version.submitted_by,
        on_date=version.on_date,
        recorded_at=version.recorded_at,
        accepted_on=accepted_on,
    )
