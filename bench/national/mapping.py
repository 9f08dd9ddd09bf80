"""Whether the reform of 2025 has led every former commune where the official correspondence says.

The correspondence is read straight from the files of the package, and what became of the units straight from the
tables: neither shares a line with the plan that was executed.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

DAY = date(2025, 7, 1)
AFTER = {"province": 34, "district": 0, "commune_committee": 3_321}
"""How many units of these kinds the whole country has afterwards."""
FORMER, WHOLE, DIVIDED = 10_040, 9_569, 471


def said_by_package() -> dict[str, set[str]]:
    """The official codes of the successors of every former place, by the code of its unit in the sample."""
    from plenum.site.sample.administrative import data_folder

    converter = json.loads((data_folder() / "converter_2025.json").read_text(encoding="utf-8"))
    names = sqlite3.connect(data_folder() / "dataset.db")
    later = {
        (province, commune): code
        for province, commune, code in names.execute("SELECT provinceKey, wardKey, wardCode FROM admin_units")
    }
    by_key: dict[str, set[str]] = {}
    for province, communes in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for new, formers in communes.items():
            for key in formers:
                by_key.setdefault(key, set()).add(later[province, new])
    for province, formers in converter["DICT_PROVINCE_WARD_DIVIDED"].items():
        for key, parts in formers.items():
            by_key.setdefault(key, set()).update(later[province, part["newWardKey"]] for part in parts)
    found: dict[str, set[str]] = {}
    query = "SELECT provinceKey, districtKey, wardKey, districtCode, wardCode FROM admin_units_legacy"
    for province, district, commune, district_code, code in names.execute(query):
        key = f"{province}_{district}_{commune or ''}"
        found[f"xa-{code}" if code else f"huyen-{district_code}"] = by_key[key]
    return found


def names_in_package() -> dict[str, str]:
    """What a new commune is called, by its official code."""
    from plenum.site.sample.administrative import data_folder

    names = sqlite3.connect(data_folder() / "dataset.db")
    return {str(code): str(name) for code, name in names.execute("SELECT wardCode, ward FROM admin_units")}


def came_to() -> dict[str, set[str]]:
    """The same from the lineage of the day: a unit that lives on is found by the name it has then."""
    rows = _rows(
        "SELECT old.code, new.code FROM tree_lineage"
        " JOIN tree_unit old ON old.id = predecessor_id JOIN tree_unit new ON new.id = successor_id"
        " WHERE on_date = %s AND (old.code LIKE 'xa-%%' OR old.code LIKE 'huyen-%%')",
        DAY,
    )
    found: dict[str, set[str]] = {}
    for old, new in rows:
        found.setdefault(old, set()).add(new.removeprefix("xa-").removesuffix("-2025"))
    return found


def kinds_on(day: date) -> Counter[str]:
    """How many units of each kind live on a day."""
    return Counter(
        dict(
            _rows(
                "SELECT kind, count(*) FROM tree_unitkind JOIN tree_unit unit ON unit.id = unit_id"
                " WHERE span @> %s::date AND unit.lifetime @> %s::date GROUP BY 1",
                day,
                day,
            )
        )
    )


def wrong_ways(whole: bool) -> list[str]:
    """The former communes that have not gone where they should; `whole`: none of the country may be missing."""
    said, came, names = said_by_package(), came_to(), names_in_package()
    there = dict(
        _rows(
            "SELECT unit.code, name.name FROM tree_unit unit LEFT JOIN tree_unitname name"
            " ON name.unit_id = unit.id AND name.span @> %s::date",
            DAY,
        )
    )
    wrong = []
    for code, successors in said.items():
        if code not in there:
            if whole:
                wrong.append(f"{code} is missing")
        elif code in came or there[code] is None:
            if came.get(code) != successors:
                wrong.append(
                    f"{code} went on in {sorted(came.get(code, ()))} instead of {sorted(successors)}"
                )
        elif len(successors) != 1 or not there[code].casefold().endswith(names[min(successors)].casefold()):
            wrong.append(f"{code} lives on as {there[code]} instead of {sorted(successors)}")
    counted = Counter(len(successors) > 1 for successors in said.values())
    if (len(said), counted[False], counted[True]) != (FORMER, WHOLE, DIVIDED):
        wrong.append(f"the package has {len(said)} former communes, {counted[False]} whole")
    return wrong


def _rows(query: str, *given: Any) -> Iterable[tuple[Any, ...]]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(query, given)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
