"""Reforms on the command line: everything that the pages do."""

import click

from plenum.reorganisations.cli import deeds, lists
from plenum.reorganisations.cli.group import reform

commands: list[click.Command] = [reform]

__all__ = ["commands", "deeds", "lists", "reform"]
