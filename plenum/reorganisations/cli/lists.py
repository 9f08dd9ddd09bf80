"""Commands that list reforms, the work that follows them, and how far each unit is with it."""

from collections.abc import Callable
from typing import Any

import click
from django.db.models import TextChoices
from django.utils.translation import gettext as _

from plenum.access.command_line import CommandLine
from plenum.access.lists import Out, prints_list
from plenum.reorganisations import actions
from plenum.reorganisations.cli.group import reform
from plenum.reorganisations.models import Work
from plenum.reorganisations.queries import (
    STATES,
    ProgressOrder,
    ReformOrder,
    WorkOrder,
    listed_reforms,
    narrowed_work,
    ordered_progress,
    ordered_work,
    progress,
    reform_views,
    reforms_numbered,
    visible_reforms,
    work_for,
)
from plenum.reorganisations.rows import (
    ReformRow,
    WorkProgressRow,
    WorkRow,
    reform_row,
    work_progress_row,
    work_rows,
)

Command = Callable[..., None]

SEARCH = click.option("--search", "text", default="", metavar="WORDS", help="Only those with these words.")
OF_WORK = (
    SEARCH,
    click.option("--reform", default="", metavar="CODE", help="Only what follows this reform."),
    click.option("--what", type=click.Choice(Work.What.values), help="Only this sort."),
    click.option("--unit", default="", metavar="CODE", help="Only of this unit."),
)


def of_work(command: Command) -> Command:
    """Give a command the options that narrow work; it is called with `text`, `reform`, `what` and `unit`."""
    for option in reversed(OF_WORK):
        command = option(command)
    return command


def ordered(by: type[TextChoices]) -> Callable[[Any], Any]:
    """The option for the order of a list; the first one unless another is asked for."""
    return click.option(
        "--order",
        type=click.Choice(by.values),
        default=by.values[0],
        show_default=True,
        help="In which order.",
    )


@reform.command("list")
@SEARCH
@click.option("--state", type=click.Choice([*STATES]), help="Only those in this state.")
@ordered(ReformOrder)
@prints_list
@click.pass_obj
def list_reforms(line: CommandLine, text: str, state: str | None, order: str, out: Out) -> None:
    """List the reforms, or those with some words in their title or code."""
    found = listed_reforms(visible_reforms(line.actor, line.today), text=text, state=state or "", order=order)
    views = reform_views(reforms_numbered(found), line.today)
    if out.took((reform_row(view) for view in views), ReformRow):
        return
    for view in views:
        click.echo(f"{view.reform.code:<24}  {view.reform.on_date}  {view.state:<10}  {view.reform.title}")
    if not views:
        click.echo(_("No reforms."))


@reform.command()
@click.option("--done", type=int, metavar="NUMBER", help="Say that this has been done.")
@click.option("--all", "everything", is_flag=True, help="Also what is done already.")
@of_work
@ordered(WorkOrder)
@prints_list
@click.pass_obj
def work(
    line: CommandLine, /, done: int | None, everything: bool, order: str, out: Out, **narrowed: Any
) -> None:
    """List what units have to look at after reforms, or finish one of it."""
    mine = work_for(line.actor, line.today)
    if done is not None:
        if not mine.filter(pk=done).exists():
            raise click.ClickException(_("There is no such work: %(number)s.") % {"number": done})
        actions.finish_work(done, on=line.today, by=line.actor)
        click.echo(_("Done: %(number)s") % {"number": done})
        return
    found = ordered_work(narrowed_work(mine, **narrowed), order)
    rows = work_rows(found if everything else found.filter(done_on=None))
    if out.took(rows, WorkRow):
        return
    for row in rows:
        click.echo(f"{row['number']:>8}  {row['unit']:<28}  {row['text']}  {row['note']}")
    if not rows:
        click.echo(_("Nothing is left to do."))


@reform.command("progress")
@click.option("--state", type=click.Choice(["todo", "current", "done"]), help="Only those that are so far.")
@of_work
@ordered(ProgressOrder)
@prints_list
@click.pass_obj
def work_progress(line: CommandLine, /, state: str | None, order: str, out: Out, **narrowed: Any) -> None:
    """List how far each unit is with its work after reforms."""
    found = narrowed_work(work_for(line.actor, line.today), **narrowed)
    far = progress(ordered_progress(found, state=state, order=order), line.today)
    rows = [work_progress_row(each) for each in far]
    if out.took(rows, WorkProgressRow):
        return
    for row in rows:
        click.echo(f"{row['done']:>4}/{row['of']:<4}  {row['unit']:<28}  {row['unit_name']}")
    if not rows:
        click.echo(_("Nothing is left to do."))
