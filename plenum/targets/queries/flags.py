"""What a reader must know about a figure: stated numbers that differ, illustrative parts, what is missing."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from plenum.figures.queries import Figure, MissingReturns
from plenum.packs import Indicator, pack
from plenum.packs.wording import half_up
from plenum.targets.models import Statement
from plenum.targets.queries.rows import Changes, Flag, TargetView, value_of
from plenum.targets.rules import agrees, percent_of, read_change


def attests(statement: Statement, figure: Figure) -> bool:
    """Whether a statement of the value itself says what the record says: then the value is not
    illustrative.
    """
    if statement.what != Statement.What.VALUE:
        return False
    exact = _stated_value(statement, figure)
    return exact is not None and agrees(Fraction(statement.as_written), statement.decimals, exact)


def statement_flags(
    statements: Iterable[Statement],
    figure: Figure,
    target: TargetView | None,
    judged: Fraction | None,
    before: Fraction | None,
    compared: Figure,
) -> list[Flag]:
    """Flags for every statement that the arithmetic contradicts.

    judged: the value the target is held against; before: the value at the start of the year (stocks) or in
    the same months of last year (flows), in percent for ratios; compared: the figure from which it is taken.
    """
    found = []
    for statement in statements:
        match statement.what:
            case Statement.What.VALUE:
                flag = _value_flag(statement, figure)
            case Statement.What.PERCENT_OF_TARGET:
                flag = _percent_flag(statement, target, judged)
            case _:
                flag = _change_flag(statement, compared, before)
        if flag is not None:
            found.append(flag)
    return found


def illustrative_flags(figure: Figure, target: TargetView | None, *, attested: bool) -> list[Flag]:
    """What is not from a source: the value, only its split over sub-units, the target."""
    flags = []
    if figure.is_known and figure.illustrative:
        flags.append(Flag("illustrative_split" if attested else "illustrative_value"))
    if target is not None and target.illustrative:
        flags.append(Flag("illustrative_target"))
    return flags


def view_flags(figure: Figure) -> list[Flag]:
    """What the view that is asked for does to the figure: it is withheld, or cannot be attributed exactly."""
    if figure.withheld:
        return [Flag("withheld")]
    return [Flag("estimated", params={"estimated": figure.estimated})] if figure.estimated else []


def compared_flags(changes: Changes, same_units: Figure | None, compared_on: date | None) -> list[Flag]:
    """What a comparison with last year rests on: another figure than the one shown, or one that is estimated."""
    flags = []
    if same_units is not None and changes.same_period_last_year is not None:
        flags.append(Flag("compared_same_units", params={"figure": same_units, "day": compared_on}))
    both = (changes.since_start_of_year, changes.same_period_last_year)
    if reasons := dict.fromkeys(reason for each in both if each is not None for reason in each.because):
        flags.append(Flag("compared_estimated", params={"estimated": tuple(reasons)}))
    return flags


def gap_flags(figure: Figure, missing: MissingReturns) -> list[Flag]:
    """Stocks carried forward, and units that owe returns for months gone by of which nothing is accepted."""
    flags = []
    if figure.carried_from:
        params = {"units": figure.carried_from, "of": figure.reported_by}
        flags.append(Flag("carried_forward", params=params))
    forms = forms_of(figure.indicator)
    if units := missing.count(forms):
        flags.append(Flag("units_missing", params={"units": units, "names": missing.names(forms)}))
    return flags


def forms_of(indicator: Indicator) -> list[str]:
    """The forms that have a slot of the indicator: who has not handed in one of these is missing in it."""
    return [form.code for form in pack().forms.values() if any(form.has(slot) for slot in indicator.slots)]


def _stated_value(statement: Statement, figure: Figure) -> Fraction | None:
    if figure.indicator.is_ratio and statement.said_unit == Statement.SaidUnit.COUNT:
        return None if figure.numerator is None else Fraction(figure.numerator)
    return value_of(figure)


def _value_flag(statement: Statement, figure: Figure) -> Flag | None:
    exact = _stated_value(statement, figure)
    if exact is None:
        return _flag("stated_without_figure", statement, None, "count")
    if agrees(Fraction(statement.as_written), statement.decimals, exact):
        return None
    unit = "percent" if figure.indicator.is_ratio and statement.said_unit != "count" else "count"
    return _flag("stated_value_differs", statement, exact, unit)


def _percent_flag(statement: Statement, target: TargetView | None, judged: Fraction | None) -> Flag | None:
    if target is None or judged is None:
        return _flag("stated_without_figure", statement, None, "percent")
    exact = percent_of(judged, Fraction(target.amount))
    if exact is None or agrees(Fraction(statement.as_written), statement.decimals, exact):
        return None
    numbers = {"value": judged, "amount": Fraction(target.amount)}
    return _flag("stated_percent_contradicted", statement, exact, "percent", numbers)


def _change_flag(statement: Statement, figure: Figure, before: Fraction | None) -> Flag | None:
    after = value_of(figure)
    is_ratio = figure.indicator.is_ratio
    if after is None or before is None:
        return _flag("stated_without_figure", statement, None, statement.said_unit)
    reading = read_change(
        Fraction(statement.as_written),
        statement.decimals,
        statement.said_unit,
        before,
        after,
        is_ratio=is_ratio,
    )
    if reading.code == "agrees":
        return None
    numbers = {"before": before, "after": after, "points": reading.points, "percent": reading.percent}
    code = "stated_change_contradicted" if reading.code == "contradicted" else reading.code
    if is_ratio:
        return _flag(code, statement, after - before, "points", numbers)
    if statement.said_unit == Statement.SaidUnit.PERCENT:
        return _flag(code, statement, reading.percent, "percent", numbers)
    return _flag(code, statement, after - before, "count", numbers)


def _flag(
    code: str,
    statement: Statement,
    exact: Fraction | None,
    exact_unit: str,
    numbers: dict[str, Any] | None = None,
) -> Flag:
    stated = statement.as_written
    plain = exact is not None and exact.denominator == 1 and exact_unit == "count"
    rounded = None if exact is None else Decimal(int(exact)) if plain else half_up(exact)
    return Flag(
        code,
        stated=format(stated, "f"),
        exact=None if rounded is None else format(rounded, "f"),
        params={
            "what": statement.what,
            "stated": stated,
            "stated_unit": statement.said_unit,
            "exact": rounded,
            "exact_unit": exact_unit,
            "source": statement.source,
            "day": statement.on_date,
            "statement": statement.pk,
            **(numbers or {}),
        },
    )
