"""The cast: a small tree and the people with whom every page, file and act is tried.

    centre                          auditor (reads everything)
    ├── north            province
    │   └── north-hill   district   superior (officer)
    │       ├── hill-school  grassroots cell     insider (secretary)
    │       └── hill-river   commune committee   sibling (secretary)
    │           └── river-mill   cell
    └── south            province
        └── south-coast  district   neighbour (officer)
            └── coast-port   grassroots cell
                                    stranger (an account without grants)

The clock stands still on DAY, when all of this exists.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pytest
from django.test import Client
from django.utils import translation

from plenum.access.actions import create_account, grant_powers
from plenum.access.models import Account
from plenum.access.queries import actor_of
from plenum.figures.models import Return
from plenum.figures.tests.factories import oblige, report, submit
from plenum.journal.actor import Actor
from plenum.tree import ledger
from plenum.tree.models import Unit

FOUNDED = date(2020, 1, 1)
DAY = date(2024, 10, 8)
SYSTEM = Actor.system("cast")
DISTRICTS_END = date(2025, 7, 1)
OTHER_DATABASES = {"fresh_database", "shared_database", "reference_database"}

UNITS = (
    ("centre", "centre", None, "Trung tâm"),
    ("north", "province", "centre", "Đảng bộ tỉnh Bắc Sơn"),
    ("north-hill", "district", "north", "Đảng bộ huyện Đồi Chè"),
    ("hill-school", "grassroots_cell", "north-hill", "Chi bộ Trường Thông Reo"),
    ("hill-river", "commune_committee", "north-hill", "Đảng bộ xã Sông Trăng"),
    ("river-mill", "cell", "hill-river", "Chi bộ thôn Cối Xay"),
    ("south", "province", "centre", "Đảng bộ tỉnh Nam Hải"),
    ("south-coast", "district", "south", "Đảng bộ huyện Bãi Dừa"),
    ("coast-port", "grassroots_cell", "south-coast", "Chi bộ Bến Cảng"),
)
"""Code, kind, code of the parent, name."""

IN_DISTRICTS = {"north-hill", "hill-school", "hill-river", "river-mill", "south-coast", "coast-port"}
"""The units that end with the district level."""

PEOPLE = (
    ("superior", "north-hill", "officer"),
    ("insider", "hill-school", "secretary"),
    ("sibling", "hill-river", "secretary"),
    ("neighbour", "south-coast", "officer"),
    ("auditor", "centre", "auditor"),
    ("stranger", None, None),
)
"""Login, code of the unit of the grant, role."""


@dataclass(frozen=True)
class Member:
    """One of the cast; ``unit`` is where the grant is."""

    account: Account
    unit: Unit | None

    @property
    def actor(self) -> Actor:
        return actor_of(self.account, acting_for=self.unit.pk if self.unit else None)

    @cached_property
    def client(self) -> Client:
        """A test client that is signed in as this member."""
        client = Client()
        client.force_login(self.account)
        return client


@dataclass(frozen=True)
class Cast:
    """Everybody, and the tree they stand in."""

    superior: Member
    insider: Member
    sibling: Member
    neighbour: Member
    auditor: Member
    stranger: Member
    units: dict[str, Unit]
    day: date = DAY

    def unit(self, code: str) -> Unit:
        return self.units[code]

    def afresh(self) -> "Cast":
        """The same people as they are in the database now, signed in nowhere: for one test of several."""
        accounts = Account.objects.in_bulk([member.account.pk for member in self.members.values()])
        members = {
            login: Member(accounts[member.account.pk], member.unit) for login, member in self.members.items()
        }
        return Cast(units=self.units, day=self.day, **members)

    def name(self, code: str) -> str:
        """What the unit is called."""
        return next(name for each, _kind, _parent, name in UNITS if each == code)

    @property
    def members(self) -> dict[str, Member]:
        return {login: getattr(self, login) for login, _code, _role in PEOPLE}

    @property
    def outsiders(self) -> dict[str, Member]:
        """Those who may not know of the insider's unit, nor of anything in it."""
        return {"sibling": self.sibling, "neighbour": self.neighbour, "stranger": self.stranger}


@pytest.fixture
def cast(db: None, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """The tree and the people, made through the ledger and the acts; the clock stands on DAY.

    Mostly they stand there already: see `pytest_runtest_setup` in the `conftest.py` of the project.
    """
    monkeypatch.setenv("PLENUM_TODAY", DAY.isoformat())
    return standing_cast() or make_cast()


def begins_with_cast(item: pytest.Item) -> bool:
    """Whether a test asks for the cast, and for no other database than that of its worker."""
    fixtures = getattr(item, "_fixtureinfo", None)
    if fixtures is None or not OTHER_DATABASES.isdisjoint(fixtures.names_closure):
        return False
    return any(each.func.__module__ == __name__ for each in fixtures.name2fixturedefs.get("cast", ()))


def stand_ready() -> None:
    """Make the cast in the database that is open, for all tests of a run."""
    with pytest.MonkeyPatch.context() as patch, translation.override("en"):
        patch.setenv("PLENUM_TODAY", DAY.isoformat())
        make_cast()


def standing_cast() -> Cast | None:
    """The cast, if it stands in the database that is open; as fresh as `make_cast` leaves it."""
    accounts = {each.login: each for each in Account.objects.filter(login__in=[who for who, *_ in PEOPLE])}
    if not accounts:
        return None
    units = {each.code: each for each in Unit.objects.filter(code__in=[code for code, *_ in UNITS])}
    members = {}
    for login, at, _role in PEOPLE:
        account, unit = accounts[login], units[at] if at else None
        account.unit = unit
        members[login] = Member(account, unit)
    return _together(units, members)


def make_cast() -> Cast:
    """Found the tree and create the accounts in the database that is open."""
    units: dict[str, Unit] = {}
    for code, kind, parent, name in UNITS:
        units[code] = ledger.found(
            code=code,
            name=name,
            kind=kind,
            parent=units[parent] if parent else None,
            on=FOUNDED,
            until=DISTRICTS_END
            if kind == "district" or parent in ("north-hill", "south-coast", "hill-river")
            else None,
        )
    members: dict[str, Member] = {}
    for login, at, role in PEOPLE:
        unit = units[at] if at else None
        account = create_account(login, name=login.title(), language="en", unit=unit, on=FOUNDED, by=SYSTEM)
        if unit is not None and role is not None:
            grant_powers(account, unit, role, start=FOUNDED, on=FOUNDED, by=SYSTEM)
        members[login] = Member(account, unit)
    return _together(units, members)


def _together(units: dict[str, Unit], members: dict[str, Member]) -> Cast:
    return Cast(
        superior=members["superior"],
        insider=members["insider"],
        sibling=members["sibling"],
        neighbour=members["neighbour"],
        auditor=members["auditor"],
        stranger=members["stranger"],
        units=units,
    )


@pytest.fixture
def returned(cast: Cast) -> Return:
    """An accepted return of the insider's unit and a submitted one of the sibling's."""
    oblige(cast.unit("hill-school"))
    oblige(cast.unit("hill-river"))
    oblige(cast.unit("coast-port"))
    submit(cast.unit("hill-river"), "2024-08", {"members_total": 7})
    report(cast.unit("coast-port"), "2024-08", {"members_total": 8})
    return report(cast.unit("hill-school"), "2024-08", {"members_total": 5})
