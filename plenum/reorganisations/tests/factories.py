"""A province whose bloc of agencies is dissolved into two committees: the case of Quảng Ninh in small."""

from dataclasses import dataclass
from datetime import date

from plenum.access.actions import create_account, grant_powers
from plenum.access.models import Account
from plenum.access.queries import actor_of
from plenum.journal.actor import Actor
from plenum.reorganisations.actions import (
    accept_proposals,
    approve_reform,
    draft_reform,
    execute_reform,
    rehearse_reform,
    submit_reform,
)
from plenum.reorganisations.models import Approval, Reform
from plenum.reorganisations.rules import Plan, read_toml
from plenum.tree import ledger
from plenum.tree.models import Unit
from tests.cast import DAY, FOUNDED, Cast

EFFECT = date(2025, 2, 1)
SYSTEM = Actor.system("test")
UNITS = (
    ("north-bloc", "bloc", "north", "Đảng bộ Khối các cơ quan tỉnh"),
    ("bloc-board", "agency_committee", "north-bloc", "Đảng bộ Ban Tổ chức"),
    ("bloc-court", "agency_committee", "north-bloc", "Đảng bộ Tòa án"),
    ("bloc-tax", "agency_committee", "north-bloc", "Đảng bộ Cục Thuế"),
    ("tax-cell", "cell", "bloc-tax", "Chi bộ Phòng Kiểm tra"),
)
PLAN = """
code = "bloc-2025"
title = "Dissolve the bloc of provincial agencies"
on = 2025-02-01
owner = "north"
basis = "Decision 105"

[[steps]]
do = "split"
from = "north-bloc"
by = "list"

[[steps.into]]
unit = { code = "north-party", name = "Đảng bộ các cơ quan Đảng tỉnh", kind = "bloc", parent = "north" }
share = "2/3"
children = ["bloc-board", "bloc-court"]

[[steps.into]]
unit = { code = "north-state", name = "Đảng bộ Ủy ban nhân dân tỉnh", kind = "bloc", parent = "north" }
share = "1/3"
children = ["bloc-tax"]
"""


@dataclass(frozen=True)
class Bloc:
    """The units by code, an officer of the province and the people of the bloc."""

    units: dict[str, Unit]
    officer: Account
    people: tuple[Account, ...]

    @property
    def by(self) -> Actor:
        return actor_of(self.officer, acting_for=self.units["north"].pk)

    def at(self, index: int) -> Actor:
        return actor_of(self.people[index], acting_for=self.units["north-bloc"].pk)


def make_bloc(cast: Cast) -> Bloc:
    """Found the bloc below the north of the cast, with an officer above it and two people in it."""
    units = dict(cast.units)
    for code, kind, parent, name in UNITS:
        units[code] = ledger.found(code=code, name=name, kind=kind, parent=units[parent], on=FOUNDED)
    officer = account("north-officer", units["north"], "officer")
    people = (
        account("bloc-officer", units["north-bloc"], "officer"),
        account("bloc-secretary", units["north-bloc"], "secretary"),
    )
    return Bloc(units, officer, people)


def account(login: str, unit: Unit, role: str) -> Account:
    """An account that a unit keeps, with a grant there."""
    made = create_account(login, name=login.title(), language="en", unit=unit, on=FOUNDED, by=SYSTEM)
    grant_powers(made, unit, role, start=FOUNDED, on=FOUNDED, by=SYSTEM)
    return made


def bloc_plan() -> Plan:
    return read_toml(PLAN)


def approve_all(reform: Reform, on: date = DAY) -> None:
    """Let every unit that was asked approve."""
    for approval in Approval.objects.filter(reform=reform, approved_on=None).select_related("unit"):
        approve_reform(reform.pk, approval.unit, on=on, by=SYSTEM)


def prepared(plan: Plan, *, by: Actor = SYSTEM, on: date = DAY) -> Reform:
    """A reform that is rehearsed, submitted, approved by all and decided as proposed."""
    reform = draft_reform(plan, on=on, by=by)
    rehearse_reform(reform.pk, on=on, by=by)
    submit_reform(reform.pk, on=on, by=by)
    approve_all(reform, on)
    accept_proposals(reform.pk, on=on, by=by)
    return reform


def executed(plan: Plan, *, by: Actor = SYSTEM, on: date = DAY) -> Reform:
    """A reform that is executed."""
    return execute_reform(prepared(plan, by=by, on=on).pk, on=on, by=by)
