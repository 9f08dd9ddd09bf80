"""`plenum export`: everything that one may see, written to a file for analysts."""

from datetime import date
from pathlib import Path

import click
from django.utils.translation import gettext as _

from plenum.access.command_line import KNOWN_ON, CommandLine, PeriodType, unit_named
from plenum.access.streams import streamed
from plenum.periods import Period
from plenum.site.exports import POWERS, Asked, stream_named


@click.command(help="Write figures, returns, units, targets or the journal to FILE.parquet or FILE.csv.")
@click.argument("name", type=click.Choice(sorted(POWERS)))
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="FILE.parquet or FILE.csv.",
)
@click.option("--unit", help="Only this unit and those below it.")
@click.option("--from", "since", type=PeriodType(), help="From the first month of this period.")
@click.option("--to", "until", type=PeriodType(), help="To the last month of this period.")
@KNOWN_ON
@click.pass_obj
def export(
    line: CommandLine,
    name: str,
    output: Path,
    unit: str | None,
    since: Period | None,
    until: Period | None,
    known_on: date | None,
) -> None:
    """Write the file beside its place and put it there when it is whole."""
    kind = output.suffix.removeprefix(".")
    if kind not in ("parquet", "csv"):
        raise click.BadParameter(_("Name the file FILE.parquet or FILE.csv."), param_hint="-o")
    found = unit_named(line, unit, POWERS[name]) if unit else None
    asked = Asked(line.today, known_on, since, until, found.pk if found is not None else None)
    stream = stream_named(name, asked, actor=line.actor, on=line.today)  # type: ignore[arg-type]
    draft = output.with_name(f".{output.name}.part")
    try:
        with draft.open("wb") as out:
            out.writelines(streamed(stream, kind, actor=line.actor, on=line.today))
        draft.replace(output)
    finally:
        draft.unlink(missing_ok=True)
    click.echo(f"{output}  {output.stat().st_size}")
