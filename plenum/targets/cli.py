"""Targets on the command line: how a unit stands, its targets, setting and loading."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import click
from django.utils.translation import gettext as _

from plenum.access.command_line import (
    AS_JSON,
    FILE,
    KNOWN_ON,
    CommandLine,
    Number,
    PeriodType,
    print_json,
    unit_named,
)
from plenum.directives.queries import DocumentAmbiguous, DocumentUnknown, find, readable
from plenum.packs import pack
from plenum.packs.wording import two_decimals
from plenum.periods import Period
from plenum.targets.actions import TargetFields, load_statements, load_targets, set_target
from plenum.targets.actions.load_statements import SHEET as STATEMENTS
from plenum.targets.actions.load_targets import SHEET as TARGETS
from plenum.targets.models import Target
from plenum.targets.powers import READ, SET
from plenum.targets.queries import Change, Flag, Row, Standing, TargetView, live_targets, standing
from plenum.targets.rules import Projection
from plenum.targets.wording import VERDICTS, flag_text, language, target_text, verdict_reasons


@click.command()
@click.argument("unit")
@click.argument("period", type=PeriodType())
@KNOWN_ON
@AS_JSON
@click.pass_obj
def figures(line: CommandLine, unit: str, period: Period, known_on: date | None, as_json: bool) -> None:
    """Show the figures of UNIT in PERIOD with targets, verdicts and flags."""
    found = unit_named(line, unit, READ)
    stands = standing(found.pk, period, known_on=known_on, today=line.today)
    if as_json:
        print_json(standing_as_json(found.code, stands, known_on))
        return
    for row in stands.rows:
        click.echo(_line(row))
        for flag in row.flags:
            click.echo(f"    ⚑ {flag_text(flag)}")
    if not stands.rows:
        click.echo(_("Nothing is known for this period."))


class ShowByDefault(click.Group):
    """A group whose first word, if it is no command of the group, is the unit to show."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in self.commands:
            return "show", self.commands["show"], args
        return super().resolve_command(ctx, args)


@click.group(cls=ShowByDefault, subcommand_metavar="UNIT PERIOD [--json] | load FILE")
def targets() -> None:
    """Show the targets of UNIT for PERIOD, or load targets from a file."""


@targets.command(hidden=True)
@click.argument("unit")
@click.argument("period", type=PeriodType())
@KNOWN_ON
@AS_JSON
@click.pass_obj
def show(line: CommandLine, unit: str, period: Period, known_on: date | None, as_json: bool) -> None:
    """Show the targets of UNIT for PERIOD."""
    found = unit_named(line, unit, READ)
    held = live_targets([found.pk], {period}, known_on=known_on)
    in_order = sorted(held.values(), key=lambda target: pack().indicators[target.indicator].order)
    if as_json:
        rows = [_target_as_json(target) for target in in_order]
        print_json({"unit": found.code, "period": period.code, "targets": rows})
        return
    for target in in_order:
        indicator = pack().indicators[target.indicator]
        click.echo(f"{indicator.name.in_(language())}: {target_text(indicator, target)}")
    if not held:
        click.echo(_("No targets are set for this period."))


@targets.command("load")
@FILE
@click.pass_obj
def load_targets_file(line: CommandLine, file: Path) -> None:
    """Load targets from a CSV file, all or none."""
    loaded = load_targets(TARGETS.read(file.read_bytes()), on=line.today, by=line.actor)
    click.echo(_("Targets set: %(count)s") % {"count": len(loaded)})


@click.group()
def statements() -> None:
    """What reports state about figures."""


@statements.command("load")
@FILE
@click.pass_obj
def load_statements_file(line: CommandLine, file: Path) -> None:
    """Load what reports state from a CSV file, all or none."""
    loaded = load_statements(STATEMENTS.read(file.read_bytes()), on=line.today, by=line.actor)
    click.echo(_("Statements recorded: %(count)s") % {"count": len(loaded)})


@click.command("set-target")
@click.argument("unit")
@click.argument("indicator")
@click.argument("period", type=PeriodType())
@click.argument("comparison", type=click.Choice(Target.Comparisons.values))
@click.argument("amount", type=Number())
@click.option("--basis", default="", help="A document: its symbol, or number|date.")
@click.option("--given-to", default="", help="The leader it is given to.")
@click.option("--post", default="", help="The post of that leader.")
@click.option("--illustrative", is_flag=True, help="The target is not from a source.")
@click.pass_obj
def set_target_command(
    line: CommandLine,
    unit: str,
    indicator: str,
    period: Period,
    comparison: str,
    amount: Decimal,
    basis: str,
    given_to: str,
    post: str,
    illustrative: bool,
) -> None:
    """Give UNIT a target: INDICATOR in PERIOD, COMPARISON and AMOUNT."""
    fields = TargetFields(
        indicator=indicator,
        period=period,
        comparison=comparison,
        amount=amount,
        basis_id=_basis(line, basis),
        given_to=given_to,
        given_to_post=post,
        illustrative=illustrative,
    )
    target = set_target(unit_named(line, unit, SET), fields, on=line.today, by=line.actor)
    click.echo(_("Targets set: %(count)s") % {"count": 1} + f" ({target})")


commands: list[click.Command] = [figures, targets, statements, set_target_command]


def standing_as_json(code: str, stands: Standing, known_on: date | None = None) -> dict[str, Any]:
    """A unit's standing as the command line and files give it: plain numbers, percent as strings."""
    return {
        "unit": code,
        "period": stands.period.code,
        "known_on": known_on.isoformat() if known_on else None,
        "rows": [_row_as_json(row) for row in stands.rows],
    }


def _row_as_json(row: Row) -> dict[str, Any]:
    indicator, figure, verdict = row.indicator, row.figure, row.verdict
    return {
        "indicator": indicator.code,
        "name": indicator.name.in_(language()),
        "value": row.percent if indicator.is_ratio else figure.value,
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "target": _number(row.target.amount) if row.target else None,
        "comparison": row.target.comparison.value if row.target else None,
        "percent": row.percent,
        "verdict": verdict.code.value if verdict else None,
        "reasons": [
            {"code": reason.code, "text": text}
            for reason, text in zip(verdict.reasons, verdict_reasons(indicator, verdict), strict=True)
        ]
        if verdict
        else [],
        "rules": [{"code": each.code, "source": each.source} for each in verdict.citations]
        if verdict
        else [],
        "projection": _projection_as_json(verdict.projection) if verdict else None,
        "illustrative": row.illustrative,
        "value_illustrative": row.value_illustrative,
        "target_illustrative": row.target_illustrative,
        "basis": row.target.basis_label or None if row.target else None,
        "given_to": row.target.given_to or None if row.target else None,
        "change": {
            "since_start_of_year": _change_as_json(row.change.since_start_of_year),
            "same_period_last_year": _change_as_json(row.change.same_period_last_year),
            "unit": "points" if indicator.is_ratio else "count",
        },
        "parts": [
            {"code": part.code, "name": part.name.in_(language()), "value": part.value}
            for part in figure.parts
        ],
        "reported_by": figure.reported_by,
        "flags": [_flag_as_json(flag) for flag in row.flags],
    }


def _flag_as_json(flag: Flag) -> dict[str, Any]:
    return {"code": flag.code, "stated": flag.stated, "exact": flag.exact, "text": flag_text(flag)}


def _projection_as_json(projection: Projection | None) -> dict[str, str] | None:
    if projection is None:
        return None
    numbers = {"low": projection.low, "mid": projection.middle, "high": projection.high}
    return {name: two_decimals(exact) for name, exact in numbers.items()}


def _change_as_json(change: Change | None) -> str | int | None:
    """Percentage points as a string with two decimals, counts as whole numbers."""
    if change is None:
        return None
    return two_decimals(change.amount) if change.is_points else int(change.amount)


def _target_as_json(target: TargetView) -> dict[str, Any]:
    return {
        "id": target.id,
        "indicator": target.indicator,
        "period": target.period.code,
        "comparison": target.comparison.value,
        "amount": _number(target.amount),
        "basis": target.basis_label or None,
        "given_to": target.given_to or None,
        "given_to_post": target.given_to_post or None,
        "illustrative": target.illustrative,
        "known_on": target.known_on.isoformat(),
        "amended": target.is_amended,
    }


def _number(amount: Decimal) -> int | float:
    exact = Fraction(amount)
    return int(exact) if exact.denominator == 1 else float(amount)


def _line(row: Row) -> str:
    indicator, figure = row.indicator, row.figure
    if indicator.is_ratio:
        value = f"{figure.numerator}/{figure.denominator}" if figure.is_known else "–"
    else:
        value = "–" if figure.value is None else str(figure.value)
    target = target_text(indicator, row.target) if row.target else "–"
    verdict = str(VERDICTS[row.verdict.code]) if row.verdict else "–"
    mark = " ◇" if row.illustrative else ""
    name = indicator.name.in_(language())
    return f"{name}{mark}\n    {value:>9}  {target:>16}  {row.percent or '–':>8}  {verdict}"


def _basis(line: CommandLine, reference: str) -> int | None:
    if not reference:
        return None
    try:
        return find(reference, readable(line.actor, line.today)).pk
    except (DocumentUnknown, DocumentAmbiguous) as error:
        raise click.ClickException(str(error)) from None
