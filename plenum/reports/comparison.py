"""What would be different: two contents of one report, of which the first was frozen. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Facts = Mapping[str, Any]
"""The facts of a report as `render.as_json.facts` gives them."""


@dataclass(frozen=True)
class Difference:
    """One thing that a frozen report says otherwise than one drawn now; None where one of them says nothing.

    `about`: what it belongs to: `indicator`, `unit`, `late`, `text`, `basis`, `head` or `returns`. `key` is its code,
    `name` what it is called in the report. `what` is the figure or statement that differs.
    """

    about: str
    key: tuple[str, ...]
    name: str
    what: str
    before: Any
    now: Any


def differences(before: Facts, now: Facts) -> tuple[Difference, ...]:
    """What differs, in the order of the report. The day on which a report is drawn makes no difference by itself."""
    found = (
        *_of_the_head(before, now),
        *_paired(before["basis"], now["basis"], ("symbol",), "basis", "symbol", _basis),
        *_paired(before["results"], now["results"], ("indicator",), "indicator", "name", _result),
        *_of_the_course(before.get("course"), now.get("course")),
        *_paired(before["sub_units"], now["sub_units"], ("code",), "unit", "name", _unit),
        *_of_the_returns(before["returns"], now["returns"]),
        *_paired(before["texts"], now["texts"], ("section", "language"), "text", "section", _text),
    )
    return tuple(found)


Parts = Callable[[Facts], Iterable[tuple[str, Any]]]
"""What is compared of a thing: names and values, in order."""


def _paired(
    before: Iterable[Facts], now: Iterable[Facts], key: tuple[str, ...], about: str, name: str, parts: Parts
) -> Iterator[Difference]:
    """The differences of things that belong together by their key; one that is only in one of both differs in all."""
    old, new = ({tuple(each[part] for part in key): each for each in things} for things in (before, now))
    for code in (*old, *(code for code in new if code not in old)):
        was, is_now = (
            dict(parts(old[code])) if code in old else {},
            dict(parts(new[code])) if code in new else {},
        )
        called = (old.get(code) or new[code])[name]
        for what in (*was, *(what for what in is_now if what not in was)):
            if was.get(what) != is_now.get(what):
                yield Difference(about, code, called, what, was.get(what), is_now.get(what))


def _result(result: Facts) -> Iterator[tuple[str, Any]]:
    yield "figure", _amount(result)
    yield "year_so_far", _amount(result["year_so_far"]) if result["year_so_far"] else None
    yield "target", _target(result["target"])
    if result["target"]:
        yield "given_to", _joined(result["target"]["given_to"], result["target"]["given_to_post"])
    yield "percent", result["percent"] if result["share"] is None else None
    yield "verdict", result["verdict"]
    yield "projection", result["projection"]
    yield "last_year", _amount(result["same_period_last_year"])
    for change in result["changes"]:
        yield f"change.{change['since']}", {part: change[part] for part in ("difference", "unit")}
    for part in result["parts"]:
        yield f"part.{part['code']}", {"name": part["name"], "value": part["value"]}
    for flag in result["flags"]:
        yield f"flag.{flag['what']}.{flag['source'] or ''}", flag
    yield "carried_from", result["carried_from"] or None


def _amount(amount: Facts) -> dict[str, Any] | None:
    """A count, or a share with both sides; None when nothing is known."""
    said = {part: amount[part] for part in ("value", "numerator", "denominator", "share")}
    if all(value is None for value in said.values()):
        return None
    return {**said, "illustrative": amount["illustrative"]}


def _target(target: Facts | None) -> dict[str, Any] | None:
    if target is None:
        return None
    return {part: target[part] for part in ("comparison", "amount", "period", "illustrative")}


def _unit(unit: Facts) -> Iterator[tuple[str, Any]]:
    yield "name", unit["name"]
    yield "stands", unit["stands"]
    for indicator, amount in unit["figures"].items():
        yield f"figure.{indicator}", _amount(amount)
    for what in ("returns_due", "returns_received", "returns_late"):
        yield what, unit[what]


def _basis(basis: Facts) -> Iterator[tuple[str, Any]]:
    yield "document", _joined(basis["kind"], basis["date"], basis["issuer"], basis["title"])


def _text(text: Facts) -> Iterator[tuple[str, Any]]:
    yield "text", text["text"]


def _of_the_head(before: Facts, now: Facts) -> Iterator[Difference]:
    old, new = before["heading"], now["heading"]
    for what in ("superior", "unit", "issuer", "symbol"):
        if old[what] != new[what]:
            yield Difference("head", (what,), "", what, old[what] or None, new[what] or None)


def _of_the_course(before: Facts | None, now: Facts | None) -> Iterator[Difference]:
    if before is None or now is None or before["indicator"] != now["indicator"]:
        return
    old, new = ({point["period"]: point["value"] for point in course["points"]} for course in (before, now))
    for period in sorted({*old, *new}):
        if old.get(period) != new.get(period):
            yield Difference(
                "indicator",
                (now["indicator"],),
                before["name"],
                f"course.{period}",
                old.get(period),
                new.get(period),
            )


def _of_the_returns(before: Facts, now: Facts) -> Iterator[Difference]:
    for what in ("due", "received"):
        if before[what] != now[what]:
            yield Difference("returns", (what,), "", what, before[what], now[what])
    late = ("unit", "form", "period")
    yield from _paired(
        before["late"], now["late"], late, "late", "name", lambda each: [("days", each["days"])]
    )
    yield from _paired(
        before["nothing_reported"],
        now["nothing_reported"],
        ("unit",),
        "unit",
        "name",
        lambda _each: [("nothing_reported", True)],
    )


def _joined(*parts: str | None) -> str | None:
    return ", ".join(part for part in parts if part) or None
