"""Figures before and after a plan, the posts against its target, and the sizes of units: everything that is counted.

What is counted before is what the database adds up on the tree of now. What it would come to afterwards is worked out
from the plan (`rules/prospects.py`), not read from anywhere.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from plenum.access.guard import speaking
from plenum.figures.queries.sums import Ask, sums
from plenum.journal.actor import Actor
from plenum.packs import Behaviour, PackLookupError, Rule, pack
from plenum.periods import Period
from plenum.reorganisations.queries.working_out import Rehearsed
from plenum.reorganisations.rules import (
    Amount,
    Amounts,
    Limits,
    PayrollResult,
    Prospect,
    Sizes,
    Stage,
    Tell,
    amounts_after,
    judge_sizes,
    named_in,
    not_conserved,
    payroll_result,
    pieces_of,
    prospects,
    touched,
    untold,
)

MOST_UNITS = 2000
"""So many units are kept with their figures; for how many they change is said by the count, and totals are of all."""
MOST_SOURCES = 100
"""From so many units a figure may come that whoever does not reach the owner of a plan may see it by itself."""
AT_ONCE = 250
"""Of so many units the figures are asked for in one query: what is asked of thousands at once takes longer for each."""
SIZES = "sizes."
"""The rules of a pack with this beginning say how large a unit of a kind is."""


@dataclass(frozen=True)
class Counting:
    """What is known of one period: by code of a unit and slot before, and the same afterwards."""

    period: Period
    before: Mapping[str, Amounts]
    after: Mapping[str, Mapping[str, Amount]]


def counted(found: Rehearsed, on: date, tell: Tell = untold) -> dict[str, Any]:
    """Figures, payroll and sizes as plain values that JSON can keep; `on` is the day on which one asks.

    Looked at with the eyes of the installation; what a reader is shown of it is decided when it is read.
    """
    came = found.came
    pieces = pieces_of(came)
    changed = prospects(came, pieces)
    owner = found.plan.owner
    codes = {owner} | named_in(pieces) | changed.keys() | _named_posts(found) | _judged(found)
    codes &= came.before.units.keys()
    with speaking(Actor.system("rehearsal"), on):
        slots, stocks = _slots(), _stock_slots(found)
        # The units are gone through twice, unless nothing asks for a stock.
        of = len(codes) * (2 if stocks else 1)
        tell(Stage.FIGURES, 0, of)
        complete = _counting(
            found,
            codes,
            changed,
            _latest_complete(found, on),
            slots,
            lambda done: tell(Stage.FIGURES, done, of),
        )
        latest = _counting(
            found,
            codes,
            changed,
            _latest_stock(found, on),
            stocks,
            lambda done: tell(Stage.FIGURES, len(codes) + done, of),
        )
    return {
        "figures": _figures(found, complete, changed),
        "payroll": _payroll(found, latest),
        "sizes": _sizes(found, latest),
    }


def _counting(
    found: Rehearsed,
    codes: Iterable[str],
    changed: Mapping[str, Prospect],
    period: Period,
    slots: set[str],
    tell: Callable[[int], None],
) -> Counting:
    before = _amounts(found, codes, period, slots, tell)
    after: dict[str, Mapping[str, Amount]] = {}
    for code in {*before, *changed}:
        if code in found.came.after.units:
            prospect = changed.get(code, Prospect(()))
            after[code] = amounts_after(before.get(code, {}), prospect, before)
    return Counting(period, before, after)


def _amounts(
    found: Rehearsed,
    codes: Iterable[str],
    period: Period,
    slots: set[str],
    tell: Callable[[int], None] = lambda _done: None,
) -> dict[str, dict[str, tuple[int, int]]]:
    """What counts at each unit on the tree of now; a unit of which nothing is known is left out."""
    ids = found.ids(codes)
    named = {number: code for code, number in ids.items()}
    asks = [Ask(number, number, period) for number in sorted(named)] if slots else []
    amounts: dict[str, dict[str, tuple[int, int]]] = {}
    for first in range(0, len(asks), AT_ONCE):
        some = asks[first : first + AT_ONCE]
        added_up = sums(some, slots, tree=found.came.before.on, by_unit=())
        for (number, slot), value in added_up.items():
            amounts.setdefault(named[number], {})[slot] = (value.value, value.units)
        tell(first + len(some))
    return amounts


def _latest_complete(found: Rehearsed, on: date) -> Period:
    """The last complete year if anything of it is known, else the running one."""
    last = Period.of_year(on.year - 1)
    return last if _amounts(found, [found.plan.owner], last, _slots()) else Period.of_year(on.year)


def _latest_stock(found: Rehearsed, on: date) -> Period:
    """The running year, unless more units have reported in the last one."""
    slots = _stock_slots(found)
    years = [Period.of_year(on.year), Period.of_year(on.year - 1)]
    reported = [
        sum(units for _value, units in of.get(found.plan.owner, {}).values())
        for of in (_amounts(found, [found.plan.owner], year, slots) for year in years)
    ]
    return years[0] if reported[0] >= reported[1] else years[1]


def _slots() -> set[str]:
    return {slot for indicator in pack().indicators.values() for slot in indicator.slots}


def _stock_slots(found: Rehearsed) -> set[str]:
    named = {indicator for _limits, indicator in _limits(found).values()}
    if found.plan.payroll is not None:
        named.add(found.plan.payroll.indicator)
    return {slot for code in named if (slot := _stock_slot(code)) is not None}


def _stock_slot(indicator: str) -> str | None:
    known = pack().indicators.get(indicator)
    return known.value if known is not None and known.behaviour is Behaviour.STOCK else None


def _named_posts(found: Rehearsed) -> set[str]:
    return {code for code, _posts in found.plan.payroll.posts} if found.plan.payroll is not None else set()


def _judged(found: Rehearsed) -> set[str]:
    """The units living afterwards to which something happens by itself, and new ones."""
    after = found.came.after.units
    new = {each.code for phase in found.came.phases for each in phase.changes.founded}
    return {code for code in touched(found.came) | new if code in after}


def _figures(found: Rehearsed, counting: Counting, changed: Mapping[str, Prospect]) -> dict[str, Any]:
    came, owner = found.came, found.plan.owner
    before, after = came.before.units, came.after.units
    ends = [code for code in came.heirs if code in counting.before]
    rest = sorted(changed.keys() - {owner}, key=lambda code: (code in before, code))
    order = [owner, *rest, *sorted(ends)]
    own_before, own_after = counting.before.get(owner, {}), counting.after.get(owner, {})
    return {
        "period": counting.period.code,
        "units": [_unit(found, counting, changed, code) for code in order[:MOST_UNITS]],
        "count": len(order),
        "not_conserved": not_conserved(own_before, own_after) if owner in after else sorted(own_before),
        "without_any": sum(1 for code in changed if not counting.after.get(code)),
        "register": _register(found),
    }


def _unit(found: Rehearsed, counting: Counting, changed: Mapping[str, Prospect], code: str) -> dict[str, Any]:
    came = found.came
    before, after = came.before.units.get(code), came.after.units.get(code)
    named = after or before
    amounts = counting.after.get(code, {})
    sources = changed[code].sources if code in changed else ()
    return {
        "code": code,
        "name": named.name if named else code,
        "before": _values(counting.before.get(code, {})) if before else None,
        "after": {slot: _whole(amount.value) for slot, amount in amounts.items()} if after else None,
        "estimated": sorted(slot for slot, amount in amounts.items() if amount.estimated),
        "from": list(sources[:MOST_SOURCES]),
        "sources": len(sources),
    }


def _values(amounts: Amounts) -> dict[str, int]:
    return {slot: value for slot, (value, _units) in amounts.items()}


def _whole(value: Fraction) -> int | str:
    """A whole number as it is, any other as a fraction: nothing is rounded before it is shown."""
    return int(value) if value.denominator == 1 else str(value)


def _register(found: Rehearsed) -> dict[str, list[int]]:
    """Indicators that count units in the register below the owner, before and after."""
    came, owner = found.came, found.plan.owner
    result: dict[str, list[int]] = {}
    for indicator in pack().indicators.values():
        if indicator.from_register:
            result[indicator.code] = [
                _count_below(units, owner, indicator.register_kinds)
                for units in (came.before.units, came.after.units)
            ]
    return result


def _count_below(units: Mapping[str, Any], owner: str, kinds: Sequence[str]) -> int:
    """How many units of some kinds stand at or below a unit."""
    known: dict[str, bool] = {owner: True}
    count = 0
    for code, unit in units.items():
        if unit.kind not in kinds:
            continue
        path: list[str] = []
        at: str | None = code
        while at is not None and at not in known and len(path) < 50:
            path.append(at)
            at = units[at].parent if at in units else None
        below = known.get(at, False) if at is not None else False
        known.update(dict.fromkeys(path, below))
        count += below
    return count


def _payroll(found: Rehearsed, counting: Counting) -> dict[str, Any] | None:
    payroll = found.plan.payroll
    slot = _stock_slot(payroll.indicator) if payroll is not None else None
    if payroll is None or slot is None:
        return None
    result = payroll_result(payroll, _stock(counting, slot), _judged(found), found.came.after)
    return _payroll_data(found, result, counting.period) | {
        "indicator": payroll.indicator,
        "year": payroll.year,
    }


def _payroll_data(found: Rehearsed, result: PayrollResult, period: Period) -> dict[str, Any]:
    units = found.came.after.units
    names = {code: units[code].name for code in result.without_posts if code in units}
    return {
        "period": period.code,
        "rows": [
            {
                "code": row.unit,
                "name": units[row.unit].name if row.unit in units else row.unit,
                "heads": None if row.heads is None else _whole(row.heads),
                "posts": row.posts,
                "estimated": row.estimated,
            }
            for row in result.rows
        ],
        "heads": _whole(result.heads),
        "posts": result.posts,
        "change": None if result.change is None else str(result.change),
        "target": str(result.target),
        "points_from_target": None if result.points_from_target is None else str(result.points_from_target),
        "met": result.met,
        "without_figure": list(result.without_figure),
        "without_posts": [{"code": code, "name": name} for code, name in names.items()][:MOST_UNITS],
        "without_posts_count": len(names),
    }


def _limits(found: Rehearsed) -> dict[str, tuple[Rule, str]]:
    """By kind: the rule that limits its size on the last day of the plan, and the indicator that it speaks of."""
    on = found.came.after.on
    limits: dict[str, tuple[Rule, str]] = {}
    for rule in pack().rules:
        if rule.code.startswith(SIZES) and rule.holds_on(on):
            limits[rule.code.removeprefix(SIZES)] = (rule, str(rule.values["indicator"]))
    return limits


def _number(rule: Rule, name: str) -> int | None:
    try:
        return rule.number(name)
    except PackLookupError:
        return None


def _sizes(found: Rehearsed, counting: Counting) -> dict[str, Any]:
    units = found.came.after.units
    limits = _limits(found)
    codes = _judged(found)
    stocks = {
        kind: _stock(counting, slot)
        for kind, (_rule, indicator) in limits.items()
        if (slot := _stock_slot(indicator)) is not None
    }
    known = {
        code: stocks[kind][code]
        for code in codes
        if (kind := units[code].kind) in stocks and code in stocks[kind]
    }
    judged: Sizes = judge_sizes(
        codes,
        found.came.after,
        {
            kind: Limits(_number(rule, "fewest"), _number(rule, "most"))
            for kind, (rule, _of) in limits.items()
        },
        known,
    )
    return {
        "period": counting.period.code,
        "rows": [
            {
                "code": each.unit,
                "name": units[each.unit].name,
                "kind": each.kind,
                "size": _whole(each.size),
                "estimated": each.estimated,
                "few": each.few,
                "fewest": _number(limits[each.kind][0], "fewest"),
                "most": _number(limits[each.kind][0], "most"),
                "source": str(limits[each.kind][0].source),
                "indicator": limits[each.kind][1],
            }
            for each in judged.out[:MOST_UNITS]
        ],
        "count": len(judged.out),
        "judged": judged.judged,
        "unknown": dict(judged.unknown),
        "without_limits": dict(judged.without_limits),
    }


def _stock(counting: Counting, slot: str) -> Mapping[str, tuple[Fraction, bool]]:
    """A stock of every unit afterwards, with whether it is estimated."""
    return {
        code: (amounts[slot].value, amounts[slot].estimated)
        for code, amounts in counting.after.items()
        if slot in amounts
    }
