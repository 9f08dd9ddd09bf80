"""A step of a plan as its form shows it, so that it can be changed."""

from collections.abc import Mapping
from typing import Any

from plenum.reorganisations.forms.split import CHILD
from plenum.reorganisations.rules import TO_PARENT

UNITS = {"merge": "from", "move": "unit", "dissolve": "unit", "change_kind": "unit"}


def units_of(step: Mapping[str, Any]) -> list[str]:
    """The codes of the units to which a step, as plain values, happens."""
    field = UNITS.get(step["do"], "from" if step["do"] == "split" else "unit")
    value = step.get(field, [])
    if isinstance(value, dict) or not value:
        return []
    return [value] if isinstance(value, str) else list(value)


def parts_of(step: Mapping[str, Any]) -> int:
    """Into how many parts a step divides a unit."""
    return len(step["into"]) if step["do"] == "split" else 0


def shown_in_form(step: Mapping[str, Any], texts: Mapping[str, str]) -> dict[str, Any]:
    """The values of the form for a step as plain values; `texts` are units as they are chosen, by code."""

    def text(code: str) -> str:
        return texts.get(code, code)

    def new(unit: Mapping[str, str], at: str = "") -> dict[str, str]:
        return {f"{at}{name}": text(value) if name == "parent" else value for name, value in unit.items()}

    shown: dict[str, Any] = {"on": step.get("on", "")}
    match step["do"]:
        case "found":
            return shown | new(step["unit"])
        case "merge":
            into = step["into"]
            shown |= {"units": units_of(step)}
            return shown | (new(into) if isinstance(into, dict) else {"into": text(into)})
        case "move":
            return shown | {"units": units_of(step), "to": text(step["to"])}
        case "dissolve":
            return shown | {"units": units_of(step), "children_to": text(step.get("children_to", ""))}
        case "change_kind":
            return shown | {"units": units_of(step), "kind": step["kind"]}
        case "rename":
            return shown | {
                "unit": text(step["unit"]),
                "name": step["name"],
                "short": step.get("short", ""),
            }
        case "end_level":
            to = step.get("children_to", "")
            return shown | {
                "kind": step["kind"],
                "under": text(step.get("under", "")),
                "children_to": "" if to == TO_PARENT else text(to),
            }
    shown |= {"unit": text(step["from"]), "by": step["by"]}
    for number, part in enumerate(step["into"]):
        at = f"part{number}-"
        unit = part["unit"]
        shown |= new(unit, at) if isinstance(unit, dict) else {f"{at}unit": text(unit)}
        shown[f"{at}share"] = part["share"]
        shown |= {f"{CHILD}{code}": str(number) for code in part.get("children", ())}
    return shown
