"""Targets of the units above the grassroots, and four people to sign in as: loaded by the acts that people use."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from plenum.access.actions.accounts import change_password
from plenum.access.actions.load_accounts import load_accounts
from plenum.journal.actor import Actor
from plenum.site.demo.load import PASSWORD
from plenum.site.sample.country import CENTRE, Country
from plenum.targets.actions.load_targets import load_targets

ADMITTED, FOUNDED = 0.029, 0.05
"""What is asked for: new members per member, and new organisations per grassroots organisation, in a year."""

ABOVE = ("centre", "province", "district")


@dataclass(frozen=True)
class Person:
    """Who may sign in to a sample, where, and what for."""

    login: str
    name: str
    unit: str
    role: str
    level: str


def people(country: Country) -> list[Person]:
    """An officer of the centre, of the first province and of its first district, and the secretary of a cell there.

    The cell is a grassroots cell: it reports itself. Cells below a committee are part of the return of that.
    """
    first: dict[str, str] = {}
    for _branch, units in country.branches():
        for unit in units:
            if "district" in first or unit.kind != "grassroots_cell":
                first.setdefault(unit.kind, unit.code)
        if "grassroots_cell" in first:
            break
    return [
        Person("trung-uong", "Cán bộ Trung ương (minh họa)", CENTRE, "officer", "centre"),
        Person("tinh", "Cán bộ cấp tỉnh (minh họa)", first["province"], "officer", "province"),
        Person("huyen", "Cán bộ cấp huyện (minh họa)", first["district"], "officer", "district"),
        Person("chi-bo", "Bí thư chi bộ (minh họa)", first["grassroots_cell"], "secretary", "cell"),
    ]


def load_people(country: Country, *, on: date, by: Actor) -> None:
    """Create the accounts with the known password of demonstrations."""
    rows = [
        {
            "login": person.login,
            "name": person.name,
            "language": "vi",
            "unit": person.unit,
            "role": person.role,
            "from": on.isoformat(),
            "until": "",
        }
        for person in people(country)
    ]
    for account in load_accounts(rows, on=on, by=by):
        change_password(account, PASSWORD, chosen=True, on=on, by=by)


def load_targets_of(country: Country, year: int, *, on: date, by: Actor) -> None:
    """Set the targets of a year for the centre, every province and every district."""
    members: dict[str, int] = defaultdict(int)
    organisations: dict[str, int] = defaultdict(int)
    wanted: list[str] = []
    for _branch, units in country.branches():
        above = {unit.number: unit for unit in units}
        for unit in units:
            if unit.kind in ABOVE:
                wanted.append(unit.code)
            if not unit.reports:
                continue
            members[CENTRE] += unit.members
            organisations[CENTRE] += 1
            step = unit
            while step.parent in above:
                step = above[step.parent]
                members[step.code] += unit.members
                organisations[step.code] += 1
    rows = []
    for code in wanted:
        for indicator, amount in (
            ("members.admitted", round(members[code] * ADMITTED)),
            ("organisations.founded_private", round(organisations[code] * FOUNDED)),
        ):
            if amount:
                rows.append(
                    {
                        "unit": code,
                        "indicator": indicator,
                        "period": str(year),
                        "comparison": "at_least",
                        "amount": str(amount),
                        "on": on.isoformat(),
                        "illustrative": "1",
                    }
                )
    load_targets(rows, on=on, by=by)
