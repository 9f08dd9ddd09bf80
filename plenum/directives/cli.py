"""Documents on the command line: list and load."""

import json
from pathlib import Path

import click
from django.utils.translation import gettext as _

from plenum.access.command_line import CommandLine
from plenum.access.reach import reachable
from plenum.directives.actions import load_documents
from plenum.directives.actions.load_documents import COLUMNS
from plenum.directives.powers import READ
from plenum.directives.queries import DocumentView, of_line, readable, views
from plenum.directives.sheets import read_rows


@click.group(invoke_without_command=True)
@click.option("--unit", "code", help="Only documents of this unit, those above it and those below it.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def documents(context: click.Context, code: str | None, as_json: bool) -> None:
    """List documents, or load them from a file."""
    if context.invoked_subcommand is not None:
        return
    line: CommandLine = context.obj
    found = readable(line.actor, line.today)
    if code is not None:
        unit = reachable(line.actor, READ, line.today).filter(code=code).first()
        if unit is None:
            raise click.ClickException(_("There is no unit “%(code)s”.") % {"code": code})
        found = of_line(found, unit.pk, line.today)
    rows = views(found)
    if as_json:
        click.echo(json.dumps([_as_json(row) for row in rows], ensure_ascii=False, indent=2))
        return
    for row in rows:
        click.echo(f"{_date(row):<10}  {row.kind:<12}  {row.name:<14}  {row.issuer}  {row.title}")
    if not rows:
        click.echo(_("No documents."))


@documents.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def load(line: CommandLine, file: Path) -> None:
    """Load documents from a CSV file, all or none."""
    rows = read_rows(file.read_text(encoding="utf-8"), COLUMNS)
    loaded = load_documents(rows, by=line.actor, on=None if line.actor.is_system else line.today)
    click.echo(_("Documents registered: %(count)s") % {"count": len(loaded)})


def _date(row: DocumentView) -> str:
    return str(row.date.year) if row.year_only else row.date.isoformat()


def _as_json(row: DocumentView) -> dict[str, object]:
    return {
        "id": row.id,
        "kind": row.kind,
        "number": row.number,
        "symbol": row.symbol or None,
        "issuer_unit": row.issuer_code or None,
        "issuer": row.issuer,
        "date": _date(row),
        "precision": "year" if row.year_only else "day",
        "title": row.title,
        "illustrative": row.illustrative,
    }


commands: list[click.Command] = [documents]
