"""Commands on returns: load and list them, show one, say who owes what, and recount the kept sums."""

import shutil
import tempfile
from datetime import date
from pathlib import Path

import click
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from plenum.access.command_line import (
    AS_JSON,
    FILE,
    KNOWN_ON,
    TREE,
    CommandLine,
    PeriodType,
    only_the_operator,
    print_json,
    progress_line,
    tree_on,
    unit_named,
)
from plenum.access.lists import Out, prints_list
from plenum.access.reach import reachable
from plenum.figures import powers
from plenum.figures.actions.load_obligations import SHEET as OBLIGATIONS
from plenum.figures.actions.load_obligations import load_obligations
from plenum.figures.actions.load_returns import SHEET as RETURNS
from plenum.figures.actions.load_returns import load_returns
from plenum.figures.figure_rows import ShareRow, league_row, named_in_league
from plenum.figures.models import Return
from plenum.figures.queries import (
    Figure,
    Shown,
    below,
    dues,
    league,
    obligations,
    own_returns,
    return_view,
    rollups_recounted,
)
from plenum.figures.rows import (
    DueRow,
    ObligationRow,
    SheetRow,
    due_row,
    obligation_row,
    return_row,
    sheet_row,
)
from plenum.figures.wording import estimate_sentences, said, view_sentence
from plenum.figures.workbooks.filling import NotTaken, fill, form_of, said_of
from plenum.figures.workbooks.many.making import file_name as many_file_name
from plenum.figures.workbooks.many.making import make
from plenum.figures.workbooks.many.taking import NoneTaken, take
from plenum.figures.workbooks.many.taking import said_of as tally_said
from plenum.figures.workbooks.writing import file_name
from plenum.organisation.queries import in_reach
from plenum.packs import pack, wording
from plenum.periods import Period, Tree


class ListedByDefault(click.Group):
    """A group whose first word is, unless it is one of its commands, a unit whose rows are listed."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in self.get_help_option_names(ctx):
            args = ["list", *args]
        return super().parse_args(ctx, args)


@click.group(
    cls=ListedByDefault, help="List the returns of a unit (returns UNIT PERIOD), show or load returns."
)
def returns() -> None:
    """Commands on returns."""


@returns.command("list", help="List the returns of a unit and of those below it for a period.")
@click.argument("unit")
@click.argument("period", type=PeriodType())
@prints_list
@click.pass_obj
def list_returns(line: CommandLine, unit: str, period: Period, out: Out) -> None:
    """Print what has been entered for the period and whatever lies in it."""
    found = own_returns(_below(line, unit, period), line.today, period=period)
    if out.took(map(sheet_row, found), SheetRow):
        return
    for sheet in found:
        click.echo(
            f"{sheet.return_id:>6}  {sheet.period.code:<8} {sheet.state:<10} {sheet.form.code:<20} "
            f"{sheet.unit.code}  {sheet.unit.name}"
        )


@returns.command("show", help="Show a return with its figures, versions and course.")
@click.argument("number", type=int)
@AS_JSON
@click.pass_obj
def show(line: CommandLine, number: int, as_json: bool) -> None:
    """Print one return."""
    readable = reachable(line.actor, powers.READ, line.today)
    if not Return.objects.filter(pk=number, unit__in=readable.values("pk")).exists():
        raise click.ClickException(_("There is no return with this number that you can read."))
    view = return_view(number, line.today)
    if as_json:
        print_json(return_row(view))
        return
    sheet = view.sheet
    click.echo(f"{sheet.unit.name} · {said(sheet.form.name)} · {sheet.period.code} · {sheet.state}")
    for row in sheet.rows:
        value = "–" if row.value is None else str(row.value)
        mark = " *" if row.illustrative else ""
        click.echo(f"{row.slot.number:>4}  {value:>12}{mark:<2}  {said(row.slot.name)}")
    for step in view.steps:
        click.echo(f"{step.on_date}  {step.what}  v{step.version}  {step.by}  {step.reason}".rstrip())


@returns.command(
    "load", help="Load returns from a CSV file, one line for each figure: " + "unit,form,period,…"
)
@FILE
@click.pass_obj
def load(line: CommandLine, file: Path) -> None:
    """Write all rows or none."""
    loaded = load_returns(RETURNS.read(file.read_bytes()), on=line.today, by=line.actor)
    click.echo(
        ngettext("Return loaded: %(count)d", "Returns loaded: %(count)d", len(loaded))
        % {"count": len(loaded)}
    )


@returns.command("form", help="Write the workbook (XLSX) in which a unit fills in what it owes for a period.")
@click.argument("unit")
@click.argument("period", type=PeriodType())
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Where to; else UNIT_PERIOD.xlsx."
)
@click.option(
    "--lang", "language", type=click.Choice(wording.LANGUAGES), help="Language; else that of the commands."
)
@click.pass_obj
def form_command(
    line: CommandLine, unit: str, period: Period, output: Path | None, language: str | None
) -> None:
    """Write the form, with what has been entered so far."""
    found = unit_named(line, unit, powers.ENTER)
    said_in = language or wording.language(get_language())
    body = form_of(found, period, said_in, line.today, by=line.actor)
    if body is None:
        raise click.ClickException(_("The unit owes nothing for this period."))
    path = output or Path(file_name(found.code, period.code))
    path.write_bytes(body)
    click.echo(str(path))


@returns.command("fill", help="Take a filled-in workbook over: all of it or nothing.")
@click.argument("unit")
@FILE
@click.option("--submit", is_flag=True, help="Submit the returns at once; else they are kept as drafts.")
@click.option(
    "--marked",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write it with its errors marked.",
)
@click.pass_obj
def fill_command(line: CommandLine, unit: str, file: Path, submit: bool, marked: Path | None) -> None:
    """Fill in returns from a workbook; what is wrong is written into a marked copy beside it."""
    found = unit_named(line, unit, powers.ENTER)
    try:
        taken = fill(file.read_bytes(), found, submit=submit, on=line.today, by=line.actor)
    except NotTaken as refusal:
        path = marked or file.with_name(f"{file.stem}-marked.xlsx")
        path.write_bytes(refusal.marked)
        for fault in refusal.faults:
            click.echo(f"{fault.sheet}!{fault.cell}  {fault.text}", err=True)
        text = _("Nothing of this file was taken over. With its errors marked: %(path)s")
        raise click.ClickException(text % {"path": path}) from refusal
    for each in taken:
        click.echo(said_of(each))


@returns.command(
    "collection-form", help="Write one workbook (XLSX) for all units below that owe a form for a period."
)
@click.argument("unit")
@click.argument("form")
@click.argument("period", type=PeriodType())
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to; else UNIT_FORM_PERIOD.xlsx.",
)
@click.option(
    "--lang", "language", type=click.Choice(wording.LANGUAGES), help="Language; else that of the commands."
)
@click.pass_obj
def collection_form(
    line: CommandLine, unit: str, form: str, period: Period, output: Path | None, language: str | None
) -> None:
    """Write a row for each unit, with what has been entered so far."""
    found = unit_named(line, unit, powers.COLLECT)
    path = output or Path(many_file_name(found.code, form, period))
    said_in = language or wording.language(get_language())
    with tempfile.TemporaryFile() as file, progress_line() as tell:
        if not make(file, found, form, period, said_in, progress=tell, on=line.today, by=line.actor):
            raise click.ClickException(_("No unit below owes this form for this period."))
        file.seek(0)
        with path.open("wb") as out:
            shutil.copyfileobj(file, out)
    click.echo(str(path))


@returns.command("collect", help="Take a filled-in workbook of the units below over: all of it or nothing.")
@click.argument("unit")
@FILE
@click.option("--submit", is_flag=True, help="Submit the returns at once; else they are kept as drafts.")
@click.option(
    "--marked",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write it with its errors marked.",
)
@click.pass_obj
def collect(line: CommandLine, unit: str, file: Path, submit: bool, marked: Path | None) -> None:
    """Fill in the returns of many units; what is wrong is written into a marked copy beside the file."""
    found = unit_named(line, unit, powers.COLLECT)
    try:
        with progress_line() as tell:
            tally = take(file.read_bytes(), found, submit=submit, progress=tell, on=line.today, by=line.actor)
    except NoneTaken as refusal:
        path = marked or file.with_name(f"{file.stem}-marked.xlsx")
        with path.open("wb") as out:
            refusal.mark(out)
        for fault in refusal.faults:
            click.echo(f"{fault.sheet}!{fault.cell}  {fault.text}", err=True)
        text = _("Nothing of this file was taken over. With its errors marked: %(path)s")
        raise click.ClickException(text % {"path": path}) from refusal
    click.echo(tally_said(tally))


@returns.command("check", help="Recount every kept sum from the accepted returns and the tree.")
@click.pass_obj
def check(line: CommandLine) -> None:
    """Print what differs; fail if anything does."""
    only_the_operator(line)
    found = rollups_recounted()
    for each in found:
        click.echo(f"{each.table} {each.unit_id} {each.form} {each.month}: {each.kept} ≠ {each.recounted}")
    if found:
        raise click.ClickException(_("Kept sums differ from the recount."))
    click.echo(_("All kept sums are confirmed."))


@click.group(
    "obligations", cls=ListedByDefault, help="List who owes what (obligations UNIT), or load obligations."
)
def obligations_group() -> None:
    """Commands on obligations."""


@obligations_group.command("list", help="List the obligations of a unit and of those below it.")
@click.argument("unit")
@prints_list
@click.pass_obj
def list_obligations(line: CommandLine, unit: str, out: Out) -> None:
    """Print who owes which form by which schedule today."""
    rows = [obligation_row(each) for each in obligations(_below(line, unit), line.today)]
    if out.took(rows, ObligationRow):
        return
    for row in rows:
        click.echo(
            f"{row['id']:>6}  {row['unit']:<40} {row['form']:<20} {row['schedule']:<24} "
            f"{row['from']} … {row['until'] or ''}".rstrip()
        )


@obligations_group.command("load", help="Load obligations from a CSV file: unit,form,schedule,from,until.")
@FILE
@click.pass_obj
def load_owed(line: CommandLine, file: Path) -> None:
    """Write all rows or none."""
    loaded = load_obligations(OBLIGATIONS.read(file.read_bytes()), on=line.today, by=line.actor)
    count = len(loaded)
    click.echo(
        ngettext("Obligation loaded: %(count)d", "Obligations loaded: %(count)d", count) % {"count": count}
    )


@click.command("due", help="Say which returns a unit and those below it owe, by when, and who is late.")
@click.argument("unit")
@click.option("--period", type=PeriodType(), help="Only returns that lie in this period.")
@click.option("--late", "only_late", is_flag=True, help="Only outstanding returns past their day.")
@prints_list
@click.pass_obj
def due_command(line: CommandLine, unit: str, period: Period | None, only_late: bool, out: Out) -> None:
    """Print what is owed for periods that are over, the earliest due first."""
    choice = "late" if only_late else ""
    found = dues(_below(line, unit, period), line.today, period=period, choice=choice)
    if out.took(map(due_row, found), DueRow):
        return
    for each in found:
        late = _("days late: %(days)d") % {"days": each.days_late} if each.days_late else ""
        click.echo(
            f"{each.due_on}  {each.state:<10} {each.period.code:<8} {each.form.code:<20} "
            f"{each.unit.code}  {late}".rstrip()
        )


@click.command("league")
@click.argument("unit")
@click.argument("indicator")
@click.argument("period", type=PeriodType())
@KNOWN_ON
@TREE
@click.option("--by-name", is_flag=True, help="Sorted by name instead of by figure.")
@prints_list
@click.pass_obj
def league_command(
    line: CommandLine,
    unit: str,
    indicator: str,
    period: Period,
    known_on: date | None,
    tree: Tree,
    by_name: bool,
    out: Out,
) -> None:
    """Set the units directly below UNIT beside each other in INDICATOR for PERIOD."""
    found_unit = unit_named(line, unit, powers.READ)
    watched = pack().indicators.get(indicator)
    if watched is None:
        raise click.ClickException(_("There is no indicator “%(code)s”.") % {"code": indicator})
    restated = tree_on(line, tree)
    found = league(found_unit.pk, watched, period, known_on=known_on, tree=restated, by_name=by_name)
    seen = in_reach(line.actor, line.today, named_in_league(found))
    answer = league_row(found_unit.code, watched, period, found, seen)
    shares = (*answer["places"], *answer["others"], *answer["silent"], *answer["withheld"])
    if out.took(shares, ShareRow, whole=answer):
        return
    if view := view_sentence(known_on, restated):
        click.echo(view)
    for place in found.places:
        click.echo(f"{place.rank or '–':>4}  {_amount(place.of.figure):>12}  {place.of.unit.name}")
        _tell_estimates(place.of.figure)
    for share in (*found.others, *found.silent, *found.withheld):
        click.echo(f"   –  {_amount(share.figure):>12}  {share.unit.name}")
        _tell_estimates(share.figure)
    if not shares:
        click.echo(_("Nothing has come from units below."))


def _tell_estimates(figure: Figure) -> None:
    for text in estimate_sentences(figure.estimated):
        click.echo(f"    ⚑ {text}")


def _amount(figure: Figure) -> str:
    """A figure on a line: ≈ marks what is estimated, ◇ what is illustrative."""
    lang = wording.language(get_language())
    if figure.withheld:
        return _("withheld")
    if figure.indicator.is_ratio:
        sides = (figure.numerator, figure.denominator)
        text = "/".join(wording.MISSING if each is None else wording.number(each, lang) for each in sides)
    else:
        text = wording.MISSING if figure.value is None else wording.number(figure.value, lang)
    return text + (" ◇" if figure.illustrative else "") + (" ≈" if figure.estimated else "")


def _below(line: CommandLine, code: str, period: Period | None = None) -> Shown:
    """The unit with this code and those below it whose figures the actor reads, as the tree was in the period."""
    unit = unit_named(line, code, powers.READ)
    seen_on = min(line.today, period.last_day) if period else line.today
    return below(line.actor, powers.READ, unit, line.today, as_of=seen_on)


commands: list[click.Command] = [returns, obligations_group, due_command, league_command]
