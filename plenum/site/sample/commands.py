"""The command that loads a sample."""

from pathlib import Path

import click

from plenum.reorganisations.rules import write_toml
from plenum.site import translations
from plenum.site.database import opening
from plenum.site.demo.load import PASSWORD
from plenum.site.operations.terminal import Progress
from plenum.site.sample.correspondence import correspondence
from plenum.site.sample.country import SEED
from plenum.site.sample.load import Wanted, load
from plenum.site.sample.people import people
from plenum.site.sample.reform import RULES, reform_2025

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


@sample.command("reform-2025")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="The file of the plan.",
)
@click.option(
    "--scale",
    type=click.FloatRange(0.001, 1),
    default=1.0,
    show_default=True,
    help="The scale of the sample that the plan is for.",
)
@click.option("--seed", type=int, default=SEED, show_default=True, help="The seed of that sample.")
def reform(output: Path, scale: float, seed: int) -> None:
    """Write the reform of 1 July 2025 as a plan for the national sample.

    Which units went on in which is official; what is not known of them follows rules that the plan states.
    """
    country = Wanted(scale, seed=seed).country
    plan = reform_2025(correspondence(), (unit for _branch, units in country.branches() for unit in units))
    head = "".join(f"# {line}".rstrip() + "\n" for line in RULES.splitlines())
    output.write_text(f"{head}\n{write_toml(plan)}", encoding="utf-8")
    click.echo(f"{output}: {len(plan.steps)} steps")
