"""A plan as plain values (as TOML and JSON have them), and read back from them. The one description of the format.

The head has `code`, `title`, `on`, `owner` and `basis`, and `steps` is a list of tables. Each says what to `do`, from
which day (`on`, left out for the day of the plan), and the fields of that step; `from_` of a step is written `from`. A
new unit is a table `{code, name, kind, parent, short}`, an existing one its code. A share is written `"1/3"`. A plan
may have a table `payroll`: `indicator`, `change` (percent, as `"-5"`), `year`, and `posts`, a list of `{unit, posts}`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from plenum.reorganisations.rules.flaws import Fault, Flaw, Unreadable
from plenum.reorganisations.rules.plan import (
    TO_PARENT,
    ChangeKind,
    Dissolve,
    EndLevel,
    Found,
    Merge,
    Move,
    NewUnit,
    Part,
    Payroll,
    Plan,
    Rename,
    Split,
    SplitBy,
    Step,
    Successor,
)

DEEDS: dict[str, type[Step]] = {
    "found": Found,
    "merge": Merge,
    "split": Split,
    "move": Move,
    "rename": Rename,
    "change_kind": ChangeKind,
    "dissolve": Dissolve,
    "end_level": EndLevel,
}
"""What a step can do, by its name in the format."""
NAME_OF = {kind: name for name, kind in DEEDS.items()}
LONGEST = 300
MOST_STEPS = 50_000
MOST_POSTS = 10_000_000
PERCENT = re.compile(r"[-+]?[0-9]{1,4}(\.[0-9]{1,6})?")
FRACTION = re.compile(r"[0-9]{1,15}(/[0-9]{1,15})?|[0-9]{0,15}\.[0-9]{1,15}")
WHOLE = Fraction(1)
UNFIT = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
"""What stands in no name and no code, and cannot be kept."""
_MISSING = object()


def as_data(plan: Plan) -> dict[str, Any]:
    """The plan as plain values; days are written as ISO dates."""
    data: dict[str, Any] = {
        "code": plan.code,
        "title": plan.title,
        "on": plan.on.isoformat(),
        "owner": plan.owner,
    }
    if plan.basis:
        data["basis"] = plan.basis
    if plan.payroll is not None:
        data["payroll"] = _payroll_data(plan.payroll)
    data["steps"] = [_step_data(step) for step in plan.steps]
    return data


def _payroll_data(payroll: Payroll) -> dict[str, Any]:
    return {
        "indicator": payroll.indicator,
        "change": decimal_text(payroll.change),
        "year": payroll.year,
        "posts": [{"unit": unit, "posts": posts} for unit, posts in payroll.posts],
    }


def decimal_text(value: Fraction) -> str:
    """A number with at most six decimals as text, with a point: -5, 2.5."""
    return f"{Decimal(value.numerator) / Decimal(value.denominator):.6f}".rstrip("0").rstrip(".")


def _step_data(step: Step) -> dict[str, Any]:
    data: dict[str, Any] = {"do": NAME_OF[type(step)]}
    if step.on is not None:
        data["on"] = step.on.isoformat()
    match step:
        case Found():
            data["unit"] = _successor_data(step.unit)
        case Merge():
            data |= {"from": list(step.from_), "into": _successor_data(step.into)}
        case Split():
            data |= {
                "from": step.from_,
                "by": step.by.value,
                "into": [_part_data(part) for part in step.into],
            }
        case Move():
            data |= {"unit": step.unit, "to": step.to}
        case Rename():
            data |= {"unit": step.unit, "name": step.name} | ({"short": step.short} if step.short else {})
        case ChangeKind():
            data |= {"unit": step.unit, "kind": step.kind}
        case Dissolve():
            data |= {"unit": step.unit} | ({"children_to": step.children_to} if step.children_to else {})
        case EndLevel():
            data |= {"kind": step.kind} | ({"under": step.under} if step.under else {})
            data |= {"children_to": step.children_to} if step.children_to != TO_PARENT else {}
    return data


def _successor_data(unit: Successor) -> str | dict[str, str]:
    if isinstance(unit, str):
        return unit
    data = {"code": unit.code, "name": unit.name, "kind": unit.kind, "parent": unit.parent}
    return data | ({"short": unit.short} if unit.short else {})


def _part_data(part: Part) -> dict[str, Any]:
    data: dict[str, Any] = {"unit": _successor_data(part.unit), "share": str(part.share)}
    return data | ({"children": list(part.children)} if part.children else {})


def from_data(data: Mapping[str, Any], *, lines: Mapping[int, Sequence[int]] | None = None) -> Plan:
    """The plan of these values; Unreadable lists all that is wrong. `lines`: on which of a sheet a step stands."""
    faults: list[Fault] = []
    head = _Table(data, faults)
    steps = head.list_of("steps", most=MOST_STEPS)
    plan = Plan(
        code=head.text("code"),
        title=head.text("title"),
        on=head.day("on") or date.min,
        owner=head.text("owner"),
        basis=head.text("basis", ""),
        steps=tuple(
            step
            for number, each in enumerate(steps, start=1)
            if (step := _step(each, number, faults, (lines or {}).get(number, ()))) is not None
        ),
    )
    payroll = _payroll(head)
    head.finish()
    if faults:
        raise Unreadable(faults)
    return replace(plan, payroll=payroll)


def fraction_of(text: str) -> Fraction:
    """What is written as `2/3` or `0.4`; 0 for anything else, such as a number too long to be meant."""
    try:
        return Fraction(text) if FRACTION.fullmatch(text) else Fraction(0)
    except ZeroDivisionError:
        return Fraction(0)


def payroll_from_data(data: Mapping[str, Any]) -> Payroll:
    """The payroll part of these values; Unreadable lists all that is wrong with it."""
    faults: list[Fault] = []
    payroll = _payroll(_Table({"payroll": data}, faults))
    if faults or payroll is None:
        raise Unreadable(faults)
    return payroll


def _payroll(head: "_Table") -> Payroll | None:
    value = head.value("payroll")
    table = head.inner(value, "payroll") if value is not _MISSING and value is not None else None
    if table is None:
        return None
    posts = []
    for number, each in enumerate(table.list_of("posts", needed=True), start=1):
        inner = table.inner(each, f"posts[{number}]")
        if inner is not None:
            posts.append((inner.text("unit"), inner.whole("posts", Flaw.NO_COUNT, 0, MOST_POSTS)))
            inner.finish()
    payroll = Payroll(
        indicator=table.text("indicator"),
        change=table.percent("change"),
        year=table.whole("year", Flaw.NO_YEAR, 1900, 2200),
        posts=tuple(posts),
    )
    table.finish()
    return payroll


def step_from_data(data: Any, number: int) -> Step:
    """One step of these values; Unreadable lists all that is wrong with it."""
    faults: list[Fault] = []
    step = _step(data, number, faults, ())
    if faults or step is None:
        raise Unreadable(faults)
    return step


def _step(data: Any, number: int, faults: list[Fault], lines: Sequence[int]) -> Step | None:
    line = lines[0] if lines else None
    if not isinstance(data, Mapping):
        faults.append(Fault(Flaw.NO_TABLE, "steps", number, line))
        return None
    table = _Table(data, faults, number, line)
    do = table.one_of("do", list(DEEDS))
    if do is None:
        return None
    on = table.day("on", needed=False)
    step: Step
    match do:
        case "found":
            unit = table.successor("unit", new=True)
            step = Found(unit=unit if isinstance(unit, NewUnit) else NewUnit("", "", "", ""), on=on)
        case "merge":
            step = Merge(from_=table.codes("from", needed=True), into=table.successor("into"), on=on)
        case "split":
            step = _split(table, on, lines)
        case "move":
            step = Move(unit=table.text("unit"), to=table.text("to"), on=on)
        case "rename":
            step = Rename(
                unit=table.text("unit"), name=table.text("name"), short=table.text("short", ""), on=on
            )
        case "change_kind":
            step = ChangeKind(unit=table.text("unit"), kind=table.text("kind"), on=on)
        case "dissolve":
            step = Dissolve(unit=table.text("unit"), children_to=table.text("children_to", "") or None, on=on)
        case _:
            step = EndLevel(
                kind=table.text("kind"),
                under=table.text("under", "") or None,
                children_to=table.text("children_to", "") or TO_PARENT,
                on=on,
            )
    table.finish()
    return step


def _split(table: "_Table", on: date | None, lines: Sequence[int]) -> Split:
    parts = []
    for number, each in enumerate(table.list_of("into", needed=True)):
        inner = table.inner(each, f"into[{number + 1}]")
        if inner is not None:
            inner.line = lines[number] if number < len(lines) else table.line
            parts.append(
                Part(
                    unit=inner.successor("unit"), share=inner.share("share"), children=inner.codes("children")
                )
            )
            inner.finish()
    if parts and not table.faulty() and sum((part.share for part in parts), Fraction(0)) != WHOLE:
        total = str(sum((part.share for part in parts), Fraction(0)))
        table.fault(Flaw.SHARES_NOT_WHOLE, "into", {"total": total})
    by = table.one_of("by", [each.value for each in SplitBy], SplitBy.LIST.value)
    return Split(from_=table.text("from"), into=tuple(parts), by=SplitBy(by or SplitBy.LIST), on=on)


class _Table:
    """One table of the format, whose fields are read once each and noted when they are wrong."""

    def __init__(
        self,
        data: Mapping[str, Any],
        faults: list[Fault],
        step: int | None = None,
        line: int | None = None,
        of: str = "",
    ) -> None:
        self.data, self.faults, self.step, self.line, self.of = data, faults, step, line, of
        self.read: set[str] = set()

    def fault(self, flaw: Flaw, field: str, values: Mapping[str, str | int] | None = None) -> None:
        self.faults.append(Fault(flaw, f"{self.of}{field}", self.step, self.line, values or {}))

    def faulty(self) -> bool:
        return any(fault.step == self.step for fault in self.faults)

    def finish(self) -> None:
        """Note the fields that nobody has asked for."""
        for name in self.data.keys() - self.read:
            self.fault(Flaw.UNKNOWN_FIELD, str(name), {"known": ", ".join(sorted(self.read))})

    def value(self, field: str) -> Any:
        self.read.add(field)
        return self.data.get(field, _MISSING)

    def text(self, field: str, default: str | None = None) -> str:
        value = self.value(field)
        if value is _MISSING or value is None or (isinstance(value, str) and not value.strip()):
            if default is None:
                self.fault(Flaw.MISSING, field)
            return default or ""
        if not isinstance(value, str) or UNFIT.search(value):
            self.fault(Flaw.NO_TEXT, field)
            return ""
        if len(value) > LONGEST:
            self.fault(Flaw.TOO_LONG, field, {"most": LONGEST})
        return value.strip()

    def one_of(self, field: str, choices: list[str], default: str | None = None) -> str | None:
        text = self.text(field, default)
        if text and text not in choices:
            self.fault(Flaw.NOT_ONE_OF, field, {"value": text, "choices": ", ".join(choices)})
            return None
        return text or None

    def day(self, field: str, *, needed: bool = True) -> date | None:
        value = self.value(field)
        if value is _MISSING or value is None or value == "":
            if needed:
                self.fault(Flaw.MISSING, field)
            return None
        try:
            return value if type(value) is date else date.fromisoformat(value)
        except (TypeError, ValueError):
            self.fault(Flaw.NO_DAY, field, {"value": str(value)})
            return None

    def share(self, field: str) -> Fraction:
        value = self.value(field)
        share = fraction_of("" if isinstance(value, bool) else str(value).strip())
        if not 0 < share <= 1:
            self.fault(Flaw.NO_SHARE, field, {"value": "" if value is _MISSING else str(value)})
        return share

    def percent(self, field: str) -> Fraction:
        """A change in percent: from -100 up to 1000, with at most six decimals."""
        value = self.value(field)
        text = "" if value is _MISSING or isinstance(value, bool) else str(value).strip().replace("−", "-")
        if not PERCENT.fullmatch(text) or not -100 <= Fraction(text) <= 1000:
            self.fault(Flaw.NO_PERCENT, field, {"value": text})
            return Fraction(0)
        return Fraction(text)

    def whole(self, field: str, flaw: Flaw, least: int, most: int) -> int:
        """A whole number within bounds; `flaw` says what is wrong when it is none."""
        value = self.value(field)
        text = "" if value is _MISSING or isinstance(value, bool) else str(value).strip()
        if not (text.isascii() and text.isdecimal() and len(text) < 12 and least <= int(text) <= most):
            self.fault(flaw, field, {"value": text, "least": least, "most": most})
            return least
        return int(text)

    def list_of(self, field: str, *, needed: bool = False, most: int = MOST_STEPS) -> list[Any]:
        value = self.value(field)
        if value is _MISSING or value is None or value == []:
            if needed:
                self.fault(Flaw.MISSING, field)
            return []
        if not isinstance(value, list):
            self.fault(Flaw.NO_LIST, field)
            return []
        if len(value) > most:
            self.fault(Flaw.TOO_LONG, field, {"most": most})
            return []
        return value

    def codes(self, field: str, *, needed: bool = False) -> tuple[str, ...]:
        found = self.list_of(field, needed=needed)
        if not all(
            isinstance(code, str) and code.strip() and len(code) <= LONGEST and not UNFIT.search(code)
            for code in found
        ):
            self.fault(Flaw.NO_TEXT, field)
            return ()
        return tuple(code.strip() for code in found)

    def inner(self, data: Any, field: str) -> "_Table | None":
        if not isinstance(data, Mapping):
            self.fault(Flaw.NO_TABLE, field)
            return None
        return _Table(data, self.faults, self.step, self.line, f"{self.of}{field}.")

    def successor(self, field: str, *, new: bool = False) -> Successor:
        """A code, or a table that describes a new unit; with `new` only the latter."""
        value = self.value(field)
        if not new and (value is _MISSING or isinstance(value, str)):
            return self.text(field)
        inner = self.inner(value, field)
        if inner is None:
            return ""
        unit = NewUnit(
            code=inner.text("code"),
            name=inner.text("name"),
            kind=inner.text("kind"),
            parent=inner.text("parent", ""),
            short=inner.text("short", ""),
        )
        inner.finish()
        return unit
