"""Documents on the command line: list and load."""

from pathlib import Path

import click
from django.utils.translation import gettext as _

from plenum.access.command_line import FILE, CommandLine, unit_named
from plenum.access.lists import Out, prints_list
from plenum.directives.actions import load_documents
from plenum.directives.actions.load_documents import SHEET
from plenum.directives.powers import READ
from plenum.directives.queries import of_line, readable, views
from plenum.directives.rows import DocumentRow, document_row, written_date


@click.group(invoke_without_command=True)
@click.option("--unit", "code", help="Only documents of this unit, those above it and those below it.")
@prints_list
@click.pass_context
def documents(context: click.Context, code: str | None, out: Out) -> None:
    """List documents, or load them from a file."""
    if context.invoked_subcommand is not None:
        return
    line: CommandLine = context.obj
    found = readable(line.actor, line.today)
    if code is not None:
        found = of_line(found, unit_named(line, code, READ).pk, line.today)
    rows = views(found)
    if out.took(map(document_row, rows), DocumentRow):
        return
    for row in rows:
        click.echo(f"{written_date(row):<10}  {row.kind:<12}  {row.name:<14}  {row.issuer}  {row.title}")
    if not rows:
        click.echo(_("No documents."))


@documents.command()
@FILE
@click.pass_obj
def load(line: CommandLine, file: Path) -> None:
    """Load documents from a CSV file, all or none."""
    loaded = load_documents(SHEET.read(file.read_bytes()), on=line.today, by=line.actor)
    click.echo(_("Documents registered: %(count)s") % {"count": len(loaded)})


commands: list[click.Command] = [documents]
