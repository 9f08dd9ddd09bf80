"""Units side by side: by superior, and those of them that are asked for."""

from collections.abc import Iterable, Mapping
from typing import Any

Unit = Mapping[str, Any]


def by_superior(units: Iterable[Unit]) -> list[Unit]:
    """Units in the order of what they stand under, before (else after) the reform, then of their names."""
    return sorted(units, key=lambda unit: (*_superior(unit), _name(unit), unit["code"]))


def chosen(units: Iterable[Unit], *, fate: str = "", superior: str = "", text: str = "") -> list[Unit]:
    """Those with a fate, that stand under a superior (by its code) on either side, and have a text in names or code."""
    wanted = text.casefold().strip()
    return [
        unit
        for unit in units
        if (not fate or unit["fate"] == fate)
        and (not superior or superior in superiors_of(unit))
        and (not wanted or wanted in _words(unit))
    ]


def superiors(units: Iterable[Unit]) -> list[tuple[str, str]]:
    """The superiors of all units on both sides, as code and name, in the order of their names."""
    found = {
        unit[side]["parent_code"]: unit[side]["parent"]
        for unit in units
        for side in ("after", "before")
        if unit[side] and unit[side]["parent_code"]
    }
    return sorted(found.items(), key=lambda each: (each[1], each[0]))


def superiors_of(unit: Unit) -> set[str]:
    """The codes of what a unit stands under, before and after."""
    return {unit[side]["parent_code"] for side in ("before", "after") if unit[side]}


def _superior(unit: Unit) -> tuple[str, str]:
    side = unit["before"] or unit["after"]
    return (side["parent"], side["parent_code"])


def _name(unit: Unit) -> str:
    side = unit["before"] or unit["after"]
    name: str = side["name"]
    return name


def _words(unit: Unit) -> str:
    sides = [unit[side] for side in ("before", "after") if unit[side]]
    names = [each[field] for each in sides for field in ("name", "parent")]
    return " ".join([unit["code"], *names, *(heir["name"] for heir in unit["heirs"])]).casefold()
