"""Targets and statements as they hold, or as they were known on a day."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from plenum.periods import Period
from plenum.targets.models import Statement, Target
from plenum.targets.queries.rows import TargetView, plain
from plenum.targets.rules import Comparison

Key = tuple[int, str, str]
"""Unit, indicator and period code: for these there is one target at a time."""


def latest_rows(rows: QuerySet[Target], known_on: date | None) -> dict[Key, Target]:
    """For each unit, indicator and period the row that stands last, be it a withdrawal."""
    if known_on is not None:
        rows = rows.filter(known_on__lte=known_on)
    return {(row.unit_id, row.indicator, row.period_code): row for row in rows.order_by("id")}


def live_targets(
    unit_ids: Iterable[int],
    periods: Iterable[Period],
    *,
    indicator: str | None = None,
    known_on: date | None = None,
) -> dict[Key, TargetView]:
    """The targets of units for periods that hold, or held when the day `known_on` ended. One query."""
    rows = Target.objects.filter(unit__in=list(unit_ids), period_code__in=[period.code for period in periods])
    if indicator is not None:
        rows = rows.filter(indicator=indicator)
    latest = latest_rows(rows.select_related("basis"), known_on)
    return {key: as_view(row) for key, row in latest.items() if row.deed != Target.Deeds.WITHDRAW}


def live_target(row: Target) -> Target | None:
    """The row that now stands for the target that `row` belongs to; None if it was withdrawn."""
    same = Target.objects.filter(unit=row.unit_id, indicator=row.indicator, period_code=row.period_code)
    last = same.order_by("-id").first()
    return None if last is None or last.deed == Target.Deeds.WITHDRAW else last


def history(unit_id: int, indicator: str, period: Period) -> list[Target]:
    """Everything that was done to a target, oldest first. One query."""
    rows = Target.objects.filter(unit=unit_id, indicator=indicator, period_code=period.code)
    return list(rows.select_related("basis").order_by("id"))


def on_document(document_id: int) -> QuerySet[Target]:
    """The targets that now rest on a document, of whatever unit; show only what the reader reaches."""
    rows = Target.objects.filter(basis=document_id, replaced_by__isnull=True)
    return rows.exclude(deed=Target.Deeds.WITHDRAW).select_related("unit", "basis")


def statements_on(unit_id: int, period: Period, *, known_on: date | None = None) -> list[Statement]:
    """What reports state about a unit's figures of a period, and has not been withdrawn. One query."""
    rows = Statement.objects.filter(unit=unit_id, period_code=period.code)
    if known_on is None:
        rows = rows.filter(withdrawn_on__isnull=True)
    else:
        rows = rows.filter(on_date__lte=known_on)
        rows = rows.filter(Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=known_on))
    return list(rows.order_by("on_date", "id"))


def as_view(row: Target) -> TargetView:
    """A row of the table as the reads answer with it; `basis` must have been read along."""
    return TargetView(
        id=row.pk,
        unit_id=row.unit_id,
        indicator=row.indicator,
        period=Period.parse(row.period_code),
        comparison=Comparison(row.comparison),
        amount=plain(row.amount),
        basis_id=row.basis_id,
        basis_label=row.basis.name if row.basis else "",
        given_to=row.given_to,
        given_to_post=row.given_to_post,
        illustrative=row.illustrative,
        known_on=row.known_on,
        is_amended=row.deed == Target.Deeds.AMEND,
    )
