"""What would be otherwise after a reform, as programs read it: the same on the command line and in the API."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from django.utils.translation import get_language
from typing_extensions import TypedDict

from plenum.packs import Indicator, naming, pack
from plenum.packs.wording import half_up, language, percent_of, two_decimals
from plenum.reorganisations import difference_wording as words
from plenum.reorganisations.queries.seen import Seen


class SideRow(TypedDict):
    """A unit as it stands on one side: before the reform or after it."""

    name: str
    kind: str
    parent: str
    parent_code: str


class HeirRow(TypedDict):
    """Who goes on with a unit that ends, with which share of it, as 1/3."""

    code: str
    name: str
    share: str


class UnitDifferenceRow(TypedDict):
    """A unit before and after. `fate` is founded, merged, split, dissolved, moved or changes; a side can be null."""

    code: str
    fate: str
    before: SideRow | None
    after: SideRow | None
    heirs: list[HeirRow]


class FigureDifferenceRow(TypedDict):
    """One indicator of a unit: counts, or for a ratio percentages as text; null where nothing is known.

    `difference`: of counts as a number, of ratios in percentage points as text. `estimated`: reckoned by a share.
    """

    unit: str
    name: str
    indicator: str
    before: int | str | None
    after: int | str | None
    difference: int | str | None
    estimated: bool


class AccountDifferenceRow(TypedDict):
    """One grant: how many units it reaches before and after. `decided`: false while that is only proposed."""

    subject: str
    account: str
    role: str
    unit: str
    name: str
    reaches: int
    will_reach: int
    decided: bool
    text: str


class PostsRow(TypedDict):
    """A unit with its heads of now (null: not known) and its posts afterwards."""

    unit: str
    name: str
    heads: int | None
    posts: int
    change_percent: str | None
    estimated: bool


class PayrollRow(TypedDict):
    """Posts against a target. Percentages are text; `points_from_target` are percentage points, at most 0 when met.

    `met` is null while it cannot be said. `without_posts`: changed units to which the plan gives none.
    """

    indicator: str
    period: str
    year: int
    heads: int
    posts: int
    change_percent: str | None
    target_percent: str
    points_from_target: str | None
    met: bool | None
    rows: list[PostsRow]
    without_figure: list[str]
    without_posts: list[str]


class SizeRow(TypedDict):
    """A unit that would be too small or too large for its kind."""

    unit: str
    name: str
    kind: str
    size: int
    fewest: int | None
    most: int | None
    estimated: bool
    source: str
    text: str


class ReformDifferenceRow(TypedDict):
    """Everything that would be otherwise, with sentences that say what is estimated, bounded or not known."""

    units: list[UnitDifferenceRow]
    units_count: int
    period: str | None
    figures: list[FigureDifferenceRow]
    not_conserved: list[str]
    accounts: list[AccountDifferenceRow]
    payroll: PayrollRow | None
    sizes: list[SizeRow]
    said: list[str]


def difference_row(seen: Seen, decisions: Mapping[str, str]) -> ReformDifferenceRow:
    """The whole difference as far as a reader is shown it."""
    figures = seen.figures
    return {
        "units": [unit_row(each) for each in seen.units],
        "units_count": seen.units_count,
        "period": figures["period"] if figures else None,
        "figures": figure_rows(figures),
        "not_conserved": list(figures["not_conserved"] or ()) if figures else [],
        "accounts": account_rows(seen.accounts, decisions, seen.units),
        "payroll": payroll_row(seen.payroll) if seen.payroll else None,
        "sizes": size_rows(seen.sizes),
        "said": [
            *words.said_of_units(seen),
            *words.said_of_figures(seen),
            *words.said_of_accounts(seen),
            *words.said_of_payroll(seen),
            *words.said_of_sizes(seen),
        ],
    }


def unit_row(unit: Mapping[str, Any]) -> UnitDifferenceRow:
    """A unit before and after."""
    return {
        "code": unit["code"],
        "fate": unit["fate"],
        "before": unit["before"],
        "after": unit["after"],
        "heirs": unit["heirs"],
    }


def figure_rows(figures: Mapping[str, Any] | None) -> list[FigureDifferenceRow]:
    """Every indicator of which anything is known, unit by unit; those counted in the register of the owner as well."""
    rows: list[FigureDifferenceRow] = []
    for place, unit in enumerate(figures["units"] if figures else ()):
        for indicator in pack().indicators.values():
            if indicator.from_register:
                counts = figures["register"].get(indicator.code) if figures and place == 0 else None
                if counts:
                    rows.append(_row(unit, indicator, counts[0], counts[1], estimated=False))
            elif (row := _figure_row(unit, indicator)) is not None:
                rows.append(row)
    return rows


def _figure_row(unit: Mapping[str, Any], indicator: Indicator) -> FigureDifferenceRow | None:
    before, after = (_value(unit[side], indicator) for side in ("before", "after"))
    if before is None and after is None:
        return None
    estimated = not set(indicator.slots).isdisjoint(unit["estimated"])
    return _row(unit, indicator, before, after, estimated=estimated)


def _row(
    unit: Mapping[str, Any],
    indicator: Indicator,
    before: Fraction | int | None,
    after: Fraction | int | None,
    *,
    estimated: bool,
) -> FigureDifferenceRow:
    known = before is not None and after is not None
    difference = after - before if before is not None and after is not None and known else None
    return {
        "unit": unit["code"],
        "name": unit["name"],
        "indicator": indicator.code,
        "before": _shown(before, indicator),
        "after": _shown(after, indicator),
        "difference": _shown(difference, indicator),
        "estimated": estimated,
    }


def _value(side: Mapping[str, Any] | None, indicator: Indicator) -> Fraction | None:
    """A count, or a ratio worked out from its two parts; None where one of them is not known, or 0 is divided by."""
    if side is None:
        return None
    if not indicator.is_ratio:
        return _of(side, indicator.value)
    numerator, denominator = _of(side, indicator.numerator), _of(side, indicator.denominator)
    return None if numerator is None or not denominator else numerator / denominator


def _of(side: Mapping[str, Any], slot: str | None) -> Fraction | None:
    value = side.get(slot or "")
    return None if value is None else Fraction(value)


def _shown(value: Fraction | int | None, indicator: Indicator) -> int | str | None:
    if value is None:
        return None
    return two_decimals(Fraction(value) * 100) if indicator.is_ratio else whole(value)


def whole(value: Fraction | int | str) -> int:
    """A count as it is shown: an estimate is rounded half up to a whole number."""
    return int(half_up(Fraction(value), 0))


def account_rows(
    accounts: Iterable[Mapping[str, Any]], decisions: Mapping[str, str], units: Iterable[Mapping[str, Any]]
) -> list[AccountDifferenceRow]:
    """What each grant reaches before and after, by what was decided about it, else as it is proposed."""
    names = {heir["code"]: heir["name"] for unit in units for heir in unit["heirs"]}
    names |= {unit["code"]: unit["after"]["name"] for unit in units if unit["after"]}
    lang = language(get_language())
    rows: list[AccountDifferenceRow] = []
    for each in accounts:
        choice = decisions.get(each["subject"], "")
        decided = choice in each["choices"] or not each["choices"]
        choice = choice if choice in each["choices"] else each["proposal"]
        to = choice.removeprefix("to:") if choice.startswith("to:") else ""
        rows.append(
            {
                "subject": each["subject"],
                "account": each["account"],
                "role": naming.power_set(each["role"], lang),
                "unit": each["code"],
                "name": each["name"],
                "reaches": each["before"],
                "will_reach": each["after"].get(to, 0),
                "decided": decided,
                "text": words.account_in_words(each, names.get(to, to)),
            }
        )
    return rows


def payroll_row(payroll: Mapping[str, Any]) -> PayrollRow:
    """Posts against a target."""
    return {
        "indicator": payroll["indicator"],
        "period": payroll["period"],
        "year": payroll["year"],
        "heads": whole(payroll["heads"]),
        "posts": payroll["posts"],
        "change_percent": _percent(payroll["change"]),
        "target_percent": two_decimals(Fraction(payroll["target"])),
        "points_from_target": _percent(payroll["points_from_target"]),
        "met": payroll["met"],
        "rows": [
            {
                "unit": each["code"],
                "name": each["name"],
                "heads": None if each["heads"] is None else whole(each["heads"]),
                "posts": each["posts"],
                "change_percent": None
                if each["heads"] is None
                else percent_of(each["posts"] - Fraction(each["heads"]), Fraction(each["heads"])),
                "estimated": each["estimated"],
            }
            for each in payroll["rows"]
        ],
        "without_figure": payroll["without_figure"],
        "without_posts": [each["code"] for each in payroll["without_posts"]],
    }


def _percent(value: str | None) -> str | None:
    return None if value is None else two_decimals(Fraction(value))


def size_rows(sizes: Mapping[str, Any] | None) -> list[SizeRow]:
    """Units that would be too small or too large for their kind."""
    return [
        {
            "unit": each["code"],
            "name": each["name"],
            "kind": each["kind"],
            "size": whole(each["size"]),
            "fewest": each["fewest"],
            "most": each["most"],
            "estimated": each["estimated"],
            "source": each["source"],
            "text": words.size_in_words(each),
        }
        for each in (sizes["rows"] if sizes else ())
    ]
