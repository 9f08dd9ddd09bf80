"""Review reports on the command line: write one to a file, load what officers wrote."""

import sys
from datetime import date
from pathlib import Path

import click
from django.utils.translation import gettext as _

from plenum.access.command_line import FILE, KNOWN_ON, CommandLine, unit_named
from plenum.packs.wording import LANGUAGES
from plenum.periods import Period, PeriodError
from plenum.reports.actions import load_reviews
from plenum.reports.actions.load_reviews import SHEET
from plenum.reports.powers import READ
from plenum.reports.queries.review import review as review_of
from plenum.reports.render import RENDERERS, render
from plenum.reports.rules import NotReviewed, reviewed

FOR_PEOPLE_TO_READ = ("md", "json")
"""Formats that may go to the screen."""


class ReviewedPeriod(click.ParamType[Period]):
    """A quarter, half-year, nine months or year."""

    name = "period"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Period:
        try:
            return value if isinstance(value, Period) else reviewed(str(value))
        except (PeriodError, NotReviewed) as error:
            self.fail(str(error), param, ctx)


@click.command()
@click.argument("unit")
@click.argument("period", type=ReviewedPeriod())
@click.option(
    "--lang", "language", type=click.Choice(LANGUAGES), default="vi", show_default=True, help="Language."
)
@click.option(
    "--format", "format", type=click.Choice(list(RENDERERS)), default="md", show_default=True, help="Format."
)
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="File to write; - is the screen."
)
@KNOWN_ON
@click.pass_obj
def review(
    line: CommandLine,
    unit: str,
    period: Period,
    language: str,
    format: str,
    output: Path | None,
    known_on: date | None,
) -> None:
    """Write the review report of UNIT for PERIOD."""
    found = unit_named(line, unit, READ)
    to_screen = output is None or str(output) == "-"
    if to_screen and format not in FOR_PEOPLE_TO_READ and sys.stdout.isatty():
        raise click.UsageError(_("A file of this format does not belong on the screen: name it with -o."))
    content = review_of(found.pk, period, known_on=known_on, today=line.today)
    made = render(content, language, format)
    if output is None or to_screen:
        click.echo(made, nl=False)
        return
    try:
        output.write_bytes(made)
    except OSError as error:
        raise click.ClickException(
            _("“%(file)s” cannot be written: %(reason)s") % {"file": output, "reason": error.strerror}
        ) from error
    click.echo(_("Written: %(file)s") % {"file": output}, err=True)


@click.group()
def reviews() -> None:
    """What officers wrote in review reports."""


@reviews.command()
@FILE
@click.pass_obj
def load(line: CommandLine, file: Path) -> None:
    """Load sections of review reports from a CSV file, all or none."""
    loaded = load_reviews(SHEET.read(file.read_bytes()), on=line.today, by=line.actor)
    click.echo(_("Sections written: %(count)s") % {"count": len(loaded)})


commands: list[click.Command] = [review, reviews]
