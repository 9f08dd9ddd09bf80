"""Sums read from what the database keeps above every unit that reports, with what the asked units report themselves."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import connection

from plenum.figures.queries import rollup_sql
from plenum.figures.queries.listing import listed
from plenum.packs import Behaviour, pack
from plenum.periods import Period, PeriodKind

Kept = tuple[int, int, int, int, int]
"""What one slot adds up to: value, returns, how many of them illustrative, units, how many of these carried forward."""


def kept_sums(
    asks: Sequence[tuple[int, int, Period]],
    slots: Collection[str],
    *,
    by_unit: Collection[str],
    known_on: date | None,
    by_branch: bool = False,
    tree: date | None = None,
) -> dict[tuple[int, str], Kept]:
    """By key of the ask (or unit directly below) and slot: what is kept below the unit and what it reports itself.

    ``tree``: on the tree of that day. Whatever stood below another unit then than in the month of its figures is taken
    away where it stood and added where it counts: as many rows as there are units that have moved, whatever stands
    below them.

    Three queries at most; one more where units have reported in several forms.
    """
    values = _values(asks, slots, known_on)
    restated = tree is not None and _find_moved(values, {unit for _key, unit, _period in asks}, tree)
    found: dict[tuple[int, str], Kept] = {}
    mixed = False
    by = "branch_id" if by_branch else "key"
    for behaviour in Behaviour:
        places = {
            (form.code, slot.number): slot.code
            for form in pack().forms.values()
            for slot in form.slots
            if slot.code in slots and slot.behaviour is behaviour
        }
        if not places:
            continue
        numbers = sorted({number for _form, number in places})
        measured = {number for (_form, number), code in places.items() if code in by_unit}
        query = _query(
            behaviour,
            numbers,
            measured,
            known_on,
            restated=restated,
            kinds=_kinds(by_branch, tree),
            by=by,
        )
        none = [None] * len(numbers)
        of_form = {
            form: [(at, code) for at, number in enumerate(numbers) if (code := places.get((form, number)))]
            for form in pack().forms
        }
        for key, form, *arrays, several in _rows(query, values):
            mixed |= several
            sums, returns, illustrative, units, carried = (each or none for each in arrays)
            for at, code in of_form.get(form, ()):
                if (filed := returns[at]) is not None:
                    each = sums[at] or 0, filed, illustrative[at] or 0, units[at] or 0, carried[at] or 0
                    if (key, code) in found:
                        add(found, (key, code), each)
                    else:
                        found[key, code] = each
    if mixed:
        known = rollup_sql.VALUES if known_on is None else rollup_sql.VALUES_THEN
        for key, code, *told in _rows(
            rollup_sql.ASKED + rollup_sql.SLOTS + rollup_sql.MIXED.format(known=known, by=by), values
        ):
            value, returns, illustrative, units, carried = map(int, told)
            add(found, (key, code), (value, returns, illustrative, units, carried))
    return found


def add(found: dict[tuple[int, str], Kept], key: tuple[int, str], more: Kept) -> None:
    """Add what a slot comes to. Plain tuples: a league table has tens of thousands of them."""
    before = found.get(key)
    if before is None:
        found[key] = more
        return
    value, returns, illustrative, units, carried = (
        one + other for one, other in zip(before, more, strict=True)
    )
    found[key] = value, returns, illustrative, units, carried


def _find_moved(values: dict[str, Any], asked: Collection[int], tree: date) -> bool:
    """Put into the values of a query what counts elsewhere on a tree; whether there is anything. One query.

    Each as the key of the ask, the unit and the month, and how often it is to be added: -1 to be taken away.
    """
    head = rollup_sql.ASKED.replace("WITH ask", "WITH RECURSIVE ask")
    terms = _rows(head + rollup_sql.moved(near=len(asked) == 1) + rollup_sql.TERMS, values | {"tree": tree})
    if terms:
        keys, units, months, weights = zip(*terms, strict=True)
        values |= {
            "term_keys": listed(keys),
            "term_units": listed(units),
            "term_months": listed(months),
            "term_weights": listed(weights),
            "moved_units": listed({*units, *asked}),
        }
    return bool(terms)


def can_be_bridged(periods: Iterable[Period]) -> bool:
    """Whether all that stands of some periods has been counted on the tree of the end of a month. One query.

    It has not where a unit has ended, and something above it has moved before the month was over. Units that have
    reported in several forms are looked at one by one, too.
    """
    spans = list(periods)
    rows = _rows(
        rollup_sql.ASTRAY,
        {
            "first": min(period.start for period in spans),
            "last": max(period.last_day for period in spans),
        },
    )
    return not rows[0][0]


def _query(
    behaviour: Behaviour,
    numbers: Sequence[int],
    by_unit: Collection[int],
    known_on: date | None,
    *,
    restated: bool,
    kinds: Sequence[str],
    by: str,
) -> str:
    """What the slots with these numbers come to, each slot by its number: several times faster than to join them."""

    def each(term: str, **names: str) -> str:
        return "ARRAY[{}]".format(
            ", ".join(term.format(n=n, p=place, **names) for place, n in enumerate(numbers, 1))
        )

    def own(units: str) -> str:
        if known_on is None:
            return rollup_sql.STANDING
        sparse = {
            name: "ARRAY[{}]".format(
                ", ".join(
                    f"sum(entry.{column}[{number}])::{kind}" if number in numbers else "NULL"
                    for number in range(1, max(numbers) + 1)
                )
            )
            for name, column, kind in (
                ("sums", "delta", "bigint"),
                ("counts", "delta_counts", "int"),
                ("marks", "delta_illustrative", "int"),
            )
        }
        return rollup_sql.STANDING_THEN.format(units=units, **sparse)

    def counted(term: str, **names: str) -> str:
        """As `each`, for the slots of which the number of units is wanted."""
        return "ARRAY[{}]".format(
            ", ".join(
                term.format(n=n, p=place, **names) if n in by_unit else "NULL::bigint"
                for place, n in enumerate(numbers, 1)
            )
        )

    flows = behaviour is Behaviour.FLOW
    asked = "kept.asked" if restated else "ask.month"
    latest = "(array_agg(kept.{c}[{n}] ORDER BY kept.month DESC) FILTER (WHERE kept.counts[{n}] > 0))[1]"
    weight = "kept.weight * " if restated else ""
    parts = {
        "several": rollup_sql.SEVERAL,
        "firsts": rollup_sql.FIRSTS.format(ask="kept" if restated else "ask"),
        "kinds": f"ARRAY[{', '.join(map(repr, kinds))}]",
        "sums": each("sum({w}kept.sums[{n}])", w=weight),
        "counts": each("sum({w}kept.counts[{n}])", w=weight),
        "marks": each("sum({w}kept.illustrative[{n}])", w=weight),
        "units": counted("sum({w}firsts.units[{n}])", w=weight),
        "carried": each(
            "sum({w}kept.counts[{n}]) - coalesce(sum({w}kept.quarter[{n}]) FILTER (WHERE kept.month = {asked}), 0)",
            w=weight,
            asked=asked,
        ),
        "known": each("(max(kept.counts[{n}]) > 0)::int"),
        "latest": each(latest, c="sums"),
        "latest_marks": each(latest, c="illustrative"),
        "old": each("(max(kept.month) FILTER (WHERE kept.counts[{n}] > 0) < max({asked}))::int", asked=asked),
        "below": rollup_sql.AS_IT_STANDS if known_on is None else rollup_sql.AS_IT_WAS_KNOWN,
    }
    if not restated:
        template = rollup_sql.FLOWS if flows else rollup_sql.STOCKS
        by = "kept.branch_id" if by == "branch_id" else "ask.key"
        head = rollup_sql.ASKED + (rollup_sql.REPORTING if flows else "")
        return head + template.format(by=by, own=own("%(units)s"), **parts)
    w = "" if flows else "each.weight * "
    template = rollup_sql.FLOWS_RESTATED if flows else rollup_sql.STOCKS_RESTATED
    return (rollup_sql.ASKED + rollup_sql.TERM + template).format(
        own_terms=own("%(moved_units)s"),
        first=counted(
            "(array_agg(coalesce(kept.weight, 0) ORDER BY kept.month) FILTER (WHERE kept.counts[{n}] > 0))[1]"
        ),
        total_sums=each("sum({w}each.sums[{p}])", w=w),
        total_counts=each("sum({w}each.counts[{p}])", w=w),
        total_marks=each("sum({w}each.marks[{p}])", w=w),
        total_units=each("sum(each.units[{p}])"),
        total_carried=each("sum({w}each.carried[{p}])", w=w),
        **parts,
    )


def _kinds(by_branch: bool, tree: date | None) -> list[str]:
    """Which rows tell of flows: see `Rollup`."""
    if tree is not None:
        return ["flow", "tree"]
    return ["flow", "part"] if by_branch else ["flow"]


def _values(
    asks: Sequence[tuple[int, int, Period]], slots: Collection[str], known_on: date | None
) -> dict[str, Any]:
    places = [
        (form.code, slot.number, slot.code, "stock" if slot.behaviour is Behaviour.STOCK else "flow")
        for form in pack().forms.values()
        for slot in form.slots
        if slot.code in slots
    ]
    periods: dict[Period, int] = {}
    asked = [periods.setdefault(period, len(periods) + 1) for _key, _unit, period in asks]
    units = [unit for _key, unit, _period in asks]
    return {
        "keys": listed(key for key, _unit, _period in asks),
        "asked": listed(units),
        "places": listed(asked),
        "units": listed(set(units)),
        "firsts": [period.start for period in periods],
        "months": [period.last_month for period in periods],
        "lasts": [period.last_day for period in periods],
        "years": [period.year_period().start for period in periods],
        "spans": [_span(period) for period in periods],
        "forms": [place[0] for place in places],
        "numbers": [place[1] for place in places],
        "codes": [place[2] for place in places],
        "kinds": [place[3] for place in places],
        "known_on": known_on,
    }


def _span(period: Period) -> str:
    """Which of the kept counts of first returns add up to the number of units of a period."""
    if period.kind is PeriodKind.MONTH:
        return "month"
    if period.first_month_number == 1:
        return "year"
    return "half" if period.kind is PeriodKind.HALF else "quarter"


def _rows(query: str, values: Mapping[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        rows: list[Any] = cursor.fetchall()
    return rows
