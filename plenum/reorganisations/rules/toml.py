"""A plan written as TOML, and read from it. What the fields are is said in `data.py`."""

import json
import tomllib
from typing import Any

from plenum.reorganisations.rules.data import as_data, from_data
from plenum.reorganisations.rules.flaws import Fault, Flaw, Unreadable
from plenum.reorganisations.rules.plan import Plan

DAYS = {"on"}
"""The fields that are days; TOML writes days without quotes."""


def read_toml(text: str) -> Plan:
    """The plan that a TOML text describes; Unreadable lists all that is wrong."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Unreadable([Fault(Flaw.NO_FILE_OF_THIS_SORT, "file", values={"why": str(error)})]) from None
    return from_data(data)


def write_toml(plan: Plan) -> str:
    """The plan as a TOML text; `read_toml` gives the same plan again."""
    data = as_data(plan)
    steps, payroll = data.pop("steps"), data.pop("payroll", None)
    lines = [_pair(name, value) for name, value in data.items()]
    if payroll is not None:
        lines += ["", "[payroll]", *(_pair(name, value) for name, value in payroll.items())]
    for step in steps:
        lines += ["", "[[steps]]", *(_pair(name, value) for name, value in step.items())]
    return "\n".join(lines) + "\n"


def _pair(name: str, value: Any) -> str:
    return f"{name} = {value if name in DAYS else _value(value)}"


def _value(value: Any) -> str:
    if isinstance(value, list):
        if any(isinstance(each, dict) for each in value):
            return "[\n" + "".join(f"  {_value(each)},\n" for each in value) + "]"
        return "[" + ", ".join(_value(each) for each in value) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{name} = {_value(each)}" for name, each in value.items()) + " }"
    # A JSON string is a TOML string, except for the one control character that JSON leaves as it is.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
