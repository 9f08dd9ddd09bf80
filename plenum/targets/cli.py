"""Targets on the command line: how a unit stands, its targets, setting and loading."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import click
from django.utils.translation import gettext as _

from plenum.access.command_line import (
    FILE,
    KNOWN_ON,
    TREE,
    CommandLine,
    Number,
    PeriodType,
    tree_on,
    unit_named,
)
from plenum.access.lists import Out, prints_list
from plenum.directives.queries import DocumentAmbiguous, DocumentUnknown, find, readable
from plenum.figures.figure_rows import named_in
from plenum.figures.wording import compared_sentence, view_sentence, withheld_sentence
from plenum.organisation.queries import in_reach
from plenum.packs import pack, wording
from plenum.periods import Period, Tree
from plenum.targets.actions import TargetFields, load_statements, load_targets, set_target
from plenum.targets.actions.load_statements import SHEET as STATEMENTS
from plenum.targets.actions.load_targets import SHEET as TARGETS
from plenum.targets.models import Target
from plenum.targets.powers import READ, SET
from plenum.targets.queries import Row, live_targets, standing
from plenum.targets.rows import StandingRow, TargetRow, standing_of_unit, target_row
from plenum.targets.wording import VERDICTS, flag_text, language, target_text


@click.command()
@click.argument("unit")
@click.argument("period", type=PeriodType())
@KNOWN_ON
@TREE
@prints_list
@click.pass_obj
def figures(
    line: CommandLine, unit: str, period: Period, known_on: date | None, tree: Tree, out: Out
) -> None:
    """Show the figures of UNIT in PERIOD with targets, verdicts and flags."""
    found = unit_named(line, unit, READ)
    restated = tree_on(line, tree)
    stands = standing(found.pk, period, known_on=known_on, tree=restated, today=line.today)
    seen = in_reach(line.actor, line.today, named_in(row.figure for row in stands.rows))
    answer = standing_of_unit(found.code, stands, seen, known_on=known_on, tree=restated)
    if out.took(answer["rows"], StandingRow, whole=answer):
        return
    if view := view_sentence(known_on, restated):
        click.echo(view)
    if stands.withheld:
        click.echo(withheld_sentence())
    if compared := compared_sentence(stands.compared_on):
        click.echo(compared)
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
@prints_list
@click.pass_obj
def show(line: CommandLine, unit: str, period: Period, known_on: date | None, out: Out) -> None:
    """Show the targets of UNIT for PERIOD."""
    found = unit_named(line, unit, READ)
    held = live_targets([found.pk], {period}, known_on=known_on)
    in_order = sorted(held.values(), key=lambda target: pack().indicators[target.indicator].order)
    rows = [target_row(target) for target in in_order]
    if out.took(rows, TargetRow, whole={"unit": found.code, "period": period.code, "targets": rows}):
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


def _line(row: Row) -> str:
    indicator, figure = row.indicator, row.figure
    if figure.withheld:
        value = _("withheld")
    else:
        sides = (figure.numerator, figure.denominator) if indicator.is_ratio else (figure.value,)
        known = figure.is_known or not indicator.is_ratio
        value = "/".join(_number(each) for each in sides) if known else wording.MISSING
    target = target_text(indicator, row.target) if row.target else "–"
    verdict = str(VERDICTS[row.verdict.code]) if row.verdict else "–"
    mark = (" ◇" if row.illustrative else "") + (" ≈" if figure.estimated else "")
    name = indicator.name.in_(language())
    percent = wording.percent(row.percent, language()) if row.percent else wording.MISSING
    return f"{name}{mark}\n    {value:>9}  {target:>16}  {percent:>8}  {verdict}"


def _number(value: int | None) -> str:
    return wording.MISSING if value is None else wording.number(value, language())


def _basis(line: CommandLine, reference: str) -> int | None:
    if not reference:
        return None
    try:
        return find(reference, readable(line.actor, line.today)).pk
    except (DocumentUnknown, DocumentAmbiguous) as error:
        raise click.ClickException(str(error)) from None
