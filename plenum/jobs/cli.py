"""Commands on jobs: list, show, cancel, start again, save a result."""

from pathlib import Path

import click
from django.utils.translation import gettext as _

from plenum.access.command_line import AS_JSON, CommandLine, print_json
from plenum.access.lists import Out, prints_list
from plenum.jobs import actions
from plenum.jobs.models import State
from plenum.jobs.queries import JobView, chosen, job_view, job_views, pieces_of, result_of, shown
from plenum.jobs.rows import JobRow, job_row

NUMBER = click.argument("number", type=click.IntRange(1, 2**63 - 1))


@click.group(invoke_without_command=True, help="List jobs, the newest first; show, cancel, start again one.")
@click.option("--state", type=click.Choice([state.value for state in State]), help="Only those in a state.")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True, help="So many at most.")
@prints_list
@click.pass_context
def jobs(ctx: click.Context, state: str | None, limit: int, out: Out) -> None:
    """Print the jobs that the actor may see."""
    if ctx.invoked_subcommand is not None:
        return
    line: CommandLine = ctx.obj
    found = job_views(
        chosen(shown(line.actor, line.today), state=state or "")[:limit], line.actor, line.today
    )
    if out.took(map(job_row, found), JobRow):
        return
    for view in found:
        far = f"{view.percent}%" if view.under_way and view.percent is not None else ""
        click.echo(
            f"{view.id:>6}  {view.state.value:<10} {far:>4}  {view.unit.code:<20} {view.kind_name}  {view.about}"
        )
    if any(view.no_worker for view in found):
        click.echo(no_worker_in_words(), err=True)


@jobs.command(help="Show one job: how far it is, what came of it.")
@NUMBER
@AS_JSON
@click.pass_obj
def show(line: CommandLine, number: int, as_json: bool) -> None:
    """Print a job."""
    view = _job(line, number)
    if as_json:
        print_json(job_row(view))
        return
    click.echo(f"{view.kind_name}: {view.about}")
    click.echo(f"{view.unit.code}  {view.unit.name}")
    click.echo(f"{view.state.label}  {view.done}/{view.of or '?'}  {view.said}")
    if view.no_worker:
        click.echo(no_worker_in_words())
    if view.reason:
        click.echo(view.reason)
    if view.result:
        click.echo(f"{view.result.name}  {view.result.size}")


@jobs.command(help="Cancel a job.")
@NUMBER
@click.pass_obj
def cancel(line: CommandLine, number: int) -> None:
    """Cancel a job that waits or runs."""
    _job(line, number)
    actions.cancel(number, on=line.today, by=line.actor)
    click.echo(_("The job is cancelled."), err=True)


@jobs.command("start-again", help="Start one's own job once more that has not ended well.")
@NUMBER
@click.pass_obj
def start_again(line: CommandLine, number: int) -> None:
    """Start a job again."""
    _job(line, number)
    actions.start_again(number, on=line.today, by=line.actor)
    click.echo(_("The job is started again."), err=True)


@jobs.command(help="Save the file that one's own job has left.")
@NUMBER
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Where to; else its own name."
)
@click.pass_obj
def result(line: CommandLine, number: int, output: Path | None) -> None:
    """Write the result of a job into a file."""
    _job(line, number)
    file = result_of(number, line.actor, line.today)
    if file is None:
        raise click.ClickException(_("This job has left no file, or its days are over."))
    path = output or Path(Path(file.name).name)
    with path.open("wb") as out:
        for piece in pieces_of(file):
            out.write(piece)
    click.echo(str(path))


def no_worker_in_words() -> str:
    """That nobody does what waits, and what to do."""
    return _(
        "No worker is there to do what waits. It begins when the operator starts one: plenum work, or plenum serve"
        " --with-worker"
    )


def _job(line: CommandLine, number: int) -> JobView:
    found = job_view(number, line.actor, line.today)
    if found is None:
        raise click.ClickException(_("There is no job %(number)s.") % {"number": number})
    return found


commands: list[click.Command] = [jobs]
