"""The command that loads a sample."""

import click

from plenum.site import translations
from plenum.site.database import opening
from plenum.site.demo.load import PASSWORD
from plenum.site.operations.terminal import Progress
from plenum.site.sample.country import SEED
from plenum.site.sample.load import Wanted, load
from plenum.site.sample.people import people

FIRST_YEAR, LAST_YEAR = 2012, 2024
"""The tree is taken to stand from 2010, and its districts stood until the middle of 2025."""


@click.group()
def sample() -> None:
    """Fill an empty installation with a sample to try and to measure."""


@sample.command()
@click.option(
    "--scale",
    type=click.FloatRange(0.001, 1),
    default=1.0,
    show_default=True,
    help="How much of the country; 0.01 loads in seconds, 1 in a quarter of an hour or more.",
)
@click.option(
    "--year",
    type=click.IntRange(FIRST_YEAR, LAST_YEAR),
    default=LAST_YEAR,
    show_default=True,
    help="The year of the returns.",
)
@click.option("--seed", type=int, default=SEED, show_default=True, help="What the made-up part follows from.")
@click.option("--resume", is_flag=True, help="Go on with a load that was interrupted.")
def national(scale: float, year: int, seed: int, resume: bool) -> None:
    """Load a country: real provinces, districts and communes, and a year of made-up returns.

    Everything but their names is generated and marked illustrative. The installation must be empty.
    """
    progress, wanted = Progress(), Wanted(scale, year, seed)
    progress("Reading the names of real units")
    four = people(wanted.country)
    translations.compile_all()
    opening.set_up(progress)
    load(wanted, resume=resume, say=progress)
    progress("Ready")
    click.echo(f"\nThe day is {wanted.today.isoformat()}. Serve it with ./dev plenum serve. Sign in as:")
    for person in four:
        click.echo(f"  {person.login:<11}  {PASSWORD}  {person.role}, {person.level}: {person.unit}")
