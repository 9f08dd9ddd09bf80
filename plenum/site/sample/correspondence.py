"""What became of the provinces and communes of 30 June 2025 on the next day, from the package vietnamadminunits.

Its file of correspondence knows places by keys; here they have the official codes.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from plenum.site.sample.administrative import INSTALL, NamesMissing, data_folder, rows_of

FILE = "converter_2025.json"
_FORMER = """
    SELECT provinceKey, districtKey, wardKey, provinceCode, province, districtCode, district, wardCode, ward
    FROM admin_units_legacy ORDER BY provinceCode, districtCode, wardCode
"""
_LATER = """
    SELECT provinceKey, wardKey, provinceCode, province, provinceShort, wardCode, ward, wardShort
    FROM admin_units ORDER BY provinceCode, wardCode
"""


@dataclass(frozen=True, slots=True)
class Former:
    """A commune, or a district on islands without communes, with the codes of the communes it went on in.

    The first successor is the one that an address without a street is taken to lie in.
    """

    code: str
    name: str
    district: str
    is_district: bool
    successors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Later:
    """A commune, ward or special zone from 1 July 2025, with the code of its province."""

    code: str
    name: str
    short: str
    province: str


@dataclass(frozen=True, slots=True)
class LaterProvince:
    """A province from 1 July 2025, with the names and codes of those that it was."""

    code: str
    name: str
    short: str
    former: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Correspondence:
    """Everything that went on in something else; in the order of the official codes."""

    former: tuple[Former, ...]
    later: Mapping[str, Later]
    provinces: tuple[LaterProvince, ...]


def correspondence() -> Correspondence:
    """The correspondence of all units; `NamesMissing` without the package or with another version of it."""
    said = _said()
    try:
        return _read(said)
    except (KeyError, TypeError, AttributeError) as error:
        raise NamesMissing(
            f"{FILE} and the names do not fit together. Install the version that is locked: {INSTALL}"
        ) from error


def _said() -> Any:
    file = data_folder() / FILE
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise NamesMissing(
            f"{file} cannot be read: {error}. Install the version that is locked: {INSTALL}"
        ) from error


def _read(said: Any) -> Correspondence:
    rows = rows_of(_LATER)
    codes = {(row[0], row[1]): row[5] for row in rows}
    went = _went(said, codes)
    former_rows = rows_of(_FORMER)
    province_codes = {row[0]: (row[3], row[4]) for row in former_rows}
    provinces = {
        row[0]: LaterProvince(
            row[2],
            row[3],
            row[4],
            tuple(sorted(province_codes[key] for key in said["DICT_PROVINCE"][row[0]])),
        )
        for row in rows
    }
    return Correspondence(
        former=tuple(
            Former(
                code=row[7] or row[5],
                name=row[8] or row[6],
                district=row[5],
                is_district=not row[7],
                successors=went[f"{row[0]}_{row[1]}_{row[2] or ''}"],
            )
            for row in former_rows
        ),
        later={row[5]: Later(row[5], row[6], row[7], row[2]) for row in rows},
        provinces=tuple(provinces.values()),
    )


def _went(said: Any, codes: Mapping[tuple[str, str], str]) -> dict[str, tuple[str, ...]]:
    """By the key of each former place, the codes of its successors."""
    went: dict[str, tuple[str, ...]] = {}
    for province, communes in said["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for later, formers in communes.items():
            went.update(dict.fromkeys(formers, (codes[province, later],)))
    for province, communes in said["DICT_PROVINCE_WARD_DIVIDED"].items():
        for former, parts in communes.items():
            ordered = sorted(
                parts, key=lambda part: (not part["isDefaultNewWard"], codes[province, part["newWardKey"]])
            )
            went[former] = tuple(codes[province, part["newWardKey"]] for part in ordered)
    return went
