"""Small provinces and districts with targets, and returns, for tests."""

from datetime import date
from decimal import Decimal

from plenum.directives.actions import DocumentFields, register_document
from plenum.directives.models import Document
from plenum.figures.tests.factories import MONTHLY, SUMMARY, SYSTEM, oblige, plant, report
from plenum.periods import Period
from plenum.targets.actions import StatementFields, TargetFields, record_statement, set_target
from plenum.targets.models import Statement, Target
from plenum.tree.models import Unit

JANUARY = date(2023, 1, 20)
"""The day on which the targets of these tests are set."""
TODAY = date(2024, 10, 8)


def fields(
    indicator: str, amount: str, period: str = "2023", comparison: str = "value", **more: object
) -> TargetFields:
    """A target as the acts take it."""
    return TargetFields(indicator, Period.parse(period), comparison, Decimal(amount), **more)  # type: ignore[arg-type]


def target(
    unit: Unit, indicator: str, amount: str, period: str = "2023", comparison: str = "value", **more: object
) -> Target:
    """A target set by the system on `JANUARY`."""
    return set_target(unit, fields(indicator, amount, period, comparison, **more), on=JANUARY, by=SYSTEM)


def state(
    unit: Unit,
    indicator: str,
    what: str,
    stated: str,
    said_unit: str,
    period: str = "2023",
    on: date = date(2024, 1, 10),
) -> Statement:
    """What a report states about a figure, recorded by the system."""
    said = StatementFields(indicator, Period.parse(period), what, Decimal(stated), said_unit, "Annual report")
    return record_statement(unit, said, on=on, by=SYSTEM)


def document(unit: Unit, number: str = "880", day: date = date(2023, 1, 5), **more: object) -> Document:
    """A decision in the register of a unit."""
    said = DocumentFields("decision", "Targets", day, number, issuer_id=unit.pk, **more)  # type: ignore[arg-type]
    return register_document(unit, said, on=JANUARY, by=SYSTEM)


def province(code: str, schedule: str, centre: Unit | None = None) -> Unit:
    """A province that reports for itself."""
    unit = plant(code, "province", centre or plant("trung-uong", "centre", None))
    oblige(unit, SUMMARY, schedule)
    return unit


def summary(unit: Unit, period: str, *, illustrative: tuple[str, ...] = (), **values: int) -> None:
    """An accepted return of a province."""
    report(unit, period, values, form=SUMMARY, illustrative=illustrative)


def district(communes: int) -> tuple[Unit, list[Unit]]:
    """A district below a province with communes that report every month."""
    above = plant("vinh-phuc", "province", plant("trung-uong", "centre", None))
    unit = plant("tam-duong", "district", above)
    below = [plant(f"xa-{number}", "commune_committee", unit) for number in range(1, communes + 1)]
    for each in below:
        oblige(each, MONTHLY)
    return unit, below


def monthly(unit: Unit, period: str, *, illustrative: tuple[str, ...] = (), **values: int) -> None:
    """An accepted return of a commune: nobody comes or goes but those admitted, all of them women."""
    admitted = values.setdefault("members_admitted", 0)
    values.setdefault("members_carried", 100)
    for slot in ("transferred_in", "reinstated", "transferred_out", "died", "expelled", "removed"):
        values.setdefault(f"members_{slot}", 0)
    values.setdefault("members_total", values["members_carried"] + admitted)
    values |= {"admitted_women": admitted, "admitted_men": 0, "admitted_youth": 0}
    values.setdefault("organisations_founded_private", 0)
    report(unit, period, values, form=MONTHLY, illustrative=illustrative)
